package fmath

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// The expected values of these tests are computed in 300-bit arithmetic from
// power series: exp(x) = exp(x/2^j)^(2^j) by Taylor's series, and
// log(x) = k·log 2 + 2·artanh((m-1)/(m+1)).

const prec = 300

func bigF(x float64) *big.Float { return new(big.Float).SetPrec(prec).SetFloat64(x) }

func bigNew() *big.Float { return new(big.Float).SetPrec(prec) }

func bigExp(x *big.Float) *big.Float {
	const halvings = 20
	r := bigNew().SetMantExp(x, -halvings)
	sum, term := bigF(1), bigF(1)
	for n := 1; n < 60; n++ {
		term.Mul(term, r)
		term.Quo(term, bigF(float64(n)))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

func bigExpm1(x *big.Float) *big.Float {
	if x.MantExp(nil) > -60 {
		return bigNew().Sub(bigExp(x), bigF(1))
	}
	sum, term := bigNew(), bigF(1)
	for n := 1; n < 10; n++ {
		term.Mul(term, x)
		term.Quo(term, bigF(float64(n)))
		sum.Add(sum, term)
	}
	return sum
}

// bigArtanh returns 2·artanh(s) for small s.
func bigArtanh(s *big.Float) *big.Float {
	z := bigNew().Mul(s, s)
	sum, power := bigNew(), bigNew().Mul(s, bigF(2))
	for n := 1; n < 260; n += 2 {
		sum.Add(sum, bigNew().Quo(power, bigF(float64(n))))
		power.Mul(power, z)
	}
	return sum
}

func bigLog(x *big.Float) *big.Float {
	m := bigNew()
	k := x.MantExp(m)
	if m.Cmp(bigF(0.75)) < 0 {
		m.Mul(m, bigF(2))
		k--
	}
	s := bigNew().Quo(bigNew().Sub(m, bigF(1)), bigNew().Add(m, bigF(1)))
	ln2 := bigArtanh(bigNew().Quo(bigF(1), bigF(3)))
	return bigNew().Add(bigArtanh(s), ln2.Mul(ln2, bigF(float64(k))))
}

// ulps returns the error of got in units in the last place of want.
func ulps(got float64, want *big.Float) float64 {
	w, _ := want.Float64()
	switch {
	case math.IsInf(w, 0) && got == w:
		return 0
	case math.IsInf(got, 0) || math.IsInf(w, 0) || got != got:
		return math.Inf(1)
	}
	d, _ := bigNew().Sub(bigF(got), want).Float64()
	return math.Abs(d) / ulp(w)
}

func ulp(x float64) float64 {
	x = math.Abs(x)
	return math.Nextafter(x, math.Inf(1)) - x
}

// maxError checks f against want at n points drawn by draw.
func maxError(t *testing.T, name string, n int, limit float64, draw func(*rand.Rand) float64, f func(float64) float64, want func(*big.Float) *big.Float) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	worst, at := 0.0, 0.0
	for range n {
		x := draw(rng)
		if e := ulps(f(x), want(bigF(x))); e > worst {
			worst, at = e, x
		}
	}
	t.Logf("%s: %.3f ulp at %v", name, worst, at)
	if worst > limit {
		t.Errorf("%s: error of %.3f ulp at %v, want at most %v", name, worst, at, limit)
	}
}

// between draws uniformly from [a, b).
func between(a, b float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return a + (b-a)*r.Float64() }
}

// anyPositive draws positive finite numbers with uniform bits, subnormal ones
// among them.
func anyPositive(r *rand.Rand) float64 {
	return math.Float64frombits(r.Uint64N(0x7ff0000000000000-1) + 1)
}

// tiny draws numbers of either sign with magnitudes from 2^-60 to 1.
func tiny(r *rand.Rand) float64 {
	x := math.Ldexp(1+r.Float64(), -1-r.IntN(60))
	if r.IntN(2) == 0 {
		return -x
	}
	return x
}
