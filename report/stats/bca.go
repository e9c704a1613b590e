package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// bcaTails returns the lower and upper tail probabilities that the BCa method
// uses in place of tail (Efron & Tibshirani 1993, Eq. 14.10): with z0 the normal
// quantile of the share of the distribution below the estimate and a the
// acceleration, Φ(z0 + (z0 + z)/(1 - a(z0 + z))). It is not ok where a share of
// 0 or 1 makes z0 infinite, or where a turns the formula over.
func bcaTails(below, a, tail float64) (low, high float64, ok bool) {
	z0 := distuv.UnitNormal.Quantile(below)
	z := distuv.UnitNormal.Quantile(tail)
	adjust := func(z float64) float64 {
		w := z0 + z
		if math.IsInf(z0, 0) || !(1-float64(a*w) > 0) {
			return math.NaN()
		}
		return z0 + w/(1-float64(a*w))
	}
	lower, upper := adjust(z), adjust(-z)
	low, high = normalCDF(lower), normalCDF(-upper)
	return low, high, low > 0 && high > 0
}

// accelerations returns the acceleration constant of each output from the
// jackknife within strata (Davison & Hinkley, Bootstrap Methods and their
// Application, 1997, §3.2 and §5.3.2; for one stratum Efron & Tibshirani 1993,
// Eq. 14.15): with l = (n-1)(mean of the leave-one-out values - the value
// without the observation), a = Σ l³/n³ / 6(Σ l²/n²)^(3/2). Strata of a single
// seed have no leave-one-out value and add nothing.
func accelerations(sizes []int, outputs int, evaluate func(indices [][]int, out []float64)) []float64 {
	cubes, squares := make([]float64, outputs), make([]float64, outputs)
	for t, n := range sizes {
		if n < 2 {
			continue
		}
		without := make([][]float64, outputs) // output × left out
		out := make([]float64, outputs)
		indices := identity(sizes)
		all := indices[t]
		for i := range n {
			indices[t] = append(append(make([]int, 0, n-1), all[:i]...), all[i+1:]...)
			evaluate(indices, out)
			for k, v := range out {
				without[k] = append(without[k], v)
			}
		}
		for k := range without {
			mean := Mean(without[k])
			for _, v := range without[k] {
				l := (mean - v) * float64(n-1) / float64(n)
				squares[k] += float64(l * l)
				cubes[k] += float64(l * l * l)
			}
		}
	}
	for k := range cubes {
		if cubes[k] != 0 {
			cubes[k] /= 6 * float64(squares[k]*math.Sqrt(squares[k]))
		}
	}
	return cubes
}
