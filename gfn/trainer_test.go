package gfn_test

import (
	"math"
	"testing"

	"gfnbench/gfn"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// base returns a spec with the paper's optimizer settings.
func base(objectiveName, cv string) gfn.Spec {
	o := objective.Spec{Name: objectiveName, ControlVariate: cv}
	if k := objective.Lookup(objectiveName); k != nil && param.Find(k.Params, "alpha") != nil {
		o.Params = param.Values{"alpha": param.Of(0.5)}
	}
	return gfn.Spec{
		Objective: o,
		Backward:  "uniform",
		Policy:    gfn.Policy{Kind: "mlp", Hidden: []int{64, 64}, Activation: "leaky-relu", OutputInit: "zero", Components: 5},
		Optimizer: gfn.Optimizer{LR: 1e-3, LogZLR: 1e-1, LogZInit: "zero", Schedule: "polynomial", Power: 1,
			Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8},
		Steps: 100, Batch: 128, EvalEvery: 50,
		Eval: gfn.Eval{Mode: "auto", Samples: 8, FinalSamples: 64, MaxStates: 4_000_000},
		TopK: 100, Modes: gfn.Modes{Quantile: 0.995},
		Streams: stream.NewKey("trainer test", objectiveName, cv),
	}
}

func grid(height int) (string, param.Values) {
	return "hypergrid", param.Values{"dim": param.Of(2), "height": param.Of(height), "r0": param.Of(1e-3)}
}

// train runs a spec to its end and returns its rows.
func train(t testing.TB, s gfn.Spec, kind string, p param.Values) []gfn.Row {
	t.Helper()
	in, err := gfn.NewInstance(kind, p)
	if err != nil {
		t.Fatal(err)
	}
	s.Environment, s.Params = kind, p
	tr, err := gfn.New(s, in)
	if err != nil {
		t.Fatal(err)
	}
	return finish(t, tr)
}

func finish(t testing.TB, tr *gfn.Trainer) (rows []gfn.Row) {
	t.Helper()
	for !tr.Done() {
		row, evaluated, err := tr.Step()
		if err != nil {
			t.Fatal(err)
		}
		if evaluated {
			rows = append(rows, row)
		}
	}
	return rows
}

// TestHypergridConverges: exact L1 below 0.05 on an 8×8 grid.
func TestHypergridConverges(t *testing.T) {
	for _, c := range []struct{ objective, cv string }{{"tb", ""}, {"reverse-kl", "loo"}} {
		t.Run(c.objective, func(t *testing.T) {
			t.Parallel()
			s := base(c.objective, c.cv)
			s.Steps, s.EvalEvery = 2000, 500
			kind, p := grid(8)
			rows := train(t, s, kind, p)
			last := rows[len(rows)-1]
			if l1 := last.Metrics[metric.L1].Value; !(l1 < 0.05) {
				t.Errorf("L1 = %v after %d steps, want below 0.05", l1, last.Step)
			}
		})
	}
}

// TestSetsAtPaperSettings: with leave-one-out, reverse KL learns sets 32/16 in the
// paper's 512 steps (0.03 in its Table 1); without it, it does not.
func TestSetsAtPaperSettings(t *testing.T) {
	final := map[string]float64{}
	for _, cv := range []string{"loo", "none"} {
		s := base("reverse-kl", cv)
		s.Steps, s.EvalEvery = 512, 512
		rows := train(t, s, "sets", param.Values{"elements": param.Of(32), "size": param.Of(16), "instance_seed": param.Of(1)})
		final[cv] = rows[len(rows)-1].Metrics[metric.L1].Value
	}
	if !(final["loo"] <= 0.05) {
		t.Errorf("L1 with leave-one-out = %v, want at most 0.05", final["loo"])
	}
	if !(final["none"] > 4*final["loo"]) {
		t.Errorf("L1 without a control variate = %v, want far above %v", final["none"], final["loo"])
	}
}

// TestBoundsHoldAlongTraining: ELBO ≤ log Z ≤ EUBO, and trajectory divergences are at
// least the terminal ones, at every evaluation.
func TestBoundsHoldAlongTraining(t *testing.T) {
	s := base("tb", "")
	s.Steps, s.EvalEvery = 300, 30
	kind, p := grid(6)
	in, _ := gfn.NewInstance(kind, p)
	logZ := in.Env.LogZ()
	for _, row := range train(t, s, kind, p) {
		m := &row.Metrics
		if m[metric.ELBO].Value > logZ+1e-9 || m[metric.EUBO].Value < logZ-1e-9 {
			t.Errorf("step %d: ELBO %v ≤ log Z %v ≤ EUBO %v fails", row.Step, m[metric.ELBO].Value, logZ, m[metric.EUBO].Value)
		}
		if m[metric.TrajKLFwd].Value < m[metric.KLTargetPT].Value-1e-9 || m[metric.TrajKLRev].Value < m[metric.KLPTTarget].Value-1e-9 {
			t.Errorf("step %d: a trajectory divergence is below its terminal one: %+v", row.Step, m)
		}
	}
}

// TestCheckpointContinuesToTheSameBits interrupts a run between any two steps.
func TestCheckpointContinuesToTheSameBits(t *testing.T) {
	for _, name := range []string{"tb", "subtb", "tsallis"} {
		s := base(name, map[string]string{"tsallis": "paper"}[name])
		s.Steps, s.EvalEvery, s.Batch = 12, 3, 16
		kind, p := grid(5)
		s.Environment, s.Params = kind, p
		want := train(t, s, kind, p)
		for stop := range 13 {
			in, _ := gfn.NewInstance(kind, p)
			first, err := gfn.New(s, in)
			if err != nil {
				t.Fatal(err)
			}
			var rows []gfn.Row
			for range stop {
				row, evaluated, _ := first.Step()
				if evaluated {
					rows = append(rows, row)
				}
			}
			data, err := first.MarshalBinary()
			if err != nil {
				t.Fatal(err)
			}
			second, _ := gfn.New(s, in)
			if err := second.UnmarshalBinary(data); err != nil {
				t.Fatal(err)
			}
			same(t, append(rows, finish(t, second)...), want)
		}
	}
}

// same compares rows bit for bit.
func same(t *testing.T, got, want []gfn.Row) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for i := range want {
		for m, w := range want[i].Metrics {
			g := got[i].Metrics[m]
			if math.Float64bits(g.Value) != math.Float64bits(w.Value) || g.Present != w.Present {
				t.Fatalf("step %d: %v = %v, want %v", want[i].Step, metric.Metric(m), g.Value, w.Value)
			}
		}
	}
}

