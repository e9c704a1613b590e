package vec

import "math"

const (
	// Of the 52 mantissa bits of a float64, float32 drops the low 29; the
	// midpoint between two normal float32 has the highest of these set alone.
	droppedBits  = 1<<29 - 1
	midpointBits = 1 << 28

	// minNormal32 are the float64 bits of 2^-126, the smallest normal float32.
	minNormal32 = 0x3810000000000000
)

// fma32 returns x·y + z rounded once to float32, as a fused multiply-add
// instruction does. The product is exact in float64. The sum, rounded to
// float64 and then to float32, is wrong only where the first rounding lands
// exactly on a midpoint of the second: there, and in the subnormal range where
// midpoints lie elsewhere, fmaExact decides.
func fma32(x, y, z float32) float32 {
	p := float64(float64(x) * float64(y))
	s := p + float64(z)
	b := math.Float64bits(s)
	if b&droppedBits == midpointBits || b<<1-1 < minNormal32<<1-1 {
		return fmaExact(p, float64(z))
	}
	return float32(s)
}

// fmaExact returns p + z rounded once to float32. It rounds the sum to odd
// first: a float64 sum that is inexact is moved to the neighbour with an odd
// last bit on the side of the error, so that the second rounding sees which
// side of a midpoint the exact sum is on (Boldo and Melquiond 2008, Emulation of
// FMA and correctly rounded sums: proved algorithms using rounding to odd).
//
//go:noinline
func fmaExact(p, z float64) float32 {
	s := p + z
	if math.IsInf(s, 0) || s != s {
		return float32(s)
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
	return float32(math.Float64frombits(b))
}
