package claims

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/sheet"
	"gfnbench/suites"
)

// Write writes the outcomes of claims in a format of tables or as "json". CSV
// has one line per test. The error is a *usage.Error for an unknown format.
func Write(w io.Writer, form sheet.Form, s *report.Sweep, claims []*Result) error {
	switch form.Format {
	case "csv":
		return claimsCSV(w, claims)
	case "json":
		return claimsJSON(w, claims)
	}
	sh := claimSheet(s, claims)
	if form.Format == "latex" {
		fold(sh)
	}
	return sheet.Write(w, form, s.Notes, []*sheet.Sheet{sh})
}

// fold moves the columns paper and where into the statement: a page has no room
// for them.
func fold(sh *sheet.Sheet) {
	for len(sh.Head) > 6 {
		for _, row := range sh.Rows {
			if text := row[6].Text; text != "" {
				row[2].Text += " (" + map[string]string{"paper": "paper: "}[sh.Head[6]] + text + ")"
			}
		}
		sh.DropColumn(6)
	}
}

// claimSheet returns a sheet with a row for each claim. If a claim has several
// tests, a row for each follows.
func claimSheet(s *report.Sweep, claims []*Result) *sheet.Sheet {
	sh := &sheet.Sheet{Name: "claims", Title: "Claims: " + s.Name, Caption: "Exact one-sided paired tests over seeds at 0.05, p adjusted by Holm's method within each claim; Hodges-Lehmann estimates with the interval that inverts the tests of the claim and of its opposite, adjusted as p is.", Stub: 3, Prose: []int{2, 3, 6, 7}}
	sh.Head = []string{"claim", "verdict", "statement", "estimate [90% interval]", "p", "n", "paper", "where"}
	for _, c := range claims {
		addClaim(sh, c)
	}
	for j := len(sh.Head) - 1; j > 5; j-- { // drop paper and where if they are empty
		if !slices.ContainsFunc(sh.Rows, func(row []sheet.Entry) bool { return row[j].Text != "" }) {
			sh.DropColumn(j)
		}
	}
	sh.Renumber()
	if slices.ContainsFunc(claims, (*Result).Underpowered) {
		sh.Note("UNDERPOWERED: with so few seeds no p could have been small enough, whatever they showed")
	}
	return sh
}

// addClaim adds the rows of a claim.
func addClaim(sh *sheet.Sheet, c *Result) {
	row := sheet.Texts(c.Claim.ID, string(c.Verdict), c.Claim.Text, "", "", "", c.Claim.Paper, c.Claim.Where)
	sh.Rows = append(sh.Rows, row)
	if len(c.Tests) > 1 && c.Verdict != NotRun {
		row[4].Text, row[5].Text = number.Probability(c.P()), strconv.Itoa(c.N())
		if c.Verdict == Contradicted {
			row[4].Text = number.Probability(c.Against())
			row[4].Marks = append(row[4].Marks, sh.Footnote("of the opposite"))
		}
	}
	for _, t := range c.Tests {
		if t.Verdict == NotRun {
			continue
		}
		if len(c.Tests) > 1 {
			row = sheet.Texts("", strings.ToLower(string(t.Verdict)), "· "+t.label, "", "", "", "", "")
			sh.Rows = append(sh.Rows, row)
		}
		addTest(sh, row, t)
	}
	for _, why := range c.notRun() {
		sh.Rows = append(sh.Rows, sheet.Texts("", "not run", "· "+why, "", "", "", "", ""))
	}
}

// notRun says in a few lines why tests of the claim were not run. It puts those
// without results together.
func (r *Result) notRun() (list []string) {
	var waiting []string
	untrained := 0
	for _, t := range r.Tests {
		switch {
		case t.Verdict != NotRun:
		case len(t.waiting) > 0:
			untrained++
			for _, e := range t.waiting {
				if !slices.Contains(waiting, e) {
					waiting = append(waiting, e)
				}
			}
		case !slices.Contains(list, t.Why):
			list = append(list, t.Why)
		}
	}
	if more := len(list) - shownReasons; more > 0 {
		list = append(list[:shownReasons], fmt.Sprintf("and for %s, which --json lists", number.Count(more, "further reason")))
	}
	if untrained > 0 {
		text := "results are missing on " + strings.Join(waiting, ", ")
		if r.Claim.OfVariance() {
			text = "gradient variances are missing on " + strings.Join(waiting, ", ")
		}
		if untrained < len(r.Tests) {
			text = fmt.Sprintf("%d of %s: %s", untrained, number.Count(len(r.Tests), "comparison"), text)
		}
		list = append([]string{text}, list...)
	}
	if len(r.Tests) == 0 && r.Why != "" {
		list = []string{r.Why}
	}
	return list
}

// shownReasons is how many reasons for tests that were not run a table gives
// per claim.
const shownReasons = 3

// addTest writes the numbers of a test into its row.
func addTest(sh *sheet.Sheet, row []sheet.Entry, t *Test) {
	if t.Verdict == NotRun {
		return
	}
	switch {
	case math.IsNaN(t.Estimate):
		row[3].Text = t.Estimand + " undefined"
	case t.Estimand == "a":
		row[3].Text = number.Bracketed(t.Estimate, t.Low, t.High)
	default:
		row[3].Text = t.Estimand + " = " + number.Bracketed(t.Estimate, t.Low, t.High)
	}
	p := t.Adjusted
	if t.Verdict == Contradicted {
		p = t.AdjustedAgainst
		row[4].Marks = append(row[4].Marks, sh.Footnote("of the opposite"))
	}
	row[4].Text, row[5].Text = number.Probability(p), strconv.Itoa(t.N)
	for _, n := range t.Notes {
		row[3].Marks = append(row[3].Marks, sh.Footnote("%s", n))
	}
}

