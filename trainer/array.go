package trainer

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// An Array is a named array of a message, in row-major order and little-endian.
type Array struct {
	Name  string `json:"name"`  // such as "states"
	Type  string `json:"type"`  // "f8", "i8" or "u1"
	Shape []int  `json:"shape"` // length of each dimension

	data []byte
}

// sizes gives the number of bytes of one element of each type.
var sizes = map[string]int64{"f8": 8, "i8": 8, "u1": 1}

// bytes returns the length of the array, which check has found small enough.
func (a *Array) bytes() int64 {
	n := sizes[a.Type]
	for _, d := range a.Shape {
		n *= int64(d)
	}
	return n
}

// check returns an error for an array that is badly declared or longer than limit bytes.
func (a *Array) check(limit int64) error {
	n, ok := sizes[a.Type]
	switch {
	case !ok:
		return fmt.Errorf("the array %q is of the type %q: expected f8, i8 or u1", a.Name, a.Type)
	case len(a.Shape) > maxDims:
		return fmt.Errorf("the array %q has %d dimensions: at most %d are allowed", a.Name, len(a.Shape), maxDims)
	}
	if slices.Contains(a.Shape, 0) && slices.Min(a.Shape) == 0 {
		return nil
	}
	for _, d := range a.Shape {
		if d < 0 || n > limit/int64(d) {
			return fmt.Errorf("the array %q has the shape %v, which the %d bytes that follow cannot hold", a.Name, a.Shape, limit)
		}
		n *= int64(d)
	}
	return nil
}

// Floats returns an array of float64.
func Floats(name string, x []float64, shape ...int) Array {
	a := Array{Name: name, Type: "f8", Shape: shape}
	for _, v := range x {
		a.data = binary.LittleEndian.AppendUint64(a.data, math.Float64bits(v))
	}
	return a
}

// Ints returns an array of int64.
func Ints(name string, x []int64, shape ...int) Array {
	a := Array{Name: name, Type: "i8", Shape: shape}
	for _, v := range x {
		a.data = binary.LittleEndian.AppendUint64(a.data, uint64(v))
	}
	return a
}

// Bytes returns an array of bytes. It does not copy x.
func Bytes(name string, x []byte, shape ...int) Array {
	return Array{Name: name, Type: "u1", Shape: shape, data: x}
}

// Floats returns the numbers of an array of the frame. It returns an error if no array
// has that name, type and shape; -1 in the shape matches any length.
func (f *Frame) Floats(name string, shape ...int) ([]float64, error) {
	a, err := f.array(name, "f8", shape)
	if err != nil {
		return nil, err
	}
	x := make([]float64, len(a.data)/8)
	for i := range x {
		x[i] = math.Float64frombits(binary.LittleEndian.Uint64(a.data[8*i:]))
	}
	return x, nil
}

// Ints is like Floats for an array of int64.
func (f *Frame) Ints(name string, shape ...int) ([]int64, error) {
	a, err := f.array(name, "i8", shape)
	if err != nil {
		return nil, err
	}
	x := make([]int64, len(a.data)/8)
	for i := range x {
		x[i] = int64(binary.LittleEndian.Uint64(a.data[8*i:]))
	}
	return x, nil
}

// Bytes is like Floats for an array of bytes.
func (f *Frame) Bytes(name string, shape ...int) ([]byte, error) {
	a, err := f.array(name, "u1", shape)
	if err != nil {
		return nil, err
	}
	return a.data, nil
}

// Shape returns the shape of an array, or nil if the frame has none of that name.
func (f *Frame) Shape(name string) []int {
	for i := range f.arrays {
		if f.arrays[i].Name == name {
			return f.arrays[i].Shape
		}
	}
	return nil
}

func (f *Frame) array(name, typ string, shape []int) (*Array, error) {
	i := slices.IndexFunc(f.arrays, func(a Array) bool { return a.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("%s lacks the array %q", f.Message, name)
	}
	a := &f.arrays[i]
	fits := len(a.Shape) == len(shape)
	for j := 0; fits && j < len(shape); j++ {
		fits = shape[j] < 0 || shape[j] == a.Shape[j]
	}
	if a.Type != typ || !fits {
		return nil, fmt.Errorf("%s: the array %q is %s%v: expected %s%v", f.Message, name, a.Type, a.Shape, typ, shape)
	}
	return a, nil
}
