package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// LogRankTest is the result of [LogRank].
type LogRankTest struct {
	Test                // Statistic is Observed - Expected of x; P by permutation
	Observed    float64 // events in x
	Expected    float64 // events in x if both samples had the same hazard
	Variance    float64 // hypergeometric variance of Observed
	ChiSquare   float64 // (Observed - Expected)²/Variance, NaN without variance
	AsymptoticP float64 // two-sided, χ² with one degree of freedom
}

// LogRank compares the times to an event of two independent samples, either of
// which may be censored (Mantel 1966; Klein & Moeschberger 2003, §7.3). The
// alternative Less means that x has fewer events than expected: it is slower.
//
// P is a permutation p: Observed - Expected is the sum over x of δ - Λ(t), δ
// being 1 for an event and Λ the Nelson–Aalen cumulative hazard of the pooled
// data, and this sum is referred to all C(n+m, n) splits of the pooled data
// (exact for n + m ≤ [ExactPermutation], two-sided by doubling). That is valid
// where both samples are censored by the same rule, as runs of one length are,
// and holds for few seeds, where the χ² approximation does not.
//
// Errors as for [KaplanMeier]. With no events at all, p = 1.
func LogRank(x, y []Duration, alternative Alternative) (LogRankTest, error) {
	if _, err := eventTable("x", x); err != nil {
		return LogRankTest{}, err
	}
	if _, err := eventTable("y", y); err != nil {
		return LogRankTest{}, err
	}
	pooled := append(append(make([]Duration, 0, len(x)+len(y)), x...), y...)
	table, err := eventTable("pooled", pooled)
	if err != nil {
		return LogRankTest{}, err
	}
	var r LogRankTest
	hazard := 0.0
	scores := make([]float64, len(pooled))
	for _, t := range table {
		atRisk := 0 // of x
		for _, d := range x {
			if d.Time >= t.time {
				atRisk++
			}
		}
		n, d, nx := float64(t.atRisk), float64(t.events), float64(atRisk)
		hazard += d / n
		r.Expected += nx * d / n
		if n > 1 {
			r.Variance += float64(nx / n * (1 - nx/n) * (n - d) / (n - 1) * d)
		}
		for i, p := range pooled {
			if p.Time == t.time {
				scores[i] = -hazard
				if p.Observed {
					scores[i]++
				}
			}
		}
	}
	for _, d := range x {
		if d.Observed {
			r.Observed++
		}
	}
	null, exact := splitTails(scores, len(x))
	r.Test = Test{Statistic: r.Observed - r.Expected, N: len(x), M: len(y), Exact: exact}
	r.P, r.MinP = null.p(alternative)
	r.Test = r.Test.finish()
	r.ChiSquare, r.AsymptoticP = math.NaN(), 1
	if r.Variance > 0 {
		r.ChiSquare = r.Statistic * r.Statistic / r.Variance
		r.AsymptoticP = distuv.ChiSquared{K: 1}.Survival(r.ChiSquare)
	}
	return r, nil
}
