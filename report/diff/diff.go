// Package diff compares two sweeps, such as two revisions or two machines.
// [Compare] takes two [report.Sweep] and pairs their settings and, within each,
// their seeds. The [Diff] has a [SettingDiff] per setting, which says what is
// identical bit for bit, what differs, and what cannot be compared.
package diff

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/report/stats"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A Diff compares two sweeps, setting by setting.
type Diff struct {
	A, B     *report.Sweep  // the sweeps compared: B with A
	Changed  []ColumnChange // columns with one value throughout A and another throughout B: what was changed
	Axes     []string       // columns that identify a setting
	Settings []*SettingDiff // settings in both
	OnlyA    []*SettingDiff // settings only in A
	OnlyB    []*SettingDiff // settings only in B
	Revised  []*SettingDiff // settings whose cells have different ids although all their columns agree
	MinP     float64        // smallest p, after Holm's adjustment, that a comparison could have reached
}

// A ColumnChange is a column with one value throughout each sweep.
type ColumnChange struct {
	Column, A, B string // its name, and its value in A and in B
}

// A SettingDiff compares the seeds of one setting.
type SettingDiff struct {
	Label     string             // values of Diff.Axes, joined by "/"
	A, B      *report.Slot       // nil if only the other side has the setting
	Versus    *report.Comparison // B compared with A; nil if they are not compared
	Identical int                // seeds whose results agree bit for bit
	Unstable  int                // seeds of the same cell whose results do not agree, so something is not reproducible
	Broken    int                // seeds that are done in A but diverged, failed or timed out in B
	Worse     bool               // significantly worse in B, or broken
	Improved  bool               // significantly better in B
}

// CheckStat rejects a statistic that a comparison cannot use: times to a
// threshold are only for tables. The error is a *usage.Error.
func CheckStat(name string) error {
	if known := []string{"final", "best", "auc"}; !slices.Contains(known, name) {
		return usage.Errorf("there is no statistic %q here%s", name, usage.Suggest(name, known))
	}
	return nil
}

// Options says what to compare.
type Options struct {
	Metric suites.Metric // by default the metric of Sweep.Primary
	Stat   string        // "final" by default
	// Revisions also compares settings whose algorithms have different revisions,
	// instead of only listing them.
	Revisions bool
}

// Compare compares sweep b with sweep a. The error is a *usage.Error for an
// unknown metric, and usage.ErrNoMatch if they have no setting in common.
func Compare(a, b *report.Sweep, o Options) (*Diff, error) {
	d := &Diff{A: a, B: b}
	columns := union(a.Columns(), b.Columns())
	d.changes(columns)
	// Settings are identified by the columns that were not changed throughout.
	settings := slices.DeleteFunc(slices.Clone(columns), func(c string) bool {
		return c == "seed" || c == param.Role || slices.ContainsFunc(d.Changed, func(x ColumnChange) bool { return x.Column == c })
	})
	d.name(settings)
	groupsA, orderA := group(a.Rows, settings)
	groupsB, orderB := group(b.Rows, settings)
	// Compare the settings that both sides have, and list the others.
	if o.Metric.Default == "" && o.Metric.ByEnvironment == nil {
		o.Metric = a.Primary()
	}
	o.Stat = cmp.Or(o.Stat, "final")
	st, err := a.Stats(o.Metric, o.Stat, nil, slices.Concat(a.Rows, b.Rows))
	if err != nil {
		return nil, err
	}
	for _, key := range orderA {
		rowsA, rowsB := groupsA[key], groupsB[key]
		s := &SettingDiff{Label: suites.Label(d.Axes, rowsA[0].Value), A: report.NewSlot(st[rowsA[0].Environment()], "mean", suites.OverSeeds, rowsA)}
		if rowsB == nil {
			d.OnlyA = append(d.OnlyA, s)
			continue
		}
		s.B = report.NewSlot(&s.A.Stat, "mean", suites.OverSeeds, rowsB)
		if !o.Revisions && len(d.Changed) == 0 && revised(rowsA, rowsB) {
			d.Revised = append(d.Revised, s)
			continue
		}
		s.compare(rowsA, rowsB)
		d.Settings = append(d.Settings, s)
	}
	for _, key := range orderB {
		if rows := groupsB[key]; groupsA[key] == nil {
			d.OnlyB = append(d.OnlyB, &SettingDiff{Label: suites.Label(d.Axes, rows[0].Value), B: report.NewSlot(st[rows[0].Environment()], "mean", suites.OverSeeds, rows)})
		}
	}
	if len(d.Settings)+len(d.Revised) == 0 {
		return nil, fmt.Errorf("%w: the sweeps have no setting in common", usage.ErrNoMatch)
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

// changes finds the columns that were changed throughout.
func (d *Diff) changes(columns []string) {
	constant := func(s *report.Sweep, column string) (string, bool) {
		if len(s.Rows) == 0 || s.Varies(column) {
			return "", false
		}
		return suites.Format(s.Rows[0].Value(column)), true
	}
	for _, c := range columns {
		if c == "environment" || c == "objective" || c == "seed" || c == param.Role {
			continue
		}
		x, ok1 := constant(d.A, c)
		if y, ok2 := constant(d.B, c); ok1 && ok2 && x != y {
			d.Changed = append(d.Changed, ColumnChange{c, x, y})
		}
	}
}

// name chooses the columns that distinguish settings.
func (d *Diff) name(settings []string) {
	all := &report.Sweep{Rows: slices.Concat(d.A.Rows, d.B.Rows), Suite: d.A.Suite, Set: d.A.Set}
	d.Axes = all.Separate([]string{"environment", "objective"}, nil, suites.OverSeeds)
	d.Axes = slices.DeleteFunc(d.Axes, func(c string) bool { return !slices.Contains(settings, c) })
}

func group(rows []*report.Row, columns []string) (groups map[string][]*report.Row, order []string) {
	groups = make(map[string][]*report.Row)
	for _, r := range rows {
		key := suites.Label(columns, r.Value)
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], r)
	}
	return groups, order
}

