package gfn_test

import (
	"math"
	"testing"

	"gfnbench/gfn"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
)

// alphaRows trains renyi with this alpha for the given number of steps and returns its
// rows.
func alphaRows(t *testing.T, alpha float64, kind string, p param.Values, steps int) []gfn.Row {
	s := base("renyi", "loo")
	s.Eval.LogSAlpha = true
	s.Objective = objective.Spec{Name: "renyi", ControlVariate: "loo", Params: param.Values{"alpha": param.Of(alpha)}}
	if s.Steps, s.EvalEvery, s.Eval.Samples, s.Eval.FinalSamples = steps, steps, 4096, 4096; kind == "gmm" || kind == "banana" {
		s.Policy.Kind = "mixture"
	}
	return train(t, s, kind, p)
}

// TestLogSAlpha checks that at an extreme alpha S_α overflows and its log does not, and
// that at a mild one they agree.
func TestLogSAlpha(t *testing.T) {
	kind, p := grid(4)
	row := alphaRows(t, 400, kind, p, 1)[0]
	log := row.Metrics[metric.LogSAlpha]
	if !log.Present || math.IsInf(log.Value, 0) || log.Value < 709 || row.Metrics[metric.SAlpha].Present {
		t.Errorf("alpha 400: log S %v, S %v", log, row.Metrics[metric.SAlpha])
	}
	row = alphaRows(t, 2, kind, p, 1)[0]
	if s, log := row.Metrics[metric.SAlpha].Value, row.Metrics[metric.LogSAlpha].Value; math.Abs(math.Log(s)-log) > 1e-12 || s <= 1 {
		t.Errorf("alpha 2: S %v, log S %v", s, log)
	}
}

// TestInfiniteSAlpha checks S_2 = ∫ p²/π, which is finite only where p's variance is
// below twice π's. The initial policy has components of variance 1; the target of gmm has
// variance 0.1, and that of banana 0.19 given x1. Against a target of variance 4 it is
// finite, and is estimated.
func TestInfiniteSAlpha(t *testing.T) {
	for _, kind := range []string{"gmm", "banana"} {
		row := alphaRows(t, 2, kind, param.Values{}, 1)[0]
		if row.Metrics[metric.SAlpha].Present || row.Metrics[metric.LogSAlpha].Present {
			t.Errorf("%s: S_2 is infinite, and is said to be %v", kind, row.Metrics[metric.SAlpha])
		}
	}
	row := alphaRows(t, 2, "gmm", param.Values{"variance": param.Of(4.0)}, 1)[0]
	s, log := row.Metrics[metric.SAlpha], row.Metrics[metric.LogSAlpha]
	if !s.Present || !log.Present || math.Abs(math.Log(s.Value)-log.Value) > 1e-9 || !(s.StdErr < s.Value) {
		t.Errorf("variance 4: S_2 is %v, its log %v", s, log)
	}
}
