package policy_test

import (
	"math"
	"testing"

	"gfnbench/gfn/exact"
	"gfnbench/gfn/stream"
)

// TestBacktrackEstimatesTerminalProbability compares the mean of p_F(τ)/p_B(τ|x) over
// backward trajectories with p_T(x) by dynamic programming, under the uniform and a
// learned backward policy: E[p_F/p_B] = Σ_τ p_F(τ) = p_T(x). Hypergrid and sequences have
// trajectories of different lengths.
func TestBacktrackEstimatesTerminalProbability(t *testing.T) {
	const n = 4000
	for name, e := range environments(t) {
		for _, learned := range []bool{false, true} {
			s := newSetup(t, e, false, learned, 0)
			g, err := exact.Enumerate(e, 1000)
			if err != nil {
				t.Fatal(err)
			}
			ev := exact.NewEvaluator(g)
			ev.Evaluate(s.p.Evaluator(), exact.Options{Alpha: 0.5, LearnedBackward: learned})
			rng := stream.NewKey("backtrack").Stream(name, 0)
			// The mean of p_F/p_B is p_T.
			for x := 0; x < g.Terminals(); x += 1 + g.Terminals()/4 {
				var states []uint64
				for range n {
					states = append(states, g.Terminal(x)...)
				}
				logPF, logPB := s.p.Evaluator().Backtrack(rng, states, n)
				sum, squares := 0.0, 0.0
				for i := range n {
					ratio := math.Exp(logPF[i] - logPB[i])
					sum += ratio
					squares += ratio * ratio
				}
				mean := sum / n
				sd := math.Sqrt(max(0, squares/n-mean*mean) / n)
				if want := math.Exp(ev.LogPT()[x]); math.Abs(mean-want) > 5*sd+1e-9 {
					t.Errorf("%s, learned %v: p_T(%s) is estimated at %v ± %v, want %v", name, learned, e.Format(g.Terminal(x)), mean, sd, want)
				}
			}
			// Every walk ends at s0.
			start := make([]uint64, e.Words())
			e.Reset(start)
			all := make([]uint64, 0, 2*e.Words())
			all = append(append(all, g.Terminal(0)...), g.Terminal(g.Terminals()-1)...)
			s.p.Evaluator().Backtrack(rng, all, 2)
			for i := range 2 {
				if got := all[i*e.Words() : (i+1)*e.Words()]; e.Format(got) != e.Format(start) {
					t.Errorf("%s: walked back to %s, not s0", name, e.Format(got))
				}
			}
		}
	}
}
