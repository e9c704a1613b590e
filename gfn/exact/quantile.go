package exact

import (
	"math"
	"slices"

	"gfnbench/gfn/fmath"
)

// Quantile returns the log of the q-quantile of rewards, 0 <= q <= 1, given their logs.
// It is type 7 of Hyndman and Fan (1996), which interpolates between order statistics, on
// the scale of rewards. If the neighbours are equal it is exactly their log, so comparing
// a log reward with it is exact. It is NaN if logR is empty.
func Quantile(logR []float64, q float64) float64 {
	if len(logR) == 0 {
		return math.NaN()
	}
	x := slices.Clone(logR)
	slices.Sort(x)
	h := float64(q * float64(len(x)-1))
	i := min(int(math.Floor(h)), len(x)-1)
	weight := h - float64(i)
	if weight == 0 || x[i] == x[i+1] {
		return x[i]
	}
	// log((1-weight) e^lo + weight e^hi), with the larger factored out.
	lo, hi := x[i], x[i+1]
	return hi + fmath.Log(weight+float64((1-weight)*fmath.Exp(lo-hi)))
}
