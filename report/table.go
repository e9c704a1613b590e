package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A Table is a grid of slots, rows × columns, each of which summarises the
// seeds of one setting.
type Table struct {
	Spec    *suites.Table // what was asked for
	Names   *Names        // what readers see
	Rows    []Label       // by Spec.Rows
	Columns []Label       // by Spec.Columns
	Slots   [][]*Slot     // nil if the plan has no cell

	Overview *Overview // of a table of another kind than values, which has none of the following

	// MinP is the smallest p, after Holm's adjustment, that the comparisons with
	// the base could have reached; 0 if there are none.
	MinP float64

	Measured *Table // the same table with the metric that the paper probably shows; nil if the suite does not say
	// Tuned says, for each arm of a suite with [tune] in the table, what was chosen, out
	// of how many settings, and with which scores.
	Tuned []string

	// Intervals asks for intervals instead of standard deviations when the table is
	// written.
	Intervals bool

	Seeds       int // largest number of seeds of a slot, or of one of its instances
	FewestSeeds int // the smallest
	Units       int // largest number of seeds, or instances, over which a slot is taken
	Family      int // number of comparisons in the row with MinP
	Pairs       int // number of seeds in the comparison with MinP

	Unpaired bool // that comparison is between two samples

	base  int      // index of the base column, -1 if there is none
	tasks []string // columns that tell tasks apart
}

// A Slot is the summary of the cells of one row and column of a table, which differ only
// in the seed and, over instances, in the instance.
type Slot struct {
	Stat   Stat    // which number is taken from each run
	Over   string  // suites.OverSeeds or OverInstances
	Rows   []*Row  // in ascending order of instance and seed
	Scores []Score // of each row
	Summary
	Versus *Comparison // comparison with the base of its row; nil if there is none
	Best   bool        // the best of the slots it can be compared with, or indistinguishable from the best
	Paper  string      // reference value, "" if there is none
}

// Table makes a table that a suite declares, or one of the same form. The error is
// usage.ErrNoMatch if the table has no cell, and a *usage.Error if it pools
// anything but seeds or names something unknown.
func (s *Sweep) Table(spec *suites.Table) (*Table, error) {
	if spec.Condensed() {
		o, err := s.Overview(spec)
		if err != nil {
			return nil, err
		}
		return &Table{Spec: spec, Names: o.Names, Overview: o, base: -1}, nil
	}
	rows, err := s.tableRows(spec)
	if err != nil {
		return nil, err
	}
	t := &Table{Spec: spec, Names: s.Names(), Rows: s.Labels(spec.Rows, rows), Columns: s.Labels(spec.Columns, rows), FewestSeeds: math.MaxInt}
	if err := t.fill(s, rows); err != nil {
		return nil, err
	}
	t.tasks = slices.DeleteFunc(Pooled(s.Columns(), spec.Over), func(c string) bool { return !ofTask(c) })
	t.markBest()
	if t.Measured, err = s.measured(spec); err != nil {
		return nil, err
	}
	t.Tuned = s.tunedNotes(t)
	return t, t.compare()
}

// NewSlot scores the rows, which differ only in the seed and, over instances, in the
// instance, and summarises the units' scores by the mean, iqm or median.
func NewSlot(st *Stat, method, over string, rows []*Row) *Slot {
	slot := &Slot{Stat: *st, Over: over, Rows: slices.Clone(rows)}
	slices.SortStableFunc(slot.Rows, func(a, b *Row) int {
		if over == suites.OverInstances && a.Instance() != b.Instance() {
			return cmp.Compare(a.Instance(), b.Instance())
		}
		return cmp.Compare(a.Seed(), b.Seed())
	})
	for _, r := range slot.Rows {
		slot.Scores = append(slot.Scores, r.Score(st))
	}
	slot.Summary = summarise(method, slot)
	return slot
}

// tableRows returns the rows of a table: cells, or measurements of the
// variance.
func (s *Sweep) tableRows(spec *suites.Table) ([]*Row, error) {
	if err := s.CheckColumns(slices.Concat(spec.Rows, spec.Across())); err != nil {
		return nil, err
	}
	from := s.Rows
	if spec.Metric.Default != "" {
		m, err := LookupMetric(spec.Metric.Default)
		if err != nil {
			return nil, err
		}
		if m.Info().Source == metric.Variance {
			from = s.VarianceRows()
		}
	}
	rows := Matching(from, spec.On)
	if len(rows) == 0 {
		return nil, fmt.Errorf("%w %s", usage.ErrNoMatch, spec.On)
	}
	return rows, nil
}

// CheckColumns rejects names that are not columns.
func (s *Sweep) CheckColumns(names []string) error {
	known := append(s.Columns(), "step")
	for i, name := range names {
		if !slices.Contains(known, name) {
			return usage.Errorf("there is no column %q%s", name, usage.Suggest(name, known))
		}
		if slices.Contains(names[:i], name) {
			return usage.Errorf("the column %s occurs twice", name)
		}
	}
	return nil
}

