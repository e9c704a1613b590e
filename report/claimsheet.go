package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/suites"
)

// WriteClaims writes the outcomes of claims in a format of tables, or as
// "json". CSV has one line for each test. The error is a *UsageError for an
// unknown format.
func WriteClaims(w io.Writer, form Form, s *Sweep, claims []*ClaimResult) error {
	switch form.Format {
	case "csv":
		return claimsCSV(w, claims)
	case "json":
		return claimsJSON(w, claims)
	}
	sh := claimSheet(s, claims)
	if form.Format == "latex" {
		sh.fold()
	}
	return writeSheets(w, form, s.Notes, []*sheet{sh})
}

// fold writes the columns paper and where into that of the statements: a page has
// no room for them.
func (sh *sheet) fold() {
	for len(sh.head) > 6 {
		for _, row := range sh.rows {
			if text := row[6].text; text != "" {
				row[2].text += " (" + map[string]string{"paper": "paper: "}[sh.head[6]] + text + ")"
			}
		}
		sh.drop(6)
	}
}

// claimSheet has a row for each claim, and below it one for each of its tests
// where they are several.
func claimSheet(s *Sweep, claims []*ClaimResult) *sheet {
	sh := &sheet{name: "claims", title: "Claims: " + s.Name, caption: "Exact paired tests over seeds, p adjusted by Holm's method within each claim.", stub: 3, prose: []int{2, 3, 6, 7}}
	sh.head = []string{"claim", "verdict", "statement", "estimate [95% interval]", "p", "n", "paper", "where"}
	for _, c := range claims {
		sh.claim(c)
	}
	for j := len(sh.head) - 1; j > 5; j-- { // paper and where, which may be empty
		if !slices.ContainsFunc(sh.rows, func(row []entry) bool { return row[j].text != "" }) {
			sh.drop(j)
		}
	}
	sh.renumber()
	if slices.ContainsFunc(claims, (*ClaimResult).Underpowered) {
		sh.note("UNDERPOWERED: with so few seeds no p could have been small enough, whatever they showed")
	}
	return sh
}

// claim writes the rows of a claim.
func (sh *sheet) claim(c *ClaimResult) {
	row := texts(c.Claim.ID, string(c.Verdict), c.Claim.Text, "", "", "", c.Claim.Paper, c.Claim.Where)
	sh.rows = append(sh.rows, row)
	if len(c.Tests) > 1 && c.Verdict != NotRun {
		row[4].text, row[5].text = probability(c.P()), strconv.Itoa(c.N())
		if c.Verdict == Contradicted {
			row[4].text = probability(c.Against())
			row[4].marks = append(row[4].marks, sh.footnote("of the opposite"))
		}
	}
	for _, t := range c.Tests {
		if t.Verdict == NotRun {
			continue
		}
		if len(c.Tests) > 1 {
			row = texts("", strings.ToLower(string(t.Verdict)), "· "+t.label, "", "", "", "", "")
			sh.rows = append(sh.rows, row)
		}
		sh.test(row, t)
	}
	for _, why := range c.notRun() {
		sh.rows = append(sh.rows, texts("", "not run", "· "+why, "", "", "", "", ""))
	}
}

// notRun says why tests of the claim were not run, in few lines: those without
// results together.
func (r *ClaimResult) notRun() (list []string) {
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
		list = append(list[:shownReasons], fmt.Sprintf("and for %s, which --json lists", count(more, "further reason")))
	}
	if untrained > 0 {
		text := "results are missing on " + strings.Join(waiting, ", ")
		if r.Claim.OfVariance() {
			text = "gradient variances are missing on " + strings.Join(waiting, ", ")
		}
		if untrained < len(r.Tests) {
			text = fmt.Sprintf("%d of %s: %s", untrained, count(len(r.Tests), "comparison"), text)
		}
		list = append([]string{text}, list...)
	}
	if len(r.Tests) == 0 && r.Why != "" {
		list = []string{r.Why}
	}
	return list
}

// shownReasons is how many reasons a table gives for the tests of a claim that
// were not run.
const shownReasons = 3

