package fmath

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

var (
	inf = math.Inf(1)
	nan = math.NaN()
)

// sameBits compares bits, except that all NaN are equal.
func sameBits(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || a != a && b != b
}

type point struct{ x, want float64 }

func checkPoints(t *testing.T, name string, f func(float64) float64, points []point) {
	t.Helper()
	for _, p := range points {
		if got := f(p.x); !sameBits(got, p.want) {
			t.Errorf("%s(%v) = %v, want %v", name, p.x, got, p.want)
		}
	}
}

func TestExp(t *testing.T) {
	maxError(t, "normal", 2000, 1, between(-708, 709.7), Exp, bigExp)
	maxError(t, "near 0", 2000, 1, between(-2, 2), Exp, bigExp)
	maxError(t, "tiny", 500, 1, tiny, Exp, bigExp)
	maxError(t, "subnormal", 500, 1.5, between(-745.1, -708), Exp, bigExp)
	// Exact, or by the limits of the format: the largest finite result is at
	// 709.78271289338397 and the smallest subnormal at -745.13321910194110 (the
	// thresholds of FreeBSD, e_exp.c).
	checkPoints(t, "Exp", Exp, []point{
		{0, 1}, {math.Copysign(0, -1), 1}, {inf, inf}, {-inf, 0}, {nan, nan},
		{709.7827128933841, inf}, {710, inf}, {1e300, inf},
		{-745.1332191019411, 5e-324}, {-745.1332191019412, 0}, {-746, 0}, {-1e300, 0},
		{5e-324, 1}, {-5e-324, 1},
	})
	if y := Exp(709.782712893384); math.IsInf(y, 0) {
		t.Error("Exp overflows below the largest finite result")
	}
}

func TestExpm1(t *testing.T) {
	maxError(t, "all", 2000, 4, between(-45, 709), Expm1, bigExpm1)
	maxError(t, "near 0", 3000, 4, between(-3, 3), Expm1, bigExpm1)
	maxError(t, "tiny", 1000, 4, tiny, Expm1, bigExpm1)
	checkPoints(t, "Expm1", Expm1, []point{
		{0, 0}, {math.Copysign(0, -1), math.Copysign(0, -1)}, {inf, inf}, {-inf, -1}, {nan, nan},
		{800, inf}, {-800, -1}, {5e-324, 5e-324},
	})
}

func TestLog(t *testing.T) {
	maxError(t, "all", 2000, 1, anyPositive, Log, bigLog)
	maxError(t, "near 1", 2000, 1, between(0.5, 2), Log, bigLog)
	maxError(t, "close to 1", 500, 1, func(r *rand.Rand) float64 { return 1 + tiny(r)/8 }, Log, bigLog)
	maxError(t, "subnormal", 500, 1, func(r *rand.Rand) float64 {
		return math.Float64frombits(1 + r.Uint64N(1<<52-1))
	}, Log, bigLog)
	checkPoints(t, "Log", Log, []point{
		{1, 0}, {0, -inf}, {math.Copysign(0, -1), -inf}, {inf, inf}, {-inf, nan}, {-1, nan}, {nan, nan},
		{2, math.Ln2}, {-5e-324, nan},
	})
}

func TestLog1p(t *testing.T) {
	log1p := func(x *big.Float) *big.Float {
		if x.MantExp(nil) < -100 { // The next term of the series is below 2^-200.
			h := bigNew().Mul(x, x)
			return bigNew().Sub(x, h.Quo(h, bigF(2)))
		}
		return bigLog(bigNew().Add(x, bigF(1)))
	}
	maxError(t, "all", 1500, 4, func(r *rand.Rand) float64 { return anyPositive(r) }, Log1p, log1p)
	maxError(t, "near 0", 1500, 4, between(-0.999, 3), Log1p, log1p)
	maxError(t, "tiny", 1000, 4, tiny, Log1p, log1p)
	checkPoints(t, "Log1p", Log1p, []point{
		{0, 0}, {math.Copysign(0, -1), math.Copysign(0, -1)}, {-1, -inf}, {-2, nan}, {inf, inf},
		{-inf, nan}, {nan, nan}, {5e-324, 5e-324},
	})
}

func TestPow(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	worst := 0.0
	for range 2000 {
		x := anyPositive(rng)
		if rng.IntN(2) == 0 {
			x = 0.5 + 1.5*rng.Float64()
		}
		y := (2*rng.Float64() - 1) * 740 / math.Abs(Log(x))
		want := bigExp(bigNew().Mul(bigF(y), bigLog(bigF(x))))
		got := Pow(x, y)
		e := ulps(got, want)
		worst = max(worst, e)
		if e > 4 {
			t.Errorf("Pow(%v, %v) = %v, error of %.2f ulp", x, y, got, e)
		}
	}
	t.Logf("%.3f ulp", worst)
}

// TestPowSpecial compares with math.Pow where results are exact, infinite or NaN by
// definition (C99, F.9.4.4).
func TestPowSpecial(t *testing.T) {
	values := []float64{0, math.Copysign(0, -1), 1, -1, 2, -2, 0.5, -0.5, 3, -3, 4, 1e300, -1e300, 5e-324, -5e-324, 1e-300, inf, -inf, nan, 1<<53 + 2}
	for _, x := range values {
		for _, y := range values {
			want := math.Pow(x, y)
			got := Pow(x, y)
			if math.Abs(want) > 0x1p-1000 && math.Abs(want) < 0x1p1000 {
				if math.Abs(got-want) > 4*ulp(want) {
					t.Errorf("Pow(%v, %v) = %v, want %v", x, y, got, want)
				}
			} else if !sameBits(got, want) {
				t.Errorf("Pow(%v, %v) = %v, want %v", x, y, got, want)
			}
		}
	}
}