// fill puts the rows into slots and summarises their scores.
func (t *Table) fill(s *Sweep, rows []*Row) error {
	stats, err := s.Stats(t.Spec.Metric, t.Spec.Stat, t.Spec.Threshold, rows)
	if err != nil {
		return err
	}
	groups := make(map[[2]string][]*Row)
	shown := slices.Concat(t.Spec.Rows, t.Spec.Columns)
	var key [2]string
	for i, r := range rows {
		if !likeBefore(rows, i, shown...) {
			key = [2]string{suites.Label(t.Spec.Rows, r.Value), suites.Label(t.Spec.Columns, r.Value)}
		}
		groups[key] = append(groups[key], r)
	}
	columns := append(s.Columns(), "step")
	for _, row := range t.Rows {
		slots := make([]*Slot, len(t.Columns))
		for j, column := range t.Columns {
			rows := groups[[2]string{row.Key, column.Key}]
			if rows == nil {
				continue
			}
			if err := poolable(columns, t.Spec.Over, rows); err != nil {
				return usage.Errorf("row %s, column %s: %w", row.Name, column.Name, err)
			}
			slots[j] = NewSlot(stats[rows[0].Environment()], t.Spec.Summary, t.Spec.Over, rows)
			slots[j].Paper = t.Spec.Paper[row.Key][column.Key]
			fewest, most := seedsOf(rows, t.Spec.Over)
			t.FewestSeeds, t.Seeds = min(t.FewestSeeds, fewest), max(t.Seeds, most)
			t.Units = max(t.Units, len(slots[j].Units()))
		}
		t.Slots = append(t.Slots, slots)
	}
	return nil
}

// Units returns the scores of the slot's units, see [Units].
func (s *Slot) Units() []Score { return Units(s.Scores, s.Over) }

// poolable rejects rows that differ in anything except the seed and, over instances, the
// instance, or that have a seed twice.
func poolable(columns []string, over string, rows []*Row) error {
	seen := make(map[Unit]*Row)
	pooled := Pooled(columns, over)
	for _, r := range rows {
		if !r.sibling(rows[0]) && r.Fingerprint(columns) != rows[0].Fingerprint(columns) {
			if axis := Differ(pooled, rows[0], r); axis == param.Instance {
				return fmt.Errorf("the cells differ in %s: average over them with --over instances, add it to the rows or columns, or choose with -f %s=VALUE", axis, axis)
			} else if axis != "" {
				return fmt.Errorf("the cells differ in %s: add it to the rows or columns, or choose with -f %s=VALUE", axis, axis)
			}
		}
		unit := Unit{r.Instance(), r.Seed()}
		if other := seen[unit]; other != nil {
			return fmt.Errorf("there are two results for seed %d, cells %s and %s: they are of different revisions or settings", r.Seed(), other.ID(), r.ID())
		}
		seen[unit] = r
	}
	return nil
}

// Stats returns the statistic for each environment of the rows. Each has the
// grid shared by all of its runs that were trained to the end.
func (s *Sweep) Stats(of suites.Metric, name string, threshold *float64, rows []*Row) (map[string]*Stat, error) {
	stats := make(map[string]*Stat)
	for _, r := range rows {
		e := r.Environment()
		st := stats[e]
		if st == nil {
			m, err := LookupMetric(of.Of(e))
			if err != nil {
				return nil, fmt.Errorf("on %s: %w", e, err)
			}
			st = &Stat{Metric: m, Name: name}
			if threshold != nil {
				st.Threshold = *threshold
			}
			stats[e] = st
		}
		if r.Run != nil && r.Run.Status == results.Done {
			st.span(r)
		}
	}
	return stats, nil
}

// span narrows the statistic's grid to the steps that the run covers, and adds
// the run's own steps. A time to a threshold limits the comparison only if the run did not
// reach it: after an event nothing is left to follow.
func (s *Stat) span(r *Row) {
	if s.Name != "auc" && !s.OfTime() {
		return
	}
	steps, _ := r.Curve(s.Metric)
	if len(steps) == 0 {
		return
	}
	end := steps[len(steps)-1] * r.PerStep(s.Name)
	s.Longest = max(s.Longest, end)
	if s.OfTime() && r.timeTo(s, Score{}).Kind == Measured {
		return
	}
	if s.Horizon == 0 || end < s.Horizon {
		s.Horizon = end
	}
	if s.Name != "auc" {
		return
	}
	if !slices.Equal(s.Grid, steps) {
		s.Grid = append(s.Grid, steps...)
		slices.Sort(s.Grid)
		s.Grid = slices.Compact(s.Grid)
	}
	s.Grid = slices.DeleteFunc(s.Grid, func(x float64) bool { return x > s.Horizon })
}
