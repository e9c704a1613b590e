package network

import (
	"math/bits"

	"gfnbench/gfn/env"
	"gfnbench/gfn/internal/vec"
)

// ginLayer is one layer of a GIN, with a row of its tape for each distinct input.
type ginLayer struct {
	stack             // linear, act, linear
	index  *env.Index // of distinct inputs. In the first layer: leaves and number of internal nodes; in others: rows of the layer below, plus 1
	counts multiHot   // inputs of the first layer; an internal node is repeated once for each
	sums   real       // rows × width: inputs of the other layers
	from   int        // first row of the last Forward

	dOut, dIn []float32 // gradients with respect to the embeddings and to the sums
}

// ginNode is a node of a tree.
type ginNode struct {
	clade       uint64
	x, y        uint64 // clades of its children, 0 at a leaf
	up          int32  // index of its parent in the list, -1 at the root
	left, right int32  // indices of its children, -1 if not listed
	depth       int
}

func (l *ginLayer) newTape(k int) {
	l.index = env.NewIndex(2)
	l.counts.reset()
	l.first = &l.sums
	if k == 0 {
		l.first = &l.counts
	}
}

// empty empties the tape.
func (l *ginLayer) empty() {
	l.reset()
	l.index.Reset()
	l.counts.reset()
	l.sums.x = l.sums.x[:0]
}

// walk lists the nodes of a root's tree, breadth first, down to the depth that matters:
// the outputs of a root depend on nothing deeper than the number of layers.
func (m *GIN) walk(s []uint64, root uint64) {
	list := append(m.buffers.tree[:0], ginNode{clade: root, up: -1})
	for i := 0; i < len(list); i++ {
		n := &list[i]
		n.left, n.right = -1, -1
		if isLeaf(n.clade) {
			continue
		}
		n.x, n.y = m.env.Children(s, n.clade)
		if n.depth < m.deepest(0) {
			n.left, n.right = int32(len(list)), int32(len(list)+1)
			up, depth := int32(i), n.depth+1
			list = append(list, ginNode{clade: n.x, up: up, depth: depth}, ginNode{clade: n.y, up: up, depth: depth})
		}
	}
	m.buffers.tree = list
}

// deepest returns the depth below the root down to which nodes matter in layer k.
func (m *GIN) deepest(k int) int {
	if m.fromForest {
		return m.env.Leaves()
	}
	return len(m.layers) - 1 - k
}

// classify puts the inputs of the walked tree's nodes on the tapes of all layers and
// returns their rows in the last layer.
func (m *GIN) classify() []int32 {
	b := &m.buffers
	for k := range m.layers {
		l, deepest := &m.layers[k], m.deepest(k)
		b.rows, b.below = b.below[:0], b.rows
		for i := range b.tree {
			n := &b.tree[i]
			if n.depth > deepest {
				break
			}
			if k == 0 {
				b.rows = append(b.rows, l.count(n))
			} else {
				b.rows = append(b.rows, l.join(n, i, b.below))
			}
		}
	}
	return b.rows
}

// count returns the first layer's row for a node and its neighbours.
func (l *ginLayer) count(n *ginNode) int32 {
	leaves, internal := n.clade, min(n.depth, 1)
	if n.x != 0 {
		leaves, internal = 0, internal+1
		for _, child := range [2]uint64{n.x, n.y} {
			if isLeaf(child) {
				leaves |= child
			} else {
				internal++
			}
		}
	}
	i, fresh := l.index.Add([]uint64{leaves, uint64(internal)})
	if fresh {
		for ; leaves != 0; leaves &= leaves - 1 {
			l.counts.active = append(l.counts.active, int32(bits.TrailingZeros64(leaves)))
		}
		for range internal {
			l.counts.active = append(l.counts.active, int32(l.layers[0].in-1))
		}
		l.counts.end()
	}
	return int32(i)
}

// join returns the row for node i, given the rows of the layer below.
func (l *ginLayer) join(n *ginNode, i int, below []int32) int32 {
	row := func(at int32) uint64 {
		if at < 0 {
			return 0
		}
		return uint64(below[at] + 1)
	}
	key := [2]uint64{row(int32(i)) | row(n.up)<<32, row(n.left)<<32 | row(n.right)}
	k, _ := l.index.Add(key[:])
	return int32(k)
}

// members returns the rows of the layer below that a row sums, the node's own first, and
// their number.
func (l *ginLayer) members(row int) (list [4]int32, n int) {
	key := l.index.Code(row)
	for _, member := range [4]uint64{key[0] & 0xffffffff, key[1] >> 32, key[1] & 0xffffffff, key[0] >> 32} {
		if member != 0 {
			list[n] = int32(member) - 1
			n++
		}
	}
	return list, n
}

// embeddings returns the layer's outputs, one row for each row of its tape.
func (l *ginLayer) embeddings() []float32 { return l.layers[1].act.x }

// fresh returns the embeddings of the rows that the last Forward appended, and their
// number.
func (l *ginLayer) fresh() ([]float32, int) {
	return l.embeddings()[l.from*l.layers[1].out:], l.rows - l.from
}

// embed evaluates the layer on the new rows; below is nil for the first layer.
func (l *ginLayer) embed(below *ginLayer) {
	l.from = l.rows
	n := l.index.Len() - l.from
	if below != nil {
		width := l.layers[0].in
		sums := grow(&l.sums.x, n*width)
		clear(sums)
		for r := range n {
			list, k := l.members(l.from + r)
			for _, node := range list[:k] {
				vec.Add(sums[r*width:(r+1)*width], below.row(node))
			}
		}
	}
	vec.LeakyReLU(l.forward(n), l.slope)
}

// row returns one embedding.
func (l *ginLayer) row(i int32) []float32 {
	width := l.layers[1].out
	return l.embeddings()[int(i)*width : int(i+1)*width]
}
