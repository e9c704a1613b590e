package network

import "gfnbench/gfn/internal/vec"

// read evaluates the readouts of a row of the tape.
func (m *GIN) read(row int, out []float32) {
	m.evaluations(row, func(r *readout, at int, set []int32) { out[at] = r.value(set) })
}

// readForest sums the embeddings of all nodes of n rows and returns their outputs.
func (m *GIN) readForest(first, n int) []float32 {
	top := &m.layers[len(m.layers)-1]
	width := m.whole.layers[0].in
	sums := grow(&m.sums.x, n*width)
	clear(sums)
	for r := range n {
		for _, node := range m.nodes.row(first + r) {
			vec.Add(sums[r*width:(r+1)*width], top.row(node))
		}
	}
	return m.whole.forward(n)
}

// evaluations calls visit for every output of a row that is not always 0, in the order of
// the tape, with the readout, the output's index, and the trees that it sums.
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
	top := &m.layers[len(m.layers)-1]
	top.dOut = resize(top.dOut, len(top.embeddings()))
	clear(top.dOut)
	if m.fromForest {
		m.backwardForest(dout, top)
	} else {
		m.backwardRoots(dout, top)
	}
	for k := len(m.layers) - 1; k > 0; k-- {
		m.layers[k].backwardTo(&m.layers[k-1], &m.buffers.transposed)
	}
	m.layers[0].backwardEmbeddings()
}

// backwardRoots carries the gradient through the readouts to the last layer.
func (m *GIN) backwardRoots(dout []float32, top *ginLayer) {
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
	for _, r := range m.readouts() {
		r.end(top.embeddings(), top.dOut, top.rows, b.transposed)
	}
}

// backwardForest carries the gradient through the sums of all nodes to the last layer.
func (m *GIN) backwardForest(dout []float32, top *ginLayer) {
	b := &m.buffers
	width := m.whole.layers[0].in
	m.whole.backward(dout)
	b.dSum = m.whole.inputGradient(b.dSum, &b.transposed)
	for r := range m.rows {
		for _, node := range m.nodes.row(r) {
			vec.Add(top.dOut[int(node)*width:int(node+1)*width], b.dSum[r*width:(r+1)*width])
		}
	}
}

// backwardEmbeddings carries the gradient with respect to the embeddings through the
// layer to its weights.
func (l *ginLayer) backwardEmbeddings() {
	vec.LeakyReLUGrad(l.dOut, l.embeddings(), l.slope)
	l.backward(l.dOut)
}

// backwardTo carries the gradient through the layer to the embeddings of the layer below.
func (l *ginLayer) backwardTo(below *ginLayer, transposed *[]float32) {
	l.backwardEmbeddings()
	l.dIn = l.inputGradient(l.dIn, transposed)
	width := l.layers[0].in
	below.dOut = resize(below.dOut, len(below.embeddings()))
	clear(below.dOut)
	for row := range l.rows {
		list, k := l.members(row)
		for _, node := range list[:k] {
			vec.Add(below.dOut[int(node)*width:int(node+1)*width], l.dIn[row*width:(row+1)*width])
		}
	}
}
