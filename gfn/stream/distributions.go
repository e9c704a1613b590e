package stream

import (
	"math"

	"gfnbench/gfn/fmath"
)

// Normal returns a standard normal number by the polar method (Marsaglia and Bray 1964).
// The method makes two numbers; the second is dropped so that no value hides outside the
// generator's state.
func (s *Stream) Normal() float64 {
	for {
		u := 2*s.Float64Open() - 1
		v := 2*s.Float64Open() - 1
		r := float64(u*u) + float64(v*v)
		if r > 0 && r < 1 {
			return u * math.Sqrt(-2*fmath.Log(r)/r)
		}
	}
}

// Exponential returns a number with density exp(-x), x > 0, by inversion.
func (s *Stream) Exponential() float64 {
	return -fmath.Log(s.Float64Open())
}

// Gamma returns a number with density x^(shape-1)·exp(-x)/Γ(shape), x > 0 (Marsaglia and
// Tsang 2000, A simple method for generating gamma variables). Below shape 1 it returns
// Gamma(shape+1)·U^(1/shape). It panics unless shape > 0.
func (s *Stream) Gamma(shape float64) float64 {
	if !(shape > 0) {
		panic("stream: Gamma needs shape > 0")
	}
	if shape < 1 {
		g := s.Gamma(shape + 1)
		return g * fmath.Exp(fmath.Log(s.Float64Open())/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := s.Normal()
		t := 1 + float64(c*x)
		if t <= 0 {
			continue
		}
		v := float64(t * float64(t*t))
		bound := float64(0.5*float64(x*x)) + float64(d*((1-v)+fmath.Log(v)))
		if fmath.Log(s.Float64Open()) < bound {
			return d * v
		}
	}
}
