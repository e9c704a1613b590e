package stats

import (
	"fmt"
	"math"
)

// A RestrictedMean is a restricted mean survival time: the mean of the time to
// the event, or to the horizon if that comes first.
type RestrictedMean struct {
	Mean, StdErr float64   // in the unit of the durations
	Horizon      float64   // in the same unit
	Events       int       // events before or at the horizon
	N            int       // durations
	Warnings     []Warning // what a reader must see
}

// RestrictedMean returns the area under the Kaplan–Meier curve from 0 to the
// horizon, and its standard error √Σ A²·d/(n(n-d)), where A is the area from an
// event time to the horizon (Klein & Moeschberger, Survival Analysis, 2nd ed.
// 2003, Eqs. 4.5.1 and 4.5.2, without the factor for small samples). Without
// censoring before the horizon it is the mean of the times cut at the horizon,
// and the standard error squared is Σ(x - mean)²/n².
//
// If the horizon is past the last duration, the result carries [BeyondFollowUp]
// unless the curve is at zero there. If there are no events, it carries
// [NoVariation] and a standard error of zero that means nothing. It returns an
// error if the horizon is not positive and finite.
func (s Survival) RestrictedMean(horizon float64) (RestrictedMean, error) {
	if !(horizon > 0) || math.IsInf(horizon, 1) {
		return RestrictedMean{}, fmt.Errorf("horizon %v: %w: it must be positive and finite", horizon, ErrRange)
	}
	r := RestrictedMean{Horizon: horizon, N: s.N}
	var steps []SurvivalStep
	for _, step := range s.Steps {
		if step.Time < horizon {
			steps = append(steps, step)
		}
		if step.Time <= horizon {
			r.Events += step.Events
		}
	}
	end, area, variance := horizon, 0.0, 0.0
	for i := len(steps) - 1; i >= 0; i-- {
		step := steps[i]
		area += float64(step.Survival * (end - step.Time))
		end = step.Time
		if n, d := float64(step.AtRisk), float64(step.Events); n > d {
			variance += area * area * d / (n * (n - d))
		}
	}
	r.Mean, r.StdErr = end+area, math.Sqrt(variance)
	if horizon > s.Last && s.At(horizon) > 0 {
		r.Warnings = append(r.Warnings, warn(BeyondFollowUp, "the horizon %g is past the longest duration %g", horizon, s.Last))
	}
	if r.Events == 0 {
		r.Warnings = append(r.Warnings, warn(NoVariation, "no event up to the horizon"))
	}
	return r, nil
}

// RestrictedMeanInterval returns the restricted mean up to the horizon, with the interval that
// [MeanInterval] gives for its pseudo-values on the logarithmic scale, cut to 0 … horizon. The
// pseudo-values are n·θ - (n-1)·θ(i), where θ(i) is the restricted mean without duration i
// (Andersen, Hansen & Klein, Lifetime Data Analysis 10, 2004). If no duration is censored before
// the horizon, they are the durations, cut at the horizon.
//
// The interval is withheld in the same cases as there. Errors are as for [KaplanMeier] and
// [Survival.RestrictedMean]; a coverage out of range is one too.
func RestrictedMeanInterval(durations []Duration, horizon, coverage float64) (Interval, error) {
	of := func(d []Duration) (float64, error) {
		survival, err := KaplanMeier(d)
		if err != nil {
			return math.NaN(), err
		}
		r, err := survival.RestrictedMean(horizon)
		return r.Mean, err
	}
	all, err := of(durations)
	if err != nil {
		return Interval{}, err
	}
	n := len(durations)
	if n < FewestSeeds {
		return withheld(all, coverage, TooFewSeeds, "%s of at least %d", seedCount(n), FewestSeeds), nil
	}
	pseudo, rest := make([]float64, n), make([]Duration, 0, n)
	for i := range durations {
		rest = append(append(rest[:0], durations[:i]...), durations[i+1:]...)
		without, err := of(rest)
		if err != nil {
			return Interval{}, err
		}
		// Rounding must not make equal durations differ.
		pseudo[i] = all + math.Round(float64(n-1)*(all-without)/horizon*1e12)/1e12*horizon
	}
	in, err := MeanInterval(pseudo, Logarithmic, coverage)
	in.Estimate = all
	return in.Within(0, horizon), err
}
