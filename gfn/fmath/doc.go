// Package fmath has elementary functions whose float64 results have the same bits on
// every CPU. Those of the standard library do not: math.Exp, for one, takes a fused
// multiply-add path if the CPU has one, and the compiler fuses x*y+z on arm64 and with
// GOAMD64=v3.
//
// Every function here uses only IEEE 754 addition, subtraction, multiplication, division
// and square root, and rounds every product explicitly before adding it: float64(x*y) +
// z. Exp and Log are written so that a vector unit can do the same operations in the same
// order without table look-ups; vec.Exp and vec.Log return the very same bits.
//
// Measured errors are at most 1 unit in the last place (ulp) for Exp, Log and Pow (1.5
// for subnormal results), 2 for Expm1 and Log1p, and 1e-13, relative or absolute,
// for Lgamma.
package fmath
