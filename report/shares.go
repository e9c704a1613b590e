package report

import (
	"math"

	"gfnbench/report/stats"
	"gfnbench/suites"
)

// Shares divide the variance of a row of a table over instances into its sources.
type Shares struct {
	Between, Within, Estimation float64 // variance between instances, between their seeds, and of estimated metrics; averaged over columns, summing to 1
	// Interaction tells whether the differences between columns depend on the instance.
	// It is nil if some of the runs needed are missing or diverged.
	Interaction *stats.Interaction
}

// Shares returns the shares of variance of a row; ok is false if the table is over seeds,
// or instances have one seed each.
func (t *Table) Shares(row int) (s Shares, ok bool) {
	if t.Spec.Over != suites.OverInstances {
		return s, false
	}
	var sum stats.Components
	var values [][][]float64
	whole := true
	for _, slot := range t.Slots[row] {
		if slot == nil {
			continue
		}
		groups, estimation, all := slot.byInstance()
		whole = whole && all
		values = append(values, groups)
		c, err := stats.Nested(groups, estimation)
		if err != nil {
			continue
		}
		sum.Between, sum.Within, sum.Estimation = sum.Between+c.Between, sum.Within+c.Within, sum.Estimation+c.Estimation
	}
	total := sum.Total()
	if !(total > 0) {
		return s, false
	}
	s = Shares{Between: sum.Between / total, Within: sum.Within / total, Estimation: sum.Estimation / total}
	if whole {
		if i, err := stats.ArmByGroup(values); err == nil {
			s.Interaction = &i
		}
	}
	return s, true
}

// byInstance returns the finite scores of each instance, in the order of seeds, with the
// mean square of their standard errors; whole is false if one is missing.
func (s *Slot) byInstance() (groups [][]float64, estimation float64, whole bool) {
	at := make(map[int]int)
	n := 0.0
	whole = true
	for i := range s.Scores {
		score := &s.Scores[i]
		v := score.unitValue()
		if score.Kind == Absent || math.IsNaN(v) || math.IsInf(v, 0) {
			whole = false
			continue
		}
		instance := score.Row.Instance()
		k, ok := at[instance]
		if !ok {
			k = len(groups)
			at[instance] = k
			groups = append(groups, nil)
		}
		groups[k] = append(groups[k], v)
		if n++; !math.IsNaN(score.StdErr) {
			estimation += score.StdErr * score.StdErr
		}
	}
	return groups, estimation / max(1, n), whole
}
