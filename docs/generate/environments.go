package main

import (
	"fmt"
	"math"
	"strings"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/param"
)

// environmentRow describes one kind by its default instance.
type environmentRow struct {
	Name, Doc, Policies                       string
	Params                                    []keyRow
	States, Terminals, LogZ                   string
	Enumerable, ClosedLogZ, Samples, Instance string
}

func viewEnvironments() (any, error) {
	var rows []environmentRow
	for _, k := range kinds.All {
		r := environmentRow{Name: k.Name, Doc: k.Doc, Policies: strings.Join(k.Policies, ", ")}
		params := param.Values{}
		for i := range k.Params {
			p := &k.Params[i]
			r.Params = append(r.Params, paramRow(p, p.Type.String()))
			if p.Name == "instance_seed" {
				params[p.Name] = param.Of(1)
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
			r.LogZ = fmt.Sprintf("%.4f", e.LogZ()+0) // avoid minus zero
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func capability(c env.Capability) string {
	if c.OK {
		return "yes"
	}
	return "no: " + c.Why
}

// count formats a number of states with separated thousands.
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
