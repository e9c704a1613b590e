package safetensors

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var sample = File{
	Metadata: map[string]string{"about": `{"π": "x"}`},
	Tensors: []Tensor{
		{Name: "numbers", Shape: []int{3}, F64: []float64{math.Inf(1), -0.5, math.SmallestNonzeroFloat64}},
		{Name: "a", Shape: []int{2, 1}, F32: []float32{1.5, math.MaxFloat32}},
		{Name: "empty", Shape: []int{0, 4}},
	},
}

// TestRoundTrip: what was written is read, and its bytes are those of the format.
func TestRoundTrip(t *testing.T) {
	b, err := Encode(sample)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	sample.Tensors[2].F32 = []float32{} // no numbers
	if diff := cmp.Diff(sample, *f); diff != "" {
		t.Error(diff)
	}
	// One F32 tensor of shape [1], spelt out by hand from the description of the format.
	const header = `{"__metadata__":{},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`
	want := binary.LittleEndian.AppendUint64(nil, 72)
	want = append(append(want, header...), "        "[:72-len(header)]...)
	want = append(want, 0, 0, 0x80, 0x3f) // 1.0
	one, err := Encode(File{Metadata: map[string]string{}, Tensors: []Tensor{{Name: "x", Shape: []int{1}, F32: []float32{1}}}})
	if err != nil || string(one) != string(want) {
		t.Errorf("%v\n%q, want\n%q", err, one, want)
	}
}

// TestDamage: no prefix of a file, and no file with more behind it, is read.
func TestDamage(t *testing.T) {
	b, err := Encode(sample)
	if err != nil {
		t.Fatal(err)
	}
	for n := range b {
		if _, err := Decode(b[:n]); err == nil {
			t.Errorf("the first %d bytes of %d are read", n, len(b))
		}
	}
	if _, err := Decode(append(b, 0)); err == nil {
		t.Error("a byte too many is read")
	}
	for _, f := range []File{
		{Tensors: []Tensor{{Name: "x", Shape: []int{2}, F32: []float32{1}}}},
		{Tensors: []Tensor{{Name: "x"}, {Name: "x"}}},
	} {
		if _, err := Encode(f); err == nil {
			t.Errorf("%v is written", f)
		}
	}
}

// FuzzDecode: whatever is read can be written, and is read again.
func FuzzDecode(f *testing.F) {
	b, err := Encode(sample)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := Decode(b)
		if err != nil {
			return
		}
		b, err = Encode(*x)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Decode(b); err != nil {
			t.Fatal(err)
		}
	})
}
