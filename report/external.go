package report

import (
	"math"
	"slices"

	"gfnbench/gfn/metric"
	"gfnbench/suites"
)

// Trainer returns the name of the program that trained the row's cell, or "" for this
// program.
func (r *Row) Trainer() string {
	if name := r.Value("trainer").Text(); name != suites.OwnTrainer {
		return name
	}
	return ""
}

// Unpaired reports whether scores cannot be paired by seed: another program trained one
// side, and only cells of this program share random numbers. Over instances they can,
// because these are the same for all programs.
func Unpaired(a, b []Score, over string) bool {
	external := func(s Score) bool { return s.Row.Trainer() != "" }
	return over != suites.OverInstances && (slices.ContainsFunc(a, external) || slices.ContainsFunc(b, external))
}

// Values returns the values of the scores that have one.
func Values(scores []Score) (list []float64) {
	for i := range scores {
		if x := scores[i].Value; !math.IsNaN(x) {
			list = append(list, x)
		}
	}
	return list
}

// Lent counts the runs of a table of times, and those among them to which idle cores were
// lent, so their times are too short. It returns 0 and 0 for other tables.
func (t *Table) Lent() (lent, runs int) {
	for _, slot := range slices.Concat(t.Slots...) {
		if slot == nil || slot.Stat.Name != "seconds-to" && slot.Stat.Metric.Info().Source != metric.Timing {
			continue
		}
		for _, r := range slot.Rows {
			if r.Run == nil {
				continue
			}
			runs++
			if r.Run.Timing.Threads > 1 {
				lent++
			}
		}
	}
	return lent, runs
}

// Trainers returns the programs other than this one that trained cells of the table.
func (t *Table) Trainers() (list []string) {
	for _, slot := range slices.Concat(t.Slots...) {
		if slot == nil || len(slot.Rows) == 0 {
			continue
		}
		if name := slot.Rows[0].Trainer(); name != "" && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}
