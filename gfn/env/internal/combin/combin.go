// Package combin counts in floating point. Counts below 2^53 are exact; a count that
// overflows is +Inf.
package combin

// Power returns base^n, or +Inf if it overflows.
func Power(base, n int) float64 {
	x := 1.0
	for range n {
		x *= float64(base)
	}
	return x
}

// Binomials returns row n of Pascal's triangle up to column k, exact below 2^53.
func Binomials(n, k int) []float64 {
	row := make([]float64, k+1)
	row[0] = 1
	for i := 1; i <= n; i++ {
		for j := min(i, k); j > 0; j-- {
			row[j] += row[j-1]
		}
	}
	return row
}
