package network

import (
	"math"

	"gfnbench/gfn/internal/vec"
)

// References:
//
//	Kingma, Ba: Adam: a method for stochastic optimization. ICLR 2015.

// AdamConfig holds Adam's constants; PyTorch's defaults are 0.9, 0.999, 1e-8.
type AdamConfig struct {
	Beta1, Beta2 float64 // decay of the first and of the second moment
	Epsilon      float64 // added to √(v/(1-β2^t))
}

// Adam is the optimizer's state for one parameter vector (Kingma and Ba 2015,
// Algorithm 1, with its bias corrections). Step t = 1, 2, … with gradient g is
//
//	m = β1 m + (1-β1) g
//	v = β2 v + (1-β2) g²
//	p = p - lr · m/(1-β1^t) / (√(v/(1-β2^t)) + ε)
//
// in float32. ε is outside the root, as in torch.optim.Adam, and there is no weight
// decay. Moments below 2^-120 in magnitude are set to 0, and gradients below 2^-56 do not
// enter v.
type Adam struct {
	config     AdamConfig
	M, V       []float32 // the moments m and v, one element per parameter
	pow1, pow2 float64   // β1^t, β2^t

	params *Params // of the running step
	lr     float64
	update func(lo, hi int)
}

// NewAdam returns Adam for n parameters.
func NewAdam(n int, c AdamConfig) *Adam {
	a := &Adam{config: c, M: make([]float32, n), V: make([]float32, n), pow1: 1, pow2: 1}
	a.update = a.updateRange
	return a
}

// Step updates the parameters p with their gradient and learning rate lr. p must have as
// many parameters as a.
func (a *Adam) Step(p *Params, lr float64) {
	a.pow1 = float64(a.pow1 * a.config.Beta1)
	a.pow2 = float64(a.pow2 * a.config.Beta2)
	a.params, a.lr = p, lr
	p.pool.Do(len(p.Data), 1<<13, a.update)
}

// updateRange updates parameters lo ≤ i < hi.
func (a *Adam) updateRange(lo, hi int) {
	c, p := a.config, a.params
	vec.Adam(p.Data[lo:hi], a.M[lo:hi], a.V[lo:hi], p.Grad[lo:hi], a.lr, c.Beta1, c.Beta2, c.Epsilon, 1-a.pow1, 1-a.pow2)
}

// Powers returns β1^t and β2^t, which with M and V make up the state.
func (a *Adam) Powers() (pow1, pow2 float64) { return a.pow1, a.pow2 }

// SetPowers restores what Powers returned.
func (a *Adam) SetPowers(pow1, pow2 float64) { a.pow1, a.pow2 = pow1, pow2 }

// Scalar is one float64 parameter trained by Adam, such as log Z. The formulas are those
// of Adam, in float64 and without its thresholds.
type Scalar struct {
	Value      float64 // the parameter itself
	M, V       float64 // first and second moment
	Pow1, Pow2 float64 // β1^t, β2^t
}

// NewScalar returns a parameter at the value x.
func NewScalar(x float64) Scalar { return Scalar{Value: x, Pow1: 1, Pow2: 1} }

// Step updates the parameter with its gradient g and learning rate lr.
func (s *Scalar) Step(g, lr float64, c AdamConfig) {
	s.Pow1 = float64(s.Pow1 * c.Beta1)
	s.Pow2 = float64(s.Pow2 * c.Beta2)
	s.M = float64(c.Beta1*s.M) + float64((1-c.Beta1)*g)
	s.V = float64(c.Beta2*s.V) + float64((1-c.Beta2)*float64(g*g))
	m, v := s.M/(1-s.Pow1), s.V/(1-s.Pow2)
	s.Value -= float64(lr*m) / (math.Sqrt(v) + c.Epsilon)
}
