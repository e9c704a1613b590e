package report

import (
	"math"
	"slices"
	"strings"

	"gfnbench/gfn/metric"
	"gfnbench/report/stats"
	"gfnbench/results"
)

// A Stat describes which number is taken from a run.
type Stat struct {
	Metric    metric.Metric // whose curve it is taken from
	Name      string        // final, best, auc, steps-to, trajectories-to or seconds-to
	Threshold float64       // for the last three

	// Grid holds the steps over which auc is taken. Longest and Horizon are how long the
	// runs that were trained to the end were followed, in the statistic's own unit: the
	// longest of them, and all of them or, for times to a threshold, all that did not
	// reach it (0: all did). Times are compared up to the horizon.
	Grid             []float64
	Longest, Horizon float64
}

// OfTime reports whether the statistic is a time to a threshold, which may be
// censored.
func (s *Stat) OfTime() bool { return strings.HasSuffix(s.Name, "-to") }

// Direction returns which scores are better; ok is false if neither direction
// is.
func (s *Stat) Direction() (d stats.Direction, ok bool) {
	if s.OfTime() {
		return stats.LowerIsBetter, true
	}
	return directionOf(s.Metric)
}

// directionOf returns which values of a metric are better; ok is false if
// neither direction is.
func directionOf(m metric.Metric) (d stats.Direction, ok bool) {
	if m.Info().Better == metric.GreaterBetter {
		return stats.HigherIsBetter, true
	}
	return stats.LowerIsBetter, m.Info().Better != metric.NoBetter
}

// worst returns the worst possible score, or NaN if there is none.
func (s *Stat) worst() float64 {
	switch d, ok := s.Direction(); {
	case !ok:
		return math.NaN()
	case d == stats.HigherIsBetter:
		return math.Inf(-1)
	}
	return math.Inf(1)
}

// A Score is the number taken from one run.
type Score struct {
	Row *Row // of the run
	// Value is NaN if the score is absent. If the run diverged or never reached the
	// threshold, it is the worst possible score: ±Inf.
	Value  float64
	StdErr float64        // of an estimated metric; NaN if the metric is exact
	Kind   ScoreKind      // what Value is
	Time   stats.Duration // for a time to a threshold
	Why    string         // why it is absent
}

// A ScoreKind says what a score is.
type ScoreKind int

// The kinds of score.
const (
	Measured ScoreKind = iota
	Diverged           // the run diverged: its score is the worst possible
	Censored           // the run ended before it reached the threshold
	Absent             // there is no score; see Score.Why
)

// Score computes a statistic of the cell's run.
func (r *Row) Score(s *Stat) Score {
	out := Score{Row: r, Value: math.NaN(), StdErr: math.NaN(), Kind: Absent}
	if r.Run == nil {
		out.Why = "no result yet"
		return out
	}
	if s.Metric.Info().Source != metric.Evaluation {
		return r.scoreOutside(s, out)
	}
	if s.OfTime() {
		return r.timeTo(s, out)
	}
	if status := r.Run.Status; status == results.Diverged && s.Name != "best" {
		out.Kind, out.Value = Diverged, s.worst()
		return out
	} else if status != results.Done && status != results.Diverged {
		out.Why = string(status)
		return out
	}
	if s.Name != "best" && s.Name != "auc" {
		out.final(s, r.Run)
		return out
	}
	steps, values := r.Curve(s.Metric)
	switch {
	case len(values) == 0:
		out.Why = "no " + s.Metric.String()
	case s.Name == "best":
		out.best(s, values)
	default:
		out.auc(s, steps, values)
	}
	return out
}

func (out *Score) final(s *Stat, run *results.Run) {
	last := run.Final()
	x, ok := last.Get(s.Metric)
	switch {
	case !ok:
		out.Why = "no " + s.Metric.String()
		return
	case math.IsNaN(x):
		out.Kind, out.Value = Diverged, s.worst()
		return
	}
	out.Kind, out.Value = Measured, x
	if e, ok := last.StdErr(s.Metric); ok {
		out.StdErr = e
	}
}

// best takes the best value along the way. A run that diverged had one before.
func (out *Score) best(s *Stat, values []float64) {
	d, _ := s.Direction()
	for _, x := range values {
		better := d == stats.LowerIsBetter && x < out.Value || d == stats.HigherIsBetter && x > out.Value
		if !math.IsNaN(x) && (better || math.IsNaN(out.Value)) {
			out.Value, out.Kind = x, Measured
		}
	}
	if out.Kind == Absent {
		out.Kind, out.Value = Diverged, s.worst()
	}
}

