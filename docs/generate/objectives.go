package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"gfnbench/gfn/objective"
)

// objectiveRow describes one objective.
type objectiveRow struct {
	Name, Doc, Formula, Source                              string
	Takes, LogZ, Flows, OffPolicy, Backward, Batch, Control string
}

// controlVariateRow describes one control variate.
type controlVariateRow struct {
	objective.ControlVariate
	Batch int
}

func viewObjectives() (any, error) {
	var data struct {
		Objectives      []objectiveRow
		ControlVariates []controlVariateRow
	}
	for _, cv := range objective.ControlVariates {
		data.ControlVariates = append(data.ControlVariates, controlVariateRow{cv, objective.Lookup("tsallis").MinBatch(cv.Name)})
	}
	for _, k := range objective.Kinds {
		cv := ""
		if len(k.ControlVariates) > 0 {
			cv = objective.None
		}
		var takes []string
		for _, p := range k.Params {
			takes = append(takes, "`"+p.Name+"`")
		}
		r := objectiveRow{
			Name: k.Name, Doc: k.Doc, Formula: block(k.Formula), Source: k.Source,
			Takes: strings.Join(takes, ", "), LogZ: yes(k.LearnsLogZ), Flows: yes(k.NeedsFlows), OffPolicy: "yes",
			Backward: "yes", Batch: fmt.Sprint(k.MinBatch(cv)), Control: "–",
		}
		if !k.OffPolicy {
			r.OffPolicy = "weighted"
		}
		if why := k.RefuseBackward(cv); why != "" {
			r.Backward = "no: " + why
		}
		if cv != "" {
			r.Control = strings.Join(k.ControlVariates, ", ")
		}
		data.Objectives = append(data.Objectives, r)
	}
	return data, nil
}

// block indents a formula as code, in lines of at most 92 columns.
func block(formula string) string {
	lines := []string{"   "}
	for _, word := range strings.Fields(formula) {
		if last := lines[len(lines)-1]; utf8.RuneCountInString(last+word) > 91 {
			lines = append(lines, "     ")
		}
		lines[len(lines)-1] += " " + word
	}
	return strings.Join(lines, "\n")
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "–"
}
