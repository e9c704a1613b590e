package network

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// ginEnv makes a phylogenetic environment.
func ginEnv(t testing.TB, species int) env.Forest {
	t.Helper()
	e, err := kinds.Lookup("phylo").Make(param.Values{"species": param.Of(species), "sites": param.Of(2), "instance_seed": param.Of(1)})
	if err != nil {
		t.Fatal(err)
	}
	return e.(env.Forest)
}

// ginShape is the shape of a GIN besides its width.
type ginShape struct {
	layers int
	from   string
}

// paperGIN has the paper's two layers; ginShapes has other shapes too.
var (
	paperGIN  = ginShape{2, FromRoots}
	ginShapes = []ginShape{paperGIN, {1, FromRoots}, {3, FromRoots}, {5, FromRoots}, {1, FromForest}, {2, FromForest}, {3, FromForest}, {2, FromForestOnce}}
)

// newTestGIN makes a GIN whose parameters are all nonzero.
func newTestGIN(t testing.TB, e env.Forest, shape ginShape, width int, heads Heads, slope float32) *GIN {
	t.Helper()
	m, err := NewGIN(e, shape.from, heads, MLPConfig{Hidden: slices.Repeat([]int{width}, shape.layers), Slope: slope}, stream.NewKey("test").Stream("init", 0))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// forests lists all states, terminal ones too.
func forests(e env.Forest) *env.Index {
	index := env.NewIndex(e.Words())
	s := make([]uint64, e.Words())
	mask := make([]uint64, env.MaskWords(e.Actions()))
	e.Reset(s)
	index.Add(s)
	for i := 0; i < index.Len(); i++ {
		e.Mask(index.Code(i), mask)
		for w, word := range mask {
			for ; word != 0; word &= word - 1 {
				copy(s, index.Code(i))
				e.Step(s, w*64+bits.TrailingZeros64(word))
				index.Add(s)
			}
		}
	}
	return index
}

// referenceGIN is the network by its definition: message passing over every node of the
// whole forest, in float64, with nothing shared or left out.
type referenceGIN struct {
	m *GIN // for its shape
	p []float64
}

func (r *referenceGIN) linear(x []float64, out, w, b int) []float64 {
	y := slices.Clone(r.p[b : b+out])
	for i, v := range x {
		for j := range y {
			y[j] += v * r.p[w+i*out+j]
		}
	}
	return y
}

func leaky(x []float64, slope float64) []float64 {
	for i, v := range x {
		if v <= 0 {
			x[i] = slope * v
		}
	}
	return x
}

func (r *referenceGIN) layer(s *stack, x []float64) []float64 {
	for i := range s.layers {
		l := &s.layers[i]
		x = leaky(r.linear(x, l.out, l.w, l.b), float64(s.slope))
	}
	return x
}

func (r *referenceGIN) readout(o *readout, x []float64) float64 {
	hidden := leaky(r.linear(x, o.width, o.w, o.b), 0)
	return r.linear(hidden, 1, o.v, o.c)[0]
}

// sum adds vectors.
func sum(vectors ...[]float64) []float64 {
	total := slices.Clone(vectors[0])
	for _, v := range vectors[1:] {
		for i := range v {
			total[i] += v[i]
		}
	}
	return total
}

// outputs returns one state's row.
func (r *referenceGIN) outputs(s []uint64) []float64 {
	e := r.m.env
	n := e.Leaves()
	// The graph: leaves 0 to n-1, then the clades of the code.
	clades := make([]uint64, n)
	for i := range clades {
		clades[i] = 1 << i
	}
	for _, c := range s {
		if c != 0 {
			clades = append(clades, c)
		}
	}
	node := func(clade uint64) int { return slices.Index(clades, clade) }
	neighbours := make([][]int, len(clades))
	x := make([][]float64, len(clades))
	for i, c := range clades {
		x[i] = make([]float64, n+1)
		if i < n {
			x[i][i] = 1
			continue
		}
		x[i][n] = 1
		a, b := e.Children(s, c)
		for _, child := range []int{node(a), node(b)} {
			neighbours[i] = append(neighbours[i], child)
			neighbours[child] = append(neighbours[child], i)
		}
	}
	for k := range r.m.layers {
		next := make([][]float64, len(clades))
		for i := range clades {
			total := x[i]
			for _, u := range neighbours[i] {
				total = sum(total, x[u])
			}
			next[i] = r.layer(&r.m.layers[k].stack, total)
		}
		x = next
	}
	if r.m.fromForest {
		w := r.m.whole.layers
		y := r.linear(sum(x...), w[0].out, w[0].w, w[0].b)
		if len(w) == 1 {
			return y
		}
		return r.linear(leaky(y, float64(r.m.whole.slope)), w[1].out, w[1].w, w[1].b)
	}
	out := make([]float64, r.m.Outputs())
	roots := e.AppendRoots(nil, s)
	all := make([]float64, r.m.join.width)
	for i, c := range roots {
		h := x[node(c)]
		all = sum(all, h)
		for _, d := range roots[i+1:] {
			a := e.Join(bits.TrailingZeros64(c), bits.TrailingZeros64(d))
			out[a] = r.readout(&r.m.join, sum(h, x[node(d)]))
		}
		if r.m.heads.Backward > 0 && c&(c-1) != 0 {
			out[r.m.heads.BackwardAt()+bits.TrailingZeros64(c)] = r.readout(&r.m.back, h)
		}
	}
	if r.m.heads.Flow {
		out[r.m.heads.FlowAt()] = r.readout(&r.m.flow, all)
	}
	return out
}

func newReference(m *GIN) *referenceGIN {
	r := &referenceGIN{m: m}
	for _, v := range m.Params().Data {
		r.p = append(r.p, float64(v))
	}
	return r
}

func allHeads(e env.Forest) Heads {
	return Heads{Actions: e.Actions(), Flow: true, Backward: e.BackwardActions()}
}

// The outputs are those of message passing over the whole forest, for every forest of 5
// leaves, with every choice of heads and every shape.
func TestGINForward(t *testing.T) {
	e := ginEnv(t, 5)
	states := forests(e)
	check := func(shape ginShape, heads Heads, slope float32) {
		m := newTestGIN(t, e, shape, 16, heads, slope)
		ref := newReference(m)
		out := m.Forward(states.Codes(), states.Len())
		worst := 0.0
		for i := range states.Len() {
			for k, want := range ref.outputs(states.Code(i)) {
				worst = max(worst, math.Abs(float64(out[i*heads.Width()+k])-want))
			}
		}
		if worst > 1e-5 {
			t.Errorf("%+v, %+v, slope %v: outputs differ by %v", shape, heads, slope, worst)
		}
	}
	for _, heads := range []Heads{{Actions: e.Actions()}, {Actions: e.Actions(), Flow: true}, {Actions: e.Actions(), Backward: e.BackwardActions()}, allHeads(e)} {
		for _, slope := range []float32{0, leakySlope} {
			check(paperGIN, heads, slope)
		}
	}
	for _, shape := range ginShapes[1:] {
		check(shape, allHeads(e), leakySlope)
	}
}

// The same holds for deeper forests, where some nodes far below the roots must not
// matter, or must.
func TestGINForwardDeep(t *testing.T) {
	for _, shape := range ginShapes {
		testGINDeep(t, shape)
	}
}

func testGINDeep(t *testing.T, shape ginShape) {
	e := ginEnv(t, 12)
	m := newTestGIN(t, e, shape, 8, allHeads(e), leakySlope)
	ref := newReference(m)
	rng := stream.NewKey("test").Stream("walk", 0)
	s, mask := make([]uint64, e.Words()), make([]uint64, env.MaskWords(e.Actions()))
	for range 20 {
		e.Reset(s)
		for !e.Terminal(s) {
			e.Mask(s, mask)
			a := rng.IntN(e.Actions())
			if mask[a>>6]>>(a&63)&1 == 0 {
				continue
			}
			e.Step(s, a)
			out := m.Forward(s, 1)
			for k, want := range ref.outputs(s) {
				if math.Abs(float64(out[k])-want) > 1e-5 {
					t.Fatalf("%+v, %s: output %d is %v, want %v", shape, e.Format(s), k, out[k], want)
				}
			}
		}
	}
}

// The gradient of Σ dout·out equals that of the reference by central differences, for
// every parameter, over a tape of several Forward calls.
func TestGINBackward(t *testing.T) {
	e := ginEnv(t, 4)
	states := forests(e)
	for _, tt := range []struct {
		shape ginShape
		heads Heads
		slope float32
	}{
		{paperGIN, Heads{Actions: e.Actions()}, 0}, {paperGIN, allHeads(e), leakySlope}, {paperGIN, allHeads(e), 0},
		{ginShape{1, FromRoots}, allHeads(e), 0}, {ginShape{3, FromRoots}, allHeads(e), leakySlope}, {ginShape{4, FromRoots}, allHeads(e), leakySlope},
		{ginShape{1, FromForest}, Heads{Actions: e.Actions()}, 0}, {ginShape{2, FromForest}, allHeads(e), leakySlope}, {ginShape{3, FromForest}, allHeads(e), leakySlope},
		{ginShape{2, FromForestOnce}, allHeads(e), leakySlope},
	} {
		m := newTestGIN(t, e, tt.shape, 6, tt.heads, tt.slope)
		rng := stream.NewKey("test").Stream("dout", 0)
		w := e.Words()
		var order []int // with repeats
		for range 60 {
			order = append(order, rng.IntN(states.Len()))
		}
		// Run Forward in three parts, then Backward once.
		for _, part := range [][]int{order[:1], order[1:25], order[25:]} {
			var codes []uint64
			for _, i := range part {
				codes = append(codes, states.Codes()[i*w:(i+1)*w]...)
			}
			m.Forward(codes, len(part))
		}
		if m.Rows() != len(order) {
			t.Fatalf("%d rows on the tape, want %d", m.Rows(), len(order))
		}
		dout := make([]float32, len(order)*m.Outputs())
		for i := range dout {
			dout[i] = float32(rng.Normal())
		}
		kept := slices.Clone(dout)
		m.Params().ZeroGrad()
		m.Backward(dout)
		if !slices.Equal(dout, kept) {
			t.Error("Backward changed dout")
		}
		// Compare with central differences of the reference.
		ref := newReference(m)
		loss := func() (total float64) {
			for r, i := range order {
				for k, v := range ref.outputs(states.Code(i)) {
					total += v * float64(dout[r*m.Outputs()+k])
				}
			}
			return total
		}
		const h = 1e-6
		scale := 0.0
		for _, g := range m.Params().Grad {
			scale = max(scale, math.Abs(float64(g)))
		}
		for i, g := range m.Params().Grad {
			old := ref.p[i]
			ref.p[i] = old + h
			up := loss()
			ref.p[i] = old - h
			down := loss()
			ref.p[i] = old
			if want := (up - down) / (2 * h); math.Abs(float64(g)-want) > 1e-5*scale {
				t.Errorf("%+v, %+v: gradient of parameter %d is %v, want %v", tt.shape, tt.heads, i, g, want)
			}
		}
	}
}

// Backward adds to the gradient and keeps the tape.
func TestGINBackwardAccumulates(t *testing.T) {
	e := ginEnv(t, 4)
	states := forests(e)
	for _, shape := range ginShapes {
		m := newTestGIN(t, e, shape, 6, allHeads(e), leakySlope)
		m.Forward(states.Codes(), states.Len())
		dout := make([]float32, m.Rows()*m.Outputs())
		for i := range dout {
			dout[i] = float32(i%7) - 3
		}
		m.Backward(dout)
		once := slices.Clone(m.Params().Grad)
		m.Params().ZeroGrad()
		m.Backward(dout)
		if !slices.Equal(once, m.Params().Grad) {
			t.Errorf("%+v: the second pass differs", shape)
		}
	}
}

// The outputs of a state have the same bits whatever else is on the tape, and in a fork.
func TestGINSharing(t *testing.T) {
	for _, shape := range ginShapes {
		testGINSharing(t, shape)
	}
}

func testGINSharing(t *testing.T, shape ginShape) {
	e := ginEnv(t, 5)
	states := forests(e)
	m := newTestGIN(t, e, shape, 16, allHeads(e), leakySlope)
	f := m.Fork()
	all := slices.Clone(m.Forward(states.Codes(), states.Len()))
	width := m.Outputs()
	for i := states.Len() - 1; i >= 0; i-- {
		f.Reset()
		if i%3 == 0 {
			f.Forward(states.Code((i+17)%states.Len()), 1)
		}
		if got := f.Forward(states.Code(i), 1); !slices.Equal(got, all[i*width:(i+1)*width]) {
			t.Fatalf("%+v, %s: %v alone, %v among others", shape, e.Format(states.Code(i)), got, all[i*width:(i+1)*width])
		}
	}
	if &f.Params().Data[0] != &m.Params().Data[0] {
		t.Error("a fork has its own parameters")
	}
}

// Neighbourhoods and trees are evaluated once. On 7 leaves there are 72 neighbourhoods: a
// leaf alone or below a parent (7 + 7), a root above two leaves, one or none (21 + 7 +
// 1), a root's child above two leaves, one or none (21 + 7 + 1).
func TestGINDistinct(t *testing.T) {
	e := ginEnv(t, 7)
	states := forests(e)
	m := newTestGIN(t, e, paperGIN, 4, Heads{Actions: e.Actions()}, 0)
	m.Forward(states.Codes(), states.Len())
	if m.layers[0].rows != 72 {
		t.Errorf("%d neighbourhoods, want 72", m.layers[0].rows)
	}
	// Nodes below grandchildren do not matter: the non-terminal forests have 9,478
	// different trees.
	if m.layers[1].rows > 947 {
		t.Errorf("%d trees", m.layers[1].rows)
	}
}

// With the output layer at zero every output is 0: a uniform policy.
func TestGINZeroOutput(t *testing.T) {
	e := ginEnv(t, 4)
	states := forests(e)
	for _, from := range []string{FromRoots, FromForest, FromForestOnce} {
		m, err := NewGIN(e, from, allHeads(e), MLPConfig{Hidden: []int{8, 8}, ZeroOutput: true}, stream.NewKey("test").Stream("init", 0))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range m.Forward(states.Codes(), states.Len()) {
			if v != 0 {
				t.Fatalf("from %s: output %v", from, v)
			}
		}
	}
}

func TestGINErrors(t *testing.T) {
	e := ginEnv(t, 4)
	for _, hidden := range [][]int{nil, {64, 32}, {0}} {
		if _, err := NewGIN(e, FromRoots, allHeads(e), MLPConfig{Hidden: hidden}, stream.NewKey("x").Stream("y", 0)); err == nil {
			t.Errorf("hidden = %v is accepted", hidden)
		}
	}
}

// trajectoryBatch returns every state along n trajectories of an environment, layer by
// layer, in the order in which a policy asks for them.
func trajectoryBatch(e env.Forest, n int) [][]uint64 {
	w := e.Words()
	rng := stream.NewKey("test").Stream("batch", 0)
	states := make([]uint64, n*w)
	mask := make([]uint64, env.MaskWords(e.Actions()))
	var layers [][]uint64
	for range e.MaxSteps() {
		layers = append(layers, slices.Clone(states))
		for i := range n {
			s := states[i*w : (i+1)*w]
			e.Mask(s, mask)
			for {
				if a := rng.IntN(e.Actions()); mask[a>>6]>>(a&63)&1 != 0 {
					e.Step(s, a)
					break
				}
			}
		}
	}
	return layers
}

// One training step at the paper's size allocates nothing once buffers have grown.
func TestGINAllocations(t *testing.T) {
	e := ginEnv(t, 7)
	layers := trajectoryBatch(e, 64)
	for _, shape := range []ginShape{paperGIN, {3, FromRoots}, {2, FromForest}} {
		m := newTestGIN(t, e, shape, 64, allHeads(e), leakySlope)
		dout := make([]float32, 6*64*m.Outputs())
		step := func() {
			m.Reset()
			for _, states := range layers {
				m.Forward(states, 64)
			}
			m.Backward(dout)
		}
		step()
		if n := testing.AllocsPerRun(5, step); n > 0 {
			t.Errorf("%+v: %v allocations per step", shape, n)
		}
	}
}

// BenchmarkGIN is the network's part of a training step of the paper's phylo
// task: 7 species, batch 64, width 64.
func BenchmarkGIN(b *testing.B) {
	e := ginEnv(b, 7)
	m := newTestGIN(b, e, paperGIN, 64, Heads{Actions: e.Actions()}, leakySlope)
	layers := trajectoryBatch(e, 64)
	dout := make([]float32, 6*64*m.Outputs())
	for i := range dout {
		dout[i] = 1
	}
	for _, backward := range []bool{false, true} {
		b.Run(fmt.Sprintf("backward=%v", backward), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.Reset()
				for _, states := range layers {
					m.Forward(states, 64)
				}
				if backward {
					m.Backward(dout)
				}
			}
			b.ReportMetric(float64(m.layers[1].rows), "trees")
			b.ReportMetric(float64(m.layers[0].rows), "neighbourhoods")
		})
	}
}
