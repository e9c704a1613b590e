package stats

import (
	"math"
	"slices"
)

// A distribution is a discrete distribution. With weights, the values ascend;
// no weights means equal ones, and values in any order.
type distribution struct {
	values, weights []float64
}

// slackMass absorbs the rounding of cumulated probabilities.
const slackMass = 1e-12

// newDistribution returns the distribution of values, with weights in the same
// order or nil; ok is false if a value is NaN. It takes the slice of values over.
func newDistribution(values, weights []float64) (d distribution, ok bool) {
	if slices.ContainsFunc(values, math.IsNaN) {
		return d, false
	}
	if weights == nil {
		return distribution{values, nil}, true
	}
	d = distribution{make([]float64, len(values)), make([]float64, len(values))}
	for i, o := range ascending(values) {
		d.values[i], d.weights[i] = values[o], weights[o]
	}
	return d, true
}

// lower returns the smallest value v with P(X ≤ v) ≥ p.
func (d distribution) lower(p float64) float64 {
	n := len(d.values)
	if d.weights == nil {
		return selected(d.values, place(p, n))
	}
	mass := 0.0
	for i, w := range d.weights {
		mass += w
		if mass >= p-slackMass {
			return d.values[i]
		}
	}
	return d.values[n-1]
}

// upper returns the largest value v with P(X ≥ v) ≥ p, the mirror of lower.
func (d distribution) upper(p float64) float64 {
	n := len(d.values)
	if d.weights == nil {
		return selected(d.values, n-1-place(p, n))
	}
	mass := 0.0
	for i := n - 1; i >= 0; i-- {
		mass += d.weights[i]
		if mass >= p-slackMass {
			return d.values[i]
		}
	}
	return d.values[0]
}

// place is the index of the first of n equal masses that brings the cumulated
// mass to p.
func place(p float64, n int) int {
	k := int(math.Ceil(float64(p*float64(n)) - float64(slackMass*float64(n))))
	return min(max(k-1, 0), n-1)
}

// constant reports whether all values are equal.
func (d distribution) constant() bool {
	for _, v := range d.values {
		if v != d.values[0] {
			return false
		}
	}
	return true
}

// selected returns the value that sorting would bring to index k, by Hoare's
// quickselect with the middle value as pivot. It reorders the values.
func selected(values []float64, k int) float64 {
	for low, high := 0, len(values)-1; low < high; {
		pivot := values[low+(high-low)/2]
		i, j := low, high
		for i <= j {
			for values[i] < pivot {
				i++
			}
			for values[j] > pivot {
				j--
			}
			if i <= j {
				values[i], values[j] = values[j], values[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			high = j
		case k >= i:
			low = i
		default:
			return values[k]
		}
	}
	return values[k]
}
