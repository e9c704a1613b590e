// Package remote turns cells into requests to a program, and its answers into a policy
// that package gfn can evaluate. It knows environments; package trainer does not.
package remote

import (
	"encoding/json"
	"fmt"
	"slices"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/trainer"
)

// Start returns the request that begins the run of a spec. settings are the cell's
// settings that affect training.
func Start(cell string, spec gfn.Spec, settings param.Values, e env.Environment) (trainer.Start, []trainer.Array) {
	s := trainer.Start{
		Cell:        cell,
		Environment: trainer.Environment{Kind: e.Kind(), Params: values(actual(spec, e))},
		Objective:   trainer.Objective{Name: spec.Objective.Name, Params: values(spec.Objective.Params), ControlVariate: spec.Objective.ControlVariate},
		Settings:    values(settings),
		Seed:        int64(spec.Streams.Stream("trainer", 0).Uint64() >> 11),
	}
	if k := objective.Lookup(spec.Objective.Name); k != nil {
		if full, err := k.Complete(spec.Objective); err == nil {
			s.Objective.Params = values(full.Params)
		}
	}
	switch e := e.(type) {
	case env.Discrete:
		s.Environment.Features, s.Environment.Actions = e.Features(), e.Actions()
		s.Environment.BackwardActions, s.Environment.MaxSteps = e.BackwardActions(), e.MaxSteps()
	case env.Continuous:
		s.Environment.Dim = e.Dim()
	}
	var arrays []trainer.Array
	for _, f := range e.Instance() {
		s.Environment.Instance = append(s.Environment.Instance, trainer.Field{Name: f.Name, Text: f.Text})
		if len(f.Values) > 0 {
			arrays = append(arrays, trainer.Floats("instance."+f.Name, f.Values, len(f.Values)))
		}
	}
	return s, arrays
}

// actual returns the environment's parameters, with defaults filled in.
func actual(spec gfn.Spec, e env.Environment) param.Values {
	full, _ := kinds.Lookup(e.Kind()).Complete(spec.Params) // the instance was made from them
	return env.Actual(e, full)
}

// values converts values to JSON. It leaves out files, whose contents are in the
// instance.
func values(p param.Values) trainer.Values {
	list := trainer.Values{}
	for name, v := range p {
		if text, err := json.Marshal(v); err == nil && v.Type() != param.Path && !v.IsNull() {
			list[name] = text
		}
	}
	return list
}

// Undeclared returns an error if changed names a setting that the program does not obey.
func Undeclared(h *trainer.Hello, changed []string) error {
	for _, name := range changed {
		if !slices.Contains(h.Parameters, name) {
			return fmt.Errorf("the cell sets %s, which the trainer %s %s does not declare among its parameters: leave it at its default", name, h.Name, h.Version)
		}
	}
	return nil
}
