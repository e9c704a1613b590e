package env

import (
	"fmt"
	"math"
)

// MaxEnumerable is the largest number of states that environments declare
// enumerable: their codes and probabilities then take one or two gigabytes.
const MaxEnumerable = 1 << 24

// Enumerable returns the capability of an environment with that many states.
func Enumerable(states float64) Capability {
	switch {
	case math.IsInf(states, 1):
		return No("the number of states is beyond floating point")
	case states > MaxEnumerable:
		return No(fmt.Sprintf("%.4g states are more than %d", states, MaxEnumerable))
	}
	return Yes()
}
