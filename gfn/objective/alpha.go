package objective

import (
	"math"

	"gfnbench/gfn/internal/vec"
	"gfnbench/gfn/param"
)

// alpha is the parameter of the alpha-divergences.
var alpha = param.Param{
	Name: "alpha", Type: param.Float, Required: true, Example: param.Of(0.5),
	Range: param.Except(param.Excluded{Value: 0, Why: "the objective forward-kl"}, param.Excluded{Value: 1, Why: "the objective reverse-kl"}),
	Doc:   "order of the divergence; 0 is forward-kl and 1 is reverse-kl",
}

// alphaDivergence is what Renyi and Tsallis share: the batch's g = w^(1-alpha), the
// coefficients of Tsallis, and the paper's Eq. 6.
//
// Both use Amari's scale, 1/(alpha(alpha-1)) log Σ and 1/(alpha(alpha-1)) (Σ - 1) with Σ
// = ∫ p_F^alpha p_B^(1-alpha) = Z^(alpha-1) E[g]. Since ∇g = (alpha-1) g s, the gradient
// of Σ is alpha Z^(alpha-1) E[g s]. The gradient of the Tsallis divergence is therefore
// Z^(alpha-1) E[g s]/(alpha-1), and that of Renyi is the same divided by Σ. In the
// paper's scale, 1/(alpha-1), minimising with a negative alpha would move away from the
// target.
//
// A learned backward policy enters g through ∇g = (1-alpha) g ∇ log p_B, which adds
// -Z^(alpha-1) E[g ∇ log p_B]/alpha for Tsallis and the same divided by Σ for Renyi.
type alphaDivergence struct {
	alpha float64
	cv    string
	importance
	g       []float64
	divisor float64 // of the coefficients: 1, or Renyi's estimate of E[g]
}

// exponentiate sets g_n = exp((1-alpha)(log w_n - shift)).
func (o *alphaDivergence) exponentiate(b *Batch, shift float64) {
	o.weigh(b)
	o.g = resize(o.g, len(b.LogPF))
	for i := range o.g {
		o.g[i] = (1 - o.alpha) * (-b.residual(i) - shift)
	}
	vec.Exp(o.g, o.g)
}

// largest returns the shift that makes the batch's largest g equal to 1, or 0 if that
// shift is infinite.
func (o *alphaDivergence) largest(b *Batch) float64 {
	top, shift := math.Inf(-1), 0.0
	for i := range b.LogPF {
		if x := float64((1 - o.alpha) * -b.residual(i)); x > top {
			top, shift = x, -b.residual(i)
		}
	}
	if math.IsInf(shift, 0) {
		return 0
	}
	return shift
}

// coefficients writes the coefficients of Tsallis divided by d.
func (o *alphaDivergence) coefficients(c *Coefficients, d float64) {
	c.LogZ, o.divisor = 0, d
	if o.cv == Paper { // sums for Mix
		for i, g := range o.g {
			c.LogPF[i], c.Second[i] = o.at(i), o.at(i)*g
		}
		return
	}
	for i := range c.LogPB {
		c.LogPB[i] = -o.at(i) * o.g[i] / (o.alpha * d * float64(len(o.g)))
	}
	centre(o.cv, o.g, c.LogPF)
	o.scale(c.LogPF)
	for i := range c.LogPF {
		c.LogPF[i] /= (o.alpha - 1) * d
	}
}

// linearised is the paper's control variate for an alpha-divergence. Eq. 6 of the paper
// takes the linearised baseline â from the pathwise part ∇g = (alpha-1) g s of the
// gradient, and Eq. 7 takes the leave-one-out mean from the score part g s:
//
//	[(alpha-1) G/N - â S/N + (G - mean(g) S)/(N-1)] / (alpha(alpha-1)),
//	S = Σ s, G = Σ g s, â = (alpha-1) <S, G> / (eps + |S|²)
//
// It is biased: for large N its expectation is (I + (1-alpha)/alpha E[u uᵀ]) times the
// gradient, with u = S/|S|.
type linearised struct {
	Objective
	*alphaDivergence
}

// epsilon is the constant of Eq. 6, whose value the paper leaves open.
const epsilon = 1e-8

// linearise makes o a Mixer if its control variate is Paper.
func linearise(o Objective, a *alphaDivergence) Objective {
	if a.cv == Paper {
		return linearised{o, a}
	}
	return o
}

// Mix returns the weights of S and G.
func (o linearised) Mix(dotSS, dotSG float64) (wS, wG float64) {
	n, a := float64(len(o.g)), o.alpha
	slope := (a - 1) * dotSG / (epsilon + dotSS)
	scale := a * (a - 1) * o.divisor
	wS = (-slope/n - mean(o.g)/(n-1)) / scale
	wG = ((a-1)/n + 1/(n-1)) / scale
	return wS, wG
}