// revised reports whether no cell of a setting has the same id as the other
// side's cell of the same seed. Since all columns agree, a revision must
// differ.
func revised(a, b []*report.Row) bool {
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

// compare compares the runs of both sides, seed by seed.
func (s *SettingDiff) compare(a, b []*report.Row) {
	s.Versus = report.Compare(s.B, s.A)
	runs := make(map[int]*report.Row)
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
		case other.ID() == r.ID() && !agree(other.Run, r.Run):
			s.Unstable++
		}
		if other.Run.Status == results.Done && r.Run.Status != results.Done && r.Run.Status != results.Interrupted && r.Run.Status != results.Pruned {
			s.Broken++
		}
	}
}

// agree reports whether two runs of a cell are equal as far as both were trained, so that
// they may be parts of one run. Failed attempts do not count.
func agree(a, b *results.Run) bool {
	cut := a.Status == results.Pruned || b.Status == results.Pruned
	if !cut {
		return !a.Status.Complete() || !b.Status.Complete()
	}
	for i := range min(len(a.Curve), len(b.Curve)) {
		if a.Curve[i].Step != b.Curve[i].Step || !a.Curve[i].Equal(&b.Curve[i].Values) {
			return false
		}
	}
	return true
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

// judge adjusts p of the settings that are not identical, and decides which are
// better or worse.
func (d *Diff) judge() {
	var family []*report.Comparison
	for _, s := range d.Settings {
		if !math.IsNaN(s.Versus.P) && s.Identical < s.Versus.Pairs {
			family = append(family, s.Versus)
		}
	}
	report.Holm(family)
	for _, c := range family {
		if p := min(1, c.MinP*float64(len(family))); d.MinP == 0 || p < d.MinP {
			d.MinP = p
		}
	}
	for _, s := range d.Settings {
		var change []float64
		for _, p := range report.PairScores(s.B.Scores, s.A.Scores) {
			change = append(change, report.Difference(p[0], p[1]))
		}
		direction, ok := s.A.Stat.Direction()
		lower := report.SignedRank(change, stats.Less) < report.SignedRank(change, stats.Greater)
		better := ok && lower == (direction == stats.LowerIsBetter)
		s.Improved = ok && s.Versus.Distinct && better
		s.Worse = s.Broken > 0 || ok && s.Versus.Distinct && !better
	}
}

// Regressed reports whether some setting is worse in B.
func (d *Diff) Regressed() bool {
	return slices.ContainsFunc(d.Settings, func(s *SettingDiff) bool { return s.Worse })
}

// Verdict says in one word how a setting differs. If it was compared, the word
// is worse, better, different (if the metric has no direction), identical (bit
// for bit), chance (if the difference may be due to chance) or untested (if no
// seed has a score on both sides). Otherwise it is only-a, only-b or revised.
func (s *SettingDiff) Verdict() string {
	switch {
	case s.B == nil:
		return "only-a"
	case s.A == nil:
		return "only-b"
	case s.Versus == nil:
		return "revised"
	case s.Worse:
		return "worse"
	case s.Versus.Pairs == 0:
		return "untested"
	case s.Improved:
		return "better"
	case s.Identical == s.Versus.Pairs:
		return "identical"
	case s.Versus.Distinct:
		return "different"
	}
	return "chance"
}
