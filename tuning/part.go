package tuning

import (
	"slices"

	"gfnbench/results"
	"gfnbench/suites"
)

// Part returns the part of a run that the suite asks for: a run that was trained
// further than halving leaves its setting, by an earlier suite or with other arms
// beside it, ends there as pruned. So the digest of what was there before is that of a
// sweep which never had it.
func (s *State) Part(r results.Run) results.Run {
	rung := s.Until(r.ID)
	if rung < 0 || r.Step <= int64(rung)+1 {
		return r
	}
	beyond := func(step int64) bool { return step > int64(rung) }
	r.Status, r.Step = results.Pruned, int64(rung)+1
	r.Curve = slices.DeleteFunc(slices.Clone(r.Curve), func(p results.Point) bool { return beyond(p.Step) })
	r.Variance = slices.DeleteFunc(slices.Clone(r.Variance), func(v results.VarianceRow) bool { return beyond(v.Step) })
	r.SetRole(string(suites.Tuning))
	return r
}
