package vec

// The reductions add in float64 in eight lanes: term i goes to lane i mod 8, in ascending
// order, and each lane starts from +0. The lanes are then reduced as ((l0+l4)+(l2+l6)) +
// ((l1+l5)+(l3+l7)), the order in which vectors of eight fold in half.

// Dot returns Σ x[i]·y[i] in float64, in the order of the reductions of this
// package. Products of two float32 are exact in float64. y must be at least as
// long as x.
func Dot(x, y []float32) float64 {
	return dot(x, y[:len(x)])
}

// SumSquares returns Σ x[i]² in float64, in the order of the reductions of this
// package.
func SumSquares(x []float32) float64 {
	return dot(x, x)
}

// Sum returns Σ x[i] in the order of the reductions of this package.
func Sum(x []float64) float64 {
	return sum(x)
}

// fold reduces the eight lanes.
func fold(l *[8]float64) float64 {
	return ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
}

func dotGo(x, y []float32) float64 {
	var l [8]float64
	for i, v := range x {
		l[i&7] += float64(float64(v) * float64(y[i]))
	}
	return fold(&l)
}

func sumGo(x []float64) float64 {
	var l [8]float64
	for i, v := range x {
		l[i&7] += v
	}
	return fold(&l)
}
