package network

import (
	"fmt"

	"gfnbench/gfn/fmath"
)

// Schedule gives the factor applied to the learning rates at each step.
type Schedule struct {
	Kind  string  // "polynomial", "cosine" or "constant"
	Power float64 // exponent of the polynomial; 1 is linear decay
	Steps int     // length of training
}

// Check returns an error if the schedule's kind is unknown.
func (s Schedule) Check() error {
	switch s.Kind {
	case "polynomial", "cosine", "constant":
		return nil
	}
	return fmt.Errorf("unknown schedule %q: use polynomial, cosine or constant", s.Kind)
}

// Factor returns the factor at step t = 0, 1, …, Steps-1: (1-t/Steps)^Power for
// "polynomial" (PyTorch's PolynomialLR), (1+cos(π t/Steps))/2 for "cosine", 1
// for "constant".
func (s Schedule) Factor(t int) float64 {
	x := float64(t) / float64(s.Steps)
	switch s.Kind {
	case "polynomial":
		if s.Power == 1 {
			return 1 - x
		}
		return fmath.Pow(1-x, s.Power)
	case "cosine":
		return halfVersine(x)
	}
	return 1
}

// halfVersine returns (1+cos(πx))/2 = sin²(π(1-x)/2) for x in [0, 1], by the sine's
// Taylor series, whose first omitted term is below 2^-53 there.
func halfVersine(x float64) float64 {
	const halfPi = 1.57079632679489661923
	y := halfPi * (1 - x)
	y2 := float64(y * y)
	s := 1.0
	for k := 23; k > 1; k -= 2 { // Horner: 1 - y²/(2·3)·(1 - y²/(4·5)·(…))
		s = 1 - float64(y2/float64(k*(k-1))*s)
	}
	sin := float64(y * s)
	return float64(sin * sin)
}
