package gfn

import (
	"testing"

	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/gfn/policy"
)

// counting counts the backward passes of a policy.
type counting struct {
	policy.Policy
	passes int
}

func (c *counting) Gradient(k *objective.Coefficients) {
	c.passes++
	c.Policy.Gradient(k)
}

// TestControlVariatesAreCheap: given the sampled log-derivatives, loo and batch-mean are
// just other coefficients for the one backward pass of a step. paper takes a second pass,
// because its weights need both gradients.
func TestControlVariatesAreCheap(t *testing.T) {
	for cv, want := range map[string]int{"none": 1, "loo": 1, "batch-mean": 1, "paper": 2} {
		s := Default("hypergrid", param.Values{"height": param.Of(4)}, objective.Spec{Name: "tsallis", Params: param.Values{"alpha": param.Of(0.5)}, ControlVariate: cv}, 1)
		s.Batch = 16
		in, err := NewInstance(s.Environment, s.Params)
		if err != nil {
			t.Fatal(err)
		}
		tr, err := New(s, in)
		if err != nil {
			t.Fatal(err)
		}
		c := &counting{Policy: tr.policy}
		tr.policy = c
		const steps = 3
		for range steps {
			if _, _, err := tr.Step(); err != nil {
				t.Fatal(err)
			}
		}
		if c.passes != want*steps {
			t.Errorf("%s: %d backward passes in %d steps, want %d", cv, c.passes, steps, want*steps)
		}
	}
}
