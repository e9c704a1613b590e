package suites

import (
	"testing"

	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
)

// Every environment and every objective has a small cell, which follows the settings.
func TestSmallCell(t *testing.T) {
	set := param.Values{"steps": param.Of(7), "policy.hidden": param.Of([]int{3, 4}), "optimizer.lr": param.Of(0.25), "params.height": param.Of(5)}
	for _, e := range kinds.All {
		if _, err := SmallCell(e.Name, "tb", nil); err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
	}
	for _, o := range objective.Kinds {
		c, err := SmallCell("hypergrid", o.Name, set)
		if err != nil {
			t.Errorf("%s: %v", o.Name, err)
			continue
		}
		if s := c.Spec(); s.Steps != 7 || len(s.Policy.Hidden) != 2 || s.Optimizer.LR != 0.25 || s.Objective.Name != o.Name || s.Params.Int("height") != 5 {
			t.Errorf("%s: %+v", o.Name, s)
		}
	}
	if _, err := SmallCell("hypergird", "tb", nil); err == nil {
		t.Error("there is no hypergird")
	}
}
