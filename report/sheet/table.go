package sheet

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

	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/stats"
	"gfnbench/suites"
)

// OfTable returns the table as a sheet.
func OfTable(t *report.Table) *Sheet {
	if t.Overview != nil {
		return ofOverview(t)
	}
	sh := &Sheet{
		Name: t.Spec.Name, Title: cmp.Or(t.Spec.Title, t.Spec.Name), Caption: caption(t),
		Head: slices.Clone(t.Spec.Rows), Stub: len(t.Spec.Rows), Across: strings.Join(t.Spec.Columns, "/"),
	}
	styles := make([]number.Style, len(t.Columns))
	for j, column := range t.Columns {
		sh.Head = append(sh.Head, column.Name)
		parts := make([]string, len(column.Values))
		for k, v := range column.Values {
			parts[k] = t.Names.Value(t.Spec.Columns[k], v)
		}
		sh.HeadParts = append(sh.HeadParts, parts)
		for _, slots := range t.Slots {
			see(&styles[j], slots[j])
		}
	}
	for i, label := range t.Rows {
		row := make([]Entry, 0, len(sh.Head))
		for k, v := range label.Values {
			e := Texts(report.ValueText(v))[0]
			if e.Name = t.Names.Value(t.Spec.Rows[k], v); strings.HasSuffix(e.Name, "="+e.Text) {
				e.Name = "" // the head of the row names the column
			}
			row = append(row, e)
		}
		for j, slot := range t.Slots[i] {
			row = append(row, sh.SlotEntry(slot, styles[j], t.Units, t.Intervals))
		}
		sh.Rows = append(sh.Rows, row)
		for _, below := range [][]Entry{sh.measuredRow(t, i), paperRow(t, i)} {
			if below != nil {
				sh.Rows = append(sh.Rows, below)
			}
		}
	}
	sh.LiftMarks()
	sh.tableNotes(t)
	return sh
}

// see adapts the style to the slot's number.
func see(style *number.Style, s *report.Slot) {
	if s == nil || s.N == 0 {
		return
	}
	style.See(s.Estimate, s.SD)
	style.Count = s.Stat.Metric.Info().Integer || s.Stat.OfTime()
}

// StyleOf returns one notation for the numbers of the slots.
func StyleOf(slots ...*report.Slot) (style number.Style) {
	for _, s := range slots {
		see(&style, s)
	}
	return style
}

// caption describes the numbers.
func caption(t *report.Table) string {
	what := statText(t.Spec.Metric, t.Spec.Stat)
	switch t.Spec.Stat {
	case "final":
	case "best", "auc":
		what = UpperFirst(what)
	default:
		what = fmt.Sprintf("%s until %s reaches %s", UpperFirst(strings.TrimSuffix(t.Spec.Stat, "-to")), MetricText(t.Spec.Metric), strconv.FormatFloat(*t.Spec.Threshold, 'g', -1, 64))
	}
	const interval = " [" + report.IntervalName + "]"
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
	return fmt.Sprintf("%s; %s over %s.", what, method, unitText(t))
}

// statText says what is taken of a curve: "l1 at the end".
func statText(m suites.Metric, stat string) string {
	switch what := MetricText(m); stat {
	case "final":
		return what + " at the end"
	case "best":
		return "best " + what + " during training"
	default:
		return "mean height of the curve of " + what
	}
}

// unitText describes the units of the slots: "5 seeds", or "8 instances, each the mean of
// 3 seeds".
func unitText(t *report.Table) string {
	if t.Spec.Over != suites.OverInstances {
		return number.Count(t.Seeds, "seed")
	}
	return fmt.Sprintf("%s, each the mean of %s", number.Count(t.Units, "instance"), number.Counts(t.FewestSeeds, t.Seeds, "seed"))
}

