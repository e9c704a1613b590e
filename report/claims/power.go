package claims

import (
	"math"
	"sync"

	"gfnbench/report/stats"
	"gfnbench/suites"
)

// wantedPower is the power below which an undecided test is underpowered.
const wantedPower = 0.8

// measurePower fills in what a test in a family of the given size could have shown, for
// normal differences with the observed spread: its power at the smallest effect or within
// the margin, or at one standard deviation if the claim states neither, and the smallest
// difference that it finds with a probability of 80%.
func (t *Test) measurePower(c *suites.Claim, family int) {
	t.Power, t.Detectable = 1, math.NaN()
	if !t.ran || min(t.Adjusted, t.AdjustedAgainst, t.AdjustedTie) <= stats.Level {
		return
	}
	power := powerOf(t.N, t.unpaired, stats.Level/float64(family))
	size := t.Size
	if math.IsNaN(t.SD) || t.SD == 0 {
		t.Power = power.Of(1)
		return
	}
	t.Detectable = power.Detectable(wantedPower) * t.SD
	switch {
	case size == 0:
		t.Power = power.Of(1)
	case c.Test == "equal" || c.Test == "value": // both ends must be rejected
		t.Power = max(0, 2*power.Of(size/t.SD)-1)
	default:
		t.Power = power.Of(size / t.SD)
	}
}

// powers caches the results of powerOf.
var powers sync.Map

// powerOf returns the power of the exact test at a level, for n pairs or for two samples
// of n.
func powerOf(n int, unpaired bool, level float64) *stats.Power {
	type key struct {
		n        int
		unpaired bool
		level    float64
	}
	if p, ok := powers.Load(key{n, unpaired, level}); ok {
		return p.(*stats.Power)
	}
	var p *stats.Power
	if unpaired {
		p = stats.MannWhitneyPower(n, n, level)
	} else {
		p = stats.SignedRankPower(n, level)
	}
	powers.Store(key{n, unpaired, level}, p)
	return p
}

// spread returns the standard deviation of the values, or NaN if one of them is not
// finite.
func spread(x []float64) float64 {
	for _, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return math.NaN()
		}
	}
	return stats.SD(x)
}
