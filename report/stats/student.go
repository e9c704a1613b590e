package stats

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"
)

// mostSkew limits the variance of the logarithms that [MeanInterval] accepts,
// as a multiple of what the coefficient of variation implies for a lognormal
// sample. Values close to zero stretch the logarithms without moving the mean.
const mostSkew = 1.5

// A Scale says on which scale an interval has the same width on both sides.
type Scale int

// The scales. Values that may have either sign are Linear, even if all values of
// a sample happen to have the same sign.
const (
	Linear      Scale = iota // differences matter
	Logarithmic              // ratios matter: the values are positive by nature, like errors
)

// MeanInterval returns the mean of x with a confidence interval. On the linear
// scale it is Student's t. On the logarithmic one, with c = SD/mean, the low end
// is mean·exp(-t·c/√n), and the high end mean·exp(t·√(v/n + v²/2(n-1))), by Cox's
// method for a lognormal mean (Zhou & Gao, Statistics in Medicine 16, 1997). Here
// v is the variance of the logarithms, at most what [mostSkew] allows, and the
// root is at least c/√n. The mean of a skewed sample is more often too small than
// too large. Values that are not all positive use the linear scale.
//
// The interval is withheld for fewer than [FewestSeeds] values, if all are equal,
// or if one is not finite. No interval of a mean covers a failure that the sample
// does not show. Errors are as for [TrimmedMeanInterval].
func MeanInterval(x []float64, scale Scale, coverage float64) (Interval, error) {
	return TrimmedMeanInterval(x, 0, scale, coverage)
}

// IQMInterval returns [IQM] with the interval of [TrimmedMeanInterval].
func IQMInterval(x []float64, scale Scale, coverage float64) (Interval, error) {
	return TrimmedMeanInterval(x, 0.25, scale, coverage)
}

// TrimmedMeanInterval returns [TrimmedMean] with a confidence interval. If
// nothing is cut, the interval is the same as for [MeanInterval]. Otherwise it is
// Student's t with the standard error √(Σ(w - mean w)²/(h(h-1))) and h-1 degrees
// of freedom, where w are the Winsorised values and h is how many are left (Tukey
// & McLaughlin, Sankhyā A 25, 1963; in this form Yuen, Biometrika 61, 1974), on
// the logarithmic scale m·exp(±t·se/m). Values that are cut may be infinite.
//
// The interval is withheld for fewer than [FewestSeeds] values, if those left are
// all equal, or if one of them is not finite. It returns an error if x is empty
// or has a NaN, or a setting is out of range.
func TrimmedMeanInterval(x []float64, cut float64, scale Scale, coverage float64) (Interval, error) {
	if err := checkSample("values", x); err != nil {
		return Interval{}, err
	}
	if err := checkCoverage(coverage); err != nil {
		return Interval{}, err
	}
	if !(cut >= 0 && cut < 0.5) {
		return Interval{}, fmt.Errorf("cut %v: %w: it must lie between 0 and 1/2", cut, ErrRange)
	}
	m := TrimmedMean(x, cut)
	w, left := winsorised(x, cut)
	switch least, most := w[0], w[len(w)-1]; {
	case math.IsInf(least, 0) || math.IsInf(most, 0):
		return withheld(m, coverage, Undefined, "the mean is over a run that diverged"), nil
	case len(x) < FewestSeeds:
		return withheld(m, coverage, TooFewSeeds, "%s of at least %d", seedCount(len(x)), FewestSeeds), nil
	case least == most:
		return withheld(m, coverage, NoVariation, "all seeds have the same value"), nil
	}
	t := StudentQuantile(left-1, 1-(1-coverage)/2)
	se := SD(w) * math.Sqrt(float64(len(w)-1)/(left*(left-1)))
	if scale == Linear || slices.Min(x) <= 0 {
		return Interval{Estimate: m, Low: m - t*se, High: m + t*se, Coverage: coverage}, nil
	}
	high := se / m
	if int(left) == len(x) {
		high = max(high, skewedError(x))
	}
	return Interval{Estimate: m, Low: m * math.Exp(-t*se/m), High: m * math.Exp(t*high), Coverage: coverage}, nil
}

// studentQuantiles holds quantiles that were computed: a figure has an interval at each
// of a hundred thousand points, all with a few degrees of freedom.
var studentQuantiles sync.Map

// StudentQuantile returns the p-quantile of Student's t with df degrees of freedom.
func StudentQuantile(df, p float64) float64 {
	key := [2]float64{df, p}
	if t, ok := studentQuantiles.Load(key); ok {
		return t.(float64)
	}
	t := distuv.StudentsT{Sigma: 1, Nu: df}.Quantile(p)
	studentQuantiles.Store(key, t)
	return t
}

// winsorised returns x in ascending order, with the values that are cut replaced
// by the nearest that is left, and how many are left.
func winsorised(x []float64, cut float64) (w []float64, left float64) {
	w, _ = sorted(nil, x)
	n, drop := len(w), int(cut*float64(len(w)))
	for i := range drop {
		w[i], w[n-1-i] = w[drop], w[n-1-drop]
	}
	return w, float64(n - 2*drop)
}

// skewedError returns Cox's standard error of the logarithm of the mean of
// positive values.
func skewedError(x []float64) float64 {
	logs := slices.Clone(x)
	for i, v := range x {
		logs[i] = math.Log(v)
	}
	n, c := float64(len(x)), SD(x)/Mean(x)
	v := min(Variance(logs), mostSkew*math.Log1p(c*c))
	return math.Sqrt(v/n + v*v/(2*(n-1)))
}
