package gfn_test

import (
	"strings"
	"testing"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// small returns a short run on a small grid.
func small(objectiveName string) gfn.Spec {
	s := gfn.Default("hypergrid", param.Values{"height": param.Of(4)}, objective.Spec{Name: objectiveName}, 1)
	s.Steps, s.EvalEvery, s.Batch = 20, 5, 16
	return s
}

// TestTrainYieldsEveryEvaluation: Train yields the rows of a trainer, in order.
func TestTrainYieldsEveryEvaluation(t *testing.T) {
	want := train(t, small("tb"), "hypergrid", param.Values{"height": param.Of(4)})
	var got []gfn.Row
	for row, err := range gfn.Train(small("tb")) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, row)
	}
	same(t, got, want)
}

// TestTrainReportsErrors: errors of the environment and of the spec are yielded once.
func TestTrainReportsErrors(t *testing.T) {
	for want, spoil := range map[string]func(*gfn.Spec){
		"nowhere": func(s *gfn.Spec) { s.Environment = "nowhere" },
		"height":  func(s *gfn.Spec) { s.Params = param.Values{"height": param.Of(1)} },
		"nothing": func(s *gfn.Spec) { s.Objective.Name = "nothing" },
		"samples": func(s *gfn.Spec) { s.Eval.Mode, s.Eval.FinalSamples = "sampled", 0 },
	} {
		s, n := small("tb"), 0
		spoil(&s)
		for _, err := range gfn.Train(s) {
			if n++; err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v does not name %s", err, want)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d pairs, want 1", want, n)
		}
	}
}

// TestDrawingLeavesTrainingAlone: drawing samples between the steps does not change a
// bit.
func TestDrawingLeavesTrainingAlone(t *testing.T) {
	for _, c := range []struct {
		spec   gfn.Spec
		states bool
	}{
		{small("subtb"), true},
		{gfn.Default("banana", nil, objective.Spec{Name: "reverse-kl", ControlVariate: "loo"}, 1), false},
	} {
		c.spec.Steps, c.spec.EvalEvery = 20, 5
		// Train without drawing.
		want := train(t, c.spec, c.spec.Environment, c.spec.Params)
		// Train again, and draw after each step.
		in, err := gfn.NewInstance(c.spec.Environment, c.spec.Params)
		if err != nil {
			t.Fatal(err)
		}
		tr, err := gfn.New(c.spec, in)
		if err != nil {
			t.Fatal(err)
		}
		rng := stream.NewKey("draw").Stream("test", 0)
		var got []gfn.Row
		for !tr.Done() {
			row, evaluated, err := tr.Step()
			if err != nil {
				t.Fatal(err)
			}
			if evaluated {
				got = append(got, row)
			}
			states, points := 0, 0
			for x, logR := range tr.States(rng, 7) {
				if d := in.Env.(env.Discrete); !d.Terminal(x) || d.LogReward(x) != logR {
					t.Fatalf("%v is not a terminal state of log reward %v", x, logR)
				}
				states++
			}
			for x, logR := range tr.Points(rng, 7) {
				if e := in.Env.(env.Continuous); len(x) != e.Dim() || e.LogReward(x) != logR {
					t.Fatalf("%v is not a point of log reward %v", x, logR)
				}
				points++
			}
			if c.states != (states == 7) || c.states == (points == 7) {
				t.Fatalf("%d states and %d points drawn", states, points)
			}
		}
		same(t, got, want)
	}
}
