package report

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gfnbench/report/stats"
	"gfnbench/suites"
)

// A sheet is a table as text, before it takes the form of a format.
type sheet struct {
	name      string // of a label
	title     string
	caption   string
	head      []string
	stub      int   // leading columns that name the row
	prose     []int // columns of words, which may be wrapped
	rows      [][]entry
	footnotes []string // of the marks a, b, c, ...
	notes     []string
}

// An entry is one field of a sheet.
type entry struct {
	text   string
	change string // against the base
	bold   bool
	paper  bool // quotes the paper
	marks  []int
}

// sheet writes the table as text.
func (t *Table) sheet() *sheet {
	sh := &sheet{name: t.Spec.Name, title: cmp.Or(t.Spec.Title, t.Spec.Name), stub: len(t.Spec.Rows), caption: t.caption()}
	sh.head = slices.Concat(t.Spec.Rows, t.ColumnLabels)
	for i := range t.RowLabels {
		row := make([]entry, 0, len(sh.head))
		for _, part := range t.RowParts[i] {
			row = append(row, entry{text: part})
		}
		for _, slot := range t.Slots[i] {
			row = append(row, sh.entry(slot, t.seeds, t.Intervals))
		}
		sh.rows = append(sh.rows, row)
		if paper := t.paperRow(i); paper != nil {
			sh.rows = append(sh.rows, paper)
		}
	}
	sh.liftMarks()
	t.notes(sh)
	return sh
}

// caption says what the numbers are.
func (t *Table) caption() string {
	what := metricText(t.Spec.Metric)
	switch t.Spec.Stat {
	case "final":
		what += " at the end"
	case "best":
		what = "Best " + what + " on the way"
	case "auc":
		what = "Mean height of the curve of " + what
	default:
		what = fmt.Sprintf("%s until %s reaches %s", upperFirst(strings.TrimSuffix(t.Spec.Stat, "-to")), what, strconv.FormatFloat(*t.Spec.Threshold, 'g', -1, 64))
	}
	const interval = " [95% bootstrap interval]"
	method := "mean ± sd"
	switch ofTime := strings.HasSuffix(t.Spec.Stat, "-to"); {
	case ofTime && t.Intervals:
		method = "restricted mean" + interval
	case ofTime:
		method = "restricted mean ± standard error"
	case t.Spec.Summary == "iqm":
		method = "interquartile mean" + interval
	case t.Spec.Summary == "median":
		method = "median" + interval
	case t.Intervals:
		method = "mean" + interval
	}
	return fmt.Sprintf("%s; %s over %s.", what, method, seeds(t.seeds))
}

// notes say how the base was compared, and what few seeds are worth.
func (t *Table) notes(sh *sheet) {
	if t.Spec.Base != "" {
		sh.note("in brackets: change from %s, and p of the exact paired signed-rank test with Holm's adjustment within the row; ~ is a difference that may be chance (p > %v)", t.Spec.Base, stats.Level)
		switch {
		case t.MinP >= 1:
			sh.note("with %s every p is 1 after Holm's adjustment for %s, whatever they show: %s could tell a difference from chance",
				seeds(t.pairs), count(t.family, "comparison"), seeds(enough(t.family)))
		case t.MinP > stats.Level:
			sh.note("with %s no p can be below %s after Holm's adjustment for %s, whatever they show: %s could tell a difference from chance",
				seeds(t.pairs), probability(t.MinP), count(t.family, "comparison"), seeds(enough(t.family)))
		}
	}
	if t.seeds > 1 && t.seeds < stats.FewSeeds && (t.Intervals || t.Spec.Summary == "iqm" || t.Spec.Summary == "median") {
		sh.note("intervals from fewer than %s cover less than they say", seeds(stats.FewSeeds))
	}
}

func (sh *sheet) note(format string, args ...any) {
	sh.notes = append(sh.notes, fmt.Sprintf(format, args...))
}

// text is "−54%, p=0.012", or "−54% ~" where the difference may be chance; ""
// where there is nothing to compare.
func (c *Comparison) text() string {
	sign := "~"
	if c.Distinct {
		sign = pValue(c.Adjusted)
	}
	switch known := !math.IsNaN(c.Change) && !math.IsInf(c.Change, 0); {
	case c.Pairs == 0:
		return ""
	case !known:
		return sign // runs that diverged have a rank but no mean
	case c.Distinct:
		return percent(c.Change) + ", " + sign
	}
	return percent(c.Change) + " " + sign
}

func upperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// metricText is a metric, with its exceptions: "l1 (gmm: jsd)".
func metricText(m suites.Metric) string {
	by := make(map[string][]string)
	for _, e := range slices.Sorted(maps.Keys(m.ByEnvironment)) {
		name := m.ByEnvironment[e]
		by[name] = append(by[name], e)
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(by)) {
		parts = append(parts, name+" on "+strings.Join(by[name], " and "))
	}
	if m.Default != "" {
		if len(parts) == 0 {
			return m.Default
		}
		return m.Default + " (" + strings.Join(parts, ", ") + ")"
	}
	return strings.Join(parts, ", ")
}

func seeds(n int) string {
	if n == 1 {
		return "1 seed"
	}
	return fmt.Sprintf("%d seeds", n)
}

