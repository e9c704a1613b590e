package vec

import (
	"slices"
	"unsafe"
)

// arena returns memory for the arguments of kernels; nil means the heap.
var arena func(bytes int) unsafe.Pointer

// fresh returns a new slice or, in the arena, one of unspecified content.
func fresh[T float32 | float64 | int32 | uint64](n int) []T {
	if arena == nil || n == 0 {
		return make([]T, n)
	}
	return unsafe.Slice((*T)(arena(n*int(unsafe.Sizeof(T(0))))), n)
}

// clone returns a copy of s, made by fresh.
func clone[T float32 | float64 | int32 | uint64](s []T) []T {
	if arena == nil {
		return slices.Clone(s)
	}
	c := fresh[T](len(s))
	copy(c, s)
	return c
}
