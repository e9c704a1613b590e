package stats_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/report/stats"
)

func closeTo(x, y float64) bool { return x == y || math.Abs(x-y) <= 1e-12*max(1, math.Abs(y)) }

// TestOneTask: with one task an aggregate is the interval of its units.
func TestOneTask(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var x []float64
		for _, n := range rapid.SliceOfN(rapid.IntRange(-99, 99), 4, 12).Draw(t, "x") {
			x = append(x, float64(n)/8) // squares of much smaller ones are 0
		}
		if slices.Min(x) == slices.Max(x) {
			return
		}
		mean, err1 := stats.MeanInterval(x, stats.Linear, .95)
		of, err2 := stats.MeanOfTasks([][]float64{x}, stats.Linear, .95)
		if err1 != nil || err2 != nil || !closeTo(mean.Low, of.Low) || !closeTo(mean.High, of.High) {
			t.Fatalf("mean %v, of one task %v: %v %v", mean, of, err1, err2)
		}
		iqm, _ := stats.IQMInterval(x, stats.Linear, .95)
		pooled, err := stats.PooledIQM([][]float64{x}, stats.Linear, .95)
		if err != nil || iqm.Given() != pooled.Given() || iqm.Given() && (!closeTo(iqm.Low, pooled.Low) || !closeTo(iqm.High, pooled.High)) {
			t.Fatalf("iqm %v, of one task %v: %v", iqm, pooled, err)
		}
	})
}

// TestStratified: two tasks of three units with variances 1 and 4. The standard error of
// the mean is √(1/3+4/3)/2 = 0.6455, with (1/3+4/3)²/((1/9+16/9)/2) = 50/17 degrees of
// freedom. Student's t has 3.2188 there (scipy 1.16, t.ppf).
func TestStratified(t *testing.T) {
	in, err := stats.MeanOfTasks([][]float64{{1, 2, 3}, {10, 12, 14}}, stats.Linear, .95)
	if err != nil || in.Estimate != 7 || math.Abs(in.High-7-3.2188*math.Sqrt(5./12)) > 1e-3 {
		t.Errorf("%+v, %v", in, err)
	}
	median, _ := stats.MedianOfTasks([][]float64{{1, 2, 3}, {4, 5, 9}, {100, 102, 104}}, stats.Linear, .95)
	alone, _ := stats.MeanOfTasks([][]float64{{4, 5, 9}}, stats.Linear, .95)
	if median.Estimate != 6 || median.Low != alone.Low || median.High != alone.High {
		t.Errorf("the median is %+v, its task %+v", median, alone)
	}
	gap, _ := stats.MeanGap(1, stats.HigherIsBetter)([][]float64{{1, .9, .8}, {1.2, .5, .4}}, stats.Linear, .95)
	if !closeTo(gap.Estimate, (.1+.2)/6+(.5+.6)/6) || gap.Low < 0 {
		t.Errorf("gap %+v", gap)
	}
}

// TestWithheld: no interval from two units, none where nothing varies or the statistic
// sums an infinity; and an error for no scores.
func TestWithheldAggregates(t *testing.T) {
	inf := math.Inf(-1)
	for name, tt := range map[string]struct {
		strata [][]float64
		of     stats.Aggregate
		kind   stats.WarningKind
	}{
		"few":      {[][]float64{{1, 2}, {1, 2, 3}}, stats.MeanOfTasks, stats.TooFewSeeds},
		"alike":    {[][]float64{{1, 1, 1}, {2, 2, 2}}, stats.MeanOfTasks, stats.NoVariation},
		"diverged": {[][]float64{{1, 2, inf}, {1, 2, 3}}, stats.MeanOfTasks, stats.Undefined},
		"cut":      {[][]float64{{1, 2, inf}, {1, 2, 3}}, stats.PooledIQM, 0},
		"most":     {[][]float64{{inf, inf, inf}, {1, 2, inf}}, stats.PooledIQM, stats.Undefined},
	} {
		in, err := tt.of(tt.strata, stats.Linear, .95)
		if err != nil || in.Given() != (tt.kind == 0) || tt.kind != 0 && !stats.Warned(in.Warnings, tt.kind) {
			t.Errorf("%s: %+v, %v", name, in, err)
		}
	}
	if _, err := stats.PooledIQM([][]float64{{1, 2}, {}}, stats.Linear, .95); !errors.Is(err, stats.ErrTooFew) {
		t.Errorf("a task without scores: %v", err)
	}
}

// TestImprovementInterval: where every run is better, the interval of 10 trials is that
// of Wilson for 10 of 10: 0.7225 to 1 (Newcombe, Statistics in Medicine 17, 1998).
func TestImprovementInterval(t *testing.T) {
	x := [][]float64{{1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}}
	y := [][]float64{{6, 7, 8, 9, 10}, {6, 7, 8, 9, 10}}
	in, err := stats.Improvement(x, y, stats.LowerIsBetter, .95)
	if err != nil || in.Estimate != 1 || in.High != 1 || math.Abs(in.Low-.7225) > 1e-4 {
		t.Errorf("%+v, %v", in, err)
	}
}

// TestFriedmanExtremes: where all blocks agree, p is the chance of that; where none has
// a difference, p is 1.
func TestFriedmanExtremes(t *testing.T) {
	agree, err := stats.Friedman([][]float64{{1, 1, 1}, {2, 2, 2}, {3, 3, 3}}, stats.LowerIsBetter)
	if err != nil || !closeTo(agree.P, 1./36) || agree.ChiSquared != 6 {
		t.Errorf("%+v, %v", agree, err)
	}
	same, err := stats.Friedman([][]float64{{1, 2}, {1, 2}}, stats.LowerIsBetter)
	if err != nil || same.P != 1 {
		t.Errorf("%+v, %v", same, err)
	}
	if _, err := stats.Friedman([][]float64{{1, 2}}, stats.LowerIsBetter); !errors.Is(err, stats.ErrTooFew) {
		t.Error(err)
	}
}

// TestAlikeGroups compares with every run of neighbours.
func TestAlikeGroups(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "n")
		distinct := make(map[[2]int]bool)
		for i := range n {
			for j := i + 1; j < n; j++ {
				distinct[[2]int{i, j}] = rapid.Bool().Draw(t, "distinct")
			}
		}
		alike := func(a, b int) bool {
			for i := a; i <= b; i++ {
				for j := i + 1; j <= b; j++ {
					if distinct[[2]int{i, j}] {
						return false
					}
				}
			}
			return true
		}
		var want [][2]int
		for a := range n {
			for b := a + 1; b < n; b++ {
				if alike(a, b) && (a == 0 || !alike(a-1, b)) && (b == n-1 || !alike(a, b+1)) {
					want = append(want, [2]int{a, b})
				}
			}
		}
		if got := stats.AlikeGroups(n, func(i, j int) bool { return distinct[[2]int{i, j}] }); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}