// text is the slot's number, with its spread or its interval.
func (s *Slot) text(interval bool) string {
	switch {
	case s.N == 0:
		return "–"
	case s.Stat.OfTime() && s.Reached == 0:
		return "> " + number(s.Stat.Horizon)
	case interval || s.Method == "iqm" || s.Method == "median":
		i := s.Interval()
		return bracketed(s.Estimate, i.Low, i.High)
	}
	return plusMinus(s.Estimate, s.SD)
}

// entry writes a slot, with marks for what a reader must know.
func (sh *sheet) entry(s *Slot, most int, interval bool) entry {
	if s == nil {
		return entry{}
	}
	e := entry{text: s.text(interval), bold: s.Best}
	if s.Versus != nil {
		e.change = s.Versus.text()
	}
	total := len(s.Scores)
	if s.Diverged > 0 && !s.Stat.OfTime() {
		how := "counted as infinitely bad"
		if s.Method == "mean" {
			how = "the mean is over the others"
			if s.Diverged == total {
				e.text = "diverged"
			}
		}
		e.marks = append(e.marks, sh.footnote("%d of %s diverged; %s", s.Diverged, seeds(total), how))
	}
	for _, why := range slices.Sorted(maps.Keys(s.Absent)) {
		e.marks = append(e.marks, sh.footnote("%d of %s: %s", s.Absent[why], seeds(total), why))
	}
	if total < most {
		e.marks = append(e.marks, sh.footnote("%s planned", seeds(total)))
	}
	if s.Stat.OfTime() && s.Reached < s.N {
		diverged := ""
		if s.Diverged > 0 {
			diverged = fmt.Sprintf(", %d of them diverged", s.Diverged)
		}
		e.marks = append(e.marks, sh.footnote("%d of %s got there; the others are censored%s", s.Reached, seeds(s.N), diverged))
	}
	if !math.IsNaN(s.StdErr) {
		e.marks = append(e.marks, sh.footnote("%s is estimated from samples", s.Stat.Measure.Name))
	}
	if e.change != "" {
		e.marks = append(e.marks, sh.overFewer(s.Versus)...)
	}
	return e
}

// overFewer is the mark of a change over fewer seeds than the estimates.
func (sh *sheet) overFewer(c *Comparison) []int {
	if c.over == 0 {
		return nil
	}
	return []int{sh.footnote("the change is over the %s of which both have a value", seeds(c.over))}
}

// footnote is the mark of a footnote, a new one where none says the same.
func (sh *sheet) footnote(format string, args ...any) int {
	text := fmt.Sprintf(format, args...)
	if i := slices.Index(sh.footnotes, text); i >= 0 {
		return i
	}
	sh.footnotes = append(sh.footnotes, text)
	return len(sh.footnotes) - 1
}

// paperRow is the row of reference values below row i, nil where it has none.
func (t *Table) paperRow(i int) []entry {
	any := false
	row := make([]entry, 0, len(t.Spec.Rows)+len(t.ColumnLabels))
	for j := range t.Spec.Rows {
		e := entry{paper: true}
		if j == 0 {
			e.text = "(paper)"
		}
		row = append(row, e)
	}
	for _, slot := range t.Slots[i] {
		e := entry{paper: true}
		if slot != nil && slot.Paper != "" {
			e.text, any = slot.Paper, true
		}
		row = append(row, e)
	}
	if !any {
		return nil
	}
	return row
}

// liftMarks moves a mark that all entries of the sheet have to the notes, and
// one that all entries of a row have to the row's name. Footnotes are then
// numbered in the order in which a reader meets them.
func (sh *sheet) liftMarks() {
	everywhere := sh.common(slices.Concat(sh.rows...))
	for _, m := range everywhere {
		sh.notes = append(sh.notes, sh.footnotes[m])
	}
	for _, row := range sh.rows {
		drop(row, everywhere)
		shared := sh.common(row)
		drop(row, shared)
		row[0].marks = append(row[0].marks, shared...)
	}
	sh.renumber()
}

// common are the marks of all entries that hold a slot's number, where there
// are at least two.
func (sh *sheet) common(entries []entry) (marks []int) {
	count, total := make(map[int]int), 0
	for i := range entries {
		if entries[i].text == "" || entries[i].paper || i%len(sh.head) < sh.stub {
			continue
		}
		total++
		for _, m := range entries[i].marks {
			count[m]++
		}
	}
	for _, m := range slices.Sorted(maps.Keys(count)) {
		if count[m] == total && total > 1 {
			marks = append(marks, m)
		}
	}
	return marks
}

func drop(row []entry, marks []int) {
	for i := range row {
		row[i].marks = slices.DeleteFunc(row[i].marks, func(m int) bool { return slices.Contains(marks, m) })
	}
}

func (sh *sheet) renumber() {
	to := make(map[int]int)
	var footnotes []string
	for _, row := range sh.rows {
		for i := range row {
			for k, m := range row[i].marks {
				if _, ok := to[m]; !ok {
					to[m] = len(footnotes)
					footnotes = append(footnotes, sh.footnotes[m])
				}
				row[i].marks[k] = to[m]
			}
		}
	}
	sh.footnotes = footnotes
}

// mark is the sign of a footnote: a to z, then aa, ab, ...
func mark(i int) string {
	if i >= 26 {
		return mark(i/26-1) + string(rune('a'+i%26))
	}
	return string(rune('a' + i))
}

// marks are the signs of an entry's footnotes: "a,b".
func (e *entry) markText() string {
	list := make([]string, len(e.marks))
	for i, m := range e.marks {
		list[i] = mark(m)
	}
	return strings.Join(list, ",")
}
