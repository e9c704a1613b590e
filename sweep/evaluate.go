package sweep

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/sourcegraph/conc/pool"

	"gfnbench/gfn"
	"gfnbench/gfn/metric"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A Measurement asks for metrics of kept networks.
type Measurement struct {
	Metrics []metric.Metric // what to add
	Policy  string          // of which of the kept networks; "": of all
	Set     []string        // settings of how it is measured, as --set has them
}

// Evaluated says what [Evaluate] did.
type Evaluated struct {
	Networks int      `json:"networks"` // measured
	Cells    int      `json:"cells"`    // of so many cells
	Present  int      `json:"present"`  // cells whose results have the metrics already
	Unkept   []string `json:"unkept"`   // ids of finished cells whose networks were not kept
	Diverged int      `json:"diverged"` // cells that have nothing to measure
	Without  int      `json:"without"`  // cells in whose environments the metrics are not measured
}

// Evaluate measures kept networks of the plan's finished cells without training them
// again, and adds the metrics to the directory in a file of their own, added.parquet: they
// are no results of the cells, and no digest covers them. Each network is first measured
// as its cell was, and must give the values that were recorded, to the bit. If ctx ends
// before the last cell, the error is ErrInterrupted, and what was measured is kept.
func Evaluate(ctx context.Context, p *Plan, m Measurement, o Options) (*Evaluated, error) {
	set, err := results.Read(p.Dir)
	if err != nil {
		return nil, err
	}
	s := settingOf(p, o)
	e := &evaluator{setting: s, of: m, done: &Evaluated{Unkept: []string{}}}
	todo, err := e.sort(set)
	if err != nil {
		return nil, err
	}
	s.progress.begin("evaluating", todo, work)
	workers := pool.New().WithMaxGoroutines(max(1, o.Workers)).WithErrors()
	for _, c := range todo {
		workers.Go(func() error {
			if ctx.Err() != nil {
				return ErrInterrupted
			}
			return e.cell(c, set.Find(c.ID))
		})
	}
	err = workers.Wait()
	s.progress.end()
	if len(e.rows) > 0 {
		dir, openErr := openDir(s, s.timing.Start, s.timing.End)
		if openErr == nil {
			openErr = dir.Add(e.rows...)
		}
		err = errors.Join(openErr, err)
	}
	if errors.Is(err, ErrInterrupted) {
		err = ErrInterrupted
	}
	return e.done, err
}

// An evaluator measures networks.
type evaluator struct {
	*setting
	of   Measurement
	mu   sync.Mutex
	rows []results.Added
	done *Evaluated
}

// sort returns the cells to measure, and counts the others.
func (e *evaluator) sort(set *results.Set) (todo []*suites.Cell, err error) {
	why := ""
	for _, c := range e.plan.Cells {
		run := set.Find(c.ID)
		if c.Undecided || run == nil || !run.Status.Complete() {
			continue
		}
		spec, err := c.Measured(e.of.Set)
		if err != nil {
			return nil, err
		}
		final := run.Final()
		undefined := ""
		for _, m := range e.of.Metrics {
			if ok, err := gfn.Defined(spec, c.Instance(), m); err != nil {
				return nil, err
			} else if !ok || slices.Contains(gfn.History(), m) {
				undefined = m.String()
			}
		}
		switch {
		case run.Status == results.Diverged:
			e.done.Diverged++
		case undefined != "":
			why = undefined
			e.done.Without++
		case len(e.of.Set) == 0 && !slices.ContainsFunc(e.of.Metrics, func(m metric.Metric) bool { _, ok := final.Get(m); return !ok }):
			e.done.Present++
		case run.Timing.Policy == "":
			e.done.Unkept = append(e.done.Unkept, c.ID)
		default:
			todo = append(todo, c)
		}
	}
	if len(todo) == 0 && why != "" && e.done.Present == 0 {
		m, _ := metric.Lookup(why)
		return nil, usage.Errorf("%s is not measured on any of these cells: it is a metric of %s; settings such as --set fcs.count=32 change how networks are measured: %s", why, orAll(m.Info().Where), strings.Join(suites.Measuring(), ", "))
	}
	return todo, nil
}

func orAll(where string) string {
	if where == "" {
		return "policies as they are, see docs/results.md"
	}
	return where
}

// cell measures the kept networks of a cell.
func (e *evaluator) cell(c *suites.Cell, run *results.Run) error {
	list, err := readPolicies(e.options.FS, e.plan.Dir, run)
	if err != nil {
		return err
	}
	spec, err := c.Measured(e.of.Set)
	if err != nil {
		return err
	}
	measured := 0
	for i := range list {
		k := &list[i]
		if e.of.Policy != "" && k.Name != e.of.Policy {
			continue
		}
		row, err := evaluate(c.Spec(), c, k)
		if err == nil {
			err = confirm(run, &row)
		}
		if err == nil && len(e.of.Set) > 0 {
			row, err = evaluate(spec, c, k)
		}
		if err != nil {
			return fmt.Errorf("cell %s, network %s: %w", c.ID, k.Name, err)
		}
		e.add(run, k, point(&row))
		measured++
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.done.Networks += measured; measured > 0 {
		e.done.Cells++
	}
	e.progress.work(int64(work(c)))
	e.progress.cell(c.ID, results.Done)
	return nil
}

// evaluate returns an evaluation of a kept network.
func evaluate(spec gfn.Spec, c *suites.Cell, k *KeptPolicy) (row gfn.Row, err error) {
	t, err := gfn.New(spec, c.Instance())
	if err == nil {
		err = t.SetWeights(k.Weights)
	}
	if err != nil {
		return row, err
	}
	return t.Measure()
}

// confirm compares an evaluation with the one that was recorded at its step, if there
// is one: another network, or another revision of the code, gives other values.
func confirm(run *results.Run, row *gfn.Row) error {
	i := slices.IndexFunc(run.Curve, func(p results.Point) bool { return p.Step == int64(row.Step) })
	if i < 0 {
		return nil
	}
	is := point(row)
	for _, m := range metric.Evaluated() {
		x, was := run.Curve[i].Get(m)
		y, now := is.Get(m)
		if was && now && math.Float64bits(x) != math.Float64bits(y) {
			return fmt.Errorf("%s at step %d was recorded as %v, and is %v now: it is not the network that was evaluated then, or another revision of the code measures it", m, row.Step, x, y)
		}
	}
	return nil
}

// add notes the metrics that are asked for.
func (e *evaluator) add(run *results.Run, k *KeptPolicy, p results.Point) {
	a := results.Added{Cell: run.ID, Policy: k.Name, Step: int64(k.Step), File: run.Timing.Policy, Settings: strings.Join(e.of.Set, " "), Revision: revision()}
	for _, m := range e.of.Metrics {
		a.Copy(&p.Values, m)
	}
	e.mu.Lock()
	e.rows = append(e.rows, a)
	e.mu.Unlock()
}
