package vec

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gfnbench/gfn/fmath"
)

// onEach runs a test on every path.
func onEach(t *testing.T, f func(t *testing.T)) {
	for _, p := range paths() {
		t.Run(p.String(), func(t *testing.T) { onPath(p, func() { f(t) }) })
	}
}

var (
	inf32 = float32(math.Inf(1))
	nan32 = float32(math.NaN())
)

func TestExpLogAreFmath(t *testing.T) {
	src := random64(rand.New(rand.NewPCG(1, 2)), 5000, true)
	for x := -746.5; x < -707; x += 0.0625 {
		src = append(src, x, -x)
	}
	onEach(t, func(t *testing.T) {
		dst, want := make([]float64, len(src)), make([]float64, len(src))
		Exp(dst, src)
		for i, x := range src {
			want[i] = fmath.Exp(x)
		}
		if i := differs(dst, want); i >= 0 {
			t.Errorf("Exp(%v) = %v, want %v", src[i], dst[i], want[i])
		}
		Log(dst, src)
		for i, x := range src {
			want[i] = fmath.Log(x)
		}
		if i := differs(dst, want); i >= 0 {
			t.Errorf("Log(%v) = %v, want %v", src[i], dst[i], want[i])
		}
	})
}

func TestLeakyReLU(t *testing.T) {
	negZero := float32(math.Copysign(0, -1))
	x := []float32{2, -2, 0, negZero, inf32, -inf32, nan32, 1e-40, -1e-40}
	y := []float32{1, 0, -1, negZero, inf32, -inf32, nan32, 1e-40, -1e-40}
	onEach(t, func(t *testing.T) {
		for _, c := range []struct {
			slope      float32
			want, grad []float32
		}{
			{0, []float32{2, 0, 0, 0, inf32, 0, nan32, 1e-40, 0}, []float32{2, 0, 0, 0, inf32, 0, 0, 1e-40, 0}},
			{0.5, []float32{2, -1, 0, negZero, inf32, -inf32, nan32, 1e-40, -5e-41}, []float32{2, -1, 0, negZero, inf32, -inf32, nan32, 1e-40, -5e-41}},
		} {
			got := slices.Clone(x)
			LeakyReLU(got, c.slope)
			if i := differs(got, c.want); i >= 0 {
				t.Errorf("slope %v: LeakyReLU(%v) = %v, want %v", c.slope, x[i], got[i], c.want[i])
			}
			got = slices.Clone(x)
			LeakyReLUGrad(got, y, c.slope)
			if i := differs(got, c.grad); i >= 0 {
				t.Errorf("slope %v: gradient %v at output %v becomes %v, want %v", c.slope, x[i], y[i], got[i], c.grad[i])
			}
		}
	})
}

func TestReductionOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	x := random64(rng, 29, false)
	var l [8]float64
	for i, v := range x {
		l[i%8] += v
	}
	want := ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
	onEach(t, func(t *testing.T) {
		if got := Sum(x); got != want {
			t.Errorf("Sum = %v, want %v", got, want)
		}
		if got := SumSquares([]float32{3, 4}); got != 25 {
			t.Errorf("SumSquares(3, 4) = %v, want 25", got)
		}
		if got := Dot([]float32{1, 2, 3}, []float32{4, 5, 6}); got != 32 {
			t.Errorf("Dot = %v, want 32", got)
		}
	})
}

