package gfn

import (
	"math"
	"strings"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/gfn/policy"
	"gfnbench/gfn/stream"
)

func trainerFor(t *testing.T, s Spec) *Trainer {
	t.Helper()
	s.Backward = "uniform"
	s.Policy.Activation, s.Policy.OutputInit = "leaky-relu", "torch"
	s.Optimizer = Optimizer{LR: 1e-2, LogZLR: 0.1, LogZInit: "zero", Schedule: "constant", Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}
	s.Eval = Eval{Mode: "auto", Samples: 20000, FinalSamples: 20000, MaxStates: 1 << 20}
	s.TopK, s.Modes.Quantile = 10, 0.9
	s.Streams = stream.NewKey(t.Name())
	in, err := NewInstance(s.Environment, s.Params)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := New(s, in)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// TestContinuousEstimatesMatchQuadrature compares every estimated divergence
// with a midpoint sum over a fine grid of the two exact densities; the estimates
// may be off by 4.5 standard errors.
func TestContinuousEstimatesMatchQuadrature(t *testing.T) {
	for _, kind := range []string{"gmm", "banana"} {
		// Train a little, and keep the last estimates.
		tr := trainerFor(t, Spec{Environment: kind, Params: param.Values{}, Steps: 60, Batch: 64, EvalEvery: 60,
			Objective: objective.Spec{Name: "vargrad"}, Policy: Policy{Kind: "mixture", Hidden: []int{16}, Components: 4}})
		var row Row
		for !tr.Done() {
			r, evaluated, err := tr.Step()
			if err != nil {
				t.Fatal(err)
			}
			if evaluated {
				row = r
			}
		}
		// Integrate by the midpoint rule.
		e := tr.instance.Env.(env.Continuous)
		p := tr.policy.(*policy.Mixture).Fork()
		lo, hi := []float64{-12, -40}, []float64{12, 14}
		if kind == "gmm" {
			lo, hi = []float64{-12, -12}, []float64{12, 12}
		}
		const n = 1200
		want := map[metric.Metric]float64{}
		column, logs := make([]float64, 2*n), make([]float64, n)
		hx, hy := (hi[0]-lo[0])/n, (hi[1]-lo[1])/n
		for i := range n {
			for j := range n {
				column[2*j], column[2*j+1] = lo[0]+(float64(i)+0.5)*hx, lo[1]+(float64(j)+0.5)*hy
			}
			p.LogDensity(logs, column, n)
			for j := range n {
				lq := logs[j]
				lt := e.LogReward(column[2*j : 2*j+2])
				q, pi := math.Exp(lq)*hx*hy, math.Exp(lt)*hx*hy
				want[metric.KLPTTarget] += q * (lq - lt)
				want[metric.KLTargetPT] += pi * (lt - lq)
				lm := math.Log(math.Exp(lq)+math.Exp(lt)) - math.Ln2
				if q > 0 {
					want[metric.JSD] += 0.5 * q * (lq - lm)
				}
				if pi > 0 {
					want[metric.JSD] += 0.5 * pi * (lt - lm)
				}
				want[metric.TV] += 0.5 * math.Abs(q-pi)
				want[metric.SAlpha] += math.Sqrt(q * pi)
			}
		}
		want[metric.L1] = 2 * want[metric.TV]
		// Compare with the estimates.
		for m, w := range want {
			got := row.Metrics[m]
			if !got.Present || math.Abs(got.Value-w) > 4.5*got.StdErr+1e-3 {
				t.Errorf("%s: %v = %v ± %v, quadrature gives %v", kind, m, got.Value, got.StdErr, w)
			}
		}
	}
}

// TestTraceCovMatchesEnumeration: for reverse KL without a control variate the batch
// gradient is a mean of independent terms (1 + c) s. Its covariance trace is therefore
// that of one term divided by the batch size, which is a finite sum over the trajectories
// of a 3×2 hypergrid.
func TestTraceCovMatchesEnumeration(t *testing.T) {
	tr := trainerFor(t, Spec{Environment: "hypergrid", Params: param.Values{"dim": param.Of(2), "height": param.Of(3)}, Steps: 5, Batch: 8, EvalEvery: 5,
		Objective: objective.Spec{Name: "reverse-kl", ControlVariate: "none"}, Policy: Policy{Kind: "mlp", Hidden: []int{8}},
		Variance: &Variance{Steps: []int{0}, Batches: []int{4, 32}, Replicates: 400,
			Objectives: []objective.Spec{{Name: "reverse-kl", ControlVariate: "none"}}}})
	row, _, err := tr.Step()
	if err != nil {
		t.Fatal(err)
	}
	// The first step has moved the parameters: measure again at step 0.
	tr = trainerFor(t, tr.spec)
	p := tr.policy.(*policy.Discrete)
	params := p.Params()

	// The distinct trajectories of many samples, with exact probabilities and scores.
	type term struct {
		probability float64
		value       []float64
	}
	terms := map[float64]term{}
	total := 0.0
	for draw := uint64(0); total < 1-1e-9 && draw < 400; draw++ {
		b := p.Sample(stream.NewKey("trajectories").Stream("draw", draw), 64)
		for n := range b.LogPF {
			key := b.LogPF[n]
			if _, ok := terms[key]; ok {
				continue
			}
			c := b.LogPF[n] - b.LogPB[n] - b.LogR[n]
			k := make([]float64, len(b.LogPF))
			k[n] = 1 + c
			params.ZeroGrad()
			p.Gradient(&objective.Coefficients{LogPF: k})
			v := make([]float64, len(params.Grad))
			for i, g := range params.Grad {
				v[i] = float64(g)
			}
			terms[key] = term{math.Exp(b.LogPF[n]), v}
			total += math.Exp(b.LogPF[n])
		}
	}
	if math.Abs(total-1) > 1e-6 {
		t.Fatalf("the trajectories found have total probability %v", total)
	}
	mean := make([]float64, len(params.Grad))
	second := 0.0
	for _, x := range terms {
		for i, v := range x.value {
			mean[i] += x.probability * v
			second += x.probability * v * v
		}
	}
	trace := second
	for _, m := range mean {
		trace -= m * m
	}
	for _, v := range row.Variance {
		want := trace / float64(v.Batch)
		if math.Abs(v.TraceCov-want) > 4.5*v.TraceCovStdErr {
			t.Errorf("batch %d: Tr Cov = %v ± %v, enumeration gives %v", v.Batch, v.TraceCov, v.TraceCovStdErr, want)
		}
		if v.Cosine < 0 || v.Cosine > 1 {
			t.Errorf("batch %d: mean cosine to the reference %v", v.Batch, v.Cosine)
		}
	}
}

// TestVarianceMeasurementDoesNotDisturbTraining compares runs with and without.
func TestVarianceMeasurementDoesNotDisturbTraining(t *testing.T) {
	run := func(v *Variance) Row {
		tr := trainerFor(t, Spec{Environment: "hypergrid", Params: param.Values{"dim": param.Of(2), "height": param.Of(3)}, Steps: 6, Batch: 8, EvalEvery: 6,
			Objective: objective.Spec{Name: "tsallis", Params: param.Values{"alpha": param.OfFloat(0.5)}, ControlVariate: "paper"}, Policy: Policy{Kind: "mlp", Hidden: []int{8}}, Variance: v})
		var last Row
		for !tr.Done() {
			row, evaluated, err := tr.Step()
			if err != nil {
				t.Fatal(err)
			}
			if evaluated {
				last = row
			}
		}
		return last
	}
	a := run(nil)
	b := run(&Variance{Steps: []int{2, 4}, Batches: []int{4}, Replicates: 3, Objectives: []objective.Spec{{Name: "tb"}}})
	if a.Metrics != b.Metrics {
		// NaN standard errors never compare equal; compare values.
		for m := range a.Metrics {
			if a.Metrics[m].Value != b.Metrics[m].Value {
				t.Errorf("%v = %v with a measurement, %v without", metric.Metric(m), b.Metrics[m].Value, a.Metrics[m].Value)
			}
		}
	}
}

func TestSeenKeepsTheBestDistinct(t *testing.T) {
	s := newSeen(2, 1, 3)
	if _, ok := s.topK(); ok {
		t.Error("a mean of nothing")
	}
	for _, x := range []struct {
		code uint64
		logR float64
	}{{1, 5}, {1, 5}, {2, 1}, {3, 4}, {4, 4}, {3, 4}, {5, 2}} {
		s.add([]uint64{x.code}, x.logR)
	}
	if mean, _ := s.topK(); mean != 4.5 { // states 1 and 3
		t.Errorf("top 2 mean = %v, want 4.5", mean)
	}
	if n := s.modes.Len(); n != 3 { // states 1, 3, 4 have log r ≥ 3
		t.Errorf("%d modes, want 3", n)
	}
}

// noteLogZ is an objective that records the log Z of its batches.
type noteLogZ struct {
	objective.Objective
	logZ float64
}

func (n *noteLogZ) Coefficients(b *objective.Batch, c *objective.Coefficients) {
	n.logZ = b.LogZ
	n.Objective.Coefficients(b, c)
}

// If the cell learns flows, the variance measurement uses log F(s0) as log Z, like the
// metric log_z at the same parameters, and not the scalar alone.
func TestVarianceAtLogFlow(t *testing.T) {
	tr := trainerFor(t, Spec{Environment: "hypergrid", Params: param.Values{"dim": param.Of(2), "height": param.Of(4)}, Steps: 5, Batch: 4, EvalEvery: 1,
		Objective: objective.Spec{Name: "db"}, Policy: Policy{Kind: "mlp", Hidden: []int{8}}})
	if _, _, err := tr.Step(); err != nil {
		t.Fatal(err)
	}
	kind := objective.Lookup("tb")
	tb, err := kind.Make(objective.Spec{Name: "tb"})
	if err != nil {
		t.Fatal(err)
	}
	note := &noteLogZ{Objective: tb}
	tr.batchGradient(kind, note, "variance", 0, 4)
	row, _, err := tr.Step()
	if err != nil {
		t.Fatal(err)
	}
	if want := row.Metrics[metric.LogZ].Value; math.Abs(note.logZ-want) > 1e-12 {
		t.Errorf("log Z is %v, want log F(s0) = %v", note.logZ, want)
	}
}

func TestSpecsAreChecked(t *testing.T) {
	in, err := NewInstance("hypergrid", param.Values{"dim": param.Of(2), "height": param.Of(4)})
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Spec){
		"backward":             func(s *Spec) { s.Backward = "learnt" },
		"policy.input":         func(s *Spec) { s.Policy.Input = "raw" },
		"policy.output_init":   func(s *Spec) { s.Policy.OutputInit = "pytorch" },
		"optimizer.log_z_init": func(s *Spec) { s.Optimizer.LogZInit = "first" },
		"eval.mode":            func(s *Spec) { s.Eval.Mode = "sample" },
	} {
		spec := Default("hypergrid", param.Values{"dim": param.Of(2), "height": param.Of(4)}, objective.Spec{Name: "tb"}, 1)
		spec.TopK = 0
		if _, err := New(spec, in); err != nil {
			t.Fatal(err)
		}
		change(&spec)
		if _, err := New(spec, in); err == nil || !strings.Contains(err.Error(), name+" is ") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// Without top_k no state is kept, and the metric is absent.
func TestTopKOfNone(t *testing.T) {
	s := newSeen(0, 1, 0)
	s.add([]uint64{1}, 2)
	if _, ok := s.topK(); ok || s.modes.Len() != 1 {
		t.Errorf("top_k is there: %v; %d modes", ok, s.modes.Len())
	}
}
