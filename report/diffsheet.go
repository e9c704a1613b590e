package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"gfnbench/report/stats"
	"gfnbench/suites"
)

// Write writes the comparison in a format of tables, or as "json". CSV has one
// line for each setting, compared or not. The error is a *UsageError for an
// unknown format.
func (d *Diff) Write(w io.Writer, form Form) error {
	switch form.Format {
	case "csv":
		return d.writeCSV(w)
	case "json":
		return d.writeJSON(w)
	}
	return writeSheets(w, form, nil, []*sheet{d.sheet()})
}

// sheet has a row for each setting that is compared, and names the others below.
func (d *Diff) sheet() *sheet {
	sh := &sheet{name: "diff", title: fmt.Sprintf("%s against %s", strings.Join(d.B.Dirs, ", "), strings.Join(d.A.Dirs, ", ")), stub: len(d.Axes)}
	sh.head = append(slices.Clone(d.Axes), "metric", "A", "B", "change", "p", "verdict")
	most, same := 0, 0
	for _, s := range d.Settings {
		most = max(most, len(s.A.Scores), len(s.B.Scores))
		if s.Identical > 0 && s.Identical == len(s.A.Scores) && s.Identical == len(s.B.Scores) {
			same++
		}
	}
	sh.caption = fmt.Sprintf("A is %s, B is %s; mean ± sd over %s; exact paired signed-rank p with Holm's adjustment over all settings.",
		strings.Join(d.A.Dirs, ", "), strings.Join(d.B.Dirs, ", "), seeds(most))
	for _, s := range d.Settings {
		row := make([]entry, 0, len(sh.head))
		for _, c := range d.Axes {
			row = append(row, entry{text: suites.Format(s.A.Rows[0].Value(c))})
		}
		a, b := sh.entry(s.A, most, false), sh.entry(s.B, most, false)
		row = append(row, entry{text: s.A.Stat.Measure.Name}, a, b)
		verdict := sh.verdict(s)
		if s.Identical == s.Versus.Pairs && s.Versus.Pairs > 0 {
			row = append(row, entry{}, entry{}, verdict)
		} else {
			row = append(row, entry{text: percent(s.Versus.Change), marks: sh.overFewer(s.Versus)}, entry{text: probability(s.Versus.Adjusted)}, verdict)
		}
		sh.rows = append(sh.rows, row)
	}
	for _, c := range d.Changed {
		sh.note("changed: %s from %s to %s", c.Column, c.A, c.B)
	}
	sh.note("%d of %d settings are identical, bit for bit", same, len(d.Settings))
	list := func(what string, settings []*SettingDiff) {
		if len(settings) == 0 {
			return
		}
		labels := make([]string, len(settings))
		for i, s := range settings {
			labels[i] = s.Label
		}
		sh.note("%s: %s", what, strings.Join(labels, ", "))
	}
	list("only in A", d.OnlyA)
	list("only in B", d.OnlyB)
	list("not compared, because the revision of an algorithm differs (--revisions compares them)", d.Revised)
	if d.MinP > stats.Level {
		sh.note("with %s no p can be below %s: no difference can be told from chance", seeds(most), probability(d.MinP))
	}
	sh.renumber()
	return sh
}

// verdict is that of a setting, with marks for what else is wrong with its seeds.
func (sh *sheet) verdict(s *SettingDiff) entry {
	e := entry{text: s.Verdict()}
	switch e.text {
	case "chance":
		e.text = "~"
	case "untested":
		e.text = "–"
	}
	if s.Broken > 0 {
		e.marks = append(e.marks, sh.footnote("%s done in A, not in B", seeds(s.Broken)))
	}
	if s.Unstable > 0 {
		e.marks = append(e.marks, sh.footnote("%s of the same cell with other results: not reproducible", seeds(s.Unstable)))
	}
	return e
}
