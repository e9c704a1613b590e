package gfn

import (
	"math"
	"testing"

	"gfnbench/gfn/fmath"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
)

// TestTerminals: both masses sum to 1, and their distance is the metric l1 of the last
// evaluation.
func TestTerminals(t *testing.T) {
	in, err := NewInstance("hypergrid", param.Values{"height": param.Of(5)})
	if err != nil {
		t.Fatal(err)
	}
	spec := Default("hypergrid", param.Values{"height": param.Of(5)}, objective.Spec{Name: "reverse-kl", ControlVariate: "loo"}, 1)
	spec.Steps, spec.Batch, spec.EvalEvery = 20, 16, 20
	trainer, err := New(spec, in)
	if err != nil {
		t.Fatal(err)
	}
	// Train, and keep the last evaluation.
	var last Row
	for !trainer.Done() {
		row, evaluated, err := trainer.Step()
		if err != nil {
			t.Fatal(err)
		}
		if evaluated {
			last = row
		}
	}
	all, err := trainer.Terminals()
	if err != nil {
		t.Fatal(err)
	}
	// Sum over the terminal states.
	var n int
	var policy, target, l1 float64
	for _, m := range all {
		p, q := fmath.Exp(m.LogPT), fmath.Exp(m.LogTarget)
		n, policy, target, l1 = n+1, policy+p, target+q, l1+math.Abs(p-q)
	}
	if n != 25 || math.Abs(policy-1) > 1e-12 || math.Abs(target-1) > 1e-12 || math.Abs(l1-last.Metrics[metric.L1].Value) > 1e-12 {
		t.Errorf("%d states, masses %v and %v, l1 %v, want 25, 1, 1, %v", n, policy, target, l1, last.Metrics[metric.L1].Value)
	}
	// A continuous environment has none.
	continuous, err := NewInstance("banana", nil)
	if err != nil {
		t.Fatal(err)
	}
	if trainer, err = New(Default("banana", nil, objective.Spec{Name: "tb"}, 1), continuous); err != nil {
		t.Fatal(err)
	}
	if _, err := trainer.Terminals(); err == nil {
		t.Error("banana has terminal states")
	}
}
