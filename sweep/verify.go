package sweep

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/sourcegraph/conc/pool"

	"gfnbench/gfn/metric"
	"gfnbench/results"
	"gfnbench/suites"
)

// A Verification says how finished cells compared with running them again.
type Verification struct {
	Cells      int        `json:"cells"`      // run again
	Verified   []string   `json:"verified"`   // their ids
	Finished   int        `json:"finished"`   // number of finished cells
	Mismatches []Mismatch `json:"mismatches"` // empty if all agree

	Conflicts []results.Conflict `json:"-"` // conflicts that no compaction has found yet
}

// A Mismatch is a cell that gave another result this time.
type Mismatch struct {
	Cell string `json:"cell"` // its id
	What string `json:"what"` // the first difference
}

// Verify runs finished cells of the plan (done, diverged, or stopped at a rung of [tune])
// again and compares the results bit for bit. It takes a random sample of the given size,
// or all if sample is 0. It writes nothing. A mismatch is not an error. If ctx ends
// before the last cell, the error is ErrInterrupted, with what was compared until then;
// other errors are those of results.Read.
func Verify(ctx context.Context, p *Plan, sample int, o Options) (*Verification, error) {
	set, err := results.Read(p.Dir)
	if err != nil {
		return nil, err
	}
	// Choose the cells to run again.
	finished := slices.DeleteFunc(slices.Clone(p.Cells), func(c *suites.Cell) bool {
		run := set.Find(c.ID)
		return run == nil || !run.Status.Complete() && (run.Status != results.Pruned || c.Role != suites.Tuning)
	})
	if err := trusted(p, o); err != nil {
		return nil, err
	}
	v := &Verification{Finished: len(finished), Verified: []string{}, Mismatches: []Mismatch{}, Conflicts: set.Conflicts}
	if sample > 0 && sample < len(finished) {
		rand.Shuffle(len(finished), func(i, j int) { finished[i], finished[j] = finished[j], finished[i] })
		finished = finished[:sample]
	}
	// Train them without touching the directory.
	t := &trainer{setting: settingOf(p, o)}
	t.progress.begin("", finished, work)
	again := make([]*attempt, len(finished))
	workers := pool.New().WithMaxGoroutines(max(1, o.Workers))
	for i, c := range finished {
		workers.Go(func() {
			if ctx.Err() == nil {
				again[i] = t.train(ctx, task{cell: c, attempt: 1, until: stopped(set.Find(c.ID))})
				t.progress.cell(c.ID, again[i].run.Status)
			}
		})
	}
	workers.Wait()
	t.progress.end()
	// Compare.
	for i, a := range again {
		if a == nil || a.run.Status == results.Interrupted {
			err = ErrInterrupted
			continue
		}
		v.Cells++
		v.Verified = append(v.Verified, finished[i].ID)
		was := set.Find(finished[i].ID)
		if what := cmp.Or(difference(was, &a.run), a.keeper.difference(p.Dir, was)); what != "" {
			v.Mismatches = append(v.Mismatches, Mismatch{finished[i].ID, what})
		}
	}
	return v, err
}

// stopped returns the rung at which a run stopped, or -1 if it ran to its end.
func stopped(run *results.Run) int {
	if run.Status == results.Pruned {
		return int(run.Step) - 1
	}
	return -1
}

// difference returns the first difference between two runs of a cell, or "".
func difference(was, is *results.Run) string {
	if was.Agrees(is) {
		return ""
	}
	switch {
	case was.Status != is.Status:
		return strings.TrimSuffix(fmt.Sprintf("it was %s, and is %s now: %s", was.Status, is.Status, is.Message), ": ")
	case was.Step != is.Step:
		return fmt.Sprintf("it ended at step %d, and ends at step %d now", was.Step, is.Step)
	case len(was.Curve) != len(is.Curve):
		return fmt.Sprintf("it had %d evaluations, and has %d now", len(was.Curve), len(is.Curve))
	}
	for i := range was.Curve {
		if what := pointDifference(&was.Curve[i], &is.Curve[i]); what != "" {
			return what
		}
	}
	return "its axes or its gradient variances differ"
}

// pointDifference returns the first difference between two evaluations, or "".
func pointDifference(was, is *results.Point) string {
	if was.Step != is.Step {
		return fmt.Sprintf("it was evaluated at step %d, and is at step %d now", was.Step, is.Step)
	}
	for _, m := range metric.Evaluated() {
		x, okX := was.Get(m)
		y, okY := is.Get(m)
		if okX != okY || math.Float64bits(x) != math.Float64bits(y) && !(math.IsNaN(x) && math.IsNaN(y)) {
			return fmt.Sprintf("%s at step %d was %v, and is %v now", m, was.Step, x, y)
		}
		x, okX = was.StdErr(m)
		y, okY = is.StdErr(m)
		if okX != okY || math.Float64bits(x) != math.Float64bits(y) && !(math.IsNaN(x) && math.IsNaN(y)) {
			return fmt.Sprintf("the standard error of %s at step %d was %v, and is %v now", m, was.Step, x, y)
		}
	}
	return ""
}