// comparison names a test for readers: "reverse-kl loo against none, sets".
// Values that are clear without their key go without it, and what a and b share
// is said once.
func comparison(c *suites.Claim, a, b, on *suites.Selector) string {
	text := conditions(a, nil)
	if b != nil {
		word := " against "
		if c.Test == "beaten" {
			word = " beaten by "
		}
		text += word + conditions(b, a)
	}
	if on != nil && len(on.Conditions) > 0 {
		text += ", " + conditions(on, nil)
	}
	return text
}

// conditions writes the conditions of s that t does not have.
func conditions(s, t *suites.Selector) string {
	var parts []string
	for _, k := range s.Conditions {
		if len(k.Values) == 1 && k.Values[0].IsNull() {
			continue
		}
		one := (&suites.Selector{Conditions: []suites.Condition{k}}).String()
		if t != nil && slices.ContainsFunc(t.Conditions, func(other suites.Condition) bool {
			return (&suites.Selector{Conditions: []suites.Condition{other}}).String() == one
		}) {
			continue
		}
		if len(k.Values) == 1 {
			one = report.NamePart(k.Column, k.Values[0])
		}
		parts = append(parts, one)
	}
	if len(parts) == 0 {
		return "the same"
	}
	return strings.Join(parts, " ")
}

func claimsCSV(w io.Writer, claims []*Result) error {
	c := csv.NewWriter(w)
	_ = c.Write([]string{"claim", "verdict", "test", "metric", "stat", "on", "a", "b", "test_verdict", "n", "mean_a", "mean_b",
		"estimand", "estimate", "low", "high", "p", "p_adjusted", "p_against", "p_against_adjusted", "p_min", "why", "paper", "where", "text"})
	for _, r := range claims {
		tests := r.Tests
		if len(tests) == 0 {
			nan := math.NaN()
			tests = []*Test{{Verdict: r.Verdict, MeanA: nan, MeanB: nan, Estimate: nan, Low: nan, High: nan, P: nan, Adjusted: nan, Against: nan, AdjustedAgainst: nan, MinP: nan, Why: r.Why}}
		}
		for _, t := range tests {
			_ = c.Write([]string{r.Claim.ID, string(r.Verdict), r.Claim.Test, t.Metric, r.Claim.Stat, t.On, t.A, t.B, string(t.Verdict), strconv.Itoa(t.N),
				number.Plain(t.MeanA), number.Plain(t.MeanB), t.Estimand, number.Plain(t.Estimate), number.Plain(t.Low), number.Plain(t.High), number.Plain(t.P), number.Plain(t.Adjusted),
				number.Plain(t.Against), number.Plain(t.AdjustedAgainst), number.Plain(t.MinP), t.Why, r.Claim.Paper, r.Claim.Where, r.Claim.Text})
		}
	}
	c.Flush()
	return c.Error()
}

// claimsJSON writes a list of claims, each with its tests. Numbers that are not
// finite become null.
func claimsJSON(w io.Writer, claims []*Result) error {
	type test struct {
		On       string   `json:"on,omitempty"`
		A        string   `json:"a"`
		B        string   `json:"b,omitempty"`
		Metric   string   `json:"metric,omitempty"`
		Verdict  Verdict  `json:"verdict"`
		N        int      `json:"n"`
		Estimand string   `json:"estimand,omitempty"`
		Estimate *float64 `json:"estimate"`
		Low      *float64 `json:"low"`
		High     *float64 `json:"high"`
		P        *float64 `json:"p"`
		Adjusted *float64 `json:"p_adjusted"`
		Opposite *float64 `json:"p_against_adjusted"`
		MinP     *float64 `json:"p_min"`
		Why      string   `json:"why,omitempty"`
		Notes    []string `json:"notes,omitempty"`
	}
	type claim struct {
		ID      string  `json:"claim"`
		Text    string  `json:"text"`
		Where   string  `json:"where,omitempty"`
		Paper   string  `json:"paper,omitempty"`
		Test    string  `json:"test"`
		Verdict Verdict `json:"verdict"`
		Why     string  `json:"why,omitempty"`
		Tests   []test  `json:"tests"`
	}
	list := make([]claim, 0, len(claims))
	for _, r := range claims {
		c := claim{r.Claim.ID, r.Claim.Text, r.Claim.Where, r.Claim.Paper, r.Claim.Test, r.Verdict, r.Why, []test{}}
		for _, t := range r.Tests {
			c.Tests = append(c.Tests, test{t.On, t.A, t.B, t.Metric, t.Verdict, t.N, t.Estimand, number.Finite(t.Estimate), number.Finite(t.Low), number.Finite(t.High),
				number.Finite(t.P), number.Finite(t.Adjusted), number.Finite(t.AdjustedAgainst), number.Finite(t.MinP), t.Why, t.Notes})
		}
		list = append(list, c)
	}
	return sheet.WriteJSON(w, list)
}

// ExitCode returns the exit code for the claims: 5 if one is contradicted, 6 if
// one that can be tested was not decided, else 0.
func ExitCode(claims []*Result) int {
	code := 0
	for _, c := range claims {
		switch {
		case c.Verdict == Contradicted:
			return 5
		case c.Verdict != Supported && c.Testable():
			code = 6
		}
	}
	return code
}
