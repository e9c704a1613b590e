package report

import (
	"math"
	"slices"

	"gfnbench/report/stats"
	"gfnbench/usage"
)

// A Comparison says how a slot differs from the base of its row.
type Comparison struct {
	Change   float64 // relative to the base's estimate, over the seeds that both have
	P        float64 // two-sided, exact for up to 200 seeds; NaN if there is no test
	Adjusted float64 // by Holm's method, within the row
	MinP     float64 // smallest P that this number of pairs can reach
	Pairs    int     // number of seeds that both have; without pairing, the size of the smaller sample
	Unpaired bool    // P is from the exact Mann–Whitney test because another program trained a side
	Distinct bool    // Adjusted is at most stats.Level

	// Shift is how far the slot's seeds lie from the base's. Its interval excludes
	// 0 exactly when Distinct is set.
	Shift stats.Interval

	Over   int // seeds of Change if one of the estimates is over more seeds; else 0
	effect *stats.Effect
}

// compare compares the slots of each row with the slot in the base column.
func (t *Table) compare() error {
	t.base = -1
	if t.Spec.Base == "" {
		return nil
	}
	if t.base = slices.IndexFunc(t.Columns, func(l Label) bool { return t.Spec.Base == l.Key || t.Spec.Base == l.Name }); t.base < 0 {
		return usage.Errorf("the base %q is not a column of the table%s", t.Spec.Base, usage.Suggest(t.Spec.Base, keys(t.Columns)))
	}
	for _, row := range t.Slots {
		base := row[t.base]
		if base == nil {
			continue
		}
		var family []*Comparison
		for j, slot := range row {
			if slot == nil || j == t.base || t.task(slot) != t.task(base) {
				continue
			}
			slot.Versus = Compare(slot, base)
			if !math.IsNaN(slot.Versus.P) {
				family = append(family, slot.Versus)
			}
		}
		Holm(family)
		for _, c := range family {
			if p := min(1, c.MinP*float64(len(family))); t.MinP == 0 || p < t.MinP {
				t.MinP, t.Family, t.Pairs, t.Unpaired = p, len(family), c.Pairs, c.Unpaired
			}
		}
	}
	return nil
}

// Compare compares a slot with another by the differences of their common units or, if
// they are seeds and another program trained one of the slots, as two samples.
func Compare(slot, base *Slot) *Comparison {
	c := &Comparison{P: math.NaN(), Adjusted: math.NaN(), MinP: 1}
	c.Shift = stats.Interval{Estimate: math.NaN(), Low: math.NaN(), High: math.NaN()}
	if Unpaired(slot.Scores, base.Scores, slot.Over) {
		x, y := Values(slot.Scores), Values(base.Scores)
		c.Unpaired, c.Pairs = true, min(len(x), len(y))
		if effect, err := stats.UnpairedShift(x, y, 0); err == nil {
			c.P, c.MinP, c.effect = effect.P(stats.TwoSided), stats.TwoSampleMinP(len(x), len(y), stats.TwoSided), effect
		}
		c.Change = (slot.Estimate - base.Estimate) / math.Abs(base.Estimate)
		return c
	}
	c.change(slot, base)
	var d []float64
	for _, p := range PairUnits(slot.Scores, base.Scores, slot.Over) {
		d = append(d, Difference(p[0], p[1]))
	}
	c.Pairs = len(d)
	if effect, err := stats.PairedShift(d, 0); err == nil {
		c.P, c.MinP, c.effect = effect.P(stats.TwoSided), stats.PairedMinP(len(d), stats.TwoSided), effect
	}
	return c
}

// change compares the estimates over the seeds that both have. It leaves out of both the
// scores that one side lacks or that a mean leaves out.
func (c *Comparison) change(slot, base *Slot) {
	a, b := slot.summarised(), base.summarised()
	shared := 0
	for unit := range a {
		if b[unit] {
			shared++
		}
	}
	x, y := slot.Summary, base.Summary
	if shared < max(len(a), len(b)) {
		x, y = slot.over(b), base.over(a)
		c.Over = shared
	}
	c.Change = (x.Estimate - y.Estimate) / math.Abs(y.Estimate)
}

