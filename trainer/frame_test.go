package trainer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What is written can be read again, whatever it holds.
func TestFrames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		floats := rapid.SliceOf(rapid.Float64()).Draw(t, "floats")
		ints := rapid.SliceOf(rapid.Int64()).Draw(t, "ints")
		raw := rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
		id, text := rapid.Int64().Draw(t, "id"), rapid.String().Draw(t, "text")
		var b bytes.Buffer
		if err := Write(&b, "x", id, refusal{text}, Floats("f", floats, len(floats)), Ints("i", ints, 1, len(ints)), Bytes("b", raw, len(raw))); err != nil {
			t.Fatal(err)
		}
		size := int64(8*len(floats) + 8*len(ints) + len(raw))
		f, err := Read(&b, MaxHeader, size)
		if err != nil || f.ID != id || f.Message != "x" {
			t.Fatal(f, err)
		}
		var back refusal
		if err := f.Decode(&back); err != nil || back.Text != strings.ToValidUTF8(text, "\uFFFD") {
			t.Errorf("%q became %q: %v", text, back.Text, err)
		}
		gotF, errF := f.Floats("f", len(floats))
		gotI, errI := f.Ints("i", 1, -1)
		gotB, errB := f.Bytes("b", len(raw))
		if err := errors.Join(errF, errI, errB); err != nil {
			t.Fatal(err)
		}
		same := func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }
		if !slices.EqualFunc(gotF, floats, same) || !slices.Equal(gotI, ints) || !slices.Equal(gotB, raw) {
			t.Error("the arrays differ")
		}
		if _, err := Read(&b, MaxHeader, size); err != io.EOF {
			t.Errorf("after the last frame: %v", err)
		}
	})
}

// frame returns a frame with any header and possibly false lengths.
func frame(header string, headerLen int, bodyLen uint64, body string) string {
	b := binary.LittleEndian.AppendUint32([]byte(magic), uint32(headerLen))
	return string(binary.LittleEndian.AppendUint64(b, bodyLen)) + header + body
}

func TestRefusedFrames(t *testing.T) {
	whole := func(header string, body string) string { return frame(header, len(header), uint64(len(body)), body) }
	for text, want := range map[string]string{
		"Loading the model...\n":             `no message, but "Loading the mode": only messages may go to standard output`,
		"hi":                                 `no message, but "hi"`,
		"GFNB":                               "ends inside a message",
		frame("", 1<<30, 0, ""):              "a header of 1073741824 bytes: at most 1048576",
		frame("", 2, 1<<62, "{}"):            "arrays of 4611686018427387904 bytes: at most 4096 were asked for",
		frame("{}", 3, 0, ""):                "ends inside a message",
		whole("[]", ""):                      "no JSON object",
		whole("{}", ""):                      "lacks the field message",
		whole(`{"message":"x"}`, "12345678"): "have 0 bytes, but 8 follow",
		frame(`{"message":"x"}`, 15, 8, "1234567"):                                                               "have 0 bytes, but 8 follow",
		whole(`{"message":"x","arrays":[{"name":"a","type":"f8","shape":[2]}]}`, "12345678"):                     `"a" has the shape [2], which the 8 bytes`,
		whole(`{"message":"x","arrays":[{"name":"a","type":"f8","shape":[-1]}]}`, "12345678"):                    "shape [-1]",
		whole(`{"message":"x","arrays":[{"name":"a","type":"f4","shape":[2]}]}`, "12345678"):                     `type "f4": expected f8, i8 or u1`,
		whole(`{"message":"x","arrays":[{"name":"a","type":"u1","shape":[4294967296,4294967296]}]}`, "12345678"): "shape [4294967296 4294967296]",
		whole(`{"message":"x","arrays":[{"name":"a","type":"u1","shape":[1,1,1,1,8]}]}`, "12345678"):             "5 dimensions",
		frame(`{"message":"x","arrays":[{"name":"a","type":"f8","shape":[1]}]}`, 63, 8, "1234"):                  "ends inside a message",
	} {
		if _, err := Read(strings.NewReader(text), 1<<20, 4096); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, expected %q", text, err, want)
		}
	}
}

// A body that was allowed to be large, and is announced as such, takes memory only as it
// arrives.
func TestMemoryAsItComes(t *testing.T) {
	header := `{"message":"x","arrays":[{"name":"a","type":"u1","shape":[1073741824]}]}`
	text := frame(header, len(header), 1<<30, strings.Repeat("x", 1<<16))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := Read(strings.NewReader(text), MaxHeader, 1<<30); err == nil {
		t.Error("half a frame was read")
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<21 {
		t.Errorf("it took %d bytes", got)
	}
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := Write(&b, "x", 1, Sample{3, 4}, Ints("start", []int64{0, 1}, 2), Floats("log_p", []float64{1, 2}, 2, 1)); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(frame("{}", 2, 0, "")))
	f.Fuzz(func(t *testing.T, data []byte) {
		const limit = 1 << 12
		frame, err := Read(bytes.NewReader(data), limit, limit)
		if err != nil {
			return
		}
		sum := 0
		for i := range frame.arrays {
			a := &frame.arrays[i]
			n := 1
			for _, d := range a.Shape {
				n *= d
			}
			if n*int(sizes[a.Type]) != len(a.data) {
				t.Fatalf("%v has %d bytes", a, len(a.data))
			}
			sum += len(a.data)
		}
		if sum > limit || len(frame.header) > limit {
			t.Fatalf("%d and %d bytes", sum, len(frame.header))
		}
		var s Samples
		_ = s.read(frame, 1) // it may return any error but must not panic
		var v Valued
		_ = v.read(frame, 1, 1)
	})
}
