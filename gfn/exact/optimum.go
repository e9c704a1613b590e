package exact

import "math"

// State returns the code of a state, 0 <= node < Nodes(); read only. State 0 is s0,
// and the states are in order of their number of steps from there.
func (g *Graph) State(node int) []uint64 { return g.index.Code(node) }

// Optimum returns the policy that every objective aims at under the uniform
// backward policy, which reaches each terminal state x with probability r(x)/Z: for
// each state, in order, a row of log P_F(a|s) of Actions() values, -Inf where an
// action is not allowed; and log F(s), which is log r of terminal states and log Z
// of s0. The rows of terminal states are -Inf.
func (g *Graph) Optimum() (logPF, logF []float64) {
	actions := g.env.Actions()
	logPF = make([]float64, g.Nodes()*actions)
	for i := range logPF {
		logPF[i] = math.Inf(-1)
	}
	for node := range g.Nodes() {
		for edge := g.first[node]; edge < g.first[node+1]; edge++ {
			logPF[node*actions+int(g.action[edge])] = g.uniform.logStep[edge]
		}
	}
	return logPF, append([]float64(nil), g.uniform.logFlow...)
}
