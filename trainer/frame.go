package trainer

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"unicode/utf8"
)

// Version is the version of the protocol. It is raised when an old program would
// misunderstand a new harness. New fields and new messages do not raise it.
const Version = 1

// A frame starts with 16 bytes: the magic, the length of the header and the length of the
// body, both little-endian. The header follows, a JSON object, and then the body: the
// arrays that the header lists, one after another.
const (
	magic     = "GFNB"
	prefixLen = 16
)

// Limits of a frame that do not depend on the request.
const (
	MaxHeader = 16 << 20 // bytes of a header
	maxArrays = 16
	maxDims   = 4
)

// A Frame is one message.
type Frame struct {
	Message string // type, such as "train"
	ID      int64  // number of the request, repeated by its reply

	header []byte
	arrays []Array
}

// Decode reads the fields of the header into v and ignores unknown ones.
func (f *Frame) Decode(v any) error {
	if err := json.Unmarshal(f.header, v); err != nil {
		return fmt.Errorf("the header of %s: %w", f.Message, err)
	}
	return nil
}

// Header returns the JSON object as it was sent.
func (f *Frame) Header() []byte { return f.header }

// envelope is the part of a header that every message has.
type envelope struct {
	Message string  `json:"message"`
	ID      int64   `json:"id"`
	Arrays  []Array `json:"arrays,omitempty"`
}

// Write writes one frame. Its header holds the fields of every message and those of
// fields, which is a struct or nil.
func Write(w io.Writer, message string, id int64, fields any, arrays ...Array) error {
	header, err := json.Marshal(envelope{message, id, arrays})
	if err != nil {
		return err
	}
	if fields != nil {
		more, err := json.Marshal(fields)
		if err != nil {
			return err
		}
		if string(more) != "{}" {
			header = append(append(header[:len(header)-1], ','), more[1:]...)
		}
	}
	size := 0
	for i := range arrays {
		size += len(arrays[i].data)
	}
	b := make([]byte, 0, prefixLen+len(header)+size)
	b = append(b, magic...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(header)))
	b = binary.LittleEndian.AppendUint64(b, uint64(size))
	b = append(b, header...)
	for i := range arrays {
		b = append(b, arrays[i].data...)
	}
	_, err = w.Write(b)
	return err
}

// Read reads one frame with a header of at most maxHeader bytes and a body of at most
// maxBody bytes. It checks the announced lengths before it allocates memory. The error is
// io.EOF if the stream ends before a frame begins.
func Read(r io.Reader, maxHeader, maxBody int64) (*Frame, error) {
	var prefix [prefixLen]byte
	n, err := io.ReadFull(r, prefix[:])
	switch {
	case n > 0 && string(prefix[:min(n, 4)]) != magic[:min(n, 4)]:
		return nil, fmt.Errorf("no message, but %q: only messages may go to standard output, so print to standard error", printable(prefix[:n]))
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, errors.New("the stream ends inside a message")
	case err != nil:
		return nil, err
	}
	headerLen, bodyLen := int64(binary.LittleEndian.Uint32(prefix[4:])), binary.LittleEndian.Uint64(prefix[8:])
	if headerLen > maxHeader {
		return nil, fmt.Errorf("a message announces a header of %d bytes: at most %d are allowed", headerLen, maxHeader)
	}
	if bodyLen > uint64(maxBody) {
		return nil, fmt.Errorf("a message announces arrays of %d bytes: at most %d were asked for", bodyLen, maxBody)
	}
	f := &Frame{}
	if f.header, err = take(r, headerLen); err != nil {
		return nil, err
	}
	if err := f.open(int64(bodyLen)); err != nil {
		return nil, err
	}
	body, err := take(r, int64(bodyLen))
	if err != nil {
		return nil, err
	}
	for i := range f.arrays {
		a := &f.arrays[i]
		n := a.bytes()
		a.data, body = body[:n:n], body[n:]
	}
	return f, nil
}

// notFinite finds what Python's json writes for a number that is not finite.
var notFinite = regexp.MustCompile(`[:\[,]\s*-?(NaN|Infinity)`)

// open reads the header of a frame and checks that its arrays make up the body.
func (f *Frame) open(body int64) error {
	var e envelope
	if err := json.Unmarshal(f.header, &e); err != nil {
		hint := ""
		if notFinite.Match(f.header) {
			hint = `; JSON has no NaN and no Infinity: a run whose loss is not finite has "diverged":true and no loss`
		}
		return fmt.Errorf("the header of a message is no JSON object with the fields message, id and arrays: %w%s", err, hint)
	}
	if e.Message == "" {
		return errors.New("the header of a message lacks the field message")
	}
	f.Message, f.ID, f.arrays = e.Message, e.ID, e.Arrays
	if len(e.Arrays) > maxArrays {
		return fmt.Errorf("%s has %d arrays: at most %d are allowed", e.Message, len(e.Arrays), maxArrays)
	}
	sum := int64(0)
	for i := range e.Arrays {
		if err := e.Arrays[i].check(body); err != nil {
			return fmt.Errorf("%s: %w", e.Message, err)
		}
		sum += e.Arrays[i].bytes()
	}
	if sum != body {
		return fmt.Errorf("%s: the arrays that its header lists have %d bytes, but %d follow", e.Message, sum, body)
	}
	return nil
}

// take reads n bytes. It allocates as they arrive, not as they are announced.
func take(r io.Reader, n int64) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(min(n, 1<<16)))
	if _, err := io.CopyN(&b, r, n); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("the stream ends inside a message")
		}
		return nil, err
	}
	return b.Bytes(), nil
}

// printable returns the text up to the first bytes that are not printable.
func printable(b []byte) string {
	for i, r := range string(b) {
		if r == utf8.RuneError || r < ' ' && r != '\n' && r != '\t' {
			return string(b[:i]) + "…"
		}
	}
	return string(b)
}
