package gfn_test

import (
	"testing"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
)

// TestDefined: Defined agrees with the last evaluation of a short run.
func TestDefined(t *testing.T) {
	small := map[string]param.Values{
		"sets":  {"elements": param.Of(5), "size": param.Of(2), "instance_seed": param.Of(1)},
		"phylo": {"species": param.Of(4), "instance_seed": param.Of(1)}, "dag": {"nodes": param.Of(3), "instance_seed": param.Of(1)}, "sequences": {"length": param.Of(3), "instance_seed": param.Of(1)},
		"bitseq": {"length": param.Of(16), "instance_seed": param.Of(1)}, "ising": {"side": param.Of(3)}, "hypergrid": {"height": param.Of(4)},
	}
	for _, k := range kinds.All {
		in, err := gfn.NewInstance(k.Name, small[k.Name])
		if err != nil {
			t.Errorf("%s: %v", k.Name, err)
			continue
		}
		_, continuous := in.Env.(env.Continuous)
		for _, mode := range []string{"auto", "sampled"} {
			for _, o := range []string{"tb", "vargrad", "db"} {
				if continuous && o == "db" {
					continue // it needs state flows
				}
				s := gfn.Default(k.Name, small[k.Name], objective.Spec{Name: o}, 1)
				s.Steps, s.Batch, s.EvalEvery, s.Eval.Mode, s.Eval.FinalSamples = 2, 4, 2, mode, 4
				s.Policy.Hidden = []int{4, 4}
				if o == "db" {
					s.FCS.Count, s.FCS.Size = 2, 2
					s.Eval.BackwardSamples, s.Eval.HistogramSamples = 2, 4
				}
				tr, err := gfn.New(s, in)
				if err != nil {
					t.Errorf("%s, %s, %s: %v", k.Name, mode, o, err)
					continue
				}
				rows := finish(t, tr)
				last := rows[len(rows)-1]
				for m := range metric.NumEvaluated {
					if got, err := gfn.Defined(s, in, m); err != nil || got != last.Metrics[m].Present {
						t.Errorf("%s, %s, %s: %v is said to be defined: %v (%v), and measured: %v", k.Name, mode, o, m, got, err, last.Metrics[m].Present)
					}
				}
			}
		}
	}
}
