package fmath

import "math"

// LogSumExp returns log(Σ exp(xs[i])), shifted by the maximum m so that nothing
// overflows: m + log(Σ exp(xs[i] - m)). The empty sum is -Inf and entries of -Inf add
// nothing. A NaN gives NaN; otherwise a +Inf gives +Inf. Terms are added in eight lanes,
// term i in lane i mod 8 in ascending order, which are then reduced as ((l0+l4)+(l2+l6))
// + ((l1+l5)+(l3+l7)), the order of vec.Sum.
func LogSumExp(xs []float64) float64 {
	m := math.Inf(-1)
	for _, x := range xs {
		if x != x {
			return x
		}
		m = max(m, x)
	}
	if math.IsInf(m, 0) {
		return m
	}
	var l [8]float64
	for i, x := range xs {
		l[i&7] += Exp(x - m)
	}
	return m + Log(((l[0]+l[4])+(l[2]+l[6]))+((l[1]+l[5])+(l[3]+l[7])))
}

// LogAddExp returns log(exp(a) + exp(b)) without overflow. It is -Inf if both are -Inf,
// and NaN if one is NaN.
func LogAddExp(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if a == b && math.IsInf(a, 0) {
		return a
	}
	return a + Log1p(Exp(b-a))
}
