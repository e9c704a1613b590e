package vec

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// paths lists the paths that this CPU and build have, starting with the portable one.
func paths() []path { return available() }

// onPath runs f on a path.
func onPath(p path, f func()) {
	defer func(before path) { active = before }(active)
	active = p
	f()
}

// specials are numbers at the edges of the float32 format.
var specials = []float32{
	0, float32(math.Copysign(0, -1)), 1, -1, math.MaxFloat32, -math.MaxFloat32,
	math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 0x1p-126, -0x1p-126, 0x1.fffffcp-127,
	float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), 0x1p-75, 0x1p64, 1 + 0x1p-23, 1 + 0x1p-12,
}

// random returns numbers of moderate size; with edge, some are special values or
// arbitrary bits.
func random(rng *rand.Rand, n int, edge bool) []float32 {
	xs := fresh[float32](n)
	for i := range xs {
		xs[i] = float32(rng.NormFloat64())
		if edge {
			switch rng.IntN(12) {
			case 0:
				xs[i] = specials[rng.IntN(len(specials))]
			case 1:
				xs[i] = math.Float32frombits(rng.Uint32())
			case 2:
				xs[i] = float32(rng.NormFloat64()) * 0x1p-70
			}
		}
	}
	return xs
}

func random64(rng *rand.Rand, n int, edge bool) []float64 {
	xs := fresh[float64](n)
	for i := range xs {
		xs[i] = 20 * rng.NormFloat64()
		if edge {
			switch rng.IntN(6) {
			case 0:
				xs[i] = float64(specials[rng.IntN(len(specials))])
			case 1:
				xs[i] = math.Float64frombits(rng.Uint64())
			case 2:
				xs[i] = math.Float64frombits(rng.Uint64N(1 << 53))
			case 3:
				xs[i] = 750 * (2*rng.Float64() - 1)
			}
		}
	}
	return xs
}

// differs returns the first index where bits differ, other than between two NaN, or -1.
func differs[T float32 | float64](a, b []T) int {
	for i := range a {
		x, y := a[i], b[i]
		if x != x && y != y {
			continue
		}
		if x != y || math.Signbit(float64(x)) != math.Signbit(float64(y)) {
			return i
		}
	}
	return -1
}

// kernel is a call on fresh copies of random arguments that returns what the kernel
// wrote.
type kernel struct {
	name string
	// make draws arguments from rng and returns a function that applies the
	// kernel to copies of them.
	make func(rng *rand.Rand, n int, edge bool) func() ([]float32, []float64)
}

// two returns a kernel that changes the first of two arrays.
func two(name string, f func(dst, src []float32, alpha float32)) kernel {
	return kernel{name, func(rng *rand.Rand, n int, edge bool) func() ([]float32, []float64) {
		dst, src, alpha := random(rng, n, edge), random(rng, n, edge), random(rng, 1, edge)[0]
		if n%3 == 0 {
			alpha = 0
		}
		return func() ([]float32, []float64) {
			d := clone(dst)
			f(d, src, alpha)
			return d, nil
		}
	}}
}

// doubles returns a kernel from float64 to float64.
func doubles(name string, f func(dst, src []float64)) kernel {
	return kernel{name, func(rng *rand.Rand, n int, edge bool) func() ([]float32, []float64) {
		src := random64(rng, n, edge)
		return func() ([]float32, []float64) {
			d := fresh[float64](n)
			f(d, src)
			same := clone(src)
			f(same, same)
			return nil, slices.Concat(d, same)
		}
	}}
}

