// Package safetensors writes and reads files of named arrays in the format of Hugging
// Face's safetensors: the length of a header in 8 bytes, the header in JSON, and the
// numbers, little-endian and without gaps.
//
// References:
//
//	https://github.com/huggingface/safetensors, section Format of its README.
package safetensors

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
)

// A Tensor is a named array of float32 or, where F64 is not nil, of float64.
type Tensor struct {
	Name  string    // unique in the file
	Shape []int     // length of each dimension; the last varies fastest
	F32   []float32 // its numbers
	F64   []float64 // its numbers, if it is of float64
}

// A File is the content of a file.
type File struct {
	Metadata map[string]string // free texts
	Tensors  []Tensor          // in the order of their bytes
}

// entry is what the header says of a tensor.
type entry struct {
	Type    string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

// metadataKey is the key of the header that is no tensor.
const metadataKey = "__metadata__"

// maxHeader is the longest header that readers accept.
const maxHeader = 100_000_000

// Encode returns the bytes of a file; equal files have equal bytes.
func Encode(f File) ([]byte, error) {
	header := map[string]any{metadataKey: f.Metadata}
	var data []byte
	for i := range f.Tensors {
		t := &f.Tensors[i]
		if _, twice := header[t.Name]; twice {
			return nil, fmt.Errorf("the tensor %q is there twice", t.Name)
		}
		e := entry{Type: "F32", Shape: t.Shape, Offsets: [2]int64{int64(len(data))}}
		for _, x := range t.F32 {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(x))
		}
		if t.F64 != nil {
			e.Type = "F64"
			for _, x := range t.F64 {
				data = binary.LittleEndian.AppendUint64(data, math.Float64bits(x))
			}
		}
		e.Offsets[1] = int64(len(data))
		if n, err := e.bytes(); err != nil || n != e.Offsets[1]-e.Offsets[0] {
			return nil, fmt.Errorf("the tensor %q has not the shape %v", t.Name, t.Shape)
		}
		header[t.Name] = e
	}
	text, err := json.Marshal(header) // keys in order
	if err != nil {
		return nil, err
	}
	for len(text)%8 != 0 {
		text = append(text, ' ') // so that the numbers are aligned
	}
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	return append(append(b, text...), data...), nil
}

// bytes returns how many bytes a tensor takes.
func (e *entry) bytes() (int64, error) {
	n, ok := map[string]int64{"F32": 4, "F64": 8}[e.Type]
	if !ok {
		return 0, fmt.Errorf("its type is %q, not F32 or F64", e.Type)
	}
	for _, d := range e.Shape {
		if d < 0 || d > 0 && n > math.MaxInt64/int64(d) {
			return 0, fmt.Errorf("its shape is %v", e.Shape)
		}
		n *= int64(d)
	}
	return n, nil
}

var errTruncated = errors.New("it is truncated or altered")

// Decode reads what Encode, or another program, wrote. Arrays of other types than
// float32 and float64 are an error.
func Decode(b []byte) (*File, error) {
	if len(b) < 8 {
		return nil, errTruncated
	}
	n := binary.LittleEndian.Uint64(b)
	if n > maxHeader || n > uint64(len(b)-8) {
		return nil, errTruncated
	}
	header := map[string]json.RawMessage{}
	if err := json.Unmarshal(b[8:8+n], &header); err != nil {
		return nil, fmt.Errorf("its header is no JSON: %w", err)
	}
	f, data := &File{}, b[8+n:]
	if text, ok := header[metadataKey]; ok {
		if err := json.Unmarshal(text, &f.Metadata); err != nil {
			return nil, fmt.Errorf("its metadata: %w", err)
		}
		delete(header, metadataKey)
	}
	at := map[string]int64{}
	total := int64(0)
	for _, name := range slices.Sorted(maps.Keys(header)) {
		t, from, err := decode(name, header[name], data)
		if err != nil {
			return nil, fmt.Errorf("the tensor %q: %w", name, err)
		}
		f.Tensors, at[name] = append(f.Tensors, t), from
		total += 4*int64(len(t.F32)) + 8*int64(len(t.F64))
	}
	if total != int64(len(data)) {
		return nil, errTruncated
	}
	slices.SortStableFunc(f.Tensors, func(x, y Tensor) int { return int(at[x.Name] - at[y.Name]) })
	return f, nil
}

// decode reads one tensor, and returns where it begins.
func decode(name string, text json.RawMessage, data []byte) (Tensor, int64, error) {
	var e entry
	if err := json.Unmarshal(text, &e); err != nil {
		return Tensor{}, 0, err
	}
	n, err := e.bytes()
	if err != nil {
		return Tensor{}, 0, err
	}
	from, to := e.Offsets[0], e.Offsets[1]
	if from < 0 || to < from || to > int64(len(data)) || to-from != n {
		return Tensor{}, 0, errTruncated
	}
	t := Tensor{Name: name, Shape: e.Shape}
	if e.Type == "F64" {
		t.F64 = make([]float64, n/8)
		for i := range t.F64 {
			t.F64[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[from+8*int64(i):]))
		}
		return t, from, nil
	}
	t.F32 = make([]float32, n/4)
	for i := range t.F32 {
		t.F32[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[from+4*int64(i):]))
	}
	return t, from, nil
}
