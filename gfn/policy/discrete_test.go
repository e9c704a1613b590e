package policy_test

import (
	"math"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/network"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/gfn/policy"
	"gfnbench/gfn/stream"
)

func make1(t *testing.T, kind string, p param.Values) env.Discrete {
	t.Helper()
	e, err := kinds.Lookup(kind).Make(p)
	if err != nil {
		t.Fatal(err)
	}
	return e.(env.Discrete)
}

type setup struct {
	env   env.Discrete
	heads network.Heads
	model network.Model
	p     *policy.Discrete
}

func newSetup(t *testing.T, e env.Discrete, flow, backward bool, epsilon float64) setup {
	h := network.Heads{Actions: e.Actions(), Flow: flow}
	if backward {
		h.Backward = e.BackwardActions()
	}
	m := network.NewMLP(e, network.MLPConfig{Hidden: []int{9}, Slope: 0.01, Outputs: h.Width()}, stream.NewKey("policy").Stream("init", 0))
	for i := range m.Params().Data {
		m.Params().Data[i] *= 3 // far from uniform
	}
	return setup{e, h, m, policy.NewDiscrete(e, m, h, epsilon)}
}

func environments(t *testing.T) map[string]env.Discrete {
	return map[string]env.Discrete{
		"hypergrid": make1(t, "hypergrid", param.Values{"dim": param.Of(2), "height": param.Of(4)}),
		"sets":      make1(t, "sets", param.Values{"elements": param.Of(5), "size": param.Of(3), "instance_seed": param.Of(1)}),
		"sequences": make1(t, "sequences", param.Values{"elements": param.Of(3), "length": param.Of(3), "instance_seed": param.Of(1)}),
	}
}

// TestGradientMatchesFiniteDifferences compares the gradient of Σ k log p_F + kB log p_B
// + f log F over a sampled batch with central differences of the log-probabilities that
// the evaluator gives for the same trajectories.
func TestGradientMatchesFiniteDifferences(t *testing.T) {
	for name, e := range environments(t) {
		t.Run(name, func(t *testing.T) {
			s := newSetup(t, e, true, true, 0)
			const n = 12
			rng := stream.NewKey("gradient").Stream("sampling", 0)
			b := s.p.Sample(rng, n)
			c := &objective.Coefficients{}
			draw := func(n int) []float64 {
				v := make([]float64, n)
				for i := range v {
					v[i] = rng.Normal()
				}
				return v
			}
			c.LogPF, c.LogPB = draw(n), draw(n)
			c.StepLogPF, c.StepLogPB, c.LogF = draw(len(b.LogF)), draw(len(b.LogF)), draw(len(b.LogF))
			total := func() (sum float64) {
				b := s.p.Sample(stream.NewKey("gradient").Stream("sampling", 0), n)
				for i := range n {
					sum += c.LogPF[i]*b.LogPF[i] + c.LogPB[i]*b.LogPB[i]
				}
				for i := range b.LogF {
					sum += c.StepLogPF[i]*b.StepLogPF[i] + c.StepLogPB[i]*b.StepLogPB[i] + c.LogF[i]*b.LogF[i]
				}
				return sum
			}
			s.model.Params().ZeroGrad()
			s.p.Gradient(c)
			grad := append([]float32(nil), s.model.Params().Grad...)
			p := s.model.Params().Data
			const h = 1.0 / 256
			for i := 0; i < len(p); i += 1 + len(p)/60 {
				old := p[i]
				p[i] = old + h
				up := total()
				p[i] = old - h
				down := total()
				p[i] = old
				want := (up - down) / (2 * h)
				// float32 activations leave about 1e-6/h of noise.
				if math.Abs(float64(grad[i])-want) > 4e-3*(1+math.Abs(want)) {
					t.Fatalf("gradient[%d] = %v, want %v", i, grad[i], want)
				}
			}
		})
	}
}

