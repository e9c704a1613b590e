package trainer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// fields lists, for each message, what the headers of the request and the reply may hold
// in addition to the envelope.
var fields = map[string][2]any{
	MessageHello:   {&Greeting{}, &Hello{}},
	MessageStart:   {&Start{}, nil},
	MessageTrain:   {&Train{}, &Trained{}},
	MessagePolicy:  {&Policy{}, nil},
	MessageDensity: {nil, nil},
	MessageSample:  {&Sample{}, nil},
	MessageSave:    {nil, nil},
	MessageLoad:    {nil, nil},
	MessageLoss:    {nil, &Loss{}},
	MessageUpdate:  {nil, nil},
	MessageFit:     {&Fit{}, nil},
	MessageStop:    {nil, nil},
	messageError:   {nil, &refusal{}},
}

// docs/trainers.md shows every message, once as a request and once as a reply, byte for
// byte as this package writes it.
func TestDocument(t *testing.T) {
	text, err := os.ReadFile("../docs/trainers.md")
	if err != nil {
		t.Fatal(err)
	}
	// Read each message, and write it again.
	shown := map[string]bool{}
	blocks := regexp.MustCompile("(?s)(Request|Reply)[^`]*?(?:`[^`\n]+`[^`]*?)*```json\n(.*?)\n```")
	for _, m := range blocks.FindAllSubmatch(text, -1) {
		f := &Frame{header: m[2]}
		size := int64(0)
		var e envelope
		if err := json.Unmarshal(f.header, &e); err != nil {
			t.Fatalf("%s: %v", m[2], err)
		}
		for i := range e.Arrays {
			size += e.Arrays[i].bytes()
		}
		if err := f.open(size); err != nil {
			t.Fatalf("%s: %v", m[2], err)
		}
		which := 0
		if string(m[1]) == "Reply" {
			which = 1
		}
		of, ok := fields[f.Message]
		if !ok {
			t.Fatalf("there is no message %q", f.Message)
		}
		shown[fmt.Sprint(f.Message, which)] = true
		if of[which] != nil {
			if err := f.Decode(of[which]); err != nil {
				t.Error(err)
			}
		}
		for i := range f.arrays {
			f.arrays[i].data = make([]byte, f.arrays[i].bytes())
		}
		var b bytes.Buffer
		if err := Write(&b, f.Message, f.ID, of[which], f.arrays...); err != nil {
			t.Fatal(err)
		}
		if again := string(b.Bytes()[prefixLen : int64(b.Len())-size]); again != string(m[2]) {
			t.Errorf("shown is\n%s\nbut it is\n%s", m[2], again)
		}
	}
	// Every message is shown.
	for message := range fields {
		if message != messageError && !shown[message+"0"] {
			t.Errorf("no request %s is shown", message)
		}
		if message != MessageStop && !shown[message+"1"] {
			t.Errorf("no reply %s is shown", message)
		}
	}
	if n := strings.Count(string(text), "```json"); n != len(blocks.FindAll(text, -1)) {
		t.Errorf("of %d messages some are neither request nor reply", n)
	}
}

// The document shows one frame byte by byte.
func TestDocumentedFrame(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, MessageTrain, 7, Train{50}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../docs/trainers.md")
	if err != nil {
		t.Fatal(err)
	}
	p := b.Bytes()
	line := fmt.Sprintf("% x  % x  % x  %s", p[:4], p[4:8], p[8:16], p[16:])
	if !strings.Contains(string(text), line) {
		t.Errorf("docs/trainers.md lacks the frame\n%s", line)
	}
}
