package conformance

import (
	"math"

	"gfnbench/gfn/env"
	"gfnbench/trainer"
)

// A table is the policy in every state: rows of log-probabilities, indexed by node.
type table struct {
	forward  []float64 // of the nodes that are not terminal
	backward []float64 // of all but s0; uniform unless it is learned
}

// rows asks for the log-probabilities of nodes, unchecked.
func (k *kit) rows(of string, nodes []int) ([]float64, error) {
	const chunk = 512
	actions := k.world.Actions()
	if of == "backward" {
		actions = k.world.BackwardActions()
	}
	var all []float64
	for from := 0; from < len(nodes); from += chunk {
		part := nodes[from:min(from+chunk, len(nodes))]
		states := k.world.encode(part)
		arrays := []trainer.Array{trainer.Bytes("states", states, len(part), k.world.Features())}
		if of == "backward" {
			terminal := make([]byte, len(part))
			for i, n := range part {
				if k.world.Terminal(k.world.graph.State(n)) {
					terminal[i] = 1
				}
			}
			arrays = append(arrays, trainer.Bytes("terminal", terminal, len(part)))
		}
		f, err := k.session.Call(k.ctx, trainer.MessagePolicy, trainer.Policy{Of: of}, int64(8*len(part)*actions), arrays...)
		if err != nil {
			return nil, err
		}
		x, err := f.Floats("log_p", len(part), actions)
		if err != nil {
			return nil, found("the array has a row for each state and a column for each action, of little-endian float64", "%v", err)
		}
		all = append(all, x...)
	}
	return all, nil
}

// asked returns the nodes whose probabilities are needed.
func (k *kit) asked(of string) []int {
	if of == "forward" {
		return k.world.inner
	}
	nodes := make([]int, k.world.graph.Nodes()-1)
	for i := range nodes {
		nodes[i] = i + 1
	}
	return nodes
}

// directions returns "forward" and, if the backward policy is learned, "backward".
func (k *kit) directions() []string {
	if k.the.learned {
		return []string{"forward", "backward"}
	}
	return []string{"forward"}
}

// eachRow calls f with the row of every state, until it returns an error.
func (k *kit) eachRow(f func(of string, node int, mask []uint64, row []float64) error) error {
	for _, of := range k.directions() {
		nodes := k.asked(of)
		rows, err := k.rows(of, nodes)
		if err != nil {
			return err
		}
		actions := len(rows) / len(nodes)
		for i, n := range nodes {
			mask := k.world.forwardMask(n)
			if of == "backward" {
				mask = k.world.backwardMask(n)
			}
			if err := f(of, n, mask, rows[i*actions:(i+1)*actions]); err != nil {
				return err
			}
		}
	}
	return nil
}

// masks checks that the allowed actions, and only these, have a probability.
func (k *kit) masks() error {
	return k.eachRow(func(of string, n int, mask []uint64, row []float64) error {
		for a, x := range row {
			switch {
			case !allows(mask, a) && math.Exp(x) > 0:
				return found("a wrong mask, states decoded otherwise than docs/trainers.md says, or a masked logit that is not minus infinity", "%s action %d is not allowed in %s and has the probability %.3g", of, a, k.world.name(n), math.Exp(x))
			case allows(mask, a) && math.IsInf(x, -1):
				return found("a mask that forbids too much, or states decoded otherwise than docs/trainers.md says", "%s action %d is allowed in %s and has the probability 0", of, a, k.world.name(n))
			}
		}
		return nil
	})
}

// sums checks that probabilities sum to 1.
func (k *kit) sums() error {
	return k.eachRow(func(of string, n int, _ []uint64, row []float64) error { return k.sum(of, n, row) })
}

