package network

import (
	"fmt"
	"math/bits"
	"slices"

	"gfnbench/gfn/env"
	"gfnbench/gfn/internal/vec"
	"gfnbench/gfn/stream"
)

// References:
//
//	Xu, Hu, Leskovec, Jegelka: How powerful are graph neural networks? ICLR 2019
//	(GIN).
//	da Silva et al.: On divergence measures for training GFlowNets. NeurIPS 2024
//	(a two-layer GIN of width 64 on forests).

// GIN is a two-layer graph isomorphism network on the graph of a forest. A
// node's input x_v is the one-hot of its leaf, or a flag at internal nodes. Each
// layer maps h_v to act(MLP(h_v + Σ h_u over the children and the parent u)),
// where MLP is linear, act, linear. With h the embeddings of the roots,
//
//	logit of joining i and j      = readout(h_i + h_j)
//	log flow                      = readout'(Σ h_r over the roots r)
//	backward logit of dissolving r = readout''(h_r)
//
// where a readout is linear, ReLU, linear. Outputs of illegal actions are 0.
//
// Only what the roots' embeddings depend on is evaluated, which is exact: after
// two layers they depend on the roots, their children and grandchildren. The
// first layer sees a node and its neighbours only as a count of leaves and
// internal nodes, so equal counts are evaluated once for the whole tape, and so
// are equal triples of a root and its children.
type GIN struct {
	env    env.Forest
	heads  Heads
	params *Params
	nodes  stack // first layer, a row for each distinct neighbourhood
	trees  stack // second layer, a row for each distinct root with its children

	join, flow, back readout

	// The tape.
	rows      int
	roots     []ginRoot
	rootsFrom []int32    // roots[rootsFrom[r]:rootsFrom[r+1]] are row r's
	nodeIndex *env.Index // of neighbourhoods: leaves, number of internal nodes
	inputs    multiHot   // of the neighbourhoods; internal nodes are counted by repetition
	treeIndex *env.Index // of triples of neighbourhoods, numbers + 1
	sums      real       // trees × width: the second layer's inputs

	buffers ginBuffers
}

// ginRoot is a root of a state on the tape.
type ginRoot struct {
	tree int32 // its row in the second layer
	leaf uint8 // its smallest leaf
	join bool  // not a single leaf
}

type ginBuffers struct {
	clades     []uint64
	set        []int32
	out        []float32
	dTree      []float32 // gradient by the trees' embeddings
	dNode      []float32 // and by the neighbourhoods'
	dSum       []float32 // and by the second layer's inputs
	transposed []float32
}

// GINWidth returns the width of a GIN, the one that its two layers have. It is an
// error to ask for other numbers of layers, or for two widths.
func GINWidth(hidden []int) (int, error) {
	if len(hidden) != 2 || hidden[0] < 1 || hidden[0] != hidden[1] {
		return 0, fmt.Errorf("a gin has two layers of one width, such as [64, 64], not %v", hidden)
	}
	return hidden[0], nil
}

// NewGIN returns a GIN on e's forests with weights drawn from s. Its width is
// the one of the hidden layers; ZeroOutput starts the readouts' last layers at
// zero, so the policy is uniform. Outputs is not used.
func NewGIN(e env.Forest, heads Heads, c MLPConfig, s *stream.Stream) (*GIN, error) {
	width, err := GINWidth(c.Hidden)
	if err != nil {
		return nil, err
	}
	m := &GIN{env: e, heads: heads}
	n := 0
	m.nodes = ginLayer(e.Leaves()+1, width, c.Slope, &n)
	m.trees = ginLayer(width, width, c.Slope, &n)
	for _, r := range m.readouts() {
		*r = newReadout(width, &n)
	}
	m.params = NewParams(n)
	m.nodes.params, m.trees.params = m.params, m.params
	for _, layer := range []*stack{&m.nodes, &m.trees} {
		for i := range layer.layers {
			l := &layer.layers[i]
			initLinear(layer.weights(l), layer.bias(l), l.in, s)
		}
	}
	for _, r := range m.readouts() {
		r.init(m.params, c.ZeroOutput, s)
	}
	m.newTape()
	return m, nil
}

// ginLayer lays out one layer's MLP from parameter n on.
func ginLayer(inputs, width int, slope float32, n *int) stack {
	m := stack{slope: slope}
	for _, in := range []int{inputs, width} {
		m.layers = append(m.layers, dense{in: in, out: width, w: *n, b: *n + in*width})
		*n += (in + 1) * width
	}
	return m
}

