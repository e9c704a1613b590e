package exact

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/param"
)

// Dynamic programming equals sums over all trajectories, for random policies.
func TestEvaluateIsBruteForce(t *testing.T) {
	for name, e := range small(t) {
		g := enumerate(t, e)
		ev := NewEvaluator(g)
		rapid.Check(t, func(t *rapid.T) {
			p := &tablePolicy{env: e, seed: rapid.Uint64().Draw(t, "seed"), scale: rapid.Float64Range(0, 12).Draw(t, "scale")}
			o := Options{
				Alpha:           rapid.SampledFrom([]float64{-2, -0.5, 0.5, 2, 5}).Draw(t, "alpha"),
				LearnedBackward: rapid.Bool().Draw(t, "learned"),
			}
			got, want := ev.Evaluate(p, o), bruteForce(e, p, o)
			if what, ok := sameMetrics(got, want, 1e-11); !ok {
				t.Fatalf("%s %+v: %s differs:\n got %+v\nwant %+v", name, o, what, got, want)
			}
			// KLs over trajectories bound those over terminal states; on a tree
			// they are equal.
			if got.TrajKLFwd < got.KLTargetPT-1e-12 || got.TrajKLRev < got.KLPTTarget-1e-12 {
				t.Errorf("%s: a trajectory divergence is below that of the terminal states: %+v", name, got)
			}
			if name == "sequences" && (math.Abs(got.TrajKLFwd-got.KLTargetPT) > 1e-11 || math.Abs(got.TrajKLRev-got.KLPTTarget) > 1e-11) {
				t.Errorf("%s: the divergences differ on a tree: %+v", name, got)
			}
			if got.ELBO > got.LogZ || got.EUBO < got.LogZ || got.L1 > 2 || got.JSD > math.Ln2+1e-15 {
				t.Errorf("%s: a bound is violated: %+v", name, got)
			}
		})
	}
}

// If the policy gives probability 0 to something that the target visits, KL(π‖p_T) and
// EUBO are infinite and the rest is finite.
func TestZeroProbability(t *testing.T) {
	for name, e := range small(t) {
		ev := NewEvaluator(enumerate(t, e))
		for seed := range uint64(20) {
			p := &tablePolicy{env: e, seed: seed, scale: 3, forbid: 0.5}
			o := Options{Alpha: 0.5}
			got, want := ev.Evaluate(p, o), bruteForce(e, p, o)
			if what, ok := sameMetrics(got, want, 1e-12); !ok {
				t.Fatalf("%s: %s differs:\n got %+v\nwant %+v", name, what, got, want)
			}
			if !math.IsInf(got.TrajKLFwd, 1) || !math.IsInf(got.EUBO, 1) {
				t.Errorf("%s: %+v: infinite values are expected", name, got)
			}
			if s := ev.Evaluate(p, Options{Alpha: -1}).SAlpha; !math.IsInf(s, 1) {
				t.Errorf("%s: S_-1 is %v", name, s)
			}
			if math.IsInf(got.TrajKLRev, 0) || math.IsInf(got.KLPTTarget, 0) {
				t.Errorf("%s: %+v: reverse divergences are finite", name, got)
			}
		}
	}
}

// chainPolicy is the optimal policy of a graph.
type chainPolicy struct{ g *Graph }

func (p chainPolicy) LogForward(states []uint64, n int, dst []float64) {
	g, w, actions := p.g, p.g.env.Words(), p.g.env.Actions()
	for i := range dst[:n*actions] {
		dst[i] = math.Inf(-1)
	}
	for i := range n {
		node := g.index.Find(states[i*w : (i+1)*w])
		for e := g.first[node]; e < g.first[node+1]; e++ {
			dst[i*actions+int(g.action[e])] = g.uniform.logStep[e]
		}
	}
}

func (chainPolicy) LogBackward([]uint64, int, []float64) { panic("uniform") }

// At the optimum all divergences are 0 and the alpha-sums are 1.
func TestOptimum(t *testing.T) {
	envs := small(t)
	envs["grid 12x12"] = makeEnv(t, "hypergrid", param.Values{"dim": param.Of(2), "height": param.Of(12)})
	for name, e := range envs {
		g := enumerate(t, e)
		for _, alpha := range []float64{-2, 0.5, 3} {
			m := NewEvaluator(g).Evaluate(chainPolicy{g}, Options{Alpha: alpha})
			for what, x := range map[string]float64{
				"L1": m.L1, "TV": m.TV, "JSD": m.JSD, "KL(pT,π)": m.KLPTTarget, "KL(π,pT)": m.KLTargetPT,
				"ELBO": m.ELBO - m.LogZ, "EUBO": m.EUBO - m.LogZ, "forward": m.TrajKLFwd, "reverse": m.TrajKLRev, "S": m.SAlpha - 1,
			} {
				if math.Abs(x) > 1e-12 {
					t.Errorf("%s: %s is %v, want 0", name, what, x)
				}
			}
			for what, x := range map[string]float64{"JSD": m.JSD, "KL": m.KLPTTarget, "forward": m.TrajKLFwd, "reverse": m.TrajKLRev} {
				if x < 0 || x > 1e-24 {
					t.Errorf("%s: %s is %v: the sum of squares of rounding errors was expected", name, what, x)
				}
			}
		}
	}
}

