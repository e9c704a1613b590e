package stats

import "math"

// Mean returns the arithmetic mean of x: the plain sum over n, corrected once
// by the mean of the residuals, so the mean of equal values is exactly that
// value. It is NaN if x is empty or has a NaN; infinities follow IEEE
// arithmetic.
func Mean(x []float64) float64 {
	n := float64(len(x))
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	mean := sum / n
	if math.IsInf(mean, 0) { // of a value, or the sum of large ones
		mean = 0
		for _, v := range x {
			mean += v / n
		}
	}
	if math.IsInf(mean, 0) || math.IsNaN(mean) {
		return mean
	}
	rest := 0.0
	for _, v := range x {
		rest += v - mean
	}
	return mean + rest/n
}

// Variance returns the unbiased sample variance Σ(x - mean)²/(n-1), computed in
// two passes. It is NaN for fewer than two values and for NaN or infinite data.
func Variance(x []float64) float64 {
	n := float64(len(x))
	if n < 2 {
		return math.NaN()
	}
	mean := Mean(x)
	squares := 0.0
	for _, v := range x {
		squares += float64((v - mean) * (v - mean))
	}
	return squares / (n - 1)
}

// SD returns the sample standard deviation with n-1 in the denominator, the "±
// std over seeds" of the paper's Table 1. It is NaN when [Variance] is.
func SD(x []float64) float64 {
	variance := Variance(x)
	const least, most = 1e-280, 1e280 // beyond them squares lose digits, or are lost
	if math.IsNaN(variance) || least < variance && variance < most {
		return math.Sqrt(variance)
	}
	mean, scale := Mean(x), 0.0
	for _, v := range x {
		scale = max(scale, math.Abs(v-mean))
	}
	if scale == 0 || math.IsInf(scale, 0) {
		return scale
	}
	squares := 0.0
	for _, v := range x {
		d := (v - mean) / scale
		squares += float64(d * d)
	}
	return scale * math.Sqrt(squares/float64(len(x)-1))
}

// TrimmedMean returns the mean of x without its ⌊cut·n⌋ smallest and ⌊cut·n⌋
// largest values. Only whole observations are cut, without fractional weights,
// as in scipy.stats.trim_mean and hence in rliable. It is NaN if x is empty or
// has a NaN, or if cut is outside [0, 1/2).
func TrimmedMean(x []float64, cut float64) float64 {
	var buffer [32]float64
	s, ok := sorted(buffer[:0], x)
	if !ok || !(cut >= 0 && cut < 0.5) {
		return math.NaN()
	}
	drop := int(cut * float64(len(s)))
	return Mean(s[drop : len(s)-drop])
}

// IQM returns the interquartile mean (Agarwal et al., "Deep reinforcement
// learning at the edge of the statistical precipice", NeurIPS 2021, §4.3): the
// [TrimmedMean] that cuts ⌊n/4⌋ values at each end. With three values or fewer
// nothing is cut, and it is the mean; with 10 values it is the mean of the
// middle 6. Over several tasks, pool all task × seed scores. It is NaN if x is
// empty or has a NaN; an infinite score does no harm as long as it is cut.
func IQM(x []float64) float64 { return TrimmedMean(x, 0.25) }
