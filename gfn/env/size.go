package env

import (
	"fmt"
	"math"
)

// MaxEnumerable is the largest number of states that environments declare
// enumerable: their codes and probabilities then take one or two gigabytes.
const MaxEnumerable = 1 << 24

// enumerable is the capability of an environment with that many states.
func enumerable(states float64) Capability {
	switch {
	case math.IsInf(states, 1):
		return No("the number of states is beyond floating point")
	case states > MaxEnumerable:
		return No(fmt.Sprintf("%.4g states are more than %d", states, MaxEnumerable))
	}
	return Yes()
}

// power is base^n, +Inf where it overflows.
func power(base, n int) float64 {
	x := 1.0
	for range n {
		x *= float64(base)
	}
	return x
}

// binomials is row n of Pascal's triangle up to column k, exact below 2^53.
func binomials(n, k int) []float64 {
	row := make([]float64, k+1)
	row[0] = 1
	for i := 1; i <= n; i++ {
		for j := min(i, k); j > 0; j-- {
			row[j] += row[j-1]
		}
	}
	return row
}
