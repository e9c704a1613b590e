package diff

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/sheet"
	"gfnbench/report/stats"
)

// Write writes the comparison in a format of tables or as "json". CSV has one
// line per setting, compared or not. The error is a *usage.Error for an unknown
// format.
func (d *Diff) Write(w io.Writer, form sheet.Form) error {
	switch form.Format {
	case "csv":
		return d.writeCSV(w)
	case "json":
		return d.writeJSON(w)
	}
	return sheet.Write(w, form, nil, []*sheet.Sheet{d.sheet()})
}

// sheet returns a sheet with a row for each compared setting, and names the others below.
func (d *Diff) sheet() *sheet.Sheet {
	sh := &sheet.Sheet{Name: "diff", Title: fmt.Sprintf("%s against %s", strings.Join(d.B.Dirs, ", "), strings.Join(d.A.Dirs, ", ")), Stub: len(d.Axes)}
	sh.Head = append(slices.Clone(d.Axes), "metric", "A", "B", "change", "B − A ["+report.IntervalName+"]", "p", "verdict")
	most, same, where := 0, 0, ""
	for _, s := range d.Settings {
		most = max(most, len(s.A.Scores), len(s.B.Scores))
		if s.Identical > 0 && s.Identical == s.Versus.Pairs {
			same++
			if len(s.A.Scores) != s.Identical || len(s.B.Scores) != s.Identical {
				where = ", in the seeds that both have"
			}
		}
	}
	sh.Caption = fmt.Sprintf("A is %s, B is %s; mean ± sd over %s; exact paired signed-rank p with Holm's adjustment over all settings.",
		strings.Join(d.A.Dirs, ", "), strings.Join(d.B.Dirs, ", "), number.Count(most, "seed"))
	// A row for each compared setting.
	for _, s := range d.Settings {
		row := make([]sheet.Entry, 0, len(sh.Head))
		for _, c := range d.Axes {
			row = append(row, sheet.Entry{Text: report.ValueText(s.A.Rows[0].Value(c))})
		}
		style := sheet.StyleOf(s.A, s.B)
		a, b := sh.SlotEntry(s.A, style, most, false), sh.SlotEntry(s.B, style, most, false)
		row = append(row, sheet.Entry{Text: s.A.Stat.Metric.String()}, a, b)
		word := verdict(sh, s)
		if s.Identical == s.Versus.Pairs && s.Versus.Pairs > 0 {
			row = append(row, sheet.Entry{}, sheet.Entry{}, sheet.Entry{}, word)
		} else {
			row = append(row, sheet.Entry{Text: number.Percent(s.Versus.Change), Marks: sh.OverFewer(s.Versus, "seed")}, sheet.Entry{Text: shift(s.Versus)}, sheet.Entry{Text: number.Probability(s.Versus.Adjusted)}, word)
		}
		sh.Rows = append(sh.Rows, row)
	}
	if j := len(sh.Head) - 3; !slices.ContainsFunc(sh.Rows, func(row []sheet.Entry) bool { return row[j].Text != "" }) {
		sh.DropColumn(j) // no interval is given
	}
	// Notes on the rest.
	for _, c := range d.Changed {
		sh.Note("changed: %s from %s to %s", c.Column, c.A, c.B)
	}
	sh.Note("%d of %d settings are identical, bit for bit%s", same, len(d.Settings), where)
	list := func(what string, settings []*SettingDiff) {
		if len(settings) == 0 {
			return
		}
		labels := make([]string, len(settings))
		for i, s := range settings {
			labels[i] = s.Label
		}
		sh.Note("%s: %s", what, strings.Join(labels, ", "))
	}
	list("only in A", d.OnlyA)
	list("only in B", d.OnlyB)
	list("not compared, because the revision of an algorithm differs (--revisions compares them)", d.Revised)
	if d.MinP > stats.Level {
		sh.Note("with %s no p can be below %s: no difference can be significant", number.Count(most, "seed"), number.Probability(d.MinP))
	}
	sh.Renumber()
	return sh
}

// verdict returns the verdict of a setting, with marks for any other problem with its seeds.
func verdict(sh *sheet.Sheet, s *SettingDiff) sheet.Entry {
	e := sheet.Entry{Text: s.Verdict()}
	switch e.Text {
	case "chance":
		e.Text = "~"
	case "untested":
		e.Text = "–"
	}
	if s.Broken > 0 {
		e.Marks = append(e.Marks, sh.Footnote("%s done in A, not in B", number.Count(s.Broken, "seed")))
	}
	if s.Unstable > 0 {
		e.Marks = append(e.Marks, sh.Footnote("%s with different results for the same cell: not reproducible", number.Count(s.Unstable, "seed")))
	}
	return e
}

// shift returns how far the seeds of B lie from those of A, or "" if no
// interval is given.
func shift(c *report.Comparison) string {
	if !c.Shift.Given() {
		return ""
	}
	return number.Bracketed(c.Shift.Estimate, c.Shift.Low, c.Shift.High)
}
