package report

import (
	"math"

	"gfnbench/gfn/metric"
	"gfnbench/report/stats"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A scorer turns the value of a run into its score.
type scorer func(value float64, r *Row) float64

// scorer returns how the values of a task become scores, and which of these are better.
func (o *Overview) scorer(i int, task Label, rows []*Row) (scorer, stats.Direction, error) {
	st := &o.Arms[0].Slots[i].Stat
	direction, ok := st.Direction()
	if !ok {
		return nil, 0, usage.Errorf("of %s neither greater nor lower values are better: it ranks nothing", st.Metric)
	}
	switch o.Spec.Normalise {
	case suites.ByRange:
		score, err := o.byRange(st, task, rows)
		return score, stats.HigherIsBetter, err
	case suites.ByBase:
		score, err := o.byBase(st, i)
		return score, direction, err
	}
	if other := o.Arms[0].Slots[0].Stat.Metric; other != st.Metric {
		return nil, 0, usage.Errorf("%s and %s are not on one scale: normalise them", other, st.Metric)
	}
	return func(value float64, _ *Row) float64 { return value }, direction, nil
}

// byRange puts the policy at step 0 at 0 and the optimum at 1. An initial policy that is
// uniform has the same value in every run of an instance; else 0 is the mean of them.
func (o *Overview) byRange(st *Stat, task Label, rows []*Row) (scorer, error) {
	best, ok := optimum(st.Metric)
	if !ok || st.OfTime() {
		return nil, usage.Errorf("the range of scores needs a metric whose optimum is known, and %s of %s has none: normalise by a base", st.Name, st.Metric)
	}
	starts, alike := startsOf(st.Metric, rows)
	if !alike {
		o.Uneven = append(o.Uneven, task)
	}
	for _, start := range starts {
		if math.IsNaN(start) || start == best {
			return nil, usage.Errorf("on %s %s is %v at step 0, which leaves no range to the optimum: normalise by a base", task.Name, st.Metric, start)
		}
	}
	if len(starts) == 0 { // no run yet
		return func(float64, *Row) float64 { return math.NaN() }, nil
	}
	return func(value float64, r *Row) float64 {
		start, ok := starts[r.Instance()]
		if !ok {
			return math.NaN()
		}
		return (start - value) / (start - best)
	}, nil
}

// optimum returns the best value that a metric can have: 0 for a distance or divergence.
func optimum(m metric.Metric) (best float64, ok bool) {
	info := m.Info()
	return 0, info.Source == metric.Evaluation && info.Better == metric.LowerBetter && !info.Signed
}

// startsOf returns the mean of a metric at step 0 over the runs of each instance, and
// whether these agree to within 1%.
func startsOf(m metric.Metric, rows []*Row) (starts map[int]float64, alike bool) {
	all := make(map[int][]float64)
	for _, r := range rows {
		if steps, values := r.Curve(m); len(steps) > 0 && steps[0] == 0 {
			all[r.Instance()] = append(all[r.Instance()], values[0])
		}
	}
	starts, alike = make(map[int]float64), true
	for instance, values := range all {
		mean := stats.Mean(values)
		starts[instance] = mean
		for _, v := range values {
			alike = alike && math.Abs(v-mean) <= 0.01*math.Abs(mean)
		}
	}
	return starts, alike
}

// byBase takes the logarithm of the ratio to the base's run with the same task, instance and
// seed, so that the error of the base is in the scores.
func (o *Overview) byBase(st *Stat, i int) (scorer, error) {
	if o.Base == nil {
		return nil, usage.Errorf("scores relative to a base need one: name a row with --base, or base in the suite")
	}
	if st.Metric.Info().Signed || st.OfTime() {
		return nil, usage.Errorf("ratios to a base need values above 0, which %s of %s need not have", st.Name, st.Metric)
	}
	base := make(map[Unit]float64)
	for _, s := range o.Base.Slots[i].Scores {
		if s.Kind == Measured && s.Value > 0 {
			base[Unit{s.Row.Instance(), s.Row.Seed()}] = s.Value
		}
	}
	return func(value float64, r *Row) float64 {
		b, ok := base[Unit{r.Instance(), r.Seed()}]
		switch {
		case !ok:
			return math.NaN()
		case math.IsInf(value, 0):
			return value
		}
		return math.Log(value / b)
	}, nil
}
