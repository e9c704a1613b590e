package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"gfnbench/report/stats"
	"gfnbench/results"
	"gfnbench/suites"
)

// A Diff compares two sweeps, setting by setting.
type Diff struct {
	A, B     *Sweep
	Changed  []ColumnChange // columns that have one value in A and another in B: they are what was changed
	Axes     []string       // columns that name a setting
	Settings []*SettingDiff // in both
	OnlyA    []string       // settings of one side
	OnlyB    []string
	Revised  []string // settings whose cells have other ids although all their columns agree
	MinP     float64  // smallest p, after Holm's adjustment, that a comparison could have had
}

// A ColumnChange is a column with one value throughout each sweep.
type ColumnChange struct{ Column, A, B string }

// A SettingDiff compares the seeds of one setting.
type SettingDiff struct {
	Label     string
	A, B      *Slot
	Versus    *Comparison // of B with A
	Identical int         // seeds whose results agree bit for bit
	Unstable  int         // seeds of the same cell whose results do not: something is not reproducible
	Broken    int         // seeds that are done in A, and diverged, failed or timed out in B
	Worse     bool        // significantly worse in B, or broken
	Improved  bool        // significantly better in B
}

// CheckStat refuses a statistic that a comparison cannot use: times to a
// threshold are for tables. The error is a *UsageError.
func CheckStat(name string) error {
	if known := []string{"final", "best", "auc"}; !slices.Contains(known, name) {
		return usage("there is no statistic %q here%s", name, didYouMean(name, known))
	}
	return nil
}

// DiffOptions say what to compare.
type DiffOptions struct {
	Metric suites.Metric // by default that of Sweep.Primary
	Stat   string        // by default final
	// Revisions compares settings whose algorithms have different revisions
	// too, instead of listing them.
	Revisions bool
}

// Compare compares sweep b with sweep a. The error is a *UsageError for an
// unknown metric, and ErrNoMatch where they have no setting in common.
func Compare(a, b *Sweep, o DiffOptions) (*Diff, error) {
	d := &Diff{A: a, B: b}
	columns := union(a.Columns(), b.Columns())
	d.changes(columns)
	settings := slices.DeleteFunc(slices.Clone(columns), func(c string) bool {
		return c == "seed" || slices.ContainsFunc(d.Changed, func(x ColumnChange) bool { return x.Column == c })
	})
	d.name(settings)
	groupsA, orderA := group(a.Rows, settings)
	groupsB, orderB := group(b.Rows, settings)
	if o.Metric.Default == "" && o.Metric.ByEnvironment == nil {
		o.Metric = a.Primary()
	}
	o.Stat = cmp.Or(o.Stat, "final")
	st, err := a.statsOf(o.Metric, o.Stat, nil, slices.Concat(a.Rows, b.Rows))
	if err != nil {
		return nil, err
	}
	for _, key := range orderA {
		rowsA, rowsB := groupsA[key], groupsB[key]
		label := suites.Label(d.Axes, rowsA[0].Value)
		switch {
		case rowsB == nil:
			d.OnlyA = append(d.OnlyA, label)
		case !o.Revisions && len(d.Changed) == 0 && revised(rowsA, rowsB):
			d.Revised = append(d.Revised, label)
		default:
			d.Settings = append(d.Settings, d.setting(label, st[rowsA[0].Environment()], rowsA, rowsB))
		}
	}
	for _, key := range orderB {
		if groupsA[key] == nil {
			d.OnlyB = append(d.OnlyB, suites.Label(d.Axes, groupsB[key][0].Value))
		}
	}
	if len(d.Settings)+len(d.Revised) == 0 {
		return nil, fmt.Errorf("%w: the sweeps have no setting in common", ErrNoMatch)
	}
	d.judge()
	return d, nil
}

func union(a, b []string) []string {
	list := slices.Clone(a)
	for _, c := range b {
		if !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	return list
}

// changes finds the columns that were changed as a whole.
func (d *Diff) changes(columns []string) {
	constant := func(s *Sweep, column string) (string, bool) {
		if len(s.Rows) == 0 || s.varies(column) {
			return "", false
		}
		return suites.Format(s.Rows[0].Value(column)), true
	}
	for _, c := range columns {
		if c == "environment" || c == "objective" || c == "seed" {
			continue
		}
		x, ok1 := constant(d.A, c)
		if y, ok2 := constant(d.B, c); ok1 && ok2 && x != y {
			d.Changed = append(d.Changed, ColumnChange{c, x, y})
		}
	}
}

// name chooses the columns that tell settings apart.
func (d *Diff) name(settings []string) {
	all := &Sweep{Rows: slices.Concat(d.A.Rows, d.B.Rows), Suite: d.A.Suite, Set: d.A.Set}
	d.Axes = all.separate([]string{"environment", "objective"}, nil)
	d.Axes = slices.DeleteFunc(d.Axes, func(c string) bool { return !slices.Contains(settings, c) })
}

func group(rows []*Row, columns []string) (groups map[string][]*Row, order []string) {
	groups = make(map[string][]*Row)
	for _, r := range rows {
		key := suites.Label(columns, r.Value)
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], r)
	}
	return groups, order
}

