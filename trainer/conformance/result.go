package conformance

import (
	"errors"
	"fmt"

	"gfnbench/trainer"
)

// Statuses of a check.
const (
	Passed     = "passed"
	Failed     = "failed"
	NotOffered = "not offered"
)

// A Result is the outcome of one check.
type Result struct {
	Case   string `json:"case"`           // environment and objective, such as "hypergrid/tb"; "" for the trainer itself
	Check  string `json:"check"`          // such as "masks"
	Status string `json:"status"`         // "passed", "failed" or "not offered"
	What   string `json:"what,omitempty"` // what was wrong, and where; or what is not offered
	Hint   string `json:"hint,omitempty"` // the likely bug, if one is known
}

// A finding is an error of the trainer.
type finding struct{ what, hint string }

// Error returns what was wrong.
func (f *finding) Error() string { return f.what }

// absent is an error that says why there is nothing to check.
type absent string

// Error returns the reason.
func (a absent) Error() string { return string(a) }

// Reasons why there is nothing to check.
const (
	onPolicyLoss = absent("the loss is one of the policy's own samples alone")
	flowsFirst   = absent("the state flows are learned first")
	noLogZ       = absent("log Z is no parameter of its own")
	noLoss       = absent("it reports no loss of its training")
	notPlane     = absent("the environment has not two coordinates")
)

// found returns a finding.
func found(hint, format string, args ...any) error {
	return &finding{fmt.Sprintf(format, args...), hint}
}

// resultOf returns the result of a check that ended with err.
func resultOf(name, check, hint string, err error) Result {
	r := Result{Case: name, Check: check, Status: Passed}
	if err == nil {
		return r
	}
	if _, ok := err.(absent); ok {
		r.Status, r.What = NotOffered, err.Error()
		return r
	}
	r.Status, r.What, r.Hint = Failed, err.Error(), hint
	if f, ok := errors.AsType[*finding](err); ok && f.hint != "" {
		r.Hint = f.hint
	}
	if e, ok := errors.AsType[*trainer.Error](err); ok {
		_, refused := errors.AsType[*trainer.Refusal](err)
		if r.Hint = ""; refused {
			r.Hint = fmt.Sprintf("it offers %s, or has the environment and the objective, so it must not refuse", e.Message)
		}
	}
	return r
}
