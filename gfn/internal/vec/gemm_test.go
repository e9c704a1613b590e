package vec

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// exactFMA returns x·y + z rounded once to float32, by exact arithmetic.
func exactFMA(x, y, z float32) float32 {
	const prec = 1000 // Products and sums of float32 span fewer bits.
	s := new(big.Float).SetPrec(prec).SetFloat64(float64(x))
	s.Mul(s, big.NewFloat(float64(y)))
	s.Add(s, big.NewFloat(float64(z)))
	r, _ := s.Float32()
	return r
}

// TestFMA compares the emulated instruction with exact arithmetic, at random
// bits and where double rounding would be wrong: products near the midpoint of
// two neighbours of z, and subnormal results.
func TestFMA(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	check := func(x, y, z float32) {
		t.Helper()
		if s := float64(x)*float64(y) + float64(z); s-s != 0 {
			return
		}
		if got, want := fma32(x, y, z), exactFMA(x, y, z); got != want {
			t.Errorf("fma32(%g, %g, %g) = %g, want %g", x, y, z, got, want)
		}
	}
	double := 0
	for range 40000 {
		check(math.Float32frombits(rng.Uint32()), math.Float32frombits(rng.Uint32()), math.Float32frombits(rng.Uint32()))
		z := float32(math.Ldexp(1+float64(rng.IntN(1<<23))*0x1p-23, rng.IntN(60)-30))
		half := (math.Nextafter32(z, float32(math.Inf(1))) - z) / 2
		// x·y is half a unit plus or minus a relative 2^-44.
		x, y := half*(1+0x1p-22), float32(1-0x1p-22)
		if rng.IntN(2) == 0 {
			x, y = half*(1+0x1p-23), 1-0x1p-23+0x1p-24
		}
		check(x, y, z)
		check(-x, y, -z)
		if float32(float64(x)*float64(y)+float64(z)) != fma32(x, y, z) {
			double++
		}
		tiny := float32(math.Ldexp(rng.NormFloat64(), -75))
		check(tiny, tiny*float32(rng.NormFloat64()), math.Float32frombits(rng.Uint32N(1<<20)))
	}
	if double == 0 {
		t.Error("no case of double rounding among the tests")
	}
}

// TestGemmChain: each element is the documented chain.
func TestGemmChain(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, p := range paths() {
		onPath(p, func() {
			g := randomGemm(rng, 9, 35, 150, false)
			got := g.run()
			for i := range g.m {
				for j := range g.n {
					s := g.c[i*g.cRow+j]
					for k := range g.k {
						s = exactFMA(g.a[i*g.aRow+k*g.aCol], g.b[k*g.bRow+j], s)
					}
					if got[i*g.cRow+j] != s {
						t.Fatalf("%v: element (%d, %d) is %v, want %v", p, i, j, got[i*g.cRow+j], s)
					}
				}
			}
		})
	}
}

// TestGemmEmpty: sizes of zero touch nothing.
func TestGemmEmpty(t *testing.T) {
	c := []float32{1}
	Gemm(0, 1, 1, nil, 1, 1, []float32{1}, 1, c, 1)
	Gemm(1, 0, 1, []float32{1}, 1, 1, nil, 1, c, 1)
	Gemm(1, 1, 0, nil, 1, 1, nil, 1, c, 1)
	if c[0] != 1 {
		t.Errorf("c = %v", c[0])
	}
}

// TestGemmFrom: starting from C0 is Gemm on a copy of it.
func TestGemmFrom(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	onEach(t, func(t *testing.T) {
		for n := range 70 {
			g := randomGemm(rng, 1+rng.IntN(30), n, 1+rng.IntN(150), n%2 == 0)
			c0Row := rng.IntN(2) * g.n
			c0 := random(rng, max(g.n, g.m*c0Row), false)
			got := g.from(c0, c0Row)
			for i := range g.m {
				copy(g.c[i*g.cRow:][:g.n], c0[i*c0Row:])
			}
			if i := differs(got, g.run()); i >= 0 {
				t.Errorf("n = %d: element %d differs", g.n, i)
			}
		}
	})
}
