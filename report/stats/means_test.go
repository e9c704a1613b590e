package stats

import (
	"math"
	"testing"
)

// TestMeanBand: the same intervals as the general bootstrap, exact ones (up to 7
// seeds) and drawn ones.
func TestMeanBand(t *testing.T) {
	b := Bootstrap{}
	for _, n := range []int{2, 3, 5, 7, 8, 10, 30} {
		band, err := b.NewMeanBand(n)
		if err != nil {
			t.Fatal(err)
		}
		for kind := range 4 {
			x := make([]float64, n)
			for i := range x {
				switch s := math.Sin(float64(7*i + kind + n)); kind {
				case 0:
					x[i] = s
				case 1:
					x[i] = math.Exp(9 * s) // a few values make up the mean
				case 2:
					x[i] = math.Round(s) // ties
				default:
					x[i] = 0.1 // constant
				}
			}
			low, high := band.Of(x)
			want, err := b.Sample(x, Mean)
			if err != nil {
				t.Fatal(err)
			}
			scale := math.Abs(want.Low) + math.Abs(want.High)
			if !(math.Abs(low-want.Low) <= 1e-12*scale) || !(math.Abs(high-want.High) <= 1e-12*scale) {
				t.Errorf("n %d, kind %d: [%v, %v], want [%v, %v]", n, kind, low, high, want.Low, want.High)
			}
		}
	}
}

func TestMeanBandUndefined(t *testing.T) {
	one, err := Bootstrap{}.NewMeanBand(1)
	if err != nil {
		t.Fatal(err)
	}
	two, err := Bootstrap{}.NewMeanBand(2)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		band *MeanBand
		x    []float64
	}{{one, []float64{1}}, {two, []float64{1, math.NaN()}}, {two, []float64{1, math.Inf(1)}}, {two, []float64{1}}} {
		if low, high := c.band.Of(c.x); !math.IsNaN(low) || !math.IsNaN(high) {
			t.Errorf("%v: [%v, %v], want none", c.x, low, high)
		}
	}
	if _, err := (Bootstrap{}).NewMeanBand(0); err == nil {
		t.Error("no error for no seeds")
	}
}
