package exact

import "math"

// State returns the code of state node, 0 <= node < Nodes(). It must not be modified.
// State 0 is s0, and states are ordered by their number of steps from s0.
func (g *Graph) State(node int) []uint64 { return g.index.Code(node) }

// Optimum returns the policy that every objective aims at under the uniform backward
// policy; it reaches each terminal state x with probability r(x)/Z. logPF has a row of
// Actions() values log P_F(a|s) for each state, in order, with -Inf for actions that are
// not allowed; rows of terminal states are all -Inf. logF has log F(s) for each state:
// log r of terminal states, log Z of s0.
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