// readouts returns the readouts that the heads ask for.
func (m *GIN) readouts() []*readout {
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
	m.nodeIndex, m.treeIndex = env.NewIndex(2), env.NewIndex(2)
	m.rootsFrom = []int32{0}
	m.inputs.reset()
	m.nodes.first, m.trees.first = &m.inputs, &m.sums
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
	m.nodes.reset()
	m.trees.reset()
	m.nodeIndex.Reset()
	m.treeIndex.Reset()
	m.roots, m.rootsFrom = m.roots[:0], m.rootsFrom[:1]
	m.inputs.reset()
	m.sums.x = m.sums.x[:0]
	m.join.reset()
	m.flow.reset()
	m.back.reset()
	m.buffers.out = m.buffers.out[:0]
}

// Fork returns a GIN with the same parameters and its own tape.
func (m *GIN) Fork() Model {
	f := &GIN{env: m.env, heads: m.heads, params: m.params, nodes: m.nodes.fork(), trees: m.trees.fork()}
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
	m.embedNodes()
	h, trees := m.embedTrees()
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

// enter puts a state's roots on the tape.
func (m *GIN) enter(s []uint64) {
	m.buffers.clades = m.env.AppendRoots(m.buffers.clades[:0], s)
	for _, clade := range m.buffers.clades {
		m.roots = append(m.roots, ginRoot{
			tree: m.tree(s, clade),
			leaf: uint8(bits.TrailingZeros64(clade)),
			join: !isLeaf(clade),
		})
	}
	m.rootsFrom = append(m.rootsFrom, int32(len(m.roots)))
}

func isLeaf(clade uint64) bool { return clade&(clade-1) == 0 }

// tree returns the second layer's row for a root: the sum of its own first-layer
// embedding and its children's.
func (m *GIN) tree(s []uint64, clade uint64) int32 {
	key := [2]uint64{uint64(m.node(s, clade, 0)) + 1}
	if !isLeaf(clade) {
		x, y := m.env.Children(s, clade)
		key[1] = uint64(m.node(s, x, 1)+1)<<32 | uint64(m.node(s, y, 1)+1)
	}
	i, _ := m.treeIndex.Add(key[:])
	return int32(i)
}

// node returns the first layer's row for a node with that many parents.
func (m *GIN) node(s []uint64, clade uint64, parents int) int32 {
	leaves, internal := clade, parents
	if !isLeaf(clade) {
		leaves, internal = 0, parents+1
		x, y := m.env.Children(s, clade)
		for _, child := range [2]uint64{x, y} {
			if isLeaf(child) {
				leaves |= child
			} else {
				internal++
			}
		}
	}
	i, fresh := m.nodeIndex.Add([]uint64{leaves, uint64(internal)})
	if fresh {
		for ; leaves != 0; leaves &= leaves - 1 {
			m.inputs.active = append(m.inputs.active, int32(bits.TrailingZeros64(leaves)))
		}
		for range internal {
			m.inputs.active = append(m.inputs.active, int32(m.env.Leaves()))
		}
		m.inputs.end()
	}
	return int32(i)
}

// embedNodes runs the first layer on the new neighbourhoods.
func (m *GIN) embedNodes() {
	n := m.nodeIndex.Len() - m.nodes.rows
	vec.LeakyReLU(m.nodes.forward(n), m.nodes.slope)
}

// embedTrees runs the second layer on the new roots and returns their
// embeddings.
func (m *GIN) embedTrees() (h []float32, n int) {
	first := m.trees.rows
	n = m.treeIndex.Len() - first
	l := &m.trees.layers[0]
	sums := grow(&m.sums.x, n*l.in)
	clear(sums)
	for r := range n {
		row := sums[r*l.in : (r+1)*l.in]
		list, k := m.members(first + r)
		for _, node := range list[:k] {
			vec.Add(row, m.nodeRows()[int(node)*l.in:int(node+1)*l.in])
		}
	}
	h = m.trees.forward(n)
	vec.LeakyReLU(h, m.trees.slope)
	return h, n
}

// nodeRows returns the first layer's embeddings.
func (m *GIN) nodeRows() []float32 { return m.nodes.layers[1].act }

// members returns the first layer's rows that a tree sums, the root's first, and
// how many they are: 1 or 3.
func (m *GIN) members(tree int) (list [3]int32, n int) {
	key := m.treeIndex.Code(tree)
	list[0] = int32(key[0]) - 1
	if key[1] == 0 {
		return list, 1
	}
	list[1], list[2] = int32(key[1]>>32)-1, int32(key[1]&0xffffffff)-1
	return list, 3
}

// grow extends a tape by n elements and returns them, with whatever they held.
func grow(tape *[]float32, n int) []float32 {
	start := len(*tape)
	*tape = slices.Grow(*tape, n)[:start+n]
	return (*tape)[start:]
}
