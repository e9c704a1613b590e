package fmath

// ExpGap returns e^x - 1 - x >= 0, the gap between the exponential and its tangent at 0,
// given exp = e^x. For |x| below 1/32 it sums the series, because the difference of
// nearly equal numbers would lose digits. The relative error is below 1e-12 everywhere.
func ExpGap(x, exp float64) float64 {
	if x > -1.0/32 && x < 1.0/32 {
		sum := 1.0
		for k := 9.0; k > 2; k-- {
			sum = 1 + float64(x/k*sum)
		}
		return float64(x * x / 2 * sum)
	}
	return exp - 1 - x
}
