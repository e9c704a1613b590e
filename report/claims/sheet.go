package claims

import (
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

// Columns of the sheet of claims.
const (
	colClaim = iota
	colVerdict
	colAll // the verdict over all claims
	colText
	colEstimate
	colP
	colN
	colPaper
	colWhere
)

// fold moves the columns over all, paper and where into the column of statements, because
// a page has no room for them.
func fold(sh *sheet.Sheet) {
	words := map[string]string{"over all": "over all claims: ", "paper": "paper: "}
	for _, name := range []string{"over all", "paper", "where"} {
		j, text := slices.Index(sh.Head, name), slices.Index(sh.Head, "statement")
		if j < 0 {
			continue
		}
		for _, row := range sh.Rows {
			if row[j].Text != "" {
				row[text].Text += " (" + words[name] + row[j].Text + ")"
			}
		}
		sh.DropColumn(j)
	}
	text := slices.Index(sh.Head, "statement")
	for _, row := range sh.Rows { // the entries below are the estimate, p and n
		estimate, power, _ := strings.Cut(row[text+1].Text, "; ")
		if row[text+1].Text = estimate; power != "" {
			row[text].Text += " (" + power + ")"
		}
		row[text+3].Text = strings.NewReplacer(" seeds", "", " seed", "", " instances", " inst.", " instance", " inst.").Replace(row[text+3].Text)
	}
}

// claimSheet has a row for each claim and, below it, one for each of its readings or
// tests if there are several.
func claimSheet(s *report.Sweep, claims []*Result) *sheet.Sheet {
	sh := &sheet.Sheet{Name: "claims", Title: "Claims: " + s.Name, Caption: Caption(s, claims), Stub: 4, Prose: []int{colText, colEstimate, colPaper, colWhere}}
	sh.Head = []string{"claim", "verdict", "over all", "statement", EstimateHead, "p", "n", "paper", "where"}
	for _, c := range claims {
		addClaim(sh, c)
	}
	for _, j := range []int{colWhere, colPaper, colAll} { // these may be empty
		if !slices.ContainsFunc(sh.Rows, func(row []sheet.Entry) bool { return row[j].Text != "" }) {
			sh.DropColumn(j)
		}
	}
	sh.Renumber()
	if slices.ContainsFunc(claims, (*Result).Underpowered) {
		sh.Note("%s", UnderpoweredNote)
	}
	return sh
}

// EstimateHead heads a column of estimates. The interval of level 1 - 2α inverts the
// one-sided tests at the level α = 0.05.
const EstimateHead = "estimate [90% interval]"

// UnderpoweredNote explains the verdict, without a final full stop.
const UnderpoweredNote = "UNDERPOWERED: even a difference of the smallest size that counts (of one standard deviation, where the claim states none) had less than 80% power"

// Caption says how the claims are tested, and over what.
func Caption(s *report.Sweep, claims []*Result) string {
	over := func(unit string) bool {
		return slices.ContainsFunc(claims, func(r *Result) bool { return r.Testable() && r.Claim.Over == unit })
	}
	units := "paired over seeds"
	switch {
	case over(suites.OverInstances) && over(suites.OverSeeds):
		units = "paired over seeds (of one instance, about which the claim then is) or over instances (of the task, each the mean of its seeds), as n says"
	case over(suites.OverInstances):
		units = "paired over instances, each the mean of its seeds"
	}
	testable := 0
	for _, c := range s.Suite.Claims {
		if c.Test != "none" {
			testable++
		}
	}
	all := ""
	if testable > 1 {
		all = fmt.Sprintf(" (over all: over the %d claims of the suite that can be tested)", testable)
	}
	return fmt.Sprintf("Exact one-sided tests at 0.05, %s; p adjusted by Holm's method within each claim%s; Hodges-Lehmann estimates with the interval that inverts the tests of the claim and of its opposite, adjusted as p is.", units, all)
}

// addClaim writes the rows of a claim.
func addClaim(sh *sheet.Sheet, c *Result) {
	row := sheet.Texts(c.Claim.ID, string(c.Verdict), "", c.Claim.Text, "", "", "", c.Claim.Paper, c.Claim.Where)
	if c.Adjusted != c.Verdict {
		row[colAll].Text = string(c.Adjusted)
	}
	sh.Rows = append(sh.Rows, row)
	if len(c.Readings) > 0 {
		addReadings(sh, row, c)
		return
	}
	if len(c.Tests) > 1 && c.Verdict != NotRun {
		summarise(sh, row, c)
	}
	for _, t := range c.Tests {
		if t.Verdict == NotRun {
			continue
		}
		if len(c.Tests) > 1 {
			row = sheet.Texts("", strings.ToLower(string(t.Verdict)), "", "· "+t.label, "", "", "", "", "")
			sh.Rows = append(sh.Rows, row)
		}
		addTest(sh, row, t)
	}
	addNotRun(sh, c)
}

// summarise writes the p of a claim with several tests.
func summarise(sh *sheet.Sheet, row []sheet.Entry, c *Result) {
	row[colP].Text, row[colN].Text = number.Probability(c.P()), countText(c.Claim.Over, c.N())
	switch c.Verdict {
	case Contradicted:
		row[colP].Text = number.Probability(c.Against())
		row[colP].Marks = append(row[colP].Marks, sh.Footnote("of the opposite"))
	case Tie:
		row[colP].Text = number.Probability(c.TieP())
		row[colP].Marks = append(row[colP].Marks, sh.Footnote("of a difference that is too small to count, or of the opposite"))
	}
}

// addReadings writes a row for each reading of a claim, with its verdict and the numbers
// of its test or, for several tests, how many passed.
func addReadings(sh *sheet.Sheet, row []sheet.Entry, c *Result) {
	for _, f := range c.Factors {
		row[colText].Text += ". It depends on " + f.String()
	}
	for _, one := range c.Readings {
		row := sheet.Texts("", strings.ToLower(string(one.Verdict)), "", "· "+ReadingName(one.Reading), "", "", "", "", "")
		sh.Rows = append(sh.Rows, row)
		switch {
		case one.Verdict == NotRun:
			row[colText].Text += ": " + strings.Join(one.notRun(), "; ")
		case len(one.Tests) == 1:
			addTest(sh, row, one.Tests[0])
		default:
			row[colEstimate].Text = tally(one.Tests)
			summarise(sh, row, one)
		}
	}
}

// tally counts the verdicts of tests: "4 of 5 supported, 1 contradicted".
func tally(tests []*Test) string {
	var parts []string
	for _, v := range []Verdict{Supported, Contradicted, Tie, Inconclusive, Underpowered, NotRun} {
		n := 0
		for _, t := range tests {
			if t.Verdict == v {
				n++
			}
		}
		switch {
		case n == 0:
		case len(parts) == 0:
			parts = append(parts, fmt.Sprintf("%d of %d %s", n, len(tests), strings.ToLower(string(v))))
		default:
			parts = append(parts, fmt.Sprintf("%d %s", n, strings.ToLower(string(v))))
		}
	}
	return strings.Join(parts, ", ")
}

// addNotRun says why tests were not run.
func addNotRun(sh *sheet.Sheet, c *Result) {
	for _, why := range c.notRun() {
		sh.Rows = append(sh.Rows, sheet.Texts("", "not run", "", "· "+why, "", "", "", "", ""))
	}
}

// countText writes a number of units: "10 seeds" or "8 instances".
func countText(over string, n int) string { return number.Count(n, report.UnitNoun(over)) }

// notRun says why tests of the claim were not run, in few lines. Tests without results
// share a line.
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
	e := &row[colEstimate]
	switch {
	case math.IsNaN(t.Estimate):
		e.Text = t.Estimand + " undefined"
	case t.Estimand == "a":
		e.Text = number.Bracketed(t.Estimate, t.Low, t.High)
	default:
		e.Text = t.Estimand + " = " + number.Bracketed(t.Estimate, t.Low, t.High)
	}
	p := t.Adjusted
	switch t.Verdict {
	case Contradicted:
		p = t.AdjustedAgainst
		row[colP].Marks = append(row[colP].Marks, sh.Footnote("of the opposite"))
	case Tie:
		p = t.AdjustedTie
		row[colP].Marks = append(row[colP].Marks, sh.Footnote("of a difference below the smallest that counts"))
	}
	row[colP].Text, row[colN].Text = number.Probability(p), countText(t.Over, t.N)
	if text := t.detectable(); text != "" {
		e.Text += "; " + text
	}
	for _, n := range t.Notes {
		e.Marks = append(e.Marks, sh.Footnote("%s", n))
	}
}

