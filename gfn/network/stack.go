package network

import (
	"slices"

	"gfnbench/gfn/internal/vec"
	"gfnbench/gfn/stream"
)

// MLPConfig shapes a multilayer perceptron.
type MLPConfig struct {
	Hidden     []int   // widths of the hidden layers
	Slope      float32 // of the activation, see Slope
	Outputs    int     // width of the output
	ZeroOutput bool    // start the output layer at zero
}

// stack is the dense part of a multilayer perceptron with its tape. How inputs
// enter its first layer is its owner's: MLP adds rows of weights, RealMLP
// multiplies. Hidden layers are followed by ReLU or LeakyReLU, the output is
// linear.
type stack struct {
	params *Params
	layers []dense // input layer first
	slope  float32
	rows   int // on the tape

	// Buffers of the backward pass.
	deltas     [2][]float32
	transposed []float32
}

// dense is one linear layer: out = in·W + b, W row-major [in][out].
type dense struct {
	in, out int
	w, b    int       // where W and b start in the parameter vector
	act     []float32 // the tape: rows × out, after the activation
}

// newStack lays out the parameters and draws them from s.
func newStack(inputs int, c MLPConfig, s *stream.Stream) stack {
	m := stack{slope: c.Slope}
	n, in := 0, inputs
	for _, out := range append(slices.Clone(c.Hidden), c.Outputs) {
		m.layers = append(m.layers, dense{in: in, out: out, w: n, b: n + in*out})
		n += (in + 1) * out
		in = out
	}
	m.params = NewParams(n)
	for i := range m.layers {
		if c.ZeroOutput && i == len(m.layers)-1 {
			break
		}
		l := &m.layers[i]
		initLinear(m.weights(l), m.bias(l), l.in, s)
	}
	return m
}

func (m *stack) weights(l *dense) []float32 { return m.params.Data[l.w : l.w+l.in*l.out] }
func (m *stack) bias(l *dense) []float32    { return m.params.Data[l.b : l.b+l.out] }

// Params returns the parameters.
func (m *stack) Params() *Params { return m.params }

// Outputs is the width of an output row.
func (m *stack) Outputs() int { return m.layers[len(m.layers)-1].out }

// Rows is the number of rows on the tape.
func (m *stack) Rows() int { return m.rows }

// reset empties the tape.
func (m *stack) reset() {
	m.rows = 0
	for i := range m.layers {
		m.layers[i].act = m.layers[i].act[:0]
	}
}

// fork returns a stack with the same parameters and its own tape.
func (m *stack) fork() stack {
	f := stack{params: m.params, slope: m.slope, layers: slices.Clone(m.layers)}
	for i := range f.layers {
		f.layers[i].act = nil
	}
	return f
}

// enter appends n rows to the first layer's tape, each started at the bias, for
// the owner to add the inputs to.
func (m *stack) enter(n int) []float32 { return m.extend(&m.layers[0], n) }

// forward carries n rows from the first layer x, before its activation, to the
// output.
func (m *stack) forward(x []float32, n int) []float32 {
	m.activate(0, x)
	for i := 1; i < len(m.layers); i++ {
		l := &m.layers[i]
		y := m.extend(l, n)
		vec.Gemm(n, l.out, l.in, x, l.in, 1, m.weights(l), l.out, y, l.out)
		m.activate(i, y)
		x = y
	}
	m.rows += n
	return x
}

// extend appends n rows to a layer's tape, each started at the bias.
func (m *stack) extend(l *dense, n int) []float32 {
	start := len(l.act)
	l.act = slices.Grow(l.act, n*l.out)[:start+n*l.out]
	y := l.act[start:]
	b := m.bias(l)
	for r := range n {
		copy(y[r*l.out:(r+1)*l.out], b)
	}
	return y
}

// activate applies the activation to layer i's new rows; the output is linear.
func (m *stack) activate(i int, y []float32) {
	if i < len(m.layers)-1 {
		vec.LeakyReLU(y, m.slope)
	}
}

// backward adds the gradient of all layers but the first one's weights, and
// returns the gradient by the first layer's rows before the activation.
func (m *stack) backward(dout []float32) []float32 {
	d := dout
	for i := len(m.layers) - 1; i > 0; i-- {
		l, below := &m.layers[i], &m.layers[i-1]
		vec.Gemm(l.in, l.out, m.rows, below.act, 1, l.in, d, l.out, m.params.Grad[l.w:l.w+l.in*l.out], l.out)
		m.addRows(l, d)
		d = m.backpropagate(l, d, i)
		vec.LeakyReLUGrad(d, below.act, m.slope)
	}
	m.addRows(&m.layers[0], d)
	return d
}

// backpropagate returns d·Wᵀ, the gradient by layer i's input rows.
func (m *stack) backpropagate(l *dense, d []float32, i int) []float32 {
	m.transposed = slices.Grow(m.transposed[:0], l.in*l.out)[:l.in*l.out]
	vec.Transpose(m.transposed, l.in, m.weights(l), l.out, l.in, l.out)
	n := m.rows * l.in
	buf := slices.Grow(m.deltas[i&1][:0], n)[:n]
	m.deltas[i&1] = buf
	clear(buf)
	vec.Gemm(m.rows, l.in, l.out, d, l.out, 1, m.transposed, l.in, buf, l.in)
	return buf
}

// addRows adds the rows of d, in order, to the gradient of the layer's bias.
func (m *stack) addRows(l *dense, d []float32) {
	db := m.params.Grad[l.b : l.b+l.out]
	for r := range m.rows {
		vec.Add(db, d[r*l.out:(r+1)*l.out])
	}
}
