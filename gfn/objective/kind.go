package objective

import (
	"fmt"
	"math"
	"slices"

	"gfnbench/gfn/param"
)

// Make completes s and makes the objective; see [Kind.Complete].
func (k *Kind) Make(s Spec) (Objective, error) {
	s, err := k.Complete(s)
	if err != nil {
		return nil, err
	}
	return k.New(s), nil
}

// Complete fills in the parameters that s leaves out. It returns an error if a parameter
// is unknown, missing or out of bounds, or if the kind does not have the control variate
// ("" is valid only for kinds without any).
func (k *Kind) Complete(s Spec) (Spec, error) {
	params, errs := param.Complete(k.Name, k.Params, s.Params)
	if len(errs) > 0 {
		return s, fmt.Errorf("%s: %w", k.Name, errs[0])
	}
	s.Params, s.ControlVariate = params, k.Canonical(s.ControlVariate)
	if len(k.ControlVariates) == 0 && s.ControlVariate != "" {
		return s, fmt.Errorf("%s takes no control variate, but %q is given", k.Name, s.ControlVariate)
	}
	if len(k.ControlVariates) > 0 && !slices.Contains(k.ControlVariates, s.ControlVariate) {
		return s, fmt.Errorf("%s: %q is not a control variate; use one of %q", k.Name, s.ControlVariate, k.ControlVariates)
	}
	return s, nil
}

// Canonical returns the control variate that stands for cv: "loo" for "paper" if the two
// are the same by definition, cv itself otherwise.
func (k *Kind) Canonical(cv string) string {
	if cv == Paper && k.PaperIsLOO {
		return LeaveOneOut
	}
	return cv
}

// MinBatch returns the smallest batch on which the kind with control variate cv is
// defined and trains: 2 if the baseline is computed from the batch. The mean of a batch
// of one is its only value, which leaves nothing to train with.
func (k *Kind) MinBatch(cv string) int {
	if cv == LeaveOneOut || cv == Paper || cv == BatchMean {
		return 2
	}
	return max(1, k.Smallest)
}

// RefuseBackward says why the kind with control variate cv cannot also train the backward
// policy. It returns "" if it can.
func (k *Kind) RefuseBackward(cv string) string {
	if k.NoLearnedBackward == "" && k.Canonical(cv) == Paper {
		return "the control variate paper fits its baseline to the forward policy's gradient alone; use loo"
	}
	return k.NoLearnedBackward
}

// Shift returns the run's Batch.Shift, given log w of the run's first batch. It makes the
// largest exponential of that batch 1: the maximum of log w, or the minimum for Tsallis
// and Renyi with alpha > 1, whose w^(1-alpha) decreases with w. Infinite values are
// ignored; if there are no others, Shift returns 0.
func (k *Kind) Shift(s Spec, logW []float64) float64 {
	sign := 1.0
	if a, ok := s.Params[alpha.Name]; ok && a.Float() > 1 {
		sign = -1
	}
	shift := math.Inf(-1)
	for _, x := range logW {
		if !math.IsInf(x, 0) && !math.IsNaN(x) {
			shift = max(shift, sign*x)
		}
	}
	if math.IsInf(shift, -1) {
		return 0
	}
	return sign * shift
}
