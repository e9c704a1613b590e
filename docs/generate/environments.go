package main

import (
	"fmt"
	"math"
	"strings"

	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
)

// environmentRow is one kind with its default instance.
type environmentRow struct {
	Name, Doc, Policies                       string
	Params                                    []keyRow
	States, Terminals, LogZ                   string
	Enumerable, ClosedLogZ, Samples, Instance string
}

func viewEnvironments() (any, error) {
	var rows []environmentRow
	for _, k := range env.Kinds {
		r := environmentRow{Name: k.Name, Doc: k.Doc, Policies: strings.Join(k.Policies, ", ")}
		params := param.Values{}
		for i := range k.Params {
			p := &k.Params[i]
			r.Params = append(r.Params, paramRow(p))
			if p.Name == "instance_seed" {
				params[p.Name] = 1
			}
		}
		e, err := k.Make(params)
		if err != nil {
			return nil, err
		}
		c := e.Capabilities()
		r.States, r.Terminals = count(c.States), count(c.Terminals)
		r.Enumerable, r.ClosedLogZ, r.Samples = capability(c.Enumerable), capability(c.LogZ), capability(c.TargetSamples)
		r.LogZ = "–"
		if c.LogZ.OK {
			r.LogZ = fmt.Sprintf("%.4f", e.LogZ()+0) // no minus zero
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func paramRow(p *param.Param) keyRow {
	r := keyRow{Name: p.Name, Type: string(p.Type), Default: value(p.Default), Doc: p.Doc}
	if p.Required {
		r.Default = "required"
	}
	if p.Min != 0 || p.Max != 0 {
		r.Range = fmt.Sprintf("%g to %g", p.Min, p.Max)
		if p.Max >= 1<<20 {
			r.Range = fmt.Sprintf("at least %g", p.Min)
		}
	}
	if len(p.Choices) > 0 {
		r.Range = strings.Join(p.Choices, ", ")
	}
	return r
}

func capability(c env.Capability) string {
	if c.OK {
		return "yes"
	}
	return "no: " + c.Why
}

// count writes a number of states with its thousands apart.
func count(x float64) string {
	switch {
	case math.IsInf(x, 1):
		return "∞"
	case x >= 1e15:
		return fmt.Sprintf("%.3g", x)
	}
	digits := fmt.Sprintf("%.0f", x)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
