package report

import (
	"math"
	"slices"

	"gfnbench/report/stats"
)

// markBest marks the best slots of each task in each row, or in each column if the columns
// are the tasks.
func (t *Table) markBest() {
	for _, line := range t.lines() {
		tasks := make(map[string][]*Slot)
		for _, slot := range line {
			if slot != nil {
				tasks[t.task(slot)] = append(tasks[t.task(slot)], slot)
			}
		}
		for _, slots := range tasks {
			markBest(slots)
		}
	}
}

// markBest marks the slot with the best estimate and those that cannot be distinguished
// from it. It compares only slots with the same metric and number of seeds, none of which
// failed. It marks nothing if every slot would be marked, or if a slot that cannot be
// compared has a better estimate.
func markBest(slots []*Slot) {
	candidates := candidates(slots)
	if len(candidates) < 2 {
		return
	}
	direction, ok := candidates[0].Stat.Direction()
	if !ok {
		return
	}
	better := func(a, b *Slot) bool {
		return direction == stats.LowerIsBetter && a.Estimate < b.Estimate || direction == stats.HigherIsBetter && a.Estimate > b.Estimate
	}
	best := candidates[0]
	for _, s := range candidates {
		if better(s, best) {
			best = s
		}
	}
	if slices.ContainsFunc(slots, func(s *Slot) bool { return s != nil && better(s, best) }) {
		return
	}
	worse := make([]bool, len(candidates))
	for i, s := range candidates {
		worse[i] = s != best && differ(s, best)
	}
	if !slices.Contains(worse, true) {
		return
	}
	for i, s := range candidates {
		s.Best = !worse[i]
	}
}

// candidates returns the slots that can be compared: those with the most common
// number of seeds, or the larger number if two are equally common. It returns none
// if the metrics differ.
func candidates(slots []*Slot) (list []*Slot) {
	count := make(map[int]int)
	most := 0
	for _, s := range slots {
		if s == nil || !s.comparable() {
			continue
		}
		if len(list) > 0 && s.Stat.Metric != list[0].Stat.Metric {
			return nil
		}
		list = append(list, s)
		if count[s.N]++; count[s.N] > count[most] || count[s.N] == count[most] && s.N > most {
			most = s.N
		}
	}
	return slices.DeleteFunc(list, func(s *Slot) bool { return s.N != most })
}

// comparable reports whether the slot's estimate may be called best: every seed
// has a score and none diverged. For times, some seed must have reached the
// threshold.
func (s *Slot) comparable() bool {
	if len(s.Absent) > 0 || s.Diverged > 0 || s.N != len(s.Units()) {
		return false
	}
	if s.Stat.OfTime() {
		return s.Reached > 0
	}
	return !math.IsNaN(s.Estimate) && !math.IsInf(s.Estimate, 0)
}

// differ reports whether two slots can be distinguished: by the 95% interval (Student's
// t) of the mean paired difference or, if some run never reached the threshold, by the
// exact signed-rank test. If another program trained one of them, it is the exact test of
// Mann and Whitney, except over instances, which are the same for all programs.
func differ(a, b *Slot) bool {
	if Unpaired(a.Scores, b.Scores, a.Over) {
		test, err := stats.MannWhitney(Values(a.Scores), Values(b.Scores), stats.TwoSided)
		return err == nil && test.P <= stats.Level
	}
	var d []float64
	for _, p := range PairUnits(a.Scores, b.Scores, a.Over) {
		d = append(d, Difference(p[0], p[1]))
	}
	if slices.ContainsFunc(d, func(x float64) bool { return math.IsInf(x, 0) }) {
		return SignedRank(d, stats.TwoSided) <= stats.Level
	}
	if len(d) < 2 {
		return false
	}
	n := float64(len(d))
	return math.Abs(stats.Mean(d)) > stats.StudentQuantile(n-1, 1-stats.Level/2)*stats.SD(d)/math.Sqrt(n)
}