// auc takes the mean of the curve over the grid.
func (out *Score) auc(s *Stat, steps, values []float64) {
	onGrid, err := stats.OnGrid(steps, values, s.Grid)
	if err == nil {
		out.Value, err = stats.AUC(s.Grid, onGrid)
	}
	switch {
	case err != nil:
		out.Why, out.Value = err.Error(), math.NaN()
	case math.IsNaN(out.Value) && slices.ContainsFunc(values, math.IsNaN):
		out.Kind, out.Value = Diverged, s.worst()
	case math.IsNaN(out.Value):
		out.Why = "its curve does not span the common steps"
	default:
		out.Kind = Measured
	}
}

// timeTo takes the first time at which the threshold is met. A run that diverged will
// never meet it and is censored where the longest run ended; one that was cut short is censored at its
// end.
func (r *Row) timeTo(s *Stat, out Score) Score {
	steps, values := r.Curve(s.Metric)
	if r.Run.Status == results.Pruned {
		out.Why = string(r.Run.Status) // pruned because it was worse than others
		return out
	}
	if len(values) == 0 {
		out.Why = "no " + s.Metric.String()
		if !r.Run.Status.Complete() {
			out.Why = string(r.Run.Status)
		}
		return out
	}
	per := r.PerStep(s.Name)
	for i := range steps {
		steps[i] *= per
	}
	end := steps[len(steps)-1]
	if r.Run.Status == results.Diverged {
		end = max(end, s.Longest)
	}
	d, _ := directionOf(s.Metric)
	t, err := stats.FirstCrossing(steps, values, s.Threshold, d, end)
	if err != nil {
		out.Why = err.Error()
		return out
	}
	out.Time, out.Value, out.Kind = t, t.Time, Measured
	if !t.Observed {
		out.Value, out.Kind = math.Inf(1), Censored
		if !r.Run.Status.Complete() {
			out.Value = math.NaN() // it might still have reached it
		}
	}
	return out
}

// PerStep returns how much one step counts: for trajectories the batch size,
// for seconds the run's mean time per step, including evaluations.
func (r *Row) PerStep(stat string) float64 {
	switch {
	case stat == "trajectories-to":
		return r.Number("batch")
	case stat == "seconds-to" && r.Run.Step > 0:
		return r.Run.Timing.Wall / float64(r.Run.Step)
	}
	return 1
}

// scoreOutside takes a metric that is not a column of the curves: a time, or a
// measurement of the gradient variance.
func (r *Row) scoreOutside(s *Stat, out Score) Score {
	switch m := s.Metric; {
	case m.Info().Source == metric.Variance && r.Variance == nil:
		out.Why = "no " + m.String()
	case m == metric.TraceCov:
		out.Kind, out.Value, out.StdErr = Measured, r.Variance.TraceCov, r.Variance.TraceCovStdErr
	case m == metric.Cosine:
		out.Kind, out.Value, out.StdErr = Measured, r.Variance.Cosine, r.Variance.CosineStdErr
	case m == metric.BiasSq && !r.Variance.Exact:
		out.Why = "no exact gradient"
	case m == metric.BiasSq:
		out.Kind, out.Value, out.StdErr = Measured, r.Variance.BiasSq, r.Variance.BiasSqStdErr
	case r.Run.Status != results.Done:
		out.Why = string(r.Run.Status)
	case m == metric.Seconds:
		out.Kind, out.Value = Measured, r.Run.Timing.Wall
	default:
		out.Kind, out.Value = Measured, r.Run.Timing.Rate
	}
	if out.Kind == Measured && math.IsNaN(out.Value) {
		out.Kind, out.Why = Absent, "no "+s.Metric.String()
	}
	return out
}

// Curve returns the run's evaluations of a metric: the steps, and the values,
// which are NaN once the run has diverged. Both are empty if the metric was not
// measured.
func (r *Row) Curve(m metric.Metric) (steps, values []float64) {
	if r.Run == nil || m >= metric.NumEvaluated {
		return nil, nil
	}
	for i := range r.Run.Curve {
		p := &r.Run.Curve[i]
		if x, ok := p.Get(m); ok {
			steps, values = append(steps, float64(p.Step)), append(values, x)
		}
	}
	return steps, values
}