func TestCheckpointOfAnotherRunIsRefused(t *testing.T) {
	kind, p := grid(5)
	in, _ := gfn.NewInstance(kind, p)
	s := base("tb", "")
	s.Environment, s.Params = kind, p
	a, _ := gfn.New(s, in)
	data, _ := a.MarshalBinary()
	s.Policy.Hidden = []int{8}
	b, _ := gfn.New(s, in)
	if err := b.UnmarshalBinary(data); err == nil {
		t.Error("a checkpoint with other parameters was taken")
	}
	if err := a.UnmarshalBinary(data[:len(data)/2]); err == nil {
		t.Error("half a checkpoint was taken")
	}
}

// TestTrainingDoesNotAllocate checks a steady-state step without its evaluation.
func TestTrainingDoesNotAllocate(t *testing.T) {
	for _, c := range []struct{ objective, cv string }{{"tb", ""}, {"reverse-kl", "loo"}, {"tsallis", "paper"}, {"subtb", ""}} {
		s := base(c.objective, c.cv)
		s.Steps, s.EvalEvery = 1_000_000, 1_000_000
		kind, p := grid(8)
		s.Environment, s.Params = kind, p
		in, _ := gfn.NewInstance(kind, p)
		tr, err := gfn.New(s, in)
		if err != nil {
			t.Fatal(err)
		}
		for range 50 {
			if _, _, err := tr.Step(); err != nil {
				t.Fatal(err)
			}
		}
		if n := testing.AllocsPerRun(50, func() { tr.Step() }); n > 0 {
			t.Errorf("%s/%s: %v allocations a step, want 0", c.objective, c.cv, n)
		}
	}
}

func TestDivergenceIsRecorded(t *testing.T) {
	s := base("linex", "")
	s.Optimizer.LR, s.Optimizer.LogZInit, s.Optimizer.LogZValue = 1e3, "value", 1e6
	s.Objective.Params = param.Values{"a": param.OfFloat(-40)}
	s.Steps, s.EvalEvery = 200, 200
	kind, p := grid(5)
	s.Environment, s.Params = kind, p
	in, _ := gfn.NewInstance(kind, p)
	tr, err := gfn.New(s, in)
	if err != nil {
		t.Fatal(err)
	}
	rows := finish(t, tr)
	if !tr.Diverged() || tr.StepsTaken() == s.Steps {
		t.Fatalf("diverged = %v after %d steps", tr.Diverged(), tr.StepsTaken())
	}
	if loss := rows[len(rows)-1].Metrics[metric.Loss].Value; !math.IsInf(loss, 0) && !math.IsNaN(loss) {
		t.Errorf("the last row's loss is %v, want the diverged value", loss)
	}
	first, last := rows[0].Metrics, rows[len(rows)-1].Metrics
	for m := range first {
		if first[m].Present != last[m].Present {
			t.Errorf("%s: there at the beginning: %v, at the end: %v", metric.Metric(m), first[m].Present, last[m].Present)
		}
	}
	for _, m := range []metric.Metric{metric.L1, metric.JSD, metric.EUBO, metric.ELBO} {
		if !math.IsNaN(last[m].Value) || !math.IsNaN(last[m].StdErr) {
			t.Errorf("%s of diverged parameters is %v", m, last[m])
		}
	}
}
