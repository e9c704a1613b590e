package stats_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"gfnbench/gfn/stream"
	"gfnbench/report/stats"

	"pgregory.net/rapid"
)

// sameInterval fails unless two intervals have the same bits.
func sameInterval(t failer, what string, a, b stats.Interval) {
	t.Helper()
	bits := func(v stats.Interval) [3]uint64 {
		return [3]uint64{math.Float64bits(v.Estimate), math.Float64bits(v.Low), math.Float64bits(v.High)}
	}
	if bits(a) != bits(b) {
		t.Errorf("%s: %+v and %+v differ", what, a, b)
	}
}

// The spatial test data A of 26 children, Efron & Tibshirani, An Introduction to
// the Bootstrap, 1993, Table 14.1.
var spatial = []float64{48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41}

// plugIn is the variance with n in the denominator.
func plugIn(x []float64) float64 {
	return stats.Variance(x) * float64(len(x)-1) / float64(len(x))
}

func TestEfronTibshiraniSpatialData(t *testing.T) {
	// Table 14.2: estimate 171.5; 90% percentile interval (100.8, 233.9) from 2000
	// resamples.
	b := stats.Bootstrap{Key: stream.NewKey("spatial"), Coverage: 0.9, Resamples: 20000}
	percentile := must(b.Sample(spatial, plugIn))
	near(t, "estimate", percentile.Estimate, 171.534023668639, 1e-13)
	for _, end := range []struct {
		name                   string
		got, book, many, error float64
	}{
		// many: R 4.2.2, boot.ci of 200000 resamples.
		{"low", percentile.Low, 100.8, 97.9, 1.5},
		{"high", percentile.High, 233.9, 235.2, 1.5},
	} {
		if math.Abs(end.got-end.many) > end.error || math.Abs(end.got-end.book) > 4 {
			t.Errorf("%s = %.1f, the book has %.1f, R with many resamples %.1f", end.name, end.got, end.book, end.many)
		}
	}
}

// everyTuple calls visit with all n^n equally likely resamples of each stratum.
func everyTuple(strata [][]float64, visit func([][]float64)) {
	chosen := make([][]float64, len(strata))
	var next func(t, i int)
	next = func(t, i int) {
		switch {
		case t == len(strata):
			visit(chosen)
		case i == len(strata[t]):
			next(t+1, 0)
		default:
			for _, v := range strata[t] {
				chosen[t] = append(chosen[t][:i], v)
				next(t, i+1)
			}
		}
	}
	next(0, 0)
}

func TestExactBootstrapIsTheEnumerationOfAllTuples(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var strata [][]float64
		for range rapid.IntRange(1, 2).Draw(t, "tasks") {
			strata = append(strata, tiedSample(t, "scores", 1, 4))
		}
		coverage := rapid.SampledFrom([]float64{0.5, 0.8, 0.95}).Draw(t, "coverage")
		f := stats.Pooled(stats.Median)
		var all []float64
		everyTuple(strata, func(chosen [][]float64) { all = append(all, f(chosen)) })
		got := must(stats.Bootstrap{Coverage: coverage}.Strata(strata, f))
		if !got.Exact {
			t.Fatalf("not exact: %+v", got)
		}
		if len(all) == 1 {
			near(t, "low of one seed", got.Low, nan, 0)
			return
		}
		// The smallest value with at least tail mass at or below it, and its mirror.
		slices.Sort(all)
		k := int(math.Ceil((1-coverage)/2*float64(len(all)) - 1e-9))
		near(t, "low", got.Low, all[k-1], 0)
		near(t, "high", got.High, all[len(all)-k], 0)
	})
}

