package gfn

import "gfnbench/gfn/internal/vec"

// SIMD returns the instruction set that the numerical kernels use on this machine:
// "avx512", "avx2", "avx", "neon" or "go". It affects speed but never a result.
func SIMD() string { return vec.Path() }
