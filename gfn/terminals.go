package gfn

import (
	"fmt"
	"iter"

	"gfnbench/gfn/exact"
)

// A TerminalMass is the mass of a terminal state under a policy and under the target.
type TerminalMass struct {
	LogPT, LogTarget float64 // log p_T(x) and log r(x)/Z, in nats
}

// Terminals yields every terminal state with its exact mass under the current policy and
// under the target. A state is read only and valid until the next one; the loop must end
// before the next Step. Terminals returns an error if the evaluation is not exact: with
// more states than Eval.MaxStates, with Eval.Mode "sampled", or on a continuous
// environment.
func (t *Trainer) Terminals() (iter.Seq2[[]uint64, TerminalMass], error) {
	g, ok := t.eval.(*graphEvaluation)
	if !ok {
		return nil, fmt.Errorf("%s: the states are not enumerated, so that p_T is not known exactly", t.instance.Env.Kind())
	}
	g.evaluator.Evaluate(g.policy, exact.Options{Alpha: alphaOf(t.spec.Objective), LearnedBackward: t.spec.Backward == "learned"})
	logPT, logTarget := g.evaluator.LogPT(), g.graph.LogTarget()
	return func(yield func([]uint64, TerminalMass) bool) {
		for i := range g.graph.Terminals() {
			if !yield(g.graph.Terminal(i), TerminalMass{logPT[i], logTarget[i]}) {
				return
			}
		}
	}, nil
}
