package policy

import (
	"slices"

	"gfnbench/gfn/env"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/network"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/stream"
)

// Bounds of a component's log-scale.
const MinLogScale, MaxLogScale = -5, 2

const logSqrt2Pi = 0.91893853320467274178 // log √(2π)

// Mixture is an autoregressive policy on a continuous environment. It draws one
// coordinate after another from a mixture of one-dimensional Gaussians, whose logits,
// means and log-scales a network computes from the previous coordinates. A component's
// mean is its anchor plus the network's output. The anchors are evenly spaced on an
// interval around 0, because components that start equal would stay equal.
type Mixture struct {
	env     env.Continuous
	net     *network.RealMLP
	k, dim  int
	anchors []float64

	batch  objective.Batch
	points []float64 // N × Dim
	inputs []float32
	row    components
	slopes []float64 // N × Dim × 3K: derivatives of each coordinate's log-density with respect to the outputs
	dout   []float32
}

// components are the mixture of one coordinate.
type components struct {
	logWeight, mean, logScale []float64
	weight, density           []float64
	clamped                   []bool // whether the log-scale is at a bound, where it has no gradient
}

// MixtureInputs returns the width of the network's input for a target with dim
// dimensions: the coordinates drawn so far, zero padded, and a one-hot encoding of the
// position.
func MixtureInputs(dim int) int { return 2*dim - 1 }

// MixtureOutputs returns the width of the network's output: K logits, K means, K
// log-scales.
func MixtureOutputs(components int) int { return 3 * components }

// NewMixture returns the policy of k components that net gives in e, with anchors from
// -halfWidth to halfWidth.
func NewMixture(e env.Continuous, net *network.RealMLP, k int, halfWidth float64) *Mixture {
	m := &Mixture{env: e, net: net, k: k, dim: e.Dim(), anchors: make([]float64, k)}
	for i := range m.anchors {
		if k > 1 {
			m.anchors[i] = -halfWidth + 2*halfWidth*float64(i)/float64(k-1)
		}
	}
	m.row = newComponents(k)
	return m
}

func newComponents(k int) components {
	v := func() []float64 { return make([]float64, k) }
	return components{v(), v(), v(), v(), v(), make([]bool, k)}
}

// Params returns the network's parameters and gradient.
func (m *Mixture) Params() *network.Params { return m.net.Params() }

// Tensors returns the network's parameters by name.
func (m *Mixture) Tensors() []network.Tensor { return m.net.Tensors() }

// Anchors returns what is added to the network's means: one number a component, read
// only.
func (m *Mixture) Anchors() []float64 { return m.anchors }

// Point returns the point that trajectory n of the last batch reached: Dim
// coordinates, read only and valid until the next Sample.
func (m *Mixture) Point(n int) []float64 { return m.points[n*m.dim : (n+1)*m.dim] }

// Sample draws n points. The batch, whose LogPB are 0, is valid until the next Sample.
// Gradient needs the network's tape, which the next Sample or LogDensity overwrites.
func (m *Mixture) Sample(rng *stream.Stream, n int) *objective.Batch {
	b := &m.batch
	for _, v := range []*[]float64{&b.LogPF, &b.LogPB, &b.LogR} {
		*v = resize(*v, n)
		clear(*v)
	}
	m.points = resize(m.points, n*m.dim)
	m.slopes = resize(m.slopes, n*m.dim*3*m.k)
	m.net.Reset()
	for j := range m.dim {
		out := m.outputs(m.points, j, n)
		for i := range n {
			m.load(out, i, j)
			x := m.draw(rng)
			m.Point(i)[j] = x
			b.LogPF[i] += m.logDensity(x)
			m.slope(m.slopes[(i*m.dim+j)*3*m.k:], x)
		}
	}
	for i := range n {
		b.LogR[i] = m.env.LogReward(m.Point(i))
	}
	return b
}

// outputs runs the network for coordinate j of n points: one row for the first
// coordinate, which has no inputs, and n rows for each later one.
func (m *Mixture) outputs(points []float64, j, n int) []float32 {
	width := MixtureInputs(m.dim)
	rows := n
	if j == 0 {
		rows = 1
	}
	m.inputs = resize(m.inputs, rows*width)
	clear(m.inputs)
	for i := range rows {
		in := m.inputs[i*width : (i+1)*width]
		for d := range j {
			in[d] = float32(points[i*m.dim+d])
		}
		in[m.dim-1+j] = 1
	}
	return m.net.Forward(m.inputs, rows)
}

