package stats

import (
	"math"
	"slices"
)

// Quantile returns the p-quantile of x by definition 7 of Hyndman & Fan
// ("Sample quantiles in statistical packages", The American Statistician 50,
// 1996), the default of R and NumPy: with the order statistics x(1) ≤ … ≤ x(n)
// and h = (n-1)p + 1, the value x(⌊h⌋) + (h-⌊h⌋)(x(⌊h⌋+1) - x(⌊h⌋)).
//
// It is NaN if x is empty or has a NaN, or p is outside [0, 1]. Infinities are
// ordered: between a finite value and an infinite one the result is infinite,
// and between -Inf and +Inf it is NaN. gonum's stat.Quantile with LinInterp
// uses another definition (Hyndman & Fan's 4).
func Quantile(x []float64, p float64) float64 {
	var buffer [32]float64
	s, ok := sorted(buffer[:0], x)
	if !ok || !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	return quantileSorted(s, p)
}

// Median returns the type-7 quantile at 1/2: the middle value, or the mean of
// the two middle values.
func Median(x []float64) float64 { return Quantile(x, 0.5) }

// quantileSorted returns the quantile of sorted, non-empty values.
func quantileSorted(s []float64, p float64) float64 {
	h := float64(p * float64(len(s)-1))
	i := int(math.Floor(h))
	if i >= len(s)-1 {
		return s[len(s)-1]
	}
	fraction := h - float64(i)
	if fraction == 0 || s[i] == s[i+1] { // also avoids 0·Inf and Inf-Inf
		return s[i]
	}
	return s[i] + float64(fraction*(s[i+1]-s[i]))
}

// sorted returns x in ascending order, appended to buffer. The flag is false if
// x is empty or has a NaN.
func sorted(buffer, x []float64) ([]float64, bool) {
	s := append(buffer, x...)
	if slices.ContainsFunc(s, math.IsNaN) {
		return s, false
	}
	sortNumbers(s)
	return s, len(s) > 0
}

// sortNumbers sorts values without NaN. Samples usually have one value per seed
// and are sorted once per resample, where plain insertion takes a third of the
// time of slices.Sort, which must order NaN.
func sortNumbers(s []float64) {
	if len(s) > 24 {
		slices.Sort(s)
		return
	}
	for i := 1; i < len(s); i++ {
		v, j := s[i], i
		for ; j > 0 && s[j-1] > v; j-- {
			s[j] = s[j-1]
		}
		s[j] = v
	}
}

// selected returns the value that sorting would put at index k, by Hoare's
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