var kernels = []kernel{
	two("Add", func(d, s []float32, _ float32) { Add(d, s) }),
	two("Axpy", func(d, s []float32, a float32) { Axpy(d, a, s) }),
	two("Scale", func(d, _ []float32, a float32) { Scale(d, a) }),
	two("LeakyReLU", func(d, _ []float32, a float32) { LeakyReLU(d, a) }),
	two("LeakyReLUGrad", func(d, s []float32, a float32) { LeakyReLUGrad(d, s, a) }),
	two("Dot", func(d, s []float32, _ float32) { split(d, Dot(d, s)) }),
	two("SumSquares", func(d, _ []float32, _ float32) { split(d, SumSquares(d)) }),
	doubles("Exp", Exp),
	doubles("Log", Log),
	doubles("Sum", func(d, s []float64) {
		if len(d) > 0 {
			d[0] = Sum(s)
		}
	}),
	{"AddRows", func(rng *rand.Rand, n int, edge bool) func() ([]float32, []float64) {
		w, dst, idx := random(rng, 9*n, edge), random(rng, n, edge), rowIndices(rng)
		return func() ([]float32, []float64) {
			d := clone(dst)
			AddRows(d, w, n, idx)
			return d, nil
		}
	}},
	{"ScatterAddRows", func(rng *rand.Rand, n int, edge bool) func() ([]float32, []float64) {
		w, d, idx := random(rng, 9*n, edge), random(rng, n, edge), rowIndices(rng)
		return func() ([]float32, []float64) {
			c := clone(w)
			ScatterAddRows(c, n, idx, d)
			return c, nil
		}
	}},
	{"Adam", func(rng *rand.Rand, n int, edge bool) func() ([]float32, []float64) {
		p, m, v, g := random(rng, n, edge), random(rng, n, edge), random(rng, n, edge), random(rng, n, edge)
		for i, x := range v {
			v[i] = x * x
		}
		return func() ([]float32, []float64) {
			p, m, v := clone(p), clone(m), clone(v)
			Adam(p, m, v, g, 1e-3, 0.9, 0.999, 1e-8, 0.19, 0.002)
			return slices.Concat(p, m, v), nil
		}
	}},
	{"Transpose", func(rng *rand.Rand, n int, edge bool) func() ([]float32, []float64) {
		rows, cols := 1+n%37, 1+rng.IntN(40)
		dstRow, srcRow := rows+rng.IntN(3), cols+rng.IntN(3)
		src := random(rng, rows*srcRow, edge)
		return func() ([]float32, []float64) {
			d := fresh[float32](cols * dstRow)
			Transpose(d, dstRow, src, srcRow, rows, cols)
			return d, nil
		}
	}},
	{"Gemm", func(rng *rand.Rand, n int, edge bool) func() ([]float32, []float64) {
		k := 1 + rng.IntN(20)
		if rng.IntN(8) == 0 {
			k = 120 + rng.IntN(150)
		}
		m := 1 + rng.IntN(20)
		if n <= 8 {
			m = 1 + rng.IntN(300)
		}
		g := randomGemm(rng, m, n, k, edge)
		return func() ([]float32, []float64) { return g.run(), nil }
	}},
	{"GemmFrom", func(rng *rand.Rand, n int, edge bool) func() ([]float32, []float64) {
		g := randomGemm(rng, 1+rng.IntN(30), n, 1+rng.IntN(150), edge)
		c0Row := rng.IntN(2) * (g.n + rng.IntN(3))
		c0 := random(rng, max(g.n, g.m*c0Row), edge)
		return func() ([]float32, []float64) { return g.from(c0, c0Row), nil }
	}},
	{"GemmRows", func(rng *rand.Rand, n int, edge bool) func() ([]float32, []float64) {
		l := randomListed(rng, 1+rng.IntN(80), n, edge)
		return func() ([]float32, []float64) { return l.rows(), nil }
	}},
	{"GemmPicked", func(rng *rand.Rand, n int, edge bool) func() ([]float32, []float64) {
		l := randomListed(rng, 1+rng.IntN(80), n, edge)
		return func() ([]float32, []float64) { return l.picked(), nil }
	}},
	{"SoftmaxRows", func(rng *rand.Rand, n int, edge bool) func() ([]float32, []float64) {
		s := randomSoftmax(rng, 1+rng.IntN(80), n, edge)
		return func() ([]float32, []float64) { return nil, s.run(SoftmaxRows) }
	}},
	{"LogSoftmaxRows", func(rng *rand.Rand, n int, edge bool) func() ([]float32, []float64) {
		s := randomSoftmax(rng, 1+rng.IntN(80), n, edge)
		return func() ([]float32, []float64) { return nil, s.run(LogSoftmaxRows) }
	}},
	{"ScaleRows", func(rng *rand.Rand, n int, edge bool) func() ([]float32, []float64) {
		rows := rng.IntN(20)
		dstRow := n + rng.IntN(3)
		src, alpha, dst := random64(rng, rows*n, edge), random64(rng, rows, edge), random(rng, rows*dstRow, false)
		return func() ([]float32, []float64) {
			d := clone(dst)
			ScaleRows(d, dstRow, src, n, alpha)
			return d, nil
		}
	}},
}