// rowOf returns the tape row of coordinate j of point i of n.
func rowOf(i, j, n int) int {
	if j == 0 {
		return 0
	}
	return 1 + (j-1)*n + i
}

// load reads the mixture of coordinate j of point i from the layer's outputs.
func (m *Mixture) load(out []float32, i, j int) {
	if j == 0 {
		if i > 0 {
			return // all points share it
		}
	} else {
		out = out[i*3*m.k:]
	}
	c := &m.row
	for a := range m.k {
		c.logWeight[a] = float64(out[a])
		c.mean[a] = m.anchors[a] + float64(out[m.k+a])
		s := float64(out[2*m.k+a])
		c.clamped[a] = s < MinLogScale || s > MaxLogScale
		c.logScale[a] = max(MinLogScale, min(MaxLogScale, s))
	}
	norm := fmath.LogSumExp(c.logWeight)
	for a := range m.k {
		c.logWeight[a] -= norm
		c.weight[a] = fmath.Exp(c.logWeight[a])
	}
}

// draw draws from the loaded mixture.
func (m *Mixture) draw(rng *stream.Stream) float64 {
	u, a := rng.Float64(), 0
	for sum := m.row.weight[0]; a < m.k-1 && !(u < sum); sum += m.row.weight[a] {
		a++
	}
	return m.row.mean[a] + float64(fmath.Exp(m.row.logScale[a])*rng.Normal())
}

// logDensity returns the loaded mixture's log-density at x. It leaves each component's
// weighted log-density in m.row.density.
func (m *Mixture) logDensity(x float64) float64 {
	c := &m.row
	for a := range m.k {
		z := float64((x - c.mean[a]) * fmath.Exp(-c.logScale[a]))
		c.density[a] = c.logWeight[a] - c.logScale[a] - logSqrt2Pi - float64(0.5*float64(z*z))
	}
	return fmath.LogSumExp(c.density)
}

// slope writes the derivatives of the loaded mixture's log-density at x with respect to
// the logits, means and log-scales: with r the components' posterior weights, r - weight,
// r z/σ and r (z² - 1). It must follow logDensity at the same x.
func (m *Mixture) slope(d []float64, x float64) {
	c := &m.row
	norm := fmath.LogSumExp(c.density)
	for a := range m.k {
		r := fmath.Exp(c.density[a] - norm)
		inv := fmath.Exp(-c.logScale[a])
		z := float64((x - c.mean[a]) * inv)
		d[a] = r - c.weight[a]
		d[m.k+a] = float64(r * float64(z*inv))
		d[2*m.k+a] = 0
		if !c.clamped[a] {
			d[2*m.k+a] = float64(r * (float64(z*z) - 1))
		}
	}
}

// Gradient adds Σ_n c.LogPF[n] ∇ log p_F(τ_n).
func (m *Mixture) Gradient(c *objective.Coefficients) {
	n, width := len(m.batch.LogPF), 3*m.k
	m.dout = resize(m.dout, m.net.Rows()*width)
	clear(m.dout)
	for j := range m.dim {
		for i := range n {
			d := m.dout[rowOf(i, j, n)*width:]
			for a, s := range m.slopes[(i*m.dim+j)*width : (i*m.dim+j+1)*width] {
				d[a] += float32(c.LogPF[i] * s)
			}
		}
	}
	m.net.Backward(m.dout)
}

// Fork returns a policy with the same parameters and its own buffers.
func (m *Mixture) Fork() *Mixture {
	return &Mixture{env: m.env, net: m.net.Fork(), k: m.k, dim: m.dim, anchors: slices.Clone(m.anchors), row: newComponents(m.k)}
}

// LogDensity writes log p_T of n points, in nats, to dst[:n]. points holds n × Dim
// coordinates, point after point; points and dst may be longer. LogDensity overwrites the
// tape that Gradient reads, so use a Fork between Sample and Gradient.
func (m *Mixture) LogDensity(dst, points []float64, n int) {
	clear(dst[:n])
	m.net.Reset()
	for j := range m.dim {
		out := m.outputs(points, j, n)
		for i := range n {
			m.load(out, i, j)
			dst[i] += m.logDensity(points[i*m.dim+j])
		}
	}
}
