package report

import (
	"fmt"
	"slices"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/results"
	"gfnbench/suites"
)

// A Table is rows × columns of slots, each of which summarises the seeds of one
// setting.
type Table struct {
	Spec         *suites.Table // what was asked for
	RowLabels    []string      // values joined by "/"
	ColumnLabels []string      // likewise
	RowParts     [][]string    // the values of each row, one for each of Spec.Rows
	Slots        [][]*Slot     // nil where the plan has no cell

	// MinP is the smallest p, after Holm's adjustment, that the comparisons with
	// the base could have had; 0 where there are none.
	MinP float64

	// Intervals asks for bootstrap intervals in place of standard deviations
	// where the table is written.
	Intervals bool

	Seeds  int // most seeds of a slot
	Family int // comparisons of the row that has MinP
	Pairs  int // and seeds of the one that has it

	base int // column of the base
}

// A Slot is the summary of the cells of one row and column of a table, which
// differ in nothing but the seed.
type Slot struct {
	Stat   Stat    // which number is taken from each run
	Rows   []*Row  // in ascending order of seed
	Scores []Score // of each row
	Summary
	Versus *Comparison // with the base of its row; nil where there is none
	Best   bool        // the best of those it can be compared with
	Paper  string      // reference value, "" where there is none
}

// Table makes the table that a suite declares, or one of the same form. The
// error is ErrNoMatch where it has no cell, and a *UsageError where it pools
// anything but seeds or names what is not there.
func (s *Sweep) Table(spec *suites.Table) (*Table, error) {
	rows, err := s.tableRows(spec)
	if err != nil {
		return nil, err
	}
	t := &Table{Spec: spec}
	var rowValues [][]param.Value
	t.RowLabels, rowValues = Labels(spec.Rows, rows)
	t.ColumnLabels, _ = Labels(spec.Columns, rows)
	for _, values := range rowValues {
		parts := make([]string, len(values))
		for i, v := range values {
			parts[i] = suites.Format(v)
		}
		t.RowParts = append(t.RowParts, parts)
	}
	if err := t.fill(s, rows); err != nil {
		return nil, err
	}
	for _, slots := range t.Slots {
		for _, slot := range slots {
			if slot != nil {
				slot.Summary = summarise(spec.Summary, slot)
				t.Seeds = max(t.Seeds, len(slot.Scores))
			}
		}
	}
	t.markBest()
	return t, t.compare()
}

// NewSlot scores the rows, which differ in nothing but the seed, and summarises
// the scores: by the mean, iqm or median.
func NewSlot(st *Stat, method string, rows []*Row) *Slot {
	slot := &Slot{Stat: *st, Rows: slices.Clone(rows)}
	slices.SortStableFunc(slot.Rows, func(a, b *Row) int { return a.Seed() - b.Seed() })
	for _, r := range slot.Rows {
		slot.Scores = append(slot.Scores, r.Score(st))
	}
	slot.Summary = summarise(method, slot)
	return slot
}

// tableRows are the cells, or the measurements of the variance, of a table.
func (s *Sweep) tableRows(spec *suites.Table) ([]*Row, error) {
	if err := s.CheckColumns(slices.Concat(spec.Rows, spec.Columns)); err != nil {
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
		return nil, fmt.Errorf("%w %s", ErrNoMatch, spec.On)
	}
	return rows, nil
}

// CheckColumns refuses names that are no columns.
func (s *Sweep) CheckColumns(names []string) error {
	known := append(s.Columns(), "step")
	for i, name := range names {
		if !slices.Contains(known, name) {
			return Usagef("there is no column %q%s", name, Suggest(name, known))
		}
		if slices.Contains(names[:i], name) {
			return Usagef("the column %s is there twice", name)
		}
	}
	return nil
}

// Labels returns the distinct labels of the rows by the columns, and the values
// behind each. Their order is that in which each column's values first appear.
func Labels(columns []string, rows []*Row) (names []string, values [][]param.Value) {
	seen := make([]map[string]int, len(columns))
	for i := range seen {
		seen[i] = make(map[string]int)
	}
	type label struct {
		name   string
		values []param.Value
		ranks  []int
	}
	found := make(map[string]label)
	for _, r := range rows {
		l := label{values: make([]param.Value, len(columns)), ranks: make([]int, len(columns))}
		for i, c := range columns {
			l.values[i] = r.Value(c)
			text := suites.Format(l.values[i])
			rank, ok := seen[i][text]
			if !ok {
				rank = len(seen[i])
				seen[i][text] = rank
			}
			l.ranks[i] = rank
		}
		l.name = suites.Label(columns, r.Value)
		if _, ok := found[l.name]; !ok {
			found[l.name] = l
		}
	}
	list := make([]label, 0, len(found))
	for _, l := range found {
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b label) int { return slices.Compare(a.ranks, b.ranks) })
	for _, l := range list {
		names, values = append(names, l.name), append(values, l.values)
	}
	return names, values
}

// fill puts the cells into slots and scores them.
func (t *Table) fill(s *Sweep, rows []*Row) error {
	at := func(labels []string) map[string]int {
		m := make(map[string]int)
		for i, l := range labels {
			m[l] = i
		}
		return m
	}
	rowAt, columnAt := at(t.RowLabels), at(t.ColumnLabels)
	t.Slots = make([][]*Slot, len(t.RowLabels))
	for i := range t.Slots {
		t.Slots[i] = make([]*Slot, len(t.ColumnLabels))
	}
	stats, err := s.Stats(t.Spec.Metric, t.Spec.Stat, t.Spec.Threshold, rows)
	if err != nil {
		return err
	}
	columns := append(s.Columns(), "step")
	for _, r := range rows {
		i, j := rowAt[suites.Label(t.Spec.Rows, r.Value)], columnAt[suites.Label(t.Spec.Columns, r.Value)]
		slot := t.Slots[i][j]
		if slot == nil {
			slot = &Slot{Stat: *stats[r.Environment()], Paper: t.Spec.Paper[t.RowLabels[i]][t.ColumnLabels[j]]}
			t.Slots[i][j] = slot
		} else if first := slot.Rows[0]; first.Fingerprint(columns) != r.Fingerprint(columns) {
			axis := Differ(columns, first, r)
			return Usagef("the cells of row %s, column %s differ in %s: add it to the rows or columns, or choose with -f %s=...",
				t.RowLabels[i], t.ColumnLabels[j], axis, axis)
		}
		slot.Rows = append(slot.Rows, r)
	}
	for i, slots := range t.Slots {
		for j, slot := range slots {
			if slot == nil {
				continue
			}
			slices.SortStableFunc(slot.Rows, func(a, b *Row) int { return a.Seed() - b.Seed() })
			for k, r := range slot.Rows {
				if k > 0 && r.Seed() == slot.Rows[k-1].Seed() {
					return Usagef("there are two results for seed %d of row %s, column %s, cells %s and %s: they are of different revisions or settings",
						r.Seed(), t.RowLabels[i], t.ColumnLabels[j], slot.Rows[k-1].ID(), r.ID())
				}
				slot.Scores = append(slot.Scores, r.Score(&slot.Stat))
			}
		}
	}
	return nil
}

// Stats returns the statistics for each environment of the rows. Each has the
// grid that all of its runs that were trained to the end share.
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
// its own.
func (s *Stat) span(r *Row) {
	if s.Name != "auc" && !s.OfTime() {
		return
	}
	steps, _ := r.Curve(s.Metric)
	if len(steps) == 0 {
		return
	}
	if end := steps[len(steps)-1] * r.PerStep(s.Name); s.Horizon == 0 || end < s.Horizon {
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
