// Package vec has the float32 and float64 kernels of training: matrix products,
// row additions, activations, softmax, reductions and the Adam step.
//
// Each kernel has up to four implementations, chosen once at start: AVX-512, AVX2 with
// FMA, and AVX on amd64, NEON on arm64, and portable Go everywhere (Path tells which).
// Portable Go uses the compiler's fused multiply-add where there is one. All of them return the same bits for the same arguments, including infinities, NaN (up
// to its payload) and subnormal numbers: every operation and its rounding, and the order
// of every sum, is part of the documented contract. The build tag noasm leaves the
// assembly out. GODEBUG=cpu.avx512f=off,cpu.avx2=off,cpu.avx=off, or only the first or
// the first two of these, switches paths off at start, as does GODEBUG=cpu.asimd=off on
// arm64.
//
// Matrices are row-major float32 slices with a row stride counted in elements.
// Kernels do not allocate. Slices that are too short are a programming error and
// panic.
//
// The module in the folder asm generates the assembly, with avo for amd64 and with its
// package arm64 for arm64.
package vec
