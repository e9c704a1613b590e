package network

import "gfnbench/gfn/internal/vec"

// read evaluates the readouts of a row of the tape.
func (m *GIN) read(row int, out []float32) {
	m.evaluations(row, func(r *readout, at int, set []int32) { out[at] = r.value(set) })
}

// evaluations calls visit for every output of a row that is not always 0, in the
// order of the tape: the readout, the output's place, and the trees it sums.
func (m *GIN) evaluations(row int, visit func(r *readout, at int, set []int32)) {
	roots := m.roots[m.rootsFrom[row]:m.rootsFrom[row+1]]
	set := append(m.buffers.set[:0], 0, 0)
	for i := range roots {
		for j := i + 1; j < len(roots); j++ {
			set[0], set[1] = roots[i].tree, roots[j].tree
			visit(&m.join, m.env.Join(int(roots[i].leaf), int(roots[j].leaf)), set)
		}
	}
	if m.heads.Flow {
		set = set[:0]
		for _, root := range roots {
			set = append(set, root.tree)
		}
		visit(&m.flow, m.heads.FlowAt(), set)
	}
	if m.heads.Backward > 0 {
		for _, root := range roots {
			if root.join {
				visit(&m.back, m.heads.BackwardAt()+int(root.leaf), append(set[:0], root.tree))
			}
		}
	}
	m.buffers.set = set
}

// Backward adds the gradient of Σ dout·out over the tape's rows.
func (m *GIN) Backward(dout []float32) {
	b := &m.buffers
	width := m.join.width
	b.transposed = resize(b.transposed, width*width)
	for _, r := range m.readouts() {
		r.begin()
	}
	for row := range m.rows {
		d := dout[row*m.Outputs() : (row+1)*m.Outputs()]
		m.evaluations(row, func(r *readout, at int, set []int32) { r.back(set, d[at]) })
	}
	h := m.trees.layers[1].act
	b.dTree = resize(b.dTree, len(h))
	clear(b.dTree)
	for _, r := range m.readouts() {
		r.end(h, b.dTree, m.trees.rows, b.transposed)
	}
	m.backwardTrees()
	m.backwardNodes()
}

// backwardTrees carries the gradient through the second layer to the embeddings
// of the first.
func (m *GIN) backwardTrees() {
	b := &m.buffers
	l := &m.trees.layers[0]
	n := m.trees.rows
	vec.LeakyReLUGrad(b.dTree, m.trees.layers[1].act, m.trees.slope)
	m.trees.backward(b.dTree)
	d := l.delta
	b.dSum = resize(b.dSum, n*l.in)
	clear(b.dSum)
	vec.Transpose(b.transposed, l.in, m.trees.weights(l), l.out, l.in, l.out)
	vec.Gemm(n, l.in, l.out, d, l.out, 1, b.transposed, l.in, b.dSum, l.in)
	b.dNode = resize(b.dNode, m.nodes.rows*l.in)
	clear(b.dNode)
	for tree := range n {
		list, k := m.members(tree)
		for _, node := range list[:k] {
			vec.Add(b.dNode[int(node)*l.in:int(node+1)*l.in], b.dSum[tree*l.in:(tree+1)*l.in])
		}
	}
}

// backwardNodes carries the gradient through the first layer to its weights.
func (m *GIN) backwardNodes() {
	vec.LeakyReLUGrad(m.buffers.dNode, m.nodeRows(), m.nodes.slope)
	m.nodes.backward(m.buffers.dNode)
}
