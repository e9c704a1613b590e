package gfn

import (
	"math"

	"gfnbench/gfn/env"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/objective"
)

// Defined reports whether the last evaluation of a run will have a value of the metric.
// It trains nothing but, for the modes metric, may enumerate the states to find the
// quantile.
func Defined(s Spec, in *Instance, m metric.Metric) (bool, error) {
	kind := objective.Lookup(s.Objective.Name)
	_, continuous := in.Env.(env.Continuous)
	// Metrics with special conditions.
	switch m {
	case metric.Loss, metric.GradNorm, metric.ELBO, metric.LogZEst:
		return true, nil
	case metric.LogZ:
		return kind != nil && kind.LearnsLogZ, nil
	case metric.TopK:
		return !continuous && s.TopK > 0, nil
	case metric.Modes:
		if continuous {
			return false, nil
		}
		logTau, err := in.LogTau(s.Modes, s.Eval.MaxStates)
		return err == nil && !math.IsInf(logTau, 1), err
	case metric.FCS:
		return !continuous && s.FCS.Count > 0, nil
	case metric.Spearman:
		return !continuous && s.Eval.HeldOut > 0, nil
	case metric.LogSAlpha:
		if !s.Eval.LogSAlpha {
			return false, nil
		}
	case metric.L1MC, metric.L1MCFloor:
		if continuous || s.Eval.BackwardSamples == 0 {
			return false, nil
		}
	case metric.L1Hist, metric.L1HistFloor:
		if continuous || s.Eval.HistogramSamples == 0 {
			return false, nil
		}
	}
	// The others depend on how the environment is evaluated: continuous, exact or
	// sampled.
	if continuous {
		return m < metric.NumEvaluated, nil
	}
	if in.Enumerable(s.Eval.MaxStates).OK && s.Eval.Mode != "sampled" {
		return m < metric.NumEvaluated && m != metric.Samples, nil
	}
	c := in.Env.Capabilities()
	switch m {
	case metric.EUBO, metric.Samples:
		return c.TargetSamples.OK && (c.LogZ.OK || s.bothSides(in)), nil
	case metric.TrajKLFwd, metric.L1MC:
		return c.TargetSamples.OK && c.LogZ.OK, nil
	case metric.L1, metric.L1MCFloor, metric.TV, metric.JSD, metric.KLPTTarget, metric.KLTargetPT:
		return c.TargetSamples.OK && pointwise(in.Env.(env.Discrete)), nil
	}
	return false, nil
}
