package env

import (
	"fmt"
	"math"
)

// MaxEnumerable is the largest number of states that an environment declares enumerable.
// At that size their codes and probabilities take one or two gigabytes.
const MaxEnumerable = 1 << 24

// Enumerable returns the capability of enumerating that many states.
func Enumerable(states float64) Capability {
	switch {
	case math.IsInf(states, 1):
		return No("the number of states is beyond floating point")
	case states > MaxEnumerable:
		return No(fmt.Sprintf("%.4g states are more than %d", states, MaxEnumerable))
	}
	return Yes()
}
