package fmath

import (
	"math"
	"math/big"
	"testing"
)

// The gap agrees with its series in 200-bit arithmetic.
func TestExpGap(t *testing.T) {
	for _, x := range []float64{0, 1e-300, 1e-9, -1e-3, 0.03, -0.03124, 1.0 / 32, -1.0 / 32, 0.1, -1, 5, -40, 300} {
		sum, term := new(big.Float).SetPrec(200), new(big.Float).SetPrec(200).SetInt64(1)
		power := new(big.Float).SetPrec(200).SetFloat64(x)
		for k := int64(1); k < 1200; k++ {
			term.Mul(term, power)
			term.Quo(term, new(big.Float).SetPrec(200).SetInt64(k))
			if k > 1 {
				sum.Add(sum, term)
			}
		}
		want, _ := sum.Float64()
		if got := ExpGap(x, Exp(x)); math.Abs(got-want) > 1e-12*want {
			t.Errorf("ExpGap(%v) = %v, want %v", x, got, want)
		}
	}
	if got := ExpGap(math.Inf(-1), 0); !math.IsInf(got, 1) {
		t.Errorf("ExpGap(-Inf) = %v, want +Inf", got)
	}
}
