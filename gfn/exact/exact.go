// Package exact evaluates policies without sampling. It enumerates an environment's
// states once and runs dynamic programming over them for the terminal distribution p_T,
// every divergence from the target over terminal states and over trajectories, and the
// evidence bounds.
package exact

// A Policy is a policy as exact evaluation sees it.
type Policy interface {
	// LogForward writes log P_F(a|s) for n non-terminal states, rows of
	// Actions() values in nats, -Inf where illegal.
	LogForward(states []uint64, n int, dst []float64)

	// LogBackward writes log P_B(b|s) for n states other than s0, rows of
	// BackwardActions() values in nats, -Inf where illegal.
	LogBackward(states []uint64, n int, dst []float64)
}