// S_1 = 1, S_2 - 1 = chi² >= 0, S_1/2 <= 1, and dS/dα is KL(p_F‖p_B) at 1 and
// -KL(p_B‖p_F) at 0.
func TestAlphaSums(t *testing.T) {
	for name, e := range small(t) {
		ev := NewEvaluator(enumerate(t, e))
		p := &tablePolicy{env: e, seed: 5, scale: 4}
		s := func(alpha float64) float64 { return ev.Evaluate(p, Options{Alpha: alpha}).SAlpha }
		m := ev.Evaluate(p, Options{})
		if !math.IsNaN(m.SAlpha) {
			t.Errorf("%s: S is %v without an alpha", name, m.SAlpha)
		}
		const h = 1e-5
		for what, x := range map[string]float64{
			"S_1":      s(1) - 1,
			"dS/dα, 1": (s(1+h)-s(1-h))/(2*h) - m.TrajKLRev,
			"dS/dα, 0": (s(h)-s(-h))/(2*h) + m.TrajKLFwd,
		} {
			if math.Abs(x) > 1e-7 {
				t.Errorf("%s: %s is off by %v", name, what, x)
			}
		}
		if s(2) < 1 || s(0.5) > 1 {
			t.Errorf("%s: S_2 = %v, S_1/2 = %v", name, s(2), s(0.5))
		}
	}
}

// By hand: two elements with weights log 1 and log 3, one of which is taken. The policy
// takes the second with probability 1/4 or similar.
func TestByHand(t *testing.T) {
	e := makeEnv(t, "sets", param.Values{"elements": param.Of(2), "size": param.Of(1), "f": param.Of([]float64{0, math.Log(3)})})
	g := enumerate(t, e)
	if g.Nodes() != 3 || g.Edges() != 2 || g.Terminals() != 2 {
		t.Fatalf("%d nodes, %d edges, %d terminals", g.Nodes(), g.Edges(), g.Terminals())
	}
	m := NewEvaluator(g).Evaluate(fixed{math.Log(0.75), math.Log(0.25)}, Options{Alpha: 2})
	ln3 := math.Log(3)
	want := Metrics{
		L1: 1, TV: 0.5, LogZ: math.Log(4),
		JSD:        (0.75*math.Log(1.5) + 0.25*math.Log(0.5)), // m is uniform, both terms equal
		KLPTTarget: 0.5 * ln3, KLTargetPT: 0.5 * ln3, TrajKLFwd: 0.5 * ln3, TrajKLRev: 0.5 * ln3,
		ELBO: math.Log(4) - 0.5*ln3, EUBO: math.Log(4) + 0.5*ln3,
		SAlpha: 0.75*0.75/0.25 + 0.25*0.25/0.75,
	}
	if what, ok := sameMetrics(m, want, 1e-14); !ok {
		t.Errorf("%s:\n got %+v\nwant %+v", what, m, want)
	}
}

// fixed returns the same row in every state.
type fixed []float64

func (f fixed) LogForward(_ []uint64, n int, dst []float64) {
	for i := range n {
		copy(dst[i*len(f):], f)
	}
}
func (fixed) LogBackward([]uint64, int, []float64) { panic("uniform") }

func TestEvaluateReusesBuffers(t *testing.T) {
	e := makeEnv(t, "hypergrid", param.Values{"dim": param.Of(3), "height": param.Of(16)})
	ev := NewEvaluator(enumerate(t, e))
	p := &tablePolicy{env: e, seed: 1, scale: 2}
	o := Options{Alpha: 0.5, LearnedBackward: true}
	first := ev.Evaluate(p, o)
	ev.Evaluate(&tablePolicy{env: e, seed: 2, scale: 9}, Options{Alpha: 3})
	if n := testing.AllocsPerRun(2, func() { ev.Evaluate(p, o) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
	if again := ev.Evaluate(p, o); !slices.Equal(again.list(), first.list()) {
		t.Errorf("repeated: %+v and %+v", first, again)
	}
}
