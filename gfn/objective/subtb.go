package objective

import "gfnbench/gfn/param"

// References:
//
//	Madan, Rector-Brooks, Korablyov, Bengio, Jain, Nica, Bosc, Bengio, Malkin.
//	Learning GFlowNets from partial episodes for improved convergence and
//	stability. ICML 2023.

var subtbKind = Kind{
	Name:     "subtb",
	Label:    "SubTB",
	Doc:      "sub-trajectory balance with a learned state flow",
	Formula:  "mean over trajectories of Σ_{i<j} λ^(j-i) (log F(s_i) + log p_F(s_i→s_j) - log F(s_j) - log p_B(s_i→s_j))² / Σ_{i<j} λ^(j-i), F(x) = r(x)",
	Source:   "Madan et al. 2023",
	Revision: 1,
	Params: []param.Param{{
		Name: "lambda", Type: param.Float, Default: param.Of(0.9), Range: param.Above(0).To(1e3),
		Doc: "weight λ^(j-i) of the sub-trajectory from state i to state j",
	}},
	LearnsLogZ: true,
	NeedsFlows: true,
	OffPolicy:  true,
	New:        func(s Spec) Objective { return subtb{lambda: s.Params.Float("lambda")} },
}

// subtb weights the residual of every sub-trajectory i<j by λ^(j-i); the weights of a
// trajectory sum to 1. λ→0 gives detailed balance divided by the length, λ→∞ trajectory
// balance.
type subtb struct{ lambda float64 }

// Coefficients takes time linear in the number of transitions. Let D_i = log F(s_i) -
// Σ_{k<i} (log P_F - log P_B). Then the residual of i<j is D_i - D_j, the residual of one
// transition is e_i = D_i - D_{i+1}, and the derivative with respect to D_i is 2/W Σ_j
// λ^|i-j| (D_i - D_j). One recursion gives the part with j > i and another the part with
// j < i.
func (o subtb) Coefficients(b *Batch, c *Coefficients) {
	sum := 0.0
	c.LogZ = 0
	for t := range len(b.LogPF) {
		if b.Start[t+1] > b.Start[t] {
			sum += o.trajectory(b, c, t)
		}
	}
	c.Loss = sum / float64(len(b.LogPF))
}

// trajectory writes the coefficients of trajectory t and returns its loss.
func (o subtb) trajectory(b *Batch, c *Coefficients, t int) float64 {
	first, end := int(b.Start[t]), int(b.Start[t+1])

	// u = Σ_{j>i} λ^(j-i) (D_i - D_j), the same with squares, and the weights Σ_{j>=i}
	// λ^(j-i) of the sums from i+1.
	u, squares, weights := 0.0, 0.0, 1.0
	loss, total := 0.0, 0.0
	for i := end - 1; i >= first; i-- {
		e := b.transition(t, i)
		squares = float64(o.lambda * (float64(e*e*weights) + float64(2*e*u) + squares))
		u = float64(o.lambda * (float64(e*weights) + u))
		weights = float64(o.lambda * weights)
		total += weights
		loss += squares
		weights++
		c.LogF[i] = u
	}

	// v = Σ_{j<i} λ^(i-j) (D_i - D_j). The derivative with respect to a transition's log
	// P_F is the sum of those with respect to D_0..D_i, since log P_F lowers every later
	// D.
	scale := 2 / (total * float64(len(b.LogPF)))
	v, weights, prefix := 0.0, 1.0, 0.0
	for i := first; i < end; i++ {
		d := float64(scale * (c.LogF[i] + v))
		prefix += d
		c.LogF[i] = d
		c.step(i, prefix)
		c.LogZ += d
		v = float64(o.lambda * (v - float64(b.transition(t, i)*weights)))
		weights = 1 + float64(o.lambda*weights)
	}
	return loss / total
}