func TestLogSumExp(t *testing.T) {
	for _, c := range []struct {
		xs   []float64
		want float64
	}{
		{nil, -inf},
		{[]float64{-inf, -inf}, -inf},
		{[]float64{-inf, 3}, 3},
		{[]float64{0, 0}, math.Ln2},
		{[]float64{1000, 1000, 1000, 1000}, 1000 + 2*math.Ln2},
		{[]float64{-1000, -1000}, -1000 + math.Ln2},
		{[]float64{1, inf, -inf}, inf},
		{[]float64{inf, nan}, nan},
		{[]float64{nan}, nan},
	} {
		if got := LogSumExp(c.xs); !sameBits(got, c.want) {
			t.Errorf("LogSumExp(%v) = %v, want %v", c.xs, got, c.want)
		}
	}
	// Σ exp(log i) for i = 1 … 100 is 5050.
	var xs []float64
	for i := 1; i <= 100; i++ {
		xs = append(xs, Log(float64(i)))
	}
	if got, want := LogSumExp(xs), math.Log(5050); math.Abs(got-want) > 1e-14*want {
		t.Errorf("LogSumExp = %v, want %v", got, want)
	}
}

func TestLogAddExp(t *testing.T) {
	for _, c := range []struct{ a, b, want float64 }{
		{-inf, -inf, -inf}, {-inf, 2, 2}, {inf, 2, inf}, {inf, inf, inf}, {inf, -inf, inf},
		{0, 0, math.Ln2}, {700, 700, 700 + math.Ln2}, {nan, 1, nan}, {1, nan, nan}, {nan, inf, nan},
		{-1e300, 5, 5},
	} {
		for _, got := range []float64{LogAddExp(c.a, c.b), LogAddExp(c.b, c.a)} {
			if !sameBits(got, c.want) {
				t.Errorf("LogAddExp(%v, %v) = %v, want %v", c.a, c.b, got, c.want)
			}
		}
	}
}

// TestLgammaFactorial: Γ(n+1) = n! and Γ(n+½) = (2n)!·√π/(4^n·n!).
func TestLgammaFactorial(t *testing.T) {
	close := func(x, want float64) {
		t.Helper()
		got := Lgamma(x)
		if e := math.Abs(got - want); e > 1e-13*max(1, math.Abs(want)) {
			t.Errorf("Lgamma(%v) = %v, want %v", x, got, want)
		}
	}
	factorial, half := bigF(1), bigF(1)
	for n := 0; n < 300; n++ {
		if n > 0 {
			factorial.Mul(factorial, bigF(float64(n)))
			half.Mul(half, bigF(float64(n)-0.5))
		}
		w, _ := bigLog(factorial).Float64()
		close(float64(n)+1, w)
		w, _ = bigLog(half).Float64()
		close(float64(n)+0.5, w+0.572364942924700087071713675676529355823647406457655) // ½·log π
	}
}

// TestLgamma compares with math.Lgamma, which is accurate to a few ulp away
// from its zeros at 1 and 2 (FreeBSD, e_lgamma_r.c).
func TestLgamma(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 20000 {
		x := anyPositive(rng)
		if rng.IntN(2) == 0 {
			x = 30 * rng.Float64()
		}
		if x < MinNormal { // math.Log, which math.Lgamma calls, is wrong there on amd64.
			continue
		}
		want, _ := math.Lgamma(x)
		if got := Lgamma(x); math.Abs(got-want) > 1e-13*max(1, math.Abs(want)) {
			t.Errorf("Lgamma(%v) = %v, want %v", x, got, want)
		}
	}
	checkPoints(t, "Lgamma", Lgamma, []point{{1, 0}, {2, 0}, {0, inf}, {inf, inf}, {-1.5, nan}, {nan, nan}, {-inf, nan}})
}

// TestMonotone walks neighbouring floats: Exp and Log must not decrease.
func TestMonotone(t *testing.T) {
	for _, start := range []float64{0.3465, 0.3466, 1, -1, 20, -700, -0.3466} {
		x := start
		for range 2000 {
			next := math.Nextafter(x, inf)
			if Exp(next) < Exp(x) {
				t.Fatalf("Exp decreases at %v", x)
			}
			x = next
		}
	}
	for _, start := range []float64{0.7071, math.Sqrt2, 1, 2, 1e-310} {
		x := math.Nextafter(start, 0)
		for range 2000 {
			next := math.Nextafter(x, inf)
			if Log(next) < Log(x) {
				t.Fatalf("Log decreases at %v", x)
			}
			x = next
		}
	}
}

// TestBits pins results: changing any bit changes every experiment.
func TestBits(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	var h uint64 = 14695981039346656037
	add := func(y float64) { h = (h ^ math.Float64bits(y)) * 1099511628211 }
	for range 20000 {
		x := between(-30, 30)(rng)
		p := anyPositive(rng)
		for _, y := range []float64{Exp(x), Expm1(x), Log(p), Log1p(p), Pow(p, x/10), Lgamma(p), Lgamma(math.Abs(x))} {
			add(y)
		}
	}
	if h != wantBits {
		t.Errorf("hash of the results is %#x, want %#x", h, uint64(wantBits))
	}
}

const wantBits = 0x66b871b1f224a123

func BenchmarkExp(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		Exp(float64(i&63) - 40)
	}
}

func BenchmarkLog(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		Log(float64(i&63) + 0.5)
	}
}