// TestSoftmax compares with direct evaluation in float64 by the standard
// library, to 1e-14.
func TestSoftmax(t *testing.T) {
	onEach(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(7, 8))
		for n := 1; n < 150; n++ {
			s := randomSoftmax(rng, 3, n, false)
			out := s.run(SoftmaxRows)
			for r := range s.rows {
				sum := 0.0
				e := make([]float64, n)
				for a := range e {
					if s.mask[r*s.maskRow+a/64]>>(a%64)&1 != 0 {
						e[a] = math.Exp(float64(s.logits[r*s.logitRow+a]))
						sum += e[a]
					}
				}
				if lse := out[s.rows*n+r]; sum > 0 && math.Abs(lse-math.Log(sum)) > 1e-14*max(1, math.Abs(lse)) {
					t.Errorf("n = %d: log-normaliser %v, want %v", n, lse, math.Log(sum))
				}
				for a, p := range out[r*n : (r+1)*n] {
					if e[a] == 0 && (p != 0 || math.Signbit(p)) || e[a] > 0 && math.Abs(p-e[a]/sum) > 1e-14 {
						t.Errorf("n = %d: p[%d] = %v, want %v", n, a, p, e[a]/sum)
					}
				}
			}
		}
	})
}

// TestLogSoftmaxRows compares with the logarithm of SoftmaxRows by the standard
// library, to 1e-13.
func TestLogSoftmaxRows(t *testing.T) {
	onEach(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(7, 8))
		for n := 1; n < 80; n++ {
			s := randomSoftmax(rng, 70, n, false)
			p, logs := s.run(SoftmaxRows), s.run(LogSoftmaxRows)
			for i, x := range logs[:s.rows*n] {
				if want := math.Log(p[i]); x != want && math.Abs(x-want) > 1e-13*max(1, -want) {
					t.Fatalf("n = %d: log %v is %v", n, p[i], x)
				}
			}
			if i := differs(logs[s.rows*n:], p[s.rows*n:]); i >= 0 {
				t.Errorf("n = %d: the normalisers differ", n)
			}
		}
	})
}

func TestScaleRows(t *testing.T) {
	onEach(t, func(t *testing.T) {
		d := []float32{9, 9, 9, 9, 9}
		ScaleRows(d, 3, []float64{1, 0x1p-50, -1, 0}, 2, []float64{-0x1p-50, -2})
		if want := []float32{-0x1p-50, 0, 9, 2, 0}; differs(d, want) >= 0 {
			t.Errorf("ScaleRows gives %v, want %v", d, want)
		}
	})
}

func TestSoftmaxEdges(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	onEach(t, func(t *testing.T) {
		for _, c := range []struct {
			logits []float32
			mask   uint64
			p      []float64
			logZ   float64
		}{
			{[]float32{5}, 1, []float64{1}, 5},
			{[]float32{5, 6}, 0, []float64{0, 0}, -inf},
			{[]float32{5, 6}, ^uint64(3), []float64{0, 0}, -inf},
			{[]float32{5, nan32}, 1, []float64{1, 0}, 5},
			{[]float32{5, inf32}, 1, []float64{1, 0}, 5},
			{[]float32{5, nan32, 1}, 3, []float64{nan, nan, 0}, nan},
			{[]float32{5, inf32, 1}, 7, []float64{nan, nan, nan}, nan},
			{[]float32{-inf32, -inf32, 1}, 3, []float64{nan, nan, 0}, nan},
			{[]float32{-inf32, 2, 1}, 3, []float64{0, 1, 0}, 2},
			{[]float32{1000, -1000}, 3, []float64{1, 0}, 1000},
			{[]float32{-1e30, -1e30}, 3, []float64{0.5, 0.5}, -1e30},
			{[]float32{0, 0, 9, 0, 0}, 0b11011, []float64{0.25, 0.25, 0, 0.25, 0.25}, 2 * math.Ln2},
		} {
			for _, pad := range []int{0, 20} { // Also at the start of a longer row.
				logits := append(slices.Clone(c.logits), make([]float32, pad)...)
				mask := c.mask
				if pad > 0 {
					mask &= 1<<len(c.logits) - 1
				}
				p := make([]float64, len(logits))
				var lse [1]float64
				SoftmaxRows(p, logits, 0, []uint64{mask}, 0, 1, len(p), lse[:])
				logZ := lse[0]
				want := float64(float32(c.logZ))
				if c.logZ != want && math.Abs(logZ-c.logZ) < 1e-15 {
					want = logZ
				}
				if differs([]float64{logZ}, []float64{want}) >= 0 || differs(p[:len(c.p)], c.p) >= 0 {
					t.Errorf("SoftmaxRows(%v, %b) = %v, %v, want %v, %v", logits, mask, p, logZ, c.p, c.logZ)
				}
			}
		}
	})
}

