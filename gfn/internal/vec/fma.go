package vec

import "math"

const (
	// Of the 52 mantissa bits of a float64, float32 drops the low 29. At the midpoint
	// between two normal float32 only the highest of these is set.
	droppedBits  = 1<<29 - 1
	midpointBits = 1 << 28

	// minNormal32 are the float64 bits of 2^-126, the smallest normal float32.
	minNormal32 = 0x3810000000000000
)

// fuses reports whether the compiler makes one instruction of fused. It does so on
// ppc64le, s390x, riscv64 and loong64, and on amd64 with GOAMD64=v3. Rounded twice, this
// sum is 0.
var fuses = isFused(1+0x1p-12, 1+0x1p-12, -1-0x1p-11)

//go:noinline
func isFused(x, y, z float32) bool { return fused(x, y, z) != 0 }

// fused returns x·y + z, rounded once where fuses is true.
func fused(x, y, z float32) float32 { return x*y + z }

// fma32 returns x·y + z rounded once to float32, like a fused multiply-add instruction.
// Emulated, the product is exact in float64. The sum, rounded to float64 and then to
// float32, can be wrong only if twice reports so.
func fma32(x, y, z float32) float32 {
	if fuses {
		return fused(x, y, z)
	}
	p := float64(float64(x) * float64(y))
	s := p + float64(z)
	if twice(s) {
		s = fmaExact(p, float64(z))
	}
	return float32(s)
}

// twice reports whether rounding s to float32 may differ from rounding the exact sum from
// which s was rounded. That is possible if s is exactly a midpoint of two float32, and in
// the subnormal range, where midpoints lie elsewhere.
func twice(s float64) bool {
	b := math.Float64bits(s)
	return uint32(b)&droppedBits == midpointBits || b<<1-1 < minNormal32<<1-1
}

// fmaExact returns p + z in float64, rounded so that rounding it again to float32 is
// always right. It rounds to odd: an inexact sum is moved to the neighbour with an odd
// last bit on the side of the error, so the second rounding sees on which side of a
// midpoint the exact sum lies (Boldo and Melquiond 2008, Emulation of FMA and correctly
// rounded sums: proved algorithms using rounding to odd).
//
//go:noinline
func fmaExact(p, z float64) float64 {
	s := p + z
	if math.IsInf(s, 0) || s != s {
		return s
	}
	t := s - p
	e := (p - (s - t)) + (z - t)
	b := math.Float64bits(s)
	if e != 0 && b&1 == 0 {
		if (e > 0) == (s > 0) {
			b++
		} else {
			b--
		}
	}
	return math.Float64frombits(b)
}
