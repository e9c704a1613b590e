package dag

import "math"

// cholesky factors the symmetric positive definite a (n×n, row-major, lower triangle) in
// place into L with a = L Lᵀ. It reports whether every pivot exceeds tolerance times the
// original diagonal entry; below that, a column is a combination of the earlier ones up
// to rounding.
func cholesky(a []float64, n int, tolerance float64) bool {
	for j := range n {
		row := a[j*n : j*n+j+1]
		for k := range j {
			sum := row[k]
			for m := range k {
				sum -= float64(row[m] * a[k*n+m])
			}
			row[k] = sum / a[k*n+k]
		}
		pivot := row[j]
		for m := range j {
			pivot -= float64(row[m] * row[m])
		}
		if !(pivot > tolerance*row[j]) || pivot <= 0 {
			return false
		}
		row[j] = math.Sqrt(pivot)
	}
	return true
}
