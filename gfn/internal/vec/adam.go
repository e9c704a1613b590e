package vec

import "math"

// Adam takes one step of Adam (Kingma and Ba 2015) in the form of PyTorch's
// torch.optim.Adam. p are the parameters, m and v the moments, g the gradient, and bias1
// = 1 - beta1^t, bias2 = 1 - beta2^t the bias corrections of step t. m, v and g must be
// at least as long as p. The scalars, including 1-beta1 and 1-beta2, are rounded to
// float32 once, as PyTorch does, and so is each operation, in this order:
//
//	m = beta1·m + (1-beta1)·g
//	v = beta2·v + ((1-beta2)·g)·g
//	p = p - (lr·√bias2/bias1)·(m / (√v + eps·√bias2))
//
// The last line is PyTorch's (lr/bias1)·m/(√v/√bias2 + eps) with √bias2 moved into the
// scalars, as in section 2 of the paper, which saves a division per parameter.
//
// Moments below 2^-120 in magnitude become 0, and gradients below 2^-56 do not enter v.
// PyTorch keeps them; but without a gradient m decreases by a tenth each step until it
// gets stuck at a denormal number, and processors take a hundred times as long for those.
func Adam(p, m, v, g []float32, lr, beta1, beta2, eps, bias1, bias2 float64) {
	n := len(p)
	root := math.Sqrt(bias2)
	adam(p, m[:n], v[:n], g[:n], adamCoefficients{
		beta1: float32(beta1),
		rest1: float32(1 - beta1),
		beta2: float32(beta2),
		rest2: float32(1 - beta2),
		eps:   float32(eps * root),
		step:  float32(lr * root / bias1),
		least: 0x1p-120, root: 0x1p-56,
		magnitude: math.Float32frombits(1<<31 - 1),
	})
}

// adamCoefficients are the scalars of a step, in the order in which the assembly reads
// them.
type adamCoefficients struct {
	beta1, rest1, beta2, rest2, eps, step float32

	least     float32 // smallest moment that is kept
	root      float32 // smallest gradient that is squared
	magnitude float32 // all bits but the sign
}

func adamGo(p, m, v, g []float32, c adamCoefficients) {
	for i, x := range g {
		m[i] = atLeast(c.least, float32(c.beta1*m[i])+float32(c.rest1*x))
		x = atLeast(c.root, x)
		v[i] = atLeast(c.least, float32(c.beta2*v[i])+float32(float32(c.rest2*x)*x))
		p[i] -= float32(c.step * (m[i] / (sqrt32(v[i]) + c.eps)))
	}
}

// atLeast returns x, or +0 if its magnitude is below least.
func atLeast(least, x float32) float32 {
	if x < least && -x < least {
		return 0
	}
	return x
}

// sqrt32 returns the correctly rounded float32 square root: rounding the float64 root of
// a float32 again gives the correctly rounded result.
func sqrt32(x float32) float32 {
	return float32(math.Sqrt(float64(x)))
}
