package report

import (
	"maps"
	"math"
	"slices"

	"gfnbench/gfn/param"
	"gfnbench/suites"
)

// Instance returns the instance seed of the environment, or -1 if the suite draws only
// one instance of it.
func (r *Row) Instance() int {
	if v := r.Value(param.Instance); !v.IsNull() {
		return v.Int()
	}
	return -1
}

// A Unit is one observation: a training seed or, over instances, an instance.
type Unit struct {
	Instance int // instance seed, -1 if seeds of one instance are the units
	Seed     int // index; 0 if instances are the units
}

// UnitOf returns the row's unit.
func UnitOf(r *Row, over string) Unit {
	if over == suites.OverInstances {
		return Unit{Instance: r.Instance()}
	}
	return Unit{Instance: -1, Seed: r.Seed()}
}

// UnitNoun returns the name of a unit: "seed" or "instance".
func UnitNoun(over string) string {
	if over == suites.OverInstances {
		return "instance"
	}
	return "seed"
}

// unitValue returns a value that can be averaged with others of the instance: a threshold
// that was not reached counts as the time up to which the run was followed.
func (s *Score) unitValue() float64 {
	if s.Kind == Censored && !math.IsNaN(s.Value) {
		return s.Time.Time
	}
	return s.Value
}

// seedsOf returns the smallest and the largest number of seeds of a unit: over seeds, of all
// the rows.
func seedsOf(rows []*Row, over string) (fewest, most int) {
	if over != suites.OverInstances {
		return len(rows), len(rows)
	}
	count := make(map[Unit]int)
	for _, r := range rows {
		count[UnitOf(r, over)]++
	}
	sizes := slices.Collect(maps.Values(count))
	return slices.Min(sizes), slices.Max(sizes)
}

// Units returns the scores of the units. Over seeds these are the scores themselves. Over
// instances there is one for each, the mean of its seeds' scores, or the worst possible
// one if one of them is.
func Units(scores []Score, over string) []Score {
	if over != suites.OverInstances {
		return scores
	}
	var units []Score
	at := make(map[Unit]int)
	count := make(map[Unit]int)
	for _, s := range scores {
		u := UnitOf(s.Row, over)
		i, ok := at[u]
		if !ok {
			i = len(units)
			at[u] = i
			units = append(units, Score{Row: s.Row, Value: 0, StdErr: math.NaN(), Kind: Absent, Why: s.Why})
		}
		v := s.unitValue()
		if s.Kind == Absent || math.IsNaN(v) {
			continue
		}
		unit := &units[i]
		count[u]++
		unit.Value += v
		if unit.Kind == Absent {
			unit.Kind = Measured
		}
		if s.Kind == Diverged {
			unit.Kind = Diverged
		}
		if !(s.StdErr <= unit.StdErr) && !math.IsNaN(s.StdErr) {
			unit.StdErr = s.StdErr
		}
	}
	for i := range units {
		if n := count[UnitOf(units[i].Row, over)]; n > 0 {
			units[i].Value /= float64(n)
		} else {
			units[i].Value = math.NaN()
		}
	}
	return units
}

// PairUnits pairs the values of the units that have a score on both sides, in the order
// of a. Over instances they are means over the seeds with a score on both sides.
func PairUnits(a, b []Score, over string) [][2]float64 {
	if over != suites.OverInstances {
		return PairScores(a, b)
	}
	other := make(map[Unit]*Score)
	for i := range b {
		other[Unit{b[i].Row.Instance(), b[i].Row.Seed()}] = &b[i]
	}
	var list [][2]float64
	var seeds []float64
	at := make(map[int]int)
	for i := range a {
		instance := a[i].Row.Instance()
		y := other[Unit{instance, a[i].Row.Seed()}]
		if y == nil || math.IsNaN(y.unitValue()) || math.IsNaN(a[i].unitValue()) {
			continue
		}
		k, ok := at[instance]
		if !ok {
			k = len(list)
			at[instance] = k
			list, seeds = append(list, [2]float64{}), append(seeds, 0)
		}
		list[k][0] += a[i].unitValue()
		list[k][1] += y.unitValue()
		seeds[k]++
	}
	for k := range list {
		list[k][0] /= seeds[k]
		list[k][1] /= seeds[k]
	}
	return list
}

// Pooled returns the columns in which cells must agree to be pooled over the unit: all
// except the seed and, over instances, the instance.
func Pooled(columns []string, over string) (list []string) {
	for _, c := range columns {
		if c == "seed" || over == suites.OverInstances && (c == param.Instance || c == "params.instance_seed") {
			continue
		}
		list = append(list, c)
	}
	return list
}