// tableNotes adds notes on how the base was compared, and what few seeds can
// show.
func (sh *Sheet) tableNotes(t *report.Table) {
	programs := t.Trainers()
	unpaired := len(programs) > 0 && t.Spec.Over != suites.OverInstances
	if slices.ContainsFunc(slices.Concat(sh.Rows...), func(e Entry) bool { return e.Bold }) {
		paired := "paired difference from it"
		if unpaired {
			paired = "difference from it, paired only among this program's cells,"
		}
		sh.Note("bold: the best, and all whose %s has a 95%% interval that contains 0", paired)
	}
	if unpaired {
		sh.Note("trained by other programs: %s; they are compared unpaired, by the exact Mann–Whitney test", strings.Join(programs, ", "))
	} else if len(programs) > 0 {
		sh.Note("trained by other programs: %s; their instances are the same, and are compared in pairs", strings.Join(programs, ", "))
	}
	if cut := t.Cut(); cut > 0 {
		sh.Note("later times are counted as %s, where a run that did not reach it ended; the tests compare them as they are", number.Brief(cut))
	}
	if lent, runs := t.Lent(); lent > 0 {
		sh.Note("%d of %s had idle cores lent to them, which makes their times shorter: sweep run -j 1 lends none", lent, number.Count(runs, "run"))
	}
	if ref := t.Spec.Reference; ref != nil {
		sh.Note("(paper): %s", ref.Source)
		if t.Measured != nil {
			sh.Note("(as measured): %s, which the paper probably shows", MetricText(t.Measured.Spec.Metric))
		}
	}
	sh.shares(t)
	noun := report.UnitNoun(t.Spec.Over)
	sh.Notes = append(sh.Notes, t.Tuned...)
	if t.Spec.Base != "" {
		test := "paired signed-rank test"
		if unpaired {
			test = "test, Mann–Whitney's where another program trained a side and else the paired signed-rank test,"
		}
		sh.Note("in brackets: change from %s, and p of the exact %s with Holm's adjustment within the row; ~ is a difference that may be chance (p > %v)", t.BaseName(), test, stats.Level)
		switch {
		case t.MinP >= 1:
			sh.Note("with %s no difference can be significant after Holm's adjustment for %s (every p is 1): that takes %s",
				number.Count(t.Pairs, noun), number.Count(t.Family, "comparison"), number.Count(seedsNeeded(t), noun))
		case t.MinP > stats.Level:
			sh.Note("with %s no difference can be significant (no p can be below %s) after Holm's adjustment for %s: that takes %s",
				number.Count(t.Pairs, noun), number.Probability(t.MinP), number.Count(t.Family, "comparison"), number.Count(seedsNeeded(t), noun))
		}
	}
}

// mostShares is the largest number of rows for which each gets a note on where its
// variance lies.
const mostShares = 8

// shares notes where the variance of each row of a table over instances lies, and whether
// the order of the columns depends on the instance.
func (sh *Sheet) shares(t *report.Table) {
	if len(t.Rows) > mostShares {
		return
	}
	for i, row := range t.Rows {
		s, ok := t.Shares(i)
		if !ok {
			continue
		}
		text := fmt.Sprintf("%s: of the variance of a run %.0f%% lies between instances, %.0f%% between seeds", row.Name, 100*s.Between, 100*s.Within)
		if s.Estimation > 0 {
			text += fmt.Sprintf(", %.2g%% in estimating the metric", 100*s.Estimation)
		}
		if f := s.Interaction; f != nil {
			text += fmt.Sprintf("; test that the columns differ equally on every instance: %s (F(%d, %d) = %.2g, analysis of variance)", number.P(f.P), f.DF1, f.DF2, f.F)
		}
		sh.Note("%s", text)
	}
}

// changeText returns "−54%, p=0.012", "−54% ~" if the difference may be chance, or "" if
// there is nothing to compare.
func changeText(c *report.Comparison) string {
	sign := "~"
	if c.Distinct {
		sign = number.P(c.Adjusted)
	}
	switch known := !math.IsNaN(c.Change) && !math.IsInf(c.Change, 0); {
	case c.Pairs == 0:
		return ""
	case !known:
		return sign // a diverged run has a rank but no mean
	case c.Distinct:
		return number.Percent(c.Change) + ", " + sign
	}
	return number.Percent(c.Change) + " " + sign
}