// TestBatchAgreesWithEvaluator recomputes each trajectory's log-probabilities
// from the evaluator's rows.
func TestBatchAgreesWithEvaluator(t *testing.T) {
	for name, e := range environments(t) {
		t.Run(name, func(t *testing.T) {
			s := newSetup(t, e, true, false, 0.2)
			b := s.p.Sample(stream.NewKey("agree").Stream("sampling", 1), 50)
			ev := s.p.Evaluator()
			x := make([]uint64, e.Words())
			row := make([]float64, e.Actions())
			for n := range b.LogPF {
				e.Reset(x)
				sum, uniform := 0.0, 0.0
				for at := b.Start[n]; at < b.Start[n+1]; at++ {
					ev.LogForward(x, 1, row)
					a := actionOf(row, b.StepLogPF[at])
					if a < 0 {
						t.Fatalf("trajectory %d: no action has log-probability %v in %v", n, b.StepLogPF[at], row)
					}
					sum += row[a]
					legal := 0.0
					for _, l := range row {
						if !math.IsInf(l, -1) {
							legal++
						}
					}
					uniform += math.Log(0.8*math.Exp(row[a]) + 0.2/legal)
					e.Step(x, a)
					if want := -math.Log(float64(e.Parents(x))); math.Abs(b.StepLogPB[at]-want) > 1e-14 {
						t.Fatalf("log P_B = %v, want %v", b.StepLogPB[at], want)
					}
				}
				if !e.Terminal(x) || e.Format(x) != e.Format(s.p.Terminal(n)) {
					t.Fatalf("trajectory %d ends at %s, not %s", n, e.Format(x), e.Format(s.p.Terminal(n)))
				}
				if math.Abs(sum-b.LogPF[n]) > 1e-9 || math.Abs(uniform-b.LogQ[n]) > 1e-9 || b.LogR[n] != e.LogReward(x) {
					t.Fatalf("trajectory %d: log p_F %v, log q %v, log r %v; want %v, %v, %v",
						n, b.LogPF[n], b.LogQ[n], b.LogR[n], sum, uniform, e.LogReward(x))
				}
			}
		})
	}
}

func actionOf(row []float64, logP float64) int {
	for a, l := range row {
		if math.Abs(l-logP) < 1e-12 {
			return a
		}
	}
	return -1
}

// TestSamplesFollowThePolicy compares frequencies at s0 with the probabilities.
func TestSamplesFollowThePolicy(t *testing.T) {
	for _, epsilon := range []float64{0, 0.3} {
		e := make1(t, "sequences", param.Values{"elements": param.Of(3), "length": param.Of(2), "instance_seed": param.Of(1)})
		s := newSetup(t, e, true, false, epsilon)
		x, row := make([]uint64, e.Words()), make([]float64, e.Actions())
		e.Reset(x)
		s.p.Evaluator().LogForward(x, 1, row)
		counts, total := make([]float64, len(row)), 0.0
		for r := range 40 {
			b := s.p.Sample(stream.NewKey("follow").Stream("sampling", uint64(r)), 500)
			for n := range b.LogPF {
				counts[actionOf(row, b.StepLogPF[b.Start[n]])]++
				total++
			}
		}
		for a, l := range row {
			p := (1-epsilon)*math.Exp(l) + epsilon/4
			if sd := math.Sqrt(p * (1 - p) / total); math.Abs(counts[a]/total-p) > 4.5*sd {
				t.Errorf("epsilon %v: action %d drawn with frequency %v, want %v ± %v", epsilon, a, counts[a]/total, p, sd)
			}
		}
	}
}

func TestSamplingAndGradientDoNotAllocate(t *testing.T) {
	e := make1(t, "hypergrid", param.Values{"dim": param.Of(2), "height": param.Of(8)})
	s := newSetup(t, e, true, true, 0.1)
	var rng stream.Stream
	key := stream.NewKey("alloc")
	c := &objective.Coefficients{LogPF: make([]float64, 32)}
	run := func() {
		rng.Reset(key, "sampling", 0)
		s.p.Sample(&rng, 32)
		s.p.Gradient(c)
	}
	run()
	if n := testing.AllocsPerRun(20, run); n != 0 {
		t.Errorf("%v allocations in a step, want 0", n)
	}
}
