package report

import (
	"math"
	"testing"
)

// TestPrinted: a printed value has a mean and a deviation; a deviation of 0.00 counts as
// half of the last digit.
func TestPrinted(t *testing.T) {
	for text, want := range map[string][2]float64{"0.07±0.00": {0.07, 0.005}, "0.31 ± 0.08": {0.31, 0.08}, "12±3": {12, 3}, "1.5±0.01": {1.5, 0.05}} {
		if mean, sd, ok := parsePrinted(text); !ok || mean != want[0] || math.Abs(sd-want[1]) > 1e-15 {
			t.Errorf("%s reads as %v ± %v, %v", text, mean, sd, ok)
		}
	}
	for _, text := range []string{"", "0.07", "a±b", "0.1±"} {
		if _, _, ok := parsePrinted(text); ok {
			t.Errorf("%q is read", text)
		}
	}
}

func TestSameDigits(t *testing.T) {
	for _, c := range []struct {
		printed string
		mean    float64
		want    bool
	}{{"0.03±0.00", 0.0312, true}, {"0.03±0.00", 0.0351, false}, {"0.30±0.10", 0.3, true}, {"0.3±0.1", math.NaN(), false}} {
		r := Reconstruction{Printed: c.printed, Measured: Spread{Mean: c.mean}}
		if r.SameDigits() != c.want {
			t.Errorf("%v prints as %s: %v", c.mean, c.printed, !c.want)
		}
	}
}
