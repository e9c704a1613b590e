package sweep

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"gfnbench/gfn/metric"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

// Successive halving (Jamieson and Talwalkar 2016). All cells of a group, which
// share environment and seed, reach the first rung; the best one in eta of them
// continue to the second, and so on. A group waits at each rung for its last
// cell, so which cells are pruned depends only on the suite. Meanwhile, other
// groups and cells use the workers.

// pruneGroups returns the groups of [prune], and the cells that are in none.
func pruneGroups(s *suites.Suite) (groups [][]*suites.Cell, rest []*suites.Cell) {
	if s.Prune == nil {
		return nil, slices.Clone(s.Cells)
	}
	type key struct {
		environment string
		seed        int
	}
	at := map[key]int{}
	for _, c := range s.Cells {
		if !s.Prune.On.Matches(c) {
			rest = append(rest, c)
			continue
		}
		k := key{c.EnvironmentName(), c.Seed}
		i, ok := at[k]
		if !ok {
			i = len(groups)
			at[k] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], c)
	}
	return groups, rest
}

// pruneShare returns the share of a group's work that halving leaves.
func pruneShare(p *suites.Prune, b *block) float64 {
	steps := b.cells[0].Value("steps").Int()
	n, before, sum := len(b.cells), 0, 0.0
	for _, rung := range append(slices.Clone(p.Rungs), steps) {
		if rung = min(rung, steps); rung > before {
			sum += float64(n) * float64(rung-before)
			n, before = max(1, n/p.Eta), rung
		}
	}
	return sum / float64(len(b.cells)) / float64(steps)
}

// checkPrune rejects what would not be reproducible.
func checkPrune(s *suites.Suite) error {
	if s.Prune == nil {
		return nil
	}
	if m, ok := metric.Lookup(s.Prune.Metric); !ok || m.Info().Source != metric.Evaluation {
		return usage.Errorf("[prune] metric = %q: only a metric of the curves ranks cells the same way everywhere, such as l1 or elbo", s.Prune.Metric)
	}
	return nil
}

// A contender is a cell of a group.
type contender struct {
	cell  *suites.Cell
	run   results.Run // the run so far; if prior, of an earlier process
	prior bool
	over  bool // it ended by itself

	noted, left int64 // work in this process
}

// halve runs a group. It reports whether every cell finished.
func (r *runner) halve(b *block, prior *results.Set, send func([]task) bool) bool {
	all := make([]*contender, len(b.cells))
	for i, c := range b.cells {
		all[i] = &contender{cell: c}
		if run := prior.Find(c.ID); run != nil && settled(run, r.retry) {
			all[i].run, all[i].prior = *run, true
		}
	}
	left := all
	for _, rung := range append(slices.Clone(r.plan.Suite.Prune.Rungs), -1) {
		if !r.reach(left, rung, send) {
			return false
		}
		if rung < 0 {
			return true
		}
		best := best(r.plan, left, rung)
		for _, c := range left {
			if !slices.Contains(best, c) {
				r.prune(c, rung)
			}
		}
		left = best
	}
	return true
}

// halved reports whether the runs of a group are as halving this group leaves
// them. They may come from a group that was smaller or larger.
func halved(p *Plan, b *block, runs *results.Set, retry map[string]int64) bool {
	left := make([]*contender, len(b.cells))
	for i, c := range b.cells {
		run := runs.Find(c.ID)
		if run == nil || !settled(run, retry) {
			return false
		}
		left[i] = &contender{cell: c, run: *run}
	}
	for _, rung := range p.Suite.Prune.Rungs {
		if slices.ContainsFunc(left, func(c *contender) bool { return c.run.Status == results.Pruned && !reached(&c.run, rung) }) {
			return false
		}
		best := best(p, left, rung)
		for _, c := range left {
			if !slices.Contains(best, c) && c.mayGo(rung) && !(c.run.Status == results.Pruned && c.run.Step == int64(rung)+1) {
				return false
			}
		}
		left = best
	}
	return !slices.ContainsFunc(left, func(c *contender) bool { return c.run.Status == results.Pruned })
}