// detectable says which difference an undecided test finds with 80% power, or "" if the
// test is decided or the spread is unknown.
func (t *Test) detectable() string {
	switch {
	case math.IsNaN(t.Detectable):
		return ""
	case math.IsInf(t.Detectable, 0):
		return "no difference has 80% power"
	}
	return "80% power at " + number.Plain(twoDigits(t.Detectable))
}

// twoDigits rounds a number that is itself uncertain.
func twoDigits(x float64) float64 {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 1, 64), 64) // this cannot fail
	return rounded
}

// comparison names a test for people: "reverse-kl loo against none, sets". Values that
// are clear without their key go without it, and what a and b share is said only once.
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
	c := sheet.NewCSV(w)
	_ = c.Write([]string{"claim", "verdict", "test", "metric", "stat", "on", "a", "b", "test_verdict", "n", "mean_a", "mean_b",
		"estimand", "estimate", "low", "high", "p", "p_adjusted", "p_against", "p_against_adjusted", "p_min", "why", "paper", "where", "text",
		"over", "reading", "verdict_over_all", "p_tie", "p_tie_adjusted", "size", "sd", "power", "detectable", "holds"})
	for _, r := range claims {
		tests := r.Tests
		if len(tests) == 0 {
			nan := math.NaN()
			tests = []*Test{{Verdict: r.Verdict, MeanA: nan, MeanB: nan, Estimate: nan, Low: nan, High: nan, P: nan, Adjusted: nan, Against: nan, AdjustedAgainst: nan, MinP: nan, Why: r.Why,
				TieP: nan, AdjustedTie: nan, Size: nan, SD: nan, Power: nan, Detectable: nan}}
		}
		for _, t := range tests {
			_ = c.Write([]string{r.Claim.ID, string(r.Verdict), r.Claim.Test, t.Metric, r.Claim.Stat, t.On, t.A, t.B, string(t.Verdict), strconv.Itoa(t.N),
				number.Plain(t.MeanA), number.Plain(t.MeanB), t.Estimand, number.Plain(t.Estimate), number.Plain(t.Low), number.Plain(t.High), number.Plain(t.P), number.Plain(t.Adjusted),
				number.Plain(t.Against), number.Plain(t.AdjustedAgainst), number.Plain(t.MinP), t.Why, r.Claim.Paper, r.Claim.Where, r.Claim.Text,
				r.Claim.Over, t.Reading, string(r.Adjusted), number.Plain(t.TieP), number.Plain(t.AdjustedTie), number.Plain(t.Size), number.Plain(t.SD), number.Plain(t.Power), number.Plain(t.Detectable), strconv.FormatBool(t.Holds)})
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
		Reading  string   `json:"reading,omitempty"`
		Tie      *float64 `json:"p_tie_adjusted"`
		Size     *float64 `json:"size"`
		SD       *float64 `json:"sd"`
		Power    *float64 `json:"power"`
		Find     *float64 `json:"detectable"`
		Holds    bool     `json:"holds"`
		Why      string   `json:"why,omitempty"`
		Notes    []string `json:"notes,omitempty"`
	}
	// A claim holds its tests.
	type claim struct {
		ID      string   `json:"claim"`
		Text    string   `json:"text"`
		Where   string   `json:"where,omitempty"`
		Paper   string   `json:"paper,omitempty"`
		Test    string   `json:"test"`
		Over    string   `json:"over"`
		Verdict Verdict  `json:"verdict"`
		All     Verdict  `json:"verdict_over_all"`
		Factors []string `json:"depends_on,omitempty"`
		Why     string   `json:"why,omitempty"`
		Tests   []test   `json:"tests"`
	}
	// Convert the results.
	list := make([]claim, 0, len(claims))
	for _, r := range claims {
		c := claim{r.Claim.ID, r.Claim.Text, r.Claim.Where, r.Claim.Paper, r.Claim.Test, r.Claim.Over, r.Verdict, r.Adjusted, nil, r.Why, []test{}}
		for _, f := range r.Factors {
			c.Factors = append(c.Factors, f.String())
		}
		for _, t := range r.Tests {
			c.Tests = append(c.Tests, test{t.On, t.A, t.B, t.Metric, t.Verdict, t.N, t.Estimand, number.Finite(t.Estimate), number.Finite(t.Low), number.Finite(t.High),
				number.Finite(t.P), number.Finite(t.Adjusted), number.Finite(t.AdjustedAgainst), number.Finite(t.MinP),
				t.Reading, number.Finite(t.AdjustedTie), number.Finite(t.Size), number.Finite(t.SD), number.Finite(t.Power), number.Finite(t.Detectable), t.Holds, t.Why, t.Notes})
		}
		list = append(list, c)
	}
	return sheet.WriteJSON(w, list)
}
