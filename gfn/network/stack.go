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

// stack is a multilayer perceptron with its tape, except for how inputs enter its first
// layer. Hidden layers are followed by ReLU or LeakyReLU; the output is linear.
//
// Both passes treat rows independently. Only the weights' gradients sum over rows; they
// are independent by rows of weights. The work is therefore split over threads without
// any effect on the numbers, and a block of rows goes through all layers while it is in
// the second-level cache.
type stack struct {
	params *Params
	layers []dense // input layer first
	slope  float32
	rows   int // on the tape
	first  inputs
	needed needed

	from, to   int                 // rows of the running forward pass, or of its backward pass the part at work
	dout       []float32           // of the running backward pass
	transposed []float32           // weights of all layers but the first
	zeros      []float32           // as many as the widest layer has outputs
	numbers    []int32             // 0, 1, 2, ...
	lean       bool                // outputs of earlier passes and inputGradient are not asked for
	tasks      [3]func(lo, hi int) // stored so that calls of the pool allocate nothing
}

// dense is one linear layer: out = in·W + b, W row-major [in][out].
type dense struct {
	in, out int
	w, b    int  // where W and b start in the parameter vector
	act     rows // the tape, after the activation
	delta   rows // gradient with respect to act before the activation, of the part at work
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

// Outputs returns the width of an output row.
func (m *stack) Outputs() int { return m.layers[len(m.layers)-1].out }

// Rows returns the number of rows on the tape.
func (m *stack) Rows() int { return m.rows }

// reset empties the tape except for the inputs.
func (m *stack) reset() {
	m.rows = 0
	m.needed.reset()
	for i := range m.layers {
		m.layers[i].act = rows{m.layers[i].act.x[:0], 0, m.layers[i].out}
	}
}

// fork returns a stack with the same parameters and its own tape.
func (m *stack) fork() stack {
	f := stack{params: m.params, slope: m.slope, layers: slices.Clone(m.layers), lean: m.lean}
	for i := range f.layers {
		f.layers[i].act, f.layers[i].delta = rows{}, rows{}
	}
	return f
}

// forward appends n rows, whose inputs are already on the tape, and returns their output.
func (m *stack) forward(n int) []float32 {
	m.from = m.rows
	m.rows += n
	m.needed.enter(n)
	for i := range m.layers {
		l, first := &m.layers[i], 0
		if m.lean && i == len(m.layers)-1 {
			first = m.needed.start(m.from)
		}
		l.act.extend(first, m.rows, l.out)
	}
	m.split(n, m.task(0))
	return m.layers[len(m.layers)-1].act.at(m.from)
}

// block is how many rows go through all layers together.
const block = 128

// split calls a task for ranges of n rows. A range takes at least some microseconds, so
// that it is worth a helper.
func (m *stack) split(n int, task func(lo, hi int)) {
	const worth = 1 << 19 // multiplications
	m.params.pool.Do(n, worth/(len(m.params.Data)+1), task)
}

// task returns one of the methods that the pool calls.
func (m *stack) task(i int) func(lo, hi int) {
	if m.tasks[0] == nil {
		m.tasks = [3]func(lo, hi int){m.forwardRows, m.backwardRows, m.weightRows}
	}
	return m.tasks[i]
}

// forwardRows carries new rows lo ≤ r < hi through all layers.
func (m *stack) forwardRows(lo, hi int) {
	for from, to := m.from+lo, m.from+hi; from < to; {
		q, n, sparse := m.needed.part(from, to)
		for i := range m.layers {
			l := &m.layers[i]
			y, last := l.act.span(from, from+n), i == len(m.layers)-1
			switch {
			case i == 0:
				m.first.enter(l, m.weights(l), m.bias(l), y, from, from+n)
			case last && sparse:
				m.enterOutput(q, from, from+n)
			default:
				vec.GemmFrom(n, l.out, l.in, m.layers[i-1].act.at(from), l.in, 1, m.weights(l), l.out, m.bias(l), 0, y, l.out)
			}
			if !last {
				vec.LeakyReLU(y, m.slope)
			}
		}
		from += n
	}
}

// backward adds the gradient of Σ dout·out over the tape's rows. It goes through the tape
// in parts, so that the gradients of a part's weights find what they read in the cache.
func (m *stack) backward(dout []float32) {
	m.dout = dout
	m.transpose()
	part := 1 // a block
	if m.params.pool != nil {
		part = 4 * block // threads wait for each other between parts
	}
	for m.from = 0; m.from < m.rows; m.from = m.to {
		m.to = m.needed.end(min(m.from+part, m.rows), m.rows)
		for i := range m.layers[:len(m.layers)-1] {
			l, first := &m.layers[i], m.from
			if i == 0 && !m.lean {
				first = 0
			}
			l.delta.extend(first, m.to, l.out)
			m.zeros = resize(m.zeros, max(len(m.zeros), l.out)) // grows by zeros
		}
		m.split(m.to-m.from, m.task(1))
		grain := fractions
		if (m.to-m.from)*len(m.params.Data) > 1<<20 {
			grain = 1
		}
		m.params.pool.Do(fractions, grain, m.task(2))
	}
}

// transpose writes Wᵀ of all layers but the first, one after another.
func (m *stack) transpose() {
	m.transposed = m.transposed[:0]
	for i := range m.layers[1:] {
		l := &m.layers[i+1]
		at := len(m.transposed)
		m.transposed = slices.Grow(m.transposed, l.in*l.out)[:at+l.in*l.out]
		vec.Transpose(m.transposed[at:], l.in, m.weights(l), l.out, l.in, l.out)
	}
}

// backwardRows carries the gradient with respect to rows lo ≤ r < hi of the output down
// to the first layer. With respect to each layer's input it is d·Wᵀ.
func (m *stack) backwardRows(lo, hi int) {
	for lo, hi = m.from+lo, m.from+hi; lo < hi; {
		q, n, sparse := m.needed.part(lo, hi)
		at := len(m.transposed)
		for i := len(m.layers) - 1; i > 0; i-- {
			l, below := &m.layers[i], &m.layers[i-1]
			at -= l.in * l.out
			w, d := m.transposed[at:], below.delta.span(lo, lo+n)
			if sparse && i == len(m.layers)-1 {
				clear(d)
				m.leaveOutput(q, lo, lo+n, w)
			} else {
				vec.GemmFrom(n, l.in, l.out, m.delta(i, lo), l.out, 1, w, l.in, m.zeros, 0, d, l.in)
			}
			vec.LeakyReLUGrad(d, below.act.span(lo, lo+n), m.slope)
		}
		lo += n
	}
}

// delta returns the gradient with respect to layer i before its activation, from row r.
func (m *stack) delta(i, r int) []float32 {
	if i == len(m.layers)-1 {
		return m.dout[r*m.layers[i].out:]
	}
	return m.layers[i].delta.at(r)
}

// fractions is the number of parts into which all weights are divided.
const fractions = 64

// weightRows adds the gradients of the weights and biases from the part at work,
// fractions lo to hi of each layer. The gradient of every weight is a sum over all rows,
// in order.
func (m *stack) weightRows(lo, hi int) {
	share := func(n int) (from, to int) { return n * lo / fractions, n * hi / fractions }
	for i := range m.layers {
		l := &m.layers[i]
		from, to := share(l.out)
		m.addRows(i, from, to)
		from, to = share(l.in)
		dw := m.params.Grad[l.w : l.w+l.in*l.out]
		switch {
		case i == 0:
			m.first.gradient(l, dw, m.delta(i, m.from), m.from, m.to, from, to)
		case from < to:
			m.products(i, dw, from, to)
		}
	}
}

// products adds the gradients of rows lo ≤ i < hi of the weights of a layer above the
// first, block by block of the tape.
func (m *stack) products(layer int, dw []float32, lo, hi int) {
	l, below := &m.layers[layer], &m.layers[layer-1]
	if layer == len(m.layers)-1 && l.out < strip {
		// Products with few columns have a cost of their own: one for all parts.
		if m.to == m.rows {
			vec.Gemm(hi-lo, l.out, m.rows, below.act.at(0)[lo:], 1, l.in, m.dout, l.out, dw[lo*l.out:], l.out)
		}
		return
	}
	for from := m.from; from < m.to; {
		q, n, sparse := m.needed.part(from, m.to)
		if sparse && layer == len(m.layers)-1 {
			m.outputWeights(q, from, from+n, dw, lo, hi)
		} else {
			vec.Gemm(hi-lo, l.out, n, below.act.at(from)[lo:], 1, l.in, m.delta(layer, from), l.out, dw[lo*l.out:], l.out)
		}
		from += n
	}
}

// addRows adds columns from ≤ j < to of the rows of a layer's delta, in order, to the
// gradient of its bias.
func (m *stack) addRows(layer, from, to int) {
	l, d := &m.layers[layer], m.delta(layer, m.from)
	db := m.params.Grad[l.b+from : l.b+to]
	if to-from == l.out { // keeps sums in registers
		for r := len(m.numbers); r < m.to-m.from; r++ {
			m.numbers = append(m.numbers, int32(r))
		}
		vec.AddRows(db, d, l.out, m.numbers[:m.to-m.from])
		return
	}
	for r := range m.to - m.from {
		vec.Add(db, d[r*l.out+from:r*l.out+to])
	}
}
