package stats

import "gonum.org/v1/gonum/stat/distuv"

// shortfall is how much a median's interval may lack of its coverage: the range
// of 5 values covers their median in 93.75% of cases.
const shortfall = 0.02

// MedianInterval returns the median of x with the interval between the k-th
// smallest and the k-th largest value. k is the largest for which the coverage 1
// - 2·P(B < k), with B binomial with n trials of ½, is enough (Thompson, Annals
// of Mathematical Statistics 7, 1936). It holds for every distribution; for a
// discrete one the coverage is larger. Coverage is the true level.
//
// Five values do not reach 95%, but their range reaches 93.75%, which is given
// with a warning. For four or fewer the interval is withheld. Infinities are
// ordered. It returns an error if x is empty or has a NaN, or the coverage is out
// of range.
func MedianInterval(x []float64, coverage float64) (Interval, error) {
	if err := checkSample("values", x); err != nil {
		return Interval{}, err
	}
	if err := checkCoverage(coverage); err != nil {
		return Interval{}, err
	}
	n := len(x)
	s, _ := sorted(nil, x)
	median := quantileSorted(s, 0.5)
	below := distuv.Binomial{N: float64(n), P: 0.5}
	level := func(k int) float64 { return 1 - 2*below.CDF(float64(k-1)) }
	k := 1
	for 2*(k+1) <= n && level(k+1) >= coverage {
		k++
	}
	in := Interval{Estimate: median, Low: s[k-1], High: s[n-k], Coverage: level(k)}
	switch {
	case in.Coverage < coverage-shortfall:
		return withheld(median, coverage, TooFewSeeds, "the range of %s covers the median in %.3g%% only", seedCount(n), 100*in.Coverage), nil
	case in.Coverage < coverage:
		in.Warnings = []Warning{warn(TooFewSeeds, "the range of %s covers the median in %.4g%%, not %g%%", seedCount(n), 100*in.Coverage, 100*coverage)}
	}
	return in, nil
}
