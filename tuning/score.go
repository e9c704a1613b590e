package tuning

import (
	"math"

	"gfnbench/gfn/metric"
	"gfnbench/results"
)

// score computes the setting's statistic from its runs that have ended.
func (x *Setting) score(m metric.Metric, stat string) {
	for _, r := range x.runs {
		if !ended(r) {
			continue
		}
		if v := scoreOf(r, m, stat); math.IsNaN(v) {
			x.Failed++
		} else {
			x.Scores = append(x.Scores, v)
		}
	}
	sum := 0.0
	for _, v := range x.Scores {
		sum += v
	}
	if len(x.Scores) > 0 {
		x.Score = sum / float64(len(x.Scores))
	}
}

// scoreOf returns a statistic of a run's curve, or NaN if the run did not reach its last
// step or its curve is not finite.
func scoreOf(r *results.Run, m metric.Metric, stat string) float64 {
	if r.Status != results.Done {
		return math.NaN()
	}
	var steps, values []float64
	for i := range r.Curve {
		if v, ok := r.Curve[i].Get(m); ok {
			steps, values = append(steps, float64(r.Curve[i].Step)), append(values, v)
		}
	}
	n := len(values)
	switch {
	case n == 0:
		return math.NaN()
	case stat == "best":
		return best(values, m.Info().Better == metric.GreaterBetter)
	case stat == "auc" && n > 1:
		area := 0.0
		for i := 1; i < n; i++ {
			area += float64((values[i] + values[i-1]) / 2 * (steps[i] - steps[i-1]))
		}
		return area / (steps[n-1] - steps[0])
	}
	return values[n-1]
}

// best returns the best of values, or NaN if one of them is NaN.
func best(values []float64, greater bool) float64 {
	x := values[0]
	for _, v := range values {
		if greater {
			x = math.Max(x, v)
		} else {
			x = math.Min(x, v)
		}
	}
	return x
}
