package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Equivalence tests, by two one-sided tests (Schuirmann 1987), that the centre
// of the paired differences d lies within ±margin. Each side is the exact
// one-sided [SignFlip] test of the differences shifted by the margin, and p is
// the larger of the two: p ≤ alpha shows that the difference is smaller than
// the margin, which a large p of a test for a difference never does. The
// statistic is the mean difference. For a single value v, use d = x - v.
//
// An error as for SignFlip, or if margin is not positive and finite.
func Equivalence(d []float64, margin float64) (Test, error) {
	if err := checkMargin(margin); err != nil {
		return Test{}, err
	}
	if err := checkFinite("differences", d); err != nil {
		return Test{}, err
	}
	above, err := SignFlip(shifted(d, margin), Greater)
	if err != nil {
		return Test{}, err
	}
	below, err := SignFlip(shifted(d, -margin), Less)
	if err != nil {
		return Test{}, err
	}
	return both(Mean(d), above, below), nil
}

// EquivalenceUnpaired is [Equivalence] of the means of two independent samples,
// each side being an exact one-sided [Permutation] test of x shifted by the
// margin. The statistic is mean(x) - mean(y); errors as there.
func EquivalenceUnpaired(x, y []float64, margin float64) (Test, error) {
	if err := checkMargin(margin); err != nil {
		return Test{}, err
	}
	above, err := Permutation(shifted(x, margin), y, Greater)
	if err != nil {
		return Test{}, err
	}
	below, err := Permutation(shifted(x, -margin), y, Less)
	if err != nil {
		return Test{}, err
	}
	return both(Mean(x)-Mean(y), above, below), nil
}

// EquivalenceWelch is the parametric form of [EquivalenceUnpaired]: two
// one-sided t tests with Welch's standard error and degrees of freedom, for
// values that are about normal. It reaches small p with few values, by trust in
// that assumption. An error if a sample has fewer than two values or one that
// is not finite, both are constant, or margin is not positive and finite.
func EquivalenceWelch(x, y []float64, margin float64) (Test, error) {
	if err := checkMargin(margin); err != nil {
		return Test{}, err
	}
	if err := checkFinite("x", x); err != nil {
		return Test{}, err
	}
	if err := checkFinite("y", y); err != nil {
		return Test{}, err
	}
	if len(x) < 2 || len(y) < 2 {
		return Test{}, fmt.Errorf("%w: %d and %d, a variance needs 2 each", ErrTooFew, len(x), len(y))
	}
	a, b := Variance(x)/float64(len(x)), Variance(y)/float64(len(y))
	if a+b == 0 {
		return Test{}, fmt.Errorf("%w: both samples are constant, there is no standard error", ErrRange)
	}
	df := (a + b) * (a + b) / (a*a/float64(len(x)-1) + b*b/float64(len(y)-1))
	student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}
	difference, se := Mean(x)-Mean(y), math.Sqrt(a+b)
	p := max(student.CDF(-(difference+margin)/se), student.CDF((difference-margin)/se))
	return Test{Statistic: difference, P: p, N: len(x), M: len(y)}.finish(), nil
}

// both joins the two one-sided tests of an equivalence test.
func both(statistic float64, above, below Test) Test {
	t := above
	t.Statistic = statistic
	t.P = max(above.P, below.P)
	t.MinP = max(above.MinP, below.MinP)
	t.Exact = above.Exact && below.Exact
	t.Warnings = nil
	return t.finish()
}

// shifted returns x + by.
func shifted(x []float64, by float64) []float64 {
	s := make([]float64, len(x))
	for i, v := range x {
		s[i] = v + by
	}
	return s
}

// checkMargin refuses a margin that is not a positive number.
func checkMargin(margin float64) error {
	if !(margin > 0) || math.IsInf(margin, 1) {
		return fmt.Errorf("margin %v: %w: it must be positive and finite", margin, ErrRange)
	}
	return nil
}