func TestBootstrapRepeatsBitForBit(t *testing.T) {
	x := []float64{.31, .12, .43, .27, .19, .33, .28, .41, .22, .36}
	b := stats.Bootstrap{Key: stream.NewKey("report", "table1")}
	first, second := must(b.Sample(x, stats.IQM)), must(b.Sample(x, stats.IQM))
	sameInterval(t, "same key", first, second)
	b.Key = stream.NewKey("report", "table2")
	if other := must(b.Sample(x, stats.Mean)); other.Low == must(stats.Bootstrap{}.Sample(x, stats.Mean)).Low && other.High == first.High {
		t.Error("the key does not matter")
	}
	if first.Exact || first.Resamples != stats.DefaultResamples || len(first.Warnings) != 0 {
		t.Errorf("10 seeds: %+v", first)
	}
	if !(first.Low < first.Estimate && first.Estimate < first.High) {
		t.Errorf("estimate outside its interval: %+v", first)
	}
	// Seven seeds have C(13, 7) = 1716 distinct resamples, eight have 6435.
	if seven := must(b.Sample(x[:7], stats.Mean)); !seven.Exact || seven.Resamples != 1716 {
		t.Errorf("7 seeds: %+v", seven)
	}
	if eight := must(b.Sample(x[:8], stats.Mean)); eight.Exact {
		t.Errorf("8 seeds: %+v", eight)
	}
}

func TestIntervalsMirrorAndNest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := tiedSample(t, "x", 2, 10)
		minus := make([]float64, len(x))
		for i, v := range x {
			minus[i] = -v
		}
		b := stats.Bootstrap{Key: stream.NewKey("mirror"), Resamples: 300}
		one, other := must(b.Sample(x, stats.Mean)), must(b.Sample(minus, stats.Mean))
		near(t, "low", one.Low, -other.High, 1e-15)
		near(t, "high", one.High, -other.Low, 1e-15)
		b.Coverage = 0.5
		inner := must(b.Sample(x, stats.Mean))
		if inner.Low < one.Low || inner.High > one.High {
			t.Fatalf("50%% [%v, %v] reaches out of 95%% [%v, %v]", inner.Low, inner.High, one.Low, one.High)
		}
	})
}

func TestBootstrapWarningsAndErrors(t *testing.T) {
	var b stats.Bootstrap
	tests := []struct {
		name      string
		x         []float64
		low, high float64
		want      []stats.WarningKind
	}{
		// The least resample of 3 has probability 1/27 > 2.5%: the whole range.
		{"three seeds", []float64{3, 1, 2}, 1, 3, []stats.WarningKind{stats.TooFewSeeds}},
		{"one seed", []float64{3}, nan, nan, []stats.WarningKind{stats.TooFewSeeds}},
		{"equal", []float64{3, 3, 3, 3, 3}, 3, 3, []stats.WarningKind{stats.NoVariation}},
		{"NaN", []float64{3, nan, 3, 3, 3}, nan, nan, []stats.WarningKind{stats.Undefined}},
		// A resample of 5 misses the diverged one with probability (4/5)^5 = 33%.
		{"infinite", []float64{1, 1, 1, 1, inf}, 1, inf, nil},
	}
	for _, test := range tests {
		got := must(b.Sample(test.x, stats.Mean))
		near(t, test.name+": low", got.Low, test.low, 0)
		near(t, test.name+": high", got.High, test.high, 0)
		var kinds []stats.WarningKind
		for _, w := range got.Warnings {
			kinds = append(kinds, w.Kind)
		}
		if !slices.Equal(kinds, test.want) {
			t.Errorf("%s: warnings %v, want %v", test.name, got.Warnings, test.want)
		}
	}

	one := [][]float64{{1, 2}}
	failures := map[string]error{}
	_, failures["no tasks"] = b.Strata(nil, stats.Pooled(stats.Mean))
	_, failures["no seeds"] = b.Strata([][]float64{{1}, {}}, stats.Pooled(stats.Mean))
	_, failures["coverage"] = stats.Bootstrap{Coverage: 95}.Sample(one[0], stats.Mean)
	_, failures["coverage NaN"] = stats.Bootstrap{Coverage: nan}.Sample(one[0], stats.Mean)
	_, failures["resamples"] = stats.Bootstrap{Resamples: -1}.Sample(one[0], stats.Mean)
	_, failures["tasks differ"] = b.Paired(one, nil, stats.DifferenceOf(stats.Pooled(stats.Mean)))
	_, failures["pairs differ"] = b.Paired(one, [][]float64{{1}}, stats.DifferenceOf(stats.Pooled(stats.Mean)))
	for name, err := range failures {
		if !errors.Is(err, stats.ErrTooFew) && !errors.Is(err, stats.ErrRange) && !errors.Is(err, stats.ErrLength) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