// drop leaves out a column.
func (sh *sheet) drop(j int) {
	sh.head = slices.Delete(sh.head, j, j+1)
	sh.prose = slices.DeleteFunc(sh.prose, func(k int) bool { return k == j })
	for i, k := range sh.prose {
		if k > j {
			sh.prose[i]--
		}
	}
	for i := range sh.rows {
		sh.rows[i] = slices.Delete(sh.rows[i], j, j+1)
	}
}

func texts(list ...string) []entry {
	row := make([]entry, len(list))
	for i, text := range list {
		row[i].text = text
	}
	return row
}

// probability is a p-value without its name.
func probability(p float64) string { return strings.TrimLeft(pValue(p), "p= ") }

// test writes the numbers of a test into its row.
func (sh *sheet) test(row []entry, t *ClaimTest) {
	if t.Verdict == NotRun {
		return
	}
	switch {
	case math.IsNaN(t.Estimate):
		row[3].text = t.Estimand + " undefined"
	case t.Estimand == "a":
		row[3].text = bracketed(t.Estimate, t.Low, t.High)
	default:
		row[3].text = t.Estimand + " = " + bracketed(t.Estimate, t.Low, t.High)
	}
	p := t.Adjusted
	if t.Verdict == Contradicted {
		p = t.AdjustedAgainst
		row[4].marks = append(row[4].marks, sh.footnote("of the opposite"))
	}
	row[4].text, row[5].text = probability(p), strconv.Itoa(t.N)
	for _, n := range t.Notes {
		row[3].marks = append(row[3].marks, sh.footnote("%s", n))
	}
}

// comparison names a test for people: "reverse-kl loo against none, sets". Values
// that name themselves go without their key, and what a and b share is not said
// twice.
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

// conditions are those of s that t does not have.
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
		if k.Values[0].Type() == param.String && len(k.Values) == 1 && selfNamed[k.Column] {
			one = strings.TrimPrefix(one, k.Column+"=")
		}
		parts = append(parts, one)
	}
	if len(parts) == 0 {
		return "the same"
	}
	return strings.Join(parts, " ")
}

// selfNamed are the columns whose values need no key.
var selfNamed = map[string]bool{"environment": true, "objective": true, "control_variate": true}

func claimsCSV(w io.Writer, claims []*ClaimResult) error {
	c := csv.NewWriter(w)
	_ = c.Write([]string{"claim", "verdict", "test", "metric", "stat", "on", "a", "b", "test_verdict", "n", "mean_a", "mean_b",
		"estimand", "estimate", "low", "high", "p", "p_adjusted", "p_against", "p_against_adjusted", "p_min", "why", "paper", "where", "text"})
	for _, r := range claims {
		tests := r.Tests
		if len(tests) == 0 {
			nan := math.NaN()
			tests = []*ClaimTest{{Verdict: r.Verdict, MeanA: nan, MeanB: nan, Estimate: nan, Low: nan, High: nan, P: nan, Adjusted: nan, Against: nan, AdjustedAgainst: nan, MinP: nan, Why: r.Why}}
		}
		for _, t := range tests {
			_ = c.Write([]string{r.Claim.ID, string(r.Verdict), r.Claim.Test, t.Metric, r.Claim.Stat, t.On, t.A, t.B, string(t.Verdict), strconv.Itoa(t.N),
				plain(t.MeanA), plain(t.MeanB), t.Estimand, plain(t.Estimate), plain(t.Low), plain(t.High), plain(t.P), plain(t.Adjusted),
				plain(t.Against), plain(t.AdjustedAgainst), plain(t.MinP), t.Why, r.Claim.Paper, r.Claim.Where, r.Claim.Text})
		}
	}
	c.Flush()
	return c.Error()
}

// claimsJSON writes a list of claims, each with its tests. Numbers that are not
// finite are null.
func claimsJSON(w io.Writer, claims []*ClaimResult) error {
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
			c.Tests = append(c.Tests, test{t.On, t.A, t.B, t.Metric, t.Verdict, t.N, t.Estimand, finite(t.Estimate), finite(t.Low), finite(t.High),
				finite(t.P), finite(t.Adjusted), finite(t.AdjustedAgainst), finite(t.MinP), t.Why, t.Notes})
		}
		list = append(list, c)
	}
	return writeIndented(w, list)
}

func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// Outcome is the exit code that claims give: 5 where one is contradicted, 6
// where one that can be tested was not decided, else 0.
func Outcome(claims []*ClaimResult) int {
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