// split puts the bits of x into the first elements of d, as halves.
func split(d []float32, x float64) {
	if len(d) < 2 || x != x {
		return
	}
	b := math.Float64bits(x)
	d[0], d[1] = float32(b>>40), float32(b>>16&0xffffff)
}

func rowIndices(rng *rand.Rand) []int32 {
	idx := fresh[int32](rng.IntN(12))
	for i := range idx {
		idx[i] = rng.Int32N(9)
	}
	return idx
}

// gemmCase is a product with its strides.
type gemmCase struct {
	m, n, k, aRow, aCol, bRow, cRow int
	a, b, c                         []float32
}

func randomGemm(rng *rand.Rand, m, n, k int, edge bool) *gemmCase {
	n = max(n, 1)
	g := &gemmCase{m: m, n: n, k: k, aRow: k + rng.IntN(3), aCol: 1, bRow: n + rng.IntN(3), cRow: n + rng.IntN(3)}
	size := m * g.aRow
	if rng.IntN(2) == 0 {
		g.aRow, g.aCol = 1, m+rng.IntN(3)
		size = k * g.aCol
	}
	g.a, g.b, g.c = random(rng, size, edge), random(rng, k*g.bRow, edge), random(rng, m*g.cRow, edge)
	return g
}

// run returns the product added to a copy of C, including all its padding.
func (g *gemmCase) run() []float32 {
	c := clone(g.c)
	Gemm(g.m, g.n, g.k, g.a, g.aRow, g.aCol, g.b, g.bRow, c, g.cRow)
	return c
}

// from returns C0 + A·B in a copy of C.
func (g *gemmCase) from(c0 []float32, c0Row int) []float32 {
	c := clone(g.c)
	GemmFrom(g.m, g.n, g.k, g.a, g.aRow, g.aCol, g.b, g.bRow, c0, c0Row, c, g.cRow)
	return c
}

type softmaxCase struct {
	rows, n, logitRow, maskRow int
	logits                     []float32
	mask                       []uint64
}

func randomSoftmax(rng *rand.Rand, rows, n int, edge bool) *softmaxCase {
	s := &softmaxCase{rows: rows, n: n, logitRow: n + rng.IntN(3), maskRow: (n + 63) / 64}
	s.logits = random(rng, rows*s.logitRow, false)
	s.mask = fresh[uint64](max(1, rows*s.maskRow))
	for i := range s.mask {
		s.mask[i] = rng.Uint64() | rng.Uint64()
		if edge && rng.IntN(4) == 0 {
			s.mask[i] = rng.Uint64() & rng.Uint64() & rng.Uint64()
		}
	}
	if edge {
		for range rows/4 + 1 {
			if len(s.logits) > 0 {
				s.logits[rng.IntN(len(s.logits))] = specials[rng.IntN(len(specials))]
			}
		}
	}
	return s
}

