package stats_test

import (
	"math"
	"math/bits"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/report/stats"
)

// tail returns the p of the alternative from all equally likely values of a statistic,
// and the smallest p over them; slack is the tolerance for ties.
func tail(all []float64, observed float64, alternative stats.Alternative, slack float64) (p, minP float64) {
	at := func(v float64) float64 {
		lower, upper := 0.0, 0.0
		for _, w := range all {
			if w <= v+slack {
				lower++
			}
			if w >= v-slack {
				upper++
			}
		}
		lower /= float64(len(all))
		upper /= float64(len(all))
		switch alternative {
		case stats.Less:
			return lower
		case stats.Greater:
			return upper
		}
		return min(1, 2*min(lower, upper))
	}
	minP = 1
	for _, v := range all {
		minP = min(minP, at(v))
	}
	return at(observed), minP
}

var alternatives = rapid.SampledFrom([]stats.Alternative{stats.TwoSided, stats.Less, stats.Greater})

// splits returns the statistic for each choice of n of the pooled values.
func splits(pooled []float64, n int, f func(x, y []float64) float64) []float64 {
	var all []float64
	for set := range 1 << len(pooled) {
		if bits.OnesCount(uint(set)) != n {
			continue
		}
		var x, y []float64
		for i, v := range pooled {
			if set>>i&1 == 1 {
				x = append(x, v)
			} else {
				y = append(y, v)
			}
		}
		all = append(all, f(x, y))
	}
	return all
}

// wins counts U by its definition: pairs with x > y, ties one half.
func wins(x, y []float64) float64 {
	u := 0.0
	for _, v := range x {
		for _, w := range y {
			if v > w {
				u++
			} else if v == w {
				u += 0.5
			}
		}
	}
	return u
}

func TestMannWhitneyIsTheEnumerationOfAllSplits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := tiedSample(t, "x", 1, 6)
		y := tiedSample(t, "y", 1, 10-len(x))
		if rapid.Bool().Draw(t, "infinite") {
			x[0] = inf
		}
		alternative := alternatives.Draw(t, "alternative")
		p, minP := tail(splits(append(append([]float64{}, x...), y...), len(x), wins), wins(x, y), alternative, 0)
		got := must(stats.MannWhitney(x, y, alternative))
		near(t, "U", got.Statistic, wins(x, y), 0)
		near(t, "p", got.P, p, 1e-14)
		near(t, "smallest p", got.MinP, minP, 1e-14)
	})
}

// flips returns the statistic of d for each choice of signs.
func flips(d []float64, f func(d []float64) float64) []float64 {
	all := make([]float64, 0, 1<<len(d))
	for set := range 1 << len(d) {
		flipped := make([]float64, len(d))
		for i, v := range d {
			flipped[i] = v
			if set>>i&1 == 1 {
				flipped[i] = -v
			}
		}
		all = append(all, f(flipped))
	}
	return all
}

// positiveRanks computes W+ by its definition: for each positive difference the number of
// smaller magnitudes, plus half of the equal ones and a half.
func positiveRanks(d []float64) float64 {
	sum := 0.0
	for _, v := range d {
		if v <= 0 {
			continue
		}
		rank := 0.5
		for _, w := range d {
			switch {
			case math.Abs(w) < v:
				rank++
			case math.Abs(w) == v:
				rank += 0.5
			}
		}
		sum += rank
	}
	return sum
}

func TestSignedRankIsTheEnumerationOfAllSigns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := tiedSample(t, "d", 1, 10)
		alternative := alternatives.Draw(t, "alternative")
		p, minP := tail(flips(d, positiveRanks), positiveRanks(d), alternative, 0)
		got := must(stats.SignedRank(d, alternative))
		near(t, "W+", got.Statistic, positiveRanks(d), 0)
		near(t, "p", got.P, p, 1e-14)
		near(t, "smallest p", got.MinP, minP, 1e-14)
	})
}

func TestTwoSidedIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := tiedSample(t, "x", 1, 15), tiedSample(t, "y", 1, 15)
		one, other := must(stats.MannWhitney(x, y, stats.Less)), must(stats.MannWhitney(y, x, stats.Greater))
		near(t, "exchanged", one.P, other.P, 1e-12)
		both := must(stats.MannWhitney(x, y, stats.TwoSided))
		near(t, "doubled", both.P, min(1, 2*min(one.P, must(stats.MannWhitney(x, y, stats.Greater)).P)), 1e-12)
		if both.P < both.MinP-1e-15 || both.P > 1 {
			t.Fatalf("p = %v is outside [%v, 1]", both.P, both.MinP)
		}
	})
}
