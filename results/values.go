package results

import (
	"math"
	"math/bits"
	"slices"

	"gfnbench/gfn/metric"
)

// Values holds the metrics of one evaluation. A metric is absent or has a
// value, which is NaN if training diverged. An estimated metric also has a
// standard error. The zero Values is empty. Only what is present takes memory.
type Values struct {
	present uint64 // bit 2m: metric m; bit 2m+1: its standard error
	packed  []float64
}

func (v *Values) find(bit uint) (at int, ok bool) {
	at = bits.OnesCount64(v.present & (1<<bit - 1))
	return at, v.present>>bit&1 == 1
}

func (v *Values) get(bit uint) (float64, bool) {
	at, ok := v.find(bit)
	if !ok {
		return 0, false
	}
	return v.packed[at], true
}

func (v *Values) set(bit uint, x float64) {
	at, ok := v.find(bit)
	if ok {
		v.packed = slices.Clone(v.packed) // copies of v keep theirs
		v.packed[at] = x
		return
	}
	v.packed = slices.Insert(slices.Clip(v.packed), at, x)
	v.present |= 1 << bit
}

// Set sets m to the exact value x, and drops any standard error.
func (v *Values) Set(m metric.Metric, x float64) {
	if at, ok := v.find(uint(2*m + 1)); ok {
		v.packed = slices.Delete(slices.Clone(v.packed), at, at+1)
		v.present &^= 1 << (2*m + 1)
	}
	v.set(uint(2*m), x)
}

// SetEstimate sets m to an estimated value with its standard error. It panics
// if m cannot be estimated.
func (v *Values) SetEstimate(m metric.Metric, x, stderr float64) {
	if !m.Info().Estimable {
		panic("results: " + m.String() + " cannot be estimated")
	}
	v.set(uint(2*m), x)
	v.set(uint(2*m+1), stderr)
}

// Get returns the value of m, and whether it is present.
func (v *Values) Get(m metric.Metric) (float64, bool) { return v.get(uint(2 * m)) }

// StdErr returns the standard error of m, and whether m was estimated. Exact values
// have none.
func (v *Values) StdErr(m metric.Metric) (float64, bool) { return v.get(uint(2*m + 1)) }

// Len returns how many metrics and standard errors are present.
func (v *Values) Len() int { return len(v.packed) }

// Equal reports whether v and w hold the same metrics with the same bits; any
// NaN equals any other.
func (v *Values) Equal(w *Values) bool {
	return v.present == w.present && slices.EqualFunc(v.packed, w.packed, func(x, y float64) bool {
		return canonicalBits(x) == canonicalBits(y)
	})
}

// canonicalBits returns the IEEE 754 bits of x, with one pattern for every NaN.
func canonicalBits(x float64) uint64 {
	if math.IsNaN(x) {
		return 0x7ff8000000000001
	}
	return math.Float64bits(x)
}
