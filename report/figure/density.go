package figure

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/metric"
	"gfnbench/report"
	"gfnbench/report/stats"
	"gfnbench/results"
	"gfnbench/usage"
)

// A Density is a distribution over two coordinates: a density on a continuous
// environment, probabilities on a grid.
type Density struct {
	Label string      // label of its series, or "target"
	X, Y  []float64   // centres of the pixels
	Z     [][]float64 // values by y, then x
	Mass  bool        // Z holds probabilities, not densities
	Row   *report.Row // row of the policy; nil for the target
	Step  int         // gradient steps that the policy has taken
	Note  string      // says if the run could not be repeated as recorded; otherwise ""
}

// pixels is the width and height of a drawn density, in pixels.
const pixels = 120

// densities trains the chosen runs of each series again, and puts the target's
// density before theirs.
func (p *Panel) densities(s *report.Sweep, f *Figure, o Options) error {
	p.XLabel, p.YLabel = "x1", "x2"
	var rows []*report.Row
	var labels []string
	for _, series := range p.Series {
		chosen, err := chooseRuns(s, series.Rows, o.Seeds)
		if err != nil {
			return fmt.Errorf("%s on %s: %w", series.Label, p.Label, err)
		}
		for _, r := range chosen {
			if why := r.Cell.DensityProblem(); why != "" {
				return usage.Errorf("%s: %s", p.Label, why)
			}
			rows, labels = append(rows, r), append(labels, fmt.Sprintf("%s, seed %d", f.Name(series.Label), r.Seed()))
			if o.Progress != nil {
				o.Progress(fmt.Sprintf("training %s on %s again, seed %d, for its density", series.Label, p.Label, r.Seed()))
			}
		}
	}
	p.Densities = make([]*Density, len(rows)+1)
	errs := make([]error, len(rows))
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wait sync.WaitGroup
	for i, r := range rows {
		wait.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			target, policy, err := densityOf(r, f.Spec.Step)
			if err != nil {
				errs[i] = fmt.Errorf("%s on %s: %w", labels[i], p.Label, err)
				return
			}
			policy.Label = labels[i]
			p.Densities[i+1] = policy
			if i == 0 {
				p.Densities[0] = target
			}
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

// chooseRuns returns the runs to train again: the first, the worst by the
// environment's primary metric, or all.
func chooseRuns(s *report.Sweep, rows []*report.Row, seeds string) ([]*report.Row, error) {
	var done []*report.Row
	for _, r := range rows {
		if r.Cell != nil && r.Run != nil && r.Run.Status == results.Done {
			done = append(done, r)
		}
	}
	if done == nil {
		return nil, errors.New("there is no finished run of the suite's plan to train again")
	}
	switch seeds {
	case "all":
		return done, nil
	case "worst":
		m, err := report.LookupMetric(s.Primary().Of(done[0].Environment()))
		if err != nil {
			return nil, err
		}
		st := &report.Stat{Metric: m, Name: "final"}
		direction, _ := st.Direction()
		worst := done[0]
		for _, r := range done[1:] {
			x, y := r.Score(st).Value, worst.Score(st).Value
			if direction == stats.LowerIsBetter && x > y || direction == stats.HigherIsBetter && x < y {
				worst = r
			}
		}
		return []*report.Row{worst}, nil
	}
	return done[:1], nil
}

// densityOf trains a run again up to the step, or to the end if step is nil,
// and evaluates its policy and the target.
func densityOf(r *report.Row, step *int) (target, policy *Density, err error) {
	instance, spec := r.Cell.Instance(), r.Cell.Spec()
	spec.Variance = nil // does not affect training
	t, err := gfn.New(spec, instance)
	if err != nil {
		return nil, nil, err
	}
	last := spec.Steps
	if step != nil && *step < last {
		last = *step
	}
	var note string
	for !t.Done() && t.StepsTaken() < last {
		row, evaluated, err := t.Step()
		if err != nil {
			return nil, nil, err
		}
		if evaluated && !recorded(r, &row) {
			note = "the run could not be reproduced: the code or its revision differs"
		}
	}
	if c, ok := instance.Env.(env.Continuous); ok {
		target, policy, err = continuousDensity(t, c)
	} else {
		target, policy, err = gridDensity(t, instance.Env)
	}
	if err != nil {
		return nil, nil, err
	}
	target.Label = "target"
	policy.Row, policy.Step, policy.Note = r, t.StepsTaken(), note
	return target, policy, nil
}

// recorded reports whether an evaluation has the loss that the results record
// for its step, if they record any.
func recorded(r *report.Row, row *gfn.Row) bool {
	for i := range r.Run.Curve {
		if p := &r.Run.Curve[i]; p.Step == int64(row.Step) {
			want, ok := p.Get(metric.Loss)
			got := row.Metrics[metric.Loss]
			return !ok || !got.Present || math.Float64bits(want) == math.Float64bits(got.Value)
		}
	}
	return true
}

func continuousDensity(t *gfn.Trainer, e env.Continuous) (target, policy *Density, err error) {
	if e.Dim() != 2 {
		return nil, nil, fmt.Errorf("a density needs two dimensions, and it has %d", e.Dim())
	}
	lo, hi := window(e)
	target, policy = &Density{}, &Density{}
	target.X, target.Y = centres(lo[0], hi[0], pixels), centres(lo[1], hi[1], pixels)
	policy.X, policy.Y = target.X, target.Y
	points, logs := make([]float64, 2*pixels), make([]float64, pixels)
	for _, y := range target.Y {
		exact := make([]float64, pixels)
		for i, x := range target.X {
			points[2*i], points[2*i+1] = x, y
			exact[i] = math.Exp(e.LogReward(points[2*i:2*i+2]) - e.LogZ())
		}
		if err := t.LogDensity(logs, points, pixels); err != nil {
			return nil, nil, err
		}
		learned := make([]float64, pixels)
		for i, l := range logs {
			learned[i] = math.Exp(l)
		}
		target.Z, policy.Z = append(target.Z, exact), append(policy.Z, learned)
	}
	return target, policy, nil
}

// centres returns the centres of n equal parts of an interval.
func centres(lo, hi float64, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = lo + (hi-lo)*(float64(i)+0.5)/float64(n)
	}
	return x
}

// window returns the part of the environment's box in which the target's density is
// above a hundredth of its maximum, with a margin.
func window(e env.Continuous) (lo, hi []float64) {
	const margin, cut, n = 0.2, 0.01, 200
	boxLo, boxHi := e.Box()
	lo, hi = slices.Clone(boxHi), slices.Clone(boxLo)
	top := math.Inf(-1)
	xs, ys := centres(boxLo[0], boxHi[0], n), centres(boxLo[1], boxHi[1], n)
	for _, x := range xs {
		for _, y := range ys {
			top = max(top, e.LogReward([]float64{x, y}))
		}
	}
	for _, x := range xs {
		for _, y := range ys {
			if e.LogReward([]float64{x, y}) > top+math.Log(cut) {
				lo[0], hi[0], lo[1], hi[1] = min(lo[0], x), max(hi[0], x), min(lo[1], y), max(hi[1], y)
			}
		}
	}
	for d := range 2 {
		pad := margin * (hi[d] - lo[d])
		lo[d], hi[d] = max(boxLo[d], lo[d]-pad), min(boxHi[d], hi[d]+pad)
	}
	return lo, hi
}

// gridDensity returns the exact mass of each cell of a two-dimensional hypergrid.
func gridDensity(t *gfn.Trainer, e env.Environment) (target, policy *Density, err error) {
	d, ok := e.(env.Discrete)
	if !ok || e.Kind() != "hypergrid" {
		return nil, nil, fmt.Errorf("%s has no density to draw: only continuous environments and the hypergrid have one", e.Kind())
	}
	all, err := t.Terminals()
	if err != nil {
		return nil, nil, err
	}
	target, policy = &Density{Mass: true}, &Density{Mass: true}
	at := func(z *[][]float64, x, y int, mass float64) {
		for len(*z) <= y {
			*z = append(*z, nil)
		}
		for len((*z)[y]) <= x {
			(*z)[y] = append((*z)[y], 0)
		}
		(*z)[y][x] = mass
	}
	for state, mass := range all {
		var x, y int
		if n, err := fmt.Sscanf(d.Format(state), "(%d,%d)", &x, &y); n != 2 || err != nil {
			return nil, nil, fmt.Errorf("a density needs two dimensions: %s", d.Format(state))
		}
		at(&target.Z, x, y, math.Exp(mass.LogTarget))
		at(&policy.Z, x, y, math.Exp(mass.LogPT))
	}
	for i := range target.Z {
		target.X, target.Y = append(target.X, float64(i)), append(target.Y, float64(i))
	}
	policy.X, policy.Y = target.X, target.Y
	return target, policy, nil
}