// sum checks the row of a state.
func (k *kit) sum(of string, n int, row []float64) error {
	sum, plain, binary, largest := 0.0, 0.0, 0.0, math.Inf(-1)
	for a, x := range row {
		if math.IsNaN(x) || math.IsInf(x, 1) {
			return found("", "the %s log-probability of action %d in %s is %v", of, a, k.world.name(n), x)
		}
		sum, binary, largest = sum+math.Exp(x), binary+math.Exp2(x), max(largest, x)
		if !math.IsInf(x, 0) {
			plain += x
		}
	}
	off := math.Abs(sum - 1)
	if off <= trainer.Tolerance {
		return nil
	}
	hint := "logits that are not normalised over the allowed actions, or were normalised before the mask"
	switch {
	case math.Abs(plain-1) <= trainer.Tolerance:
		hint = "probabilities in place of their logarithms"
	case math.Abs(binary-1) <= trainer.Tolerance:
		hint = "logarithms of base 2"
	case off < 0.01:
		hint = "half precision: float32 is needed"
	case largest < 1e-30 && largest > -1e-30 || sum > 1e30 || sum < 1e-30:
		hint = "numbers of another type or byte order: little-endian float64 is expected"
	}
	return found(hint, "the %s probabilities in %s sum to %.6g", of, k.world.name(n), sum)
}

// uniform returns the uniform policy.
func (w *world) uniform() *table {
	t := &table{forward: make([]float64, w.graph.Nodes()*w.Actions()), backward: make([]float64, w.graph.Nodes()*w.BackwardActions())}
	for n := range w.graph.Nodes() {
		forward, backward := make([]uint64, env.MaskWords(w.Actions())), make([]uint64, env.MaskWords(w.BackwardActions()))
		if !w.Terminal(w.graph.State(n)) {
			forward = w.forwardMask(n)
		}
		if n > 0 {
			backward = w.backwardMask(n)
		}
		spread(t.forward[n*w.Actions():(n+1)*w.Actions()], forward)
		spread(t.backward[n*w.BackwardActions():(n+1)*w.BackwardActions()], backward)
	}
	return t
}

// spread writes the log-probabilities of the uniform distribution over a mask.
func spread(row []float64, mask []uint64) {
	for a := range row {
		row[a] = math.Inf(-1)
		if allows(mask, a) {
			row[a] = -math.Log(float64(count(mask)))
		}
	}
}

// table returns the policy, whose masks have been checked.
func (k *kit) table() (*table, error) {
	w := k.world
	t := w.uniform()
	for _, of := range k.directions() {
		nodes := k.asked(of)
		rows, err := k.rows(of, nodes)
		if err != nil {
			return nil, err
		}
		to := t.forward
		if of == "backward" {
			to = t.backward
		}
		width := len(rows) / len(nodes)
		for i, n := range nodes {
			row := rows[i*width : (i+1)*width]
			if err := k.sum(of, n, row); err != nil {
				return nil, err
			}
			copy(to[n*width:], row)
		}
	}
	return t, nil
}

// repeatable checks that an answer depends only on the state.
func (k *kit) repeatable() error {
	nodes := k.world.inner
	first, err := k.rows("forward", nodes)
	if err != nil {
		return err
	}
	reversed := make([]int, len(nodes))
	for i, n := range nodes {
		reversed[len(nodes)-1-i] = n
	}
	second, err := k.rows("forward", reversed)
	if err != nil {
		return err
	}
	last := nodes[len(nodes)-1:]
	alone, err := k.rows("forward", last)
	if err != nil {
		return err
	}
	width := k.world.Actions()
	for i, n := range nodes {
		a, b := first[i*width:(i+1)*width], second[(len(nodes)-1-i)*width:(len(nodes)-i)*width]
		if !sameRow(a, b) {
			return found("dropout or noise in an answer, statistics over the batch, or answers in another order than the states", "asked for in another order, %s has other probabilities: %.4g and %.4g", k.world.name(n), probabilities(b), probabilities(a))
		}
	}
	if a := first[len(first)-width:]; !sameRow(a, alone) {
		return found("statistics over the batch, such as batch normalisation", "asked for alone, %s has other probabilities: %.4g and %.4g", k.world.name(last[0]), probabilities(alone), probabilities(a))
	}
	return nil
}

// sameRow reports whether probabilities are equal up to the errors of float32.
func sameRow(a, b []float64) bool {
	for i := range a {
		if !(math.Abs(math.Exp(a[i])-math.Exp(b[i])) <= trainer.Tolerance) {
			return false
		}
	}
	return true
}

func probabilities(row []float64) []float64 {
	p := make([]float64, len(row))
	for i, x := range row {
		p[i] = math.Exp(x)
	}
	return p
}
