package network

import (
	"fmt"
	"math/bits"
	"slices"

	"gfnbench/gfn/env"
	"gfnbench/gfn/stream"
)

// References:
//
//	Xu, Hu, Leskovec, Jegelka: How powerful are graph neural networks? ICLR 2019
//	(GIN, and its readout of a graph: the sum over all nodes).
//	da Silva et al.: On divergence measures for training GFlowNets. NeurIPS 2024
//	(a two-layer GIN of width 64 on forests, then a linear layer).

// GIN is a graph isomorphism network on the graph of a forest. A node's input x_v is the
// one-hot of its leaf, or a flag at internal nodes. Each layer maps h_v to act(MLP(h_v +
// Σ h_u over the children and the parent u)), where MLP is linear, act, linear. With h
// the embeddings of the last layer, the outputs are read from the roots:
//
//	logit of joining i and j      = readout(h_i + h_j)
//	log flow                      = readout'(Σ h_r over the roots r)
//	backward logit of dissolving r = readout''(h_r)
//
// where a readout is linear, ReLU, linear, and outputs of illegal actions are 0. Or all
// outputs are read from the whole forest, by linear, act, linear or by a linear layer
// alone on Σ h_v over its nodes.
//
// Only what the outputs depend on is evaluated, which is exact: an embedding after k
// layers depends only on what is within k edges. Equal inputs of a layer are evaluated
// once for the whole tape. The first layer sees a node and its neighbours only as a count
// of leaves and internal nodes; a later layer sees them as rows of the layer below.
type GIN struct {
	env    env.Forest
	heads  Heads
	params *Params
	layers []ginLayer

	// Readouts of the roots, or of the whole forest.
	join, flow, back readout
	whole            stack
	fromForest       bool

	// The tape.
	rows      int
	roots     []ginRoot
	rootsFrom []int32  // roots[rootsFrom[r]:rootsFrom[r+1]] are row r's
	nodes     multiHot // for each row, the last layer's rows of all its nodes; if read from the forest
	sums      real     // rows × width: their sums

	buffers ginBuffers
}

// ginRoot is a root of a state on the tape.
type ginRoot struct {
	tree int32 // its row in the last layer
	leaf uint8 // its smallest leaf
	join bool  // not a single leaf
}

type ginBuffers struct {
	clades      []uint64
	tree        []ginNode
	rows, below []int32 // of the tree's nodes, in a layer and in the layer below
	set         []int32
	out         []float32
	dSum        []float32 // gradient with respect to the forests' sums
	transposed  []float32
}

// Readouts of a GIN, as a suite names them.
const (
	FromRoots      = "roots"
	FromForest     = "forest"
	FromForestOnce = "forest-linear"
)

// GINWidth returns the width that all layers of a GIN have. It returns an error if there
// is no layer or if widths differ.
func GINWidth(hidden []int) (int, error) {
	if len(hidden) == 0 || hidden[0] < 1 || len(slices.Compact(slices.Clone(hidden))) > 1 {
		return 0, fmt.Errorf("the layers of a gin have one width, such as [64, 64], not %v", hidden)
	}
	return hidden[0], nil
}

// NewGIN returns a GIN on e's forests with weights drawn from s. It has a layer for each
// element of c.Hidden; from is a readout such as FromRoots. If c.ZeroOutput is set, the
// last layers of the readouts start at zero, so the policy is uniform. c.Outputs is not
// used.
func NewGIN(e env.Forest, from string, heads Heads, c MLPConfig, s *stream.Stream) (*GIN, error) {
	width, err := GINWidth(c.Hidden)
	if err != nil {
		return nil, err
	}
	m := &GIN{env: e, heads: heads, layers: make([]ginLayer, len(c.Hidden)), fromForest: from == FromForest || from == FromForestOnce}
	n, inputs := 0, e.Leaves()+1
	for k := range m.layers {
		m.layers[k].stack = layOut(c.Slope, &n, inputs, width, width)
		inputs = width
	}
	switch from {
	case FromForest:
		m.whole = layOut(c.Slope, &n, width, width, heads.Width())
	case FromForestOnce:
		m.whole = layOut(c.Slope, &n, width, heads.Width())
	}
	for _, r := range m.readouts() {
		*r = newReadout(width, &n)
	}
	m.params = NewParams(n)
	for k := range m.layers {
		m.layers[k].draw(m.params, false, s)
	}
	m.whole.draw(m.params, c.ZeroOutput, s)
	for _, r := range m.readouts() {
		r.init(m.params, c.ZeroOutput, s)
	}
	m.newTape()
	return m, nil
}