// summarised returns the units over which the slot's estimate is taken.
func (s *Slot) summarised() map[Unit]bool {
	list := make(map[Unit]bool)
	units := s.Units()
	for i := range units {
		if score := &units[i]; score.Kind == Measured || score.Kind != Absent && s.Method != "mean" {
			list[UnitOf(score.Row, s.Over)] = true
		}
	}
	return list
}

// over returns the summary of some of the slot's units.
func (s *Slot) over(units map[Unit]bool) Summary {
	some := &Slot{Stat: s.Stat, Over: s.Over}
	for i := range s.Scores {
		if score := s.Scores[i]; units[UnitOf(score.Row, s.Over)] {
			some.Scores = append(some.Scores, score)
		}
	}
	return summarise(s.Method, some)
}

// Holm adjusts the p-values of a family.
func Holm(family []*Comparison) {
	p := make([]float64, len(family))
	for i, c := range family {
		p[i] = c.P
	}
	adjusted, err := stats.Holm(p)
	if err != nil {
		return // p are those of tests
	}
	for i, c := range family {
		c.Adjusted, c.Distinct = adjusted[i], adjusted[i] <= stats.Level
		level := TestLevel(c.P, c.Adjusted, len(family)) / 2
		if c.Shift, err = c.effect.Interval(level, level); err != nil {
			return // levels are those of tests
		}
	}
}

// TestLevel returns the level at which a test is decided if Holm's method adjusts its p
// in a family. The interval at this level agrees with the verdict.
func TestLevel(p, adjusted float64, family int) float64 {
	if adjusted < 1 {
		return stats.Level * p / adjusted
	}
	return stats.Level / float64(family)
}

// PairScores pairs the values of the seeds that have a score on both sides, in
// the order of a.
func PairScores(a, b []Score) (list [][2]float64) {
	bySeed := make(map[int]float64)
	for i := range b {
		bySeed[b[i].Row.Seed()] = b[i].Value
	}
	for i := range a {
		if y, ok := bySeed[a[i].Row.Seed()]; ok && !math.IsNaN(y) && !math.IsNaN(a[i].Value) {
			list = append(list, [2]float64{a[i].Value, y})
		}
	}
	return list
}

// Difference returns x - y, or 0 if both are infinitely bad.
func Difference(x, y float64) float64 {
	if x == y {
		return 0
	}
	return x - y
}

// SignedRank returns p of the exact signed-rank test of the differences, or NaN
// if there is no test.
func SignedRank(d []float64, alternative stats.Alternative) float64 {
	test, err := stats.SignedRank(d, alternative)
	if err != nil {
		return math.NaN()
	}
	return test.P
}

// BaseName returns the name of the column that the others are compared with, or
// "" if there is none.
func (t *Table) BaseName() string {
	if t.base < 0 {
		return ""
	}
	return t.Columns[t.base].Name
}

// BaseOf returns the slot with which those of a row are compared; nil if there is none.
func (t *Table) BaseOf(row int) *Slot {
	if t.base < 0 {
		return nil
	}
	return t.Slots[row][t.base]
}

// SpreadFrom returns the standard deviation of the differences between the units of two
// slots, and how many there are; of slots that are not paired, that which both share, and the
// fewer units. It is NaN where a difference is not finite.
func (s *Slot) SpreadFrom(base *Slot) (sd float64, n int) {
	if Unpaired(s.Scores, base.Scores, s.Over) {
		x, y := Values(s.Scores), Values(base.Scores)
		return math.Hypot(stats.SD(x), stats.SD(y)) / math.Sqrt2, min(len(x), len(y))
	}
	var d []float64
	for _, p := range PairUnits(s.Scores, base.Scores, s.Over) {
		d = append(d, Difference(p[0], p[1]))
	}
	return stats.SD(d), len(d)
}