// revised reports whether no cell of a setting has the id of the other side's
// cell of the same seed: since all columns agree, a revision must differ.
func revised(a, b []*Row) bool {
	ids := make(map[int]string)
	for _, r := range a {
		ids[r.Seed()] = r.ID()
	}
	common := false
	for _, r := range b {
		id, ok := ids[r.Seed()]
		if ok && id == r.ID() {
			return false
		}
		common = common || ok
	}
	return common
}

func (d *Diff) setting(label string, st *Stat, a, b []*Row) *SettingDiff {
	s := &SettingDiff{Label: label, A: slotOf(st, a), B: slotOf(st, b)}
	s.Versus = versus(s.B, s.A)
	runs := make(map[int]*Row)
	for _, r := range a {
		runs[r.Seed()] = r
	}
	for _, r := range b {
		other := runs[r.Seed()]
		if other == nil || other.Run == nil || r.Run == nil {
			continue
		}
		same := sameRows(other.Run, r.Run)
		switch {
		case same:
			s.Identical++
		case other.ID() == r.ID() && other.Run.Status.Complete() && r.Run.Status.Complete():
			s.Unstable++
		}
		if other.Run.Status == results.Done && r.Run.Status != results.Done && r.Run.Status != results.Interrupted {
			s.Broken++
		}
	}
	return s
}

// sameRows reports whether two complete runs agree in status, steps and every
// evaluation, bit for bit.
func sameRows(a, b *results.Run) bool {
	if a.Status != b.Status || !a.Status.Complete() || a.Step != b.Step || len(a.Curve) != len(b.Curve) {
		return false
	}
	for i := range a.Curve {
		if a.Curve[i].Step != b.Curve[i].Step || !a.Curve[i].Equal(&b.Curve[i].Values) {
			return false
		}
	}
	return true
}

func slotOf(st *Stat, rows []*Row) *Slot {
	slot := &Slot{Stat: *st, Rows: slices.Clone(rows)}
	slices.SortStableFunc(slot.Rows, func(a, b *Row) int { return a.Seed() - b.Seed() })
	for _, r := range slot.Rows {
		slot.Scores = append(slot.Scores, r.Score(st))
	}
	slot.Summary = summarise("mean", slot)
	return slot
}

// judge adjusts the p of the settings that are not identical, and says which
// are better or worse.
func (d *Diff) judge() {
	var family []*Comparison
	for _, s := range d.Settings {
		if !math.IsNaN(s.Versus.P) && s.Identical < s.Versus.Pairs {
			family = append(family, s.Versus)
		}
	}
	holm(family)
	for _, c := range family {
		if p := min(1, c.MinP*float64(len(family))); d.MinP == 0 || p < d.MinP {
			d.MinP = p
		}
	}
	for _, s := range d.Settings {
		var change []float64
		for _, p := range pairs(s.B.Scores, s.A.Scores) {
			change = append(change, difference(p[0], p[1]))
		}
		direction, ok := s.A.Stat.Direction()
		lower := signedRank(change, stats.Less) < signedRank(change, stats.Greater)
		better := ok && lower == (direction == stats.LowerIsBetter)
		s.Improved = ok && s.Versus.Distinct && better
		s.Worse = s.Broken > 0 || ok && s.Versus.Distinct && !better
	}
}

// Regressed reports whether some setting is worse in B.
func (d *Diff) Regressed() bool {
	return slices.ContainsFunc(d.Settings, func(s *SettingDiff) bool { return s.Worse })
}

// DiffFormats are the formats of [Diff.Write].
var DiffFormats = slices.DeleteFunc(slices.Clone(Formats), func(f string) bool { return f == "csv" })

// Write writes the comparison. The error is a *UsageError for an unknown format.
func (d *Diff) Write(w io.Writer, format string) error {
	if !slices.Contains(DiffFormats, format) {
		return usage("there is no format %q%s", format, didYouMean(format, DiffFormats))
	}
	return writeSheets(w, format, nil, []*sheet{d.sheet()})
}

func (d *Diff) sheet() *sheet {
	sh := &sheet{title: fmt.Sprintf("%s against %s", strings.Join(d.B.Dirs, ", "), strings.Join(d.A.Dirs, ", ")), stub: len(d.Axes)}
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
			row = append(row, entry{text: percent(s.Versus.Change)}, entry{text: probability(s.Versus.Adjusted)}, verdict)
		}
		sh.rows = append(sh.rows, row)
	}
	for _, c := range d.Changed {
		sh.note("changed: %s from %s to %s", c.Column, c.A, c.B)
	}
	sh.note("%d of %d settings are identical, bit for bit", same, len(d.Settings))
	list := func(what string, settings []string) {
		if len(settings) > 0 {
			sh.note("%s: %s", what, strings.Join(settings, ", "))
		}
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

// verdict says how a setting differs.
func (sh *sheet) verdict(s *SettingDiff) entry {
	e := entry{text: "~"}
	switch {
	case s.Versus.Pairs == 0:
		e.text = "–"
	case s.Worse:
		e.text = "worse"
	case s.Improved:
		e.text = "better"
	case s.Identical == s.Versus.Pairs && s.Versus.Pairs > 0:
		e.text = "identical"
	case s.Versus.Distinct:
		e.text = "different"
	}
	if s.Broken > 0 {
		e.marks = append(e.marks, sh.footnote("%s done in A, not in B", seeds(s.Broken)))
	}
	if s.Unstable > 0 {
		e.marks = append(e.marks, sh.footnote("%s of the same cell with other results: not reproducible", seeds(s.Unstable)))
	}
	return e
}
