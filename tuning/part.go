package tuning

import (
	"slices"

	"gfnbench/results"
	"gfnbench/suites"
)

// Part returns the part of a run that the suite asks for. A run that an earlier suite, or
// one with other arms, trained further than halving now trains its setting ends there as
// pruned, so the digest is that of a new sweep.
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