// layOut lays out a multilayer perceptron of these widths, with parameters from n on.
func layOut(slope float32, n *int, widths ...int) stack {
	m := stack{slope: slope}
	for i, in := range widths[:len(widths)-1] {
		out := widths[i+1]
		m.layers = append(m.layers, dense{in: in, out: out, w: *n, b: *n + in*out})
		*n += (in + 1) * out
	}
	return m
}

// draw draws the parameters of a stack from layOut; the last layer stays zero if zero is
// set.
func (m *stack) draw(p *Params, zero bool, s *stream.Stream) {
	m.params = p
	for i := range m.layers {
		if l := &m.layers[i]; !zero || i < len(m.layers)-1 {
			initLinear(m.weights(l), m.bias(l), l.in, s)
		}
	}
}

// readouts returns the readouts of the roots that the heads need.
func (m *GIN) readouts() []*readout {
	if m.fromForest {
		return nil
	}
	list := [3]*readout{&m.join}
	used := list[:1]
	if m.heads.Flow {
		used = append(used, &m.flow)
	}
	if m.heads.Backward > 0 {
		used = append(used, &m.back)
	}
	return used
}

func (m *GIN) newTape() {
	m.rootsFrom = []int32{0}
	m.nodes.reset()
	m.whole.first = &m.sums
	for k := range m.layers {
		m.layers[k].newTape(k)
	}
}

// Params returns the parameters.
func (m *GIN) Params() *Params { return m.params }

// Outputs returns the width of an output row.
func (m *GIN) Outputs() int { return m.heads.Width() }

// Rows returns the number of rows on the tape.
func (m *GIN) Rows() int { return m.rows }

// Reset empties the tape.
func (m *GIN) Reset() {
	m.rows = 0
	for k := range m.layers {
		m.layers[k].empty()
	}
	m.roots, m.rootsFrom = m.roots[:0], m.rootsFrom[:1]
	m.nodes.reset()
	m.sums.x = m.sums.x[:0]
	m.whole.reset()
	m.join.reset()
	m.flow.reset()
	m.back.reset()
	m.buffers.out = m.buffers.out[:0]
}

// Fork returns a GIN with the same parameters and its own tape.
func (m *GIN) Fork() Model {
	f := &GIN{env: m.env, heads: m.heads, params: m.params, layers: make([]ginLayer, len(m.layers)), fromForest: m.fromForest}
	for k := range m.layers {
		f.layers[k].stack = m.layers[k].fork()
	}
	f.whole = m.whole.fork()
	f.join, f.flow, f.back = m.join.fork(), m.flow.fork(), m.back.fork()
	f.newTape()
	return f
}

// Forward appends n states and returns their output rows.
func (m *GIN) Forward(states []uint64, n int) []float32 {
	words := m.env.Words()
	first := m.rows
	for r := range n {
		m.enter(states[r*words : (r+1)*words])
	}
	m.rows += n
	m.layers[0].embed(nil)
	for k := range m.layers[1:] {
		m.layers[k+1].embed(&m.layers[k])
	}
	if m.fromForest {
		return m.readForest(first, n)
	}
	h, trees := m.layers[len(m.layers)-1].fresh()
	for _, r := range m.readouts() {
		r.project(h, trees)
	}
	out := grow(&m.buffers.out, n*m.Outputs())
	clear(out)
	for r := range n {
		m.read(first+r, out[r*m.Outputs():(r+1)*m.Outputs()])
	}
	return out
}

// enter puts a state's trees on the tape.
func (m *GIN) enter(s []uint64) {
	m.buffers.clades = m.env.AppendRoots(m.buffers.clades[:0], s)
	for _, clade := range m.buffers.clades {
		m.walk(s, clade)
		rows := m.classify()
		if m.fromForest {
			m.nodes.active = append(m.nodes.active, rows...)
			continue
		}
		m.roots = append(m.roots, ginRoot{tree: rows[0], leaf: uint8(bits.TrailingZeros64(clade)), join: !isLeaf(clade)})
	}
	if m.fromForest {
		m.nodes.end()
		return
	}
	m.rootsFrom = append(m.rootsFrom, int32(len(m.roots)))
}

func isLeaf(clade uint64) bool { return clade&(clade-1) == 0 }

// grow extends a tape by n elements and returns them, with whatever they held.
func grow(tape *[]float32, n int) []float32 {
	start := len(*tape)
	*tape = slices.Grow(*tape, n)[:start+n]
	return (*tape)[start:]
}