// mayGo reports whether the cell can be pruned at the rung, that is, did not
// end on its own before.
func (c *contender) mayGo(rung int) bool {
	s := c.run.Status
	return s == "" || s == results.Pruned || s == results.Done && c.run.Step > int64(rung)
}

// reach trains the contenders that have not reached the rung yet.
func (r *runner) reach(left []*contender, rung int, send func([]task) bool) bool {
	var tasks []task
	var waiting sync.WaitGroup
	complete := true
	var mu sync.Mutex
	for _, c := range left {
		if c.prior && c.run.Status == results.Pruned && (rung < 0 || !reached(&c.run, rung)) {
			r.forget(c) // the group has grown, so the cell continues after all
			c.run, c.prior = results.Run{}, false
		}
		if c.prior || c.over {
			continue
		}
		waiting.Add(1)
		tasks = append(tasks, task{cell: c.cell, attempt: 1, pause: rung, counted: c.noted, then: func(a *attempt) {
			defer waiting.Done()
			if a == nil || a.run.Status == results.Interrupted {
				mu.Lock()
				complete = false
				mu.Unlock()
			}
			if a == nil {
				return
			}
			c.run, c.over = a.run, a.run.Status != ""
			c.noted, c.left = a.noted, a.expected-a.noted
			if c.over {
				r.record(a, func() {})
			}
		}})
	}
	sent := send(tasks)
	waiting.Wait()
	return sent && complete
}

// forget removes a result that a larger group has superseded.
func (r *runner) forget(c *contender) {
	if err := r.dir.Remove(c.cell.ID); err != nil {
		r.fail(err)
	}
}

// reached reports whether the curve of a pruned run goes as far as the rung.
func reached(run *results.Run, rung int) bool { return run.Step > int64(rung) }

// best returns the contenders that continue from a rung: one in eta, and at
// least one. Cells that failed or diverged rank last.
func best(plan *Plan, left []*contender, rung int) []*contender {
	p := plan.Suite.Prune
	m, _ := metric.Lookup(p.Metric) // checked
	order := slices.Clone(left)
	slices.SortStableFunc(order, func(a, b *contender) int {
		return cmp.Or(cmp.Compare(score(&a.run, m, rung), score(&b.run, m, rung)), cmp.Compare(a.cell.ID, b.cell.ID))
	})
	return order[:max(1, len(order)/p.Eta)]
}

// score returns a run's metric at a rung, lower being better: the last value by
// then, or +Inf if there is none or the run failed.
func score(run *results.Run, m metric.Metric, rung int) float64 {
	s := math.Inf(1)
	switch run.Status {
	case results.Failed, results.Timeout, results.Diverged:
		return s
	}
	for i := range run.Curve {
		if x, ok := run.Curve[i].Get(m); ok && run.Curve[i].Step <= int64(rung) && !math.IsNaN(x) {
			s = x
			if m.Info().Better == metric.GreaterBetter {
				s = -x
			}
		}
	}
	return s
}

// prune records that a contender ends at a rung.
func (r *runner) prune(c *contender, rung int) {
	if !c.mayGo(rung) || c.run.Status == results.Pruned && c.run.Step == int64(rung)+1 {
		return // it ended on its own, or was already pruned here
	}
	if c.prior {
		r.forget(c) // the group has grown, so the cell ends earlier
	}
	c.run.Status, c.run.Step, c.run.Message = results.Pruned, int64(rung)+1, ""
	c.run.Curve = slices.DeleteFunc(c.run.Curve, func(p results.Point) bool { return p.Step > int64(rung) })
	c.run.Variance = slices.DeleteFunc(c.run.Variance, func(v results.VarianceRow) bool { return v.Step > int64(rung) })
	r.progress.cell(c.cell.ID, results.Pruned)
	r.progress.drop(c.left)
	r.journal.add(c.run, func() { removeCheckpoint(r.options.FS, r.plan.Dir, c.cell.ID) })
}
