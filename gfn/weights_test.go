package gfn_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gfnbench/gfn"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// kept is a kind of network in an environment.
type kept struct {
	name   string
	kind   string
	adjust func(*gfn.Spec)
}

// networks lists every kind of environment with each of its policies, state flows and
// learned backward policies.
func networks() (list []kept) {
	for _, k := range kinds.All {
		for _, p := range k.Policies {
			list = append(list, kept{k.Name + "/" + p, k.Name, func(s *gfn.Spec) { s.Policy.Kind = p }})
		}
	}
	flows := func(s *gfn.Spec) {
		s.Objective, s.Backward = objective.Spec{Name: "db"}, "learned"
	}
	return append(list,
		kept{"sequences/embedding", "sequences", func(s *gfn.Spec) { s.Policy.Input, s.Policy.Embedding = "embedding", 3 }},
		kept{"sequences/ids", "sequences", func(s *gfn.Spec) { s.Policy.Input = "ids" }},
		kept{"phylo/gin/flows", "phylo", func(s *gfn.Spec) { flows(s); s.Policy.Kind = "gin" }},
		kept{"phylo/gin/forest", "phylo", func(s *gfn.Spec) {
			flows(s)
			s.Policy.Kind, s.Policy.Readout, s.Policy.Hidden = "gin", "forest", []int{8, 8, 8}
		}},
		kept{"sets/deep-set/flows", "sets", func(s *gfn.Spec) { flows(s); s.Policy.Kind = "deep-set" }},
		kept{"hypergrid/sampled", "hypergrid", func(s *gfn.Spec) { s.Eval.Mode = "sampled" }},
	)
}

// TestWeights: a policy that was kept gives the metrics that its run recorded at that
// step, to the bit, and draws what the run's own does.
func TestWeights(t *testing.T) {
	for _, n := range networks() {
		t.Run(n.name, func(t *testing.T) {
			s := base("tb", "")
			s.Environment, s.Params = n.kind, kinds.Lookup(n.kind).Small
			s.Steps, s.Batch, s.EvalEvery, s.FCS = 12, 16, 6, gfn.FCS{Size: 4, Count: 3}
			s.Policy.Hidden, s.Eval.BackwardSamples = []int{8, 8}, 4
			n.adjust(&s)
			in, err := gfn.NewInstance(s.Environment, s.Params)
			if err != nil {
				t.Fatal(err)
			}
			own := newTrainer(t, s, in)
			var at []gfn.Weights
			own.Watch(func(_ gfn.Row, evaluated bool) {
				if evaluated {
					at = append(at, own.Weights())
				}
			})
			rows := finish(t, own)
			if len(rows) != 3 || len(at) != 3 {
				t.Fatalf("%d evaluations, and %d policies kept at them", len(rows), len(at))
			}
			other := newTrainer(t, s, in)
			for i, w := range at {
				if err := other.SetWeights(w); err != nil {
					t.Fatal(err)
				}
				row, err := other.Measure()
				if err != nil {
					t.Fatal(err)
				}
				for m, want := range rows[i].Metrics {
					switch metric.Metric(m) {
					case metric.Loss, metric.GradNorm, metric.TopK, metric.Modes:
						want = gfn.Estimate{}
					}
					if got := row.Metrics[m]; got.Present != want.Present || !sameBits(got.Value, want.Value) || !sameBits(got.StdErr, want.StdErr) {
						t.Errorf("step %d: %v is %v, and was %v", w.Step, metric.Metric(m), got, want)
					}
				}
			}
			if diff := cmp.Diff(draws(own), draws(other)); diff != "" {
				t.Errorf("draws of the policy (-) and of what was kept (+):\n%s", diff)
			}
		})
	}
}

func newTrainer(t *testing.T, s gfn.Spec, in *gfn.Instance) *gfn.Trainer {
	t.Helper()
	tr, err := gfn.New(s, in)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func sameBits(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }

func draws(tr *gfn.Trainer) (list []gfn.Draw) {
	for d := range tr.Draws(stream.NewKey("draws").Stream("test", 0), 20) {
		d.State, d.Point = append([]uint64(nil), d.State...), append([]float64(nil), d.Point...)
		list = append(list, d)
	}
	return list
}

// TestWeightsOfAnother: the weights of another network are refused, and change nothing.
func TestWeightsOfAnother(t *testing.T) {
	s := base("tb", "")
	s.Environment, s.Params = "hypergrid", param.Values{"dim": param.Of(2), "height": param.Of(4)}
	in, err := gfn.NewInstance(s.Environment, s.Params)
	if err != nil {
		t.Fatal(err)
	}
	tr := newTrainer(t, s, in)
	before := tr.Weights()
	s.Policy.Hidden = []int{64, 32}
	for _, s.Policy.Hidden = range [][]int{{64, 32}, {64}} {
		if err := tr.SetWeights(newTrainer(t, s, in).Weights()); err == nil {
			t.Errorf("weights of hidden layers %v are accepted", s.Policy.Hidden)
		}
	}
	if diff := cmp.Diff(before, tr.Weights()); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
}