// run returns what SoftmaxRows or LogSoftmaxRows writes, and the normalisers.
func (s *softmaxCase) run(f func(p []float64, logits []float32, logitRow int, mask []uint64, maskRow, rows, n int, lse []float64)) []float64 {
	p, lse := fresh[float64](s.rows*s.n), fresh[float64](s.rows)
	for _, xs := range [][]float64{p, lse} {
		for i := range xs {
			xs[i] = 7
		}
	}
	f(p, s.logits, s.logitRow, s.mask, s.maskRow, s.rows, s.n, lse)
	return slices.Concat(p, lse)
}

// compare runs a kernel on every path against the portable one.
func compare(t rapid.TB, k kernel, seed uint64, n int, edge bool) {
	call := k.make(rand.New(rand.NewPCG(seed, 0)), n, edge)
	var want32 []float32
	var want64 []float64
	onPath(pathGo, func() { want32, want64 = call() })
	for _, p := range paths()[1:] {
		onPath(p, func() {
			got32, got64 := call()
			if i := differs(got32, want32); i >= 0 {
				t.Fatalf("%s on %v, n = %d: element %d is %v, want %v", k.name, p, n, i, got32[i], want32[i])
			}
			if i := differs(got64, want64); i >= 0 {
				t.Fatalf("%s on %v, n = %d: element %d is %v, want %v", k.name, p, n, i, got64[i], want64[i])
			}
		})
	}
}

// TestPaths compares every path with the portable one over random shapes, and
// all short lengths.
func TestPaths(t *testing.T) {
	for _, k := range kernels {
		t.Run(k.name, func(t *testing.T) {
			for n := range 140 {
				compare(t, k, uint64(n), n, n%2 == 0)
			}
			rapid.Check(t, func(t *rapid.T) {
				n := rapid.IntRange(0, 300).Draw(t, "n")
				compare(t, k, rapid.Uint64().Draw(t, "seed"), n, rapid.Bool().Draw(t, "edge"))
			})
		})
	}
}

// FuzzPaths does the same with fuzzed seeds.
func FuzzPaths(f *testing.F) {
	for i := range kernels {
		f.Add(uint8(i), uint64(i), uint16(33), true)
	}
	f.Fuzz(func(t *testing.T, which uint8, seed uint64, n uint16, edge bool) {
		compare(t, kernels[int(which)%len(kernels)], seed, int(n%600), edge)
	})
}

// TestAllocations: no kernel allocates on any path.
func TestAllocations(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	x, y, z := random(rng, 640, false), random(rng, 640, false), random(rng, 640, false)
	d, e := random64(rng, 640, false), random64(rng, 640, false)
	idx := []int32{0, 3, 3}
	mask := []uint64{0xff0f}
	for _, p := range paths() {
		onPath(p, func() {
			if n := testing.AllocsPerRun(10, func() {
				Gemm(20, 20, 20, x, 20, 1, y, 20, z, 20)
				Gemm(40, 5, 10, x, 1, 40, y, 5, z, 5)
				GemmRows(idx[:2], 37, 10, x, 10, y, 37, x, 0, z, 37)
				GemmFrom(20, 20, 20, x, 20, 1, y, 20, x, 0, z, 20)
				GemmPicked(idx[:2], 18, 20, x, 20, y, 20, z, 20)
				Transpose(x, 20, y, 20, 20, 20)
				Add(x, y)
				Axpy(x, 2, y)
				Scale(x, 0.5)
				AddRows(x, y, 100, idx)
				ScatterAddRows(x, 100, idx, y)
				LeakyReLU(x, 0.1)
				LeakyReLUGrad(x, y, 0)
				Adam(x, y, z, z, 1, 1, 1, 1, 1, 1)
				Dot(x, y)
				SumSquares(x)
				Sum(d)
				Exp(d, e)
				Log(d, e)
				SoftmaxRows(d, x, 10, mask, 0, 64, 10, e)
				LogSoftmaxRows(d, x, 10, mask, 0, 64, 10, e)
				ScaleRows(x, 10, d, 10, e[:64])
			}); n != 0 {
				t.Errorf("%v: %v allocations", p, n)
			}
		})
	}
}
