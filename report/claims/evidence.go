package claims

import (
	"fmt"
	"slices"
	"strings"

	"gfnbench/report/sheet"
	"gfnbench/suites"
)

// Evidence is one test of a claim, as text.
type Evidence struct {
	Verdict, Label string   // the verdict of a Test, and what it compares
	Estimate, P, N string   // as in the table of claims; "" if the test was not run
	Notes          []string // notes of the test, and why it was not run
}

// Evidence returns each test of the claim as text, or none if nothing was run.
func (r *Result) Evidence() (list []Evidence) {
	for _, t := range r.Tests {
		e := Evidence{Verdict: string(t.Verdict), Label: t.label, Notes: slices.Clone(t.Notes)}
		if t.Why != "" {
			e.Notes = append(e.Notes, t.Why)
		}
		sh := &sheet.Sheet{}
		row := sheet.Texts("", "", "", "", "", "", "")
		addTest(sh, row, t)
		e.Estimate, e.P, e.N = row[colEstimate].Text, row[colP].Text, row[colN].Text
		switch t.Verdict {
		case Contradicted:
			e.Notes = append(e.Notes, "p of the opposite")
		case Tie:
			e.Notes = append(e.Notes, "p of a difference too small to count")
		}
		if t.Reading != "" {
			e.Label += " (" + t.Reading + ")"
		}
		list = append(list, e)
	}
	if !slices.ContainsFunc(list, func(e Evidence) bool { return e.Verdict != string(NotRun) }) {
		return nil
	}
	return list
}

// How says in words what the claim's test requires.
func (r *Result) How() string {
	c := r.Claim
	if c.Test == "none" {
		return ""
	}
	what := strings.TrimSpace(sheet.MetricText(c.Metric) + ", " + c.Stat)
	if c.Over == suites.OverInstances {
		what += ", over instances"
	}
	tie := ""
	if c.Effect.Given() {
		tie = fmt.Sprintf("; less than %v is a tie", c.Effect)
	}
	switch c.Test {
	case "better":
		return what + ": a is better than b" + tie
	case "equal":
		return fmt.Sprintf("%s: a and b differ by less than %v", what, c.Margin)
	case "ratio":
		return fmt.Sprintf("%s: b is at least %v times a", what, c.AtLeast)
	case "value":
		return fmt.Sprintf("%s: a is within %v of %v", what, c.Tolerance, c.Value)
	case "no-worse":
		return fmt.Sprintf("%s: a is worse than b by less than %v", what, c.Margin)
	case "beaten":
		return what + ": each a is beaten by some b somewhere" + tie
	case "rank":
		return fmt.Sprintf("%s: a is among the first %d", what, c.AtMost) + tie
	}
	return what
}