// TestAdam compares with the textbook form (Kingma and Ba 2015, Algorithm 1) in
// float64.
func TestAdam(t *testing.T) {
	onEach(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(9, 10))
		const n, b1, b2 = 37, 0.9, 0.999
		p, m, v := random(rng, n, false), make([]float32, n), make([]float32, n)
		q, mm, vv := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range p {
			q[i] = float64(p[i])
		}
		for step := 1; step <= 50; step++ {
			g := random(rng, n, false)
			bias1, bias2 := 1-math.Pow(b1, float64(step)), 1-math.Pow(b2, float64(step))
			Adam(p, m, v, g, 1e-3, b1, b2, 1e-8, bias1, bias2)
			for i, x := range g {
				mm[i] = b1*mm[i] + (1-b1)*float64(x)
				vv[i] = b2*vv[i] + (1-b2)*float64(x)*float64(x)
				q[i] -= 1e-3 * (mm[i] / bias1) / (math.Sqrt(vv[i]/bias2) + 1e-8)
				if math.Abs(float64(p[i])-q[i]) > 2e-6 {
					t.Fatalf("step %d: parameter %d is %v, want %v", step, i, p[i], q[i])
				}
			}
		}
	})
}

// TestAdamForgets: without a gradient, the moments reach 0 instead of getting stuck at
// denormal numbers. A gradient whose square would be denormal does not enter the second
// moment; NaN stays.
func TestAdamForgets(t *testing.T) {
	onEach(t, func(t *testing.T) {
		p, m, v := make([]float32, 3), []float32{1, -1, nan32}, []float32{1, 1, nan32}
		g := []float32{0, 0, 0}
		for range 900 {
			Adam(p, m, v, g, 0, 0.9, 0.9, 1e-8, 1, 1)
		}
		if m[0] != 0 || m[1] != 0 || v[0] != 0 || v[1] != 0 {
			t.Errorf("after 900 steps without gradient the moments are %v and %v", m, v)
		}
		if m[2] == m[2] || v[2] == v[2] {
			t.Errorf("the moments of NaN are %v and %v", m[2], v[2])
		}
		g[0], g[1] = 0x1p-57, -0x1p-56
		Adam(p, m, v, g, 0, 0.5, 0.5, 1e-8, 1, 1)
		if m[0] != 0x1p-58 || m[1] != -0x1p-57 || v[0] != 0 || v[1] != 0x1p-113 {
			t.Errorf("after gradients %v the moments are %v and %v", g, m, v)
		}
	})
}

func TestRowsAndTranspose(t *testing.T) {
	w := []float32{1, 2, 10, 20, 100, 200}
	onEach(t, func(t *testing.T) {
		d := []float32{0.5, 0}
		AddRows(d, w, 2, []int32{2, 0, 0})
		if !slices.Equal(d, []float32{102.5, 204}) {
			t.Errorf("AddRows gives %v", d)
		}
		c := slices.Clone(w)
		ScatterAddRows(c, 2, []int32{1, 1, 0}, []float32{1, -1})
		if !slices.Equal(c, []float32{2, 1, 12, 18, 100, 200}) {
			t.Errorf("ScatterAddRows gives %v", c)
		}
		x := make([]float32, 6)
		Transpose(x, 3, w, 2, 3, 2)
		if !slices.Equal(x, []float32{1, 10, 100, 2, 20, 200}) {
			t.Errorf("Transpose gives %v", x)
		}
		for _, bad := range []int32{-1, 3} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("row %d of 3 does not panic", bad)
					}
				}()
				AddRows(d, w, 2, []int32{bad})
			}()
		}
	})
}
