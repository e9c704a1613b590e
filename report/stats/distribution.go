package stats

import (
	"math"
	"slices"
)

// A distribution is a discrete distribution: ascending values and their
// probabilities. No weights means equal ones.
type distribution struct {
	values, weights []float64
}

// slackMass absorbs the rounding of cumulated probabilities.
const slackMass = 1e-12

// newDistribution sorts values, with weights in the same order or nil; ok is
// false if a value is NaN. It takes the slice of values over.
func newDistribution(values, weights []float64) (d distribution, ok bool) {
	for _, v := range values {
		if math.IsNaN(v) {
			return d, false
		}
	}
	if weights == nil {
		slices.Sort(values)
		return distribution{values, nil}, true
	}
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case values[a] < values[b]:
			return -1
		case values[a] > values[b]:
			return 1
		}
		return 0
	})
	d = distribution{make([]float64, len(values)), make([]float64, len(values))}
	for i, o := range order {
		d.values[i], d.weights[i] = values[o], weights[o]
	}
	return d, true
}

// lower returns the smallest value v with P(X ≤ v) ≥ p.
func (d distribution) lower(p float64) float64 {
	n := len(d.values)
	if d.weights == nil {
		return d.values[place(p, n)]
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
		return d.values[n-1-place(p, n)]
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
	k := int(math.Ceil(float64(p*float64(n)) - slackMass*float64(n)))
	return min(max(k-1, 0), n-1)
}

// below returns P(X < v) + P(X = v)/2.
func (d distribution) below(v float64) float64 {
	less, equal := 0.0, 0.0
	for i, x := range d.values {
		w := 1 / float64(len(d.values))
		if d.weights != nil {
			w = d.weights[i]
		}
		switch {
		case x < v:
			less += w
		case x == v:
			equal += w
		}
	}
	return less + equal/2
}
