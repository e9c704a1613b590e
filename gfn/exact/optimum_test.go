package exact

import (
	"math"
	"testing"
)

// optimum is the policy that Optimum returns.
type optimum struct {
	*tablePolicy
	g *Graph
}

func (p *optimum) LogForward(states []uint64, n int, dst []float64) {
	logPF, _ := p.g.Optimum()
	actions, words := p.g.env.Actions(), p.g.env.Words()
	for i := range n {
		for node := range p.g.Nodes() {
			if key(p.g.State(node)) == key(states[i*words:(i+1)*words]) {
				copy(dst[i*actions:(i+1)*actions], logPF[node*actions:])
			}
		}
	}
}

// The optimum meets the target: every divergence over terminal states and over
// trajectories is 0. The flow of s0 is Z, and that of a terminal state is its reward.
func TestOptimumMeetsTarget(t *testing.T) {
	for name, e := range small(t) {
		g := enumerate(t, e)
		m := NewEvaluator(g).Evaluate(&optimum{&tablePolicy{env: e}, g}, Options{})
		if math.Abs(m.L1)+math.Abs(m.TrajKLFwd)+math.Abs(m.TrajKLRev) > 1e-12 {
			t.Errorf("%s: %+v", name, m)
		}
		_, logF := g.Optimum()
		if math.Abs(logF[0]-g.LogZ()) > 1e-12 {
			t.Errorf("%s: log F(s0) is %v, log Z %v", name, logF[0], g.LogZ())
		}
		for node, f := range logF {
			if s := g.State(node); e.Terminal(s) && f != e.LogReward(s) {
				t.Errorf("%s: log F(%s) is %v, log r %v", name, e.Format(s), f, e.LogReward(s))
			}
		}
	}
}