// UpperFirst capitalises the first letter.
func UpperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// MetricText writes a metric with its exceptions: "l1 (gmm: jsd)".
func MetricText(m suites.Metric) string {
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

// slotText returns the slot's number, with its spread or its interval.
func slotText(s *report.Slot, style number.Style, interval bool) string {
	switch {
	case s.N == 0:
		return "–"
	case s.Stat.OfTime() && s.Reached == 0:
		return "> " + style.Format(s.Stat.Horizon)
	case hasInterval(s, interval):
		i := s.Interval()
		return style.Bracketed(s.Estimate, i.Low, i.High)
	}
	return style.PlusMinus(s.Estimate, s.SD)
}

// hasInterval reports whether a slot is shown with its interval.
func hasInterval(s *report.Slot, asked bool) bool {
	return asked || s.Method == "iqm" || s.Method == "median"
}

// SlotEntry returns the entry of a slot, with marks for what a reader must
// know.
func (sh *Sheet) SlotEntry(s *report.Slot, style number.Style, most int, interval bool) Entry {
	if s == nil {
		return Texts("")[0]
	}
	e := Entry{Text: slotText(s, style, interval), Bold: s.Best, Value: math.NaN()}
	if s.N > 0 {
		e.Value = s.Estimate
	}
	if s.Versus != nil {
		e.Change = changeText(s.Versus)
	}
	total, noun, run := len(s.Units()), report.UnitNoun(s.Over), "seed"
	if s.Over == suites.OverInstances {
		run = "run"
	}
	// Runs that diverged, failed or were not planned.
	if s.Diverged > 0 && !s.Stat.OfTime() {
		how := "counted as infinitely bad"
		if s.Method == "mean" {
			how = "the mean is over the others"
			if s.Diverged == total {
				e.Text = "diverged"
			}
		}
		if s.Diverged == total {
			e.Marks = append(e.Marks, sh.Footnote("%s diverged", allOf(total, noun)))
		} else {
			e.Marks = append(e.Marks, sh.Footnote("%d of %s diverged; %s", s.Diverged, number.Count(total, noun), how))
		}
	}
	for _, why := range slices.Sorted(maps.Keys(s.Absent)) {
		e.Marks = append(e.Marks, sh.Footnote("%d of %s: %s", s.Absent[why], number.Count(len(s.Scores), run), why))
	}
	if total < most {
		e.Marks = append(e.Marks, sh.Footnote("%s planned", number.Count(total, noun)))
	}
	// Times, intervals and standard errors.
	if s.Stat.OfTime() && s.Reached < s.Timed {
		diverged := ""
		if s.Diverged > 0 {
			diverged = fmt.Sprintf(", %d of them diverged", s.Diverged)
		}
		e.Marks = append(e.Marks, sh.Footnote("%d of %s reached it; the others are censored%s", s.Reached, number.Count(s.Timed, run), diverged))
	}
	if s.N > 1 && hasInterval(s, interval) && (s.Reached > 0 || !s.Stat.OfTime()) {
		for _, w := range s.Interval().Warnings {
			e.Marks = append(e.Marks, sh.Footnote("%s", w.Text))
		}
	}
	if !math.IsNaN(s.StdErr) {
		e.Marks = append(e.Marks, sh.Footnote("%s is estimated from samples", s.Stat.Metric.String()))
	}
	if e.Change != "" {
		e.Marks = append(e.Marks, sh.OverFewer(s.Versus, noun)...)
	}
	return e
}

// allOf returns "all 5 seeds", or "the only seed".
func allOf(n int, noun string) string {
	if n == 1 {
		return "the only " + noun
	}
	return "all " + number.Count(n, noun)
}

// OverFewer returns the mark of a change over fewer seeds than the estimates.
func (sh *Sheet) OverFewer(c *report.Comparison, noun string) []int {
	if c.Over == 0 {
		return nil
	}
	return []int{sh.Footnote("the change is over the %s for which both have a value", number.Count(c.Over, noun))}
}

// paperRow returns the row of reference values below row i, or nil if it has
// none.
func paperRow(t *report.Table, i int) []Entry {
	any := false
	row := make([]Entry, 0, len(t.Spec.Rows)+len(t.Columns))
	for j := range t.Spec.Rows {
		e := Entry{Paper: true, Value: math.NaN()}
		if j == 0 {
			e.Text = "(paper)"
		}
		row = append(row, e)
	}
	for _, slot := range t.Slots[i] {
		e := Entry{Paper: true, Value: math.NaN()}
		if slot != nil && slot.Paper != "" {
			e.Text, any = slot.Paper, true
		}
		row = append(row, e)
	}
	if !any {
		return nil
	}
	return row
}

// seedsNeeded returns how many seeds would be enough to show a difference in the table's
// family of comparisons.
func seedsNeeded(t *report.Table) int {
	least := func(n int) float64 {
		if t.Unpaired {
			return stats.TwoSampleMinP(n, n, stats.TwoSided)
		}
		return stats.PairedMinP(n, stats.TwoSided)
	}
	n := 1
	for least(n)*float64(t.Family) > stats.Level {
		n++
	}
	return n
}
