package stats

import (
	"math"
	"testing"
)

// TestBestOfK: with the scores 1, 2, 3 the nine ordered pairs have the minima 1 (five), 2
// (three) and 3 (one), so the expected best of two is 14/9 if lower is better, and 22/9
// if higher is.
func TestBestOfK(t *testing.T) {
	for _, x := range []struct {
		better Direction
		want   [3]float64
	}{{LowerIsBetter, [3]float64{2, 14.0 / 9, 36.0 / 27}}, {HigherIsBetter, [3]float64{2, 22.0 / 9, 72.0 / 27}}} {
		for k, b := range BestOfK([]float64{2, 3, 1}, x.better) {
			if math.Abs(b.Mean-x.want[k]) > 1e-12 || b.K != k+1 {
				t.Errorf("best of %d is %v, want %v", k+1, b.Mean, x.want[k])
			}
		}
	}
	// With 100 equal chances the best of one lies between the 3rd worst and the 3rd best,
	// by enumeration, with 2.5% beyond each.
	scores := make([]float64, 100)
	for i := range scores {
		scores[i] = float64(i + 1)
	}
	if b := BestOfK(scores, LowerIsBetter)[0]; b.Low != 3 || b.High != 98 {
		t.Errorf("the best of one lies between %v and %v", b.Low, b.High)
	}
	// A setting that failed is as bad as the worst: the mean of 2, 2 and 1 is 5/3.
	if b := BestOfK([]float64{1, math.NaN(), 2}, LowerIsBetter); math.Abs(b[0].Mean-5.0/3) > 1e-12 || b[0].Low != 1 || b[0].High != 2 {
		t.Errorf("%+v", b[0])
	}
	if b := BestOfK([]float64{math.NaN()}, LowerIsBetter); b != nil {
		t.Errorf("%+v of no scores", b)
	}
}

// TestEpsilon2: the values 1, 3 and 5, 7 in two groups have the sums of squares 4 within
// and 20 in all, so ε² is 1 - (4/2)/(20/3) = 0.7.
func TestEpsilon2(t *testing.T) {
	if got := Epsilon2([]float64{1, 3, 5, 7}, []int{0, 0, 1, 1}); math.Abs(got-0.7) > 1e-12 {
		t.Errorf("%v, want 0.7", got)
	}
	if got := Epsilon2([]float64{1, 7, 7, 1}, []int{0, 0, 1, 1}); got != 0 {
		t.Errorf("%v of groups that say nothing, want 0", got)
	}
	for _, groups := range [][]int{{0, 0, 0, 0}, {0, 1, 2, 3}} {
		if got := Epsilon2([]float64{1, 3, 5, 7}, groups); !math.IsNaN(got) {
			t.Errorf("%v in groups %v, want NaN", got, groups)
		}
	}
}
