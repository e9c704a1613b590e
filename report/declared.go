package report

import (
	"math"
	"slices"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/suites"
	"gfnbench/usage"
)

// Tables returns the named tables in the order of the suite, or all of them if
// no name is given. A suite without tables gets one: its environments by
// whatever else varies, with the metric of [Sweep.Primary]. The error is a
// *usage.Error for an unknown name.
func (s *Sweep) Tables(names ...string) ([]*suites.Table, error) {
	var declared []*suites.Table
	if s.Suite != nil {
		declared = s.Suite.Tables
	}
	if len(names) == 0 {
		if len(declared) == 0 {
			return []*suites.Table{s.DefaultTable(nil, nil)}, nil
		}
		return declared, nil
	}
	var list []*suites.Table
	for _, name := range names {
		i := slices.IndexFunc(declared, func(t *suites.Table) bool { return t.Name == name })
		if i < 0 {
			return nil, usage.Errorf("there is no table %q%s", name, usage.Suggest(name, s.TableNames()))
		}
		list = append(list, declared[i])
	}
	return list, nil
}

// TableNames returns the names of the suite's tables.
func (s *Sweep) TableNames() (names []string) {
	if s.Suite != nil {
		for _, t := range s.Suite.Tables {
			names = append(names, t.Name)
		}
	}
	return names
}

// DefaultTable returns a table of the given rows and columns. By default the rows
// are the environments, and the columns are the objectives and whatever else,
// except the seed, varies between cells that would share a slot.
func (s *Sweep) DefaultTable(rows, columns []string) *suites.Table {
	t := &suites.Table{Name: s.Name, Title: s.Title, Rows: rows, Columns: columns, Metric: s.Primary(), Stat: "final", Summary: "mean"}
	given := slices.Concat(rows, columns)
	if !slices.Contains(given, param.Instance) && len(s.Rows) > 0 && s.Varies(param.Instance) {
		t.Over = suites.OverInstances
	}
	if len(rows) == 0 {
		if t.Rows = []string{"environment"}; slices.Contains(columns, "environment") {
			t.Rows = []string{"objective"}
		}
		given = append(given, t.Rows...)
	}
	if len(columns) > 0 {
		if len(rows) == 0 {
			t.Rows = s.Separate(t.Rows, columns, t.Over)
		}
		return t
	}
	for _, c := range []string{"objective", "environment"} {
		if !slices.Contains(given, c) {
			t.Columns = append(t.Columns, c)
			break
		}
	}
	t.Columns = s.Separate(t.Columns, t.Rows, t.Over)
	return t
}

// Separate adds columns to a list until cells that agree in it and in the others differ
// only in the seed and, over instances, in the instance. The control variate is added
// whenever it varies, so that a name says everything about an objective.
func (s *Sweep) Separate(list, others []string, over string) []string {
	all := slices.Concat(list, others)
	slots := make([]int, len(s.Rows))
	for _, column := range all {
		s.part(slots, column)
	}
	for _, column := range Pooled(s.Columns(), over) {
		named := column == "control_variate" && slices.Contains(list, "objective") && s.Varies(column)
		if !slices.Contains(all, column) && (named || s.parts(slots, column)) {
			list, all = append(list, column), append(all, column)
			s.part(slots, column)
		}
	}
	return list
}

// part gives rows that are in one slot and differ in a column slots of their own. Slots
// are numbered in the order of their first rows.
func (s *Sweep) part(slots []int, column string) {
	type slot struct {
		old  int
		text string
	}
	at := make(map[slot]int)
	old := -1 // slot of the row before
	for i, r := range s.Rows {
		same := likeBefore(s.Rows, i, column) && slots[i] == old
		if old = slots[i]; same {
			slots[i] = slots[i-1]
			continue
		}
		key := slot{slots[i], suites.Format(r.Value(column))}
		n, ok := at[key]
		if !ok {
			n = len(at)
			at[key] = n
		}
		slots[i] = n
	}
}

// parts reports whether rows in one slot differ in a column.
func (s *Sweep) parts(slots []int, column string) bool {
	var first []param.Value // by slot
	for i, r := range s.Rows {
		if likeBefore(s.Rows, i, column) && slots[i] == slots[i-1] {
			continue
		}
		v := r.Value(column)
		if n := slots[i]; n == len(first) {
			first = append(first, v)
		} else if differs(v, first[n]) {
			return true
		}
	}
	return false
}

// differs reports whether readers can tell two values of a column apart.
func differs(a, b param.Value) bool { return a != b && suites.Format(a) != suites.Format(b) }

// Varies reports whether a column has more than one value.
func (s *Sweep) Varies(column string) bool {
	return len(s.Rows) > 0 && s.parts(make([]int, len(s.Rows)), column)
}

// CheckTable rejects unknown statistics and summaries, and a threshold that is
// missing or unused. The error is a *usage.Error.
func CheckTable(t *suites.Table) error {
	known := []string{"mean", "iqm", "median"}
	switch needs := strings.HasSuffix(t.Stat, "-to"); {
	case !slices.Contains(suites.Stats, t.Stat):
		return usage.Errorf("there is no statistic %q%s", t.Stat, usage.Suggest(t.Stat, suites.Stats))
	case t.Over != "" && t.Over != suites.OverSeeds && t.Over != suites.OverInstances:
		return usage.Errorf("a table is over %s or %s, not over %q", suites.OverSeeds, suites.OverInstances, t.Over)
	case t.Condensed() && (!slices.Contains(suites.TableKinds, t.Kind) || !slices.Contains(suites.Normalisations, t.Normalise)):
		return checkKind(t)
	case t.Condensed() && needs:
		return usage.Errorf("times to a threshold have no common scale: a table of %s takes final, best or auc", t.Kind)
	case !slices.Contains(known, t.Summary):
		return usage.Errorf("there is no summary %q%s", t.Summary, usage.Suggest(t.Summary, known))
	case needs && t.Threshold == nil:
		return usage.Errorf("the statistic %s needs a threshold: the value to reach", t.Stat)
	case needs && (math.IsNaN(*t.Threshold) || math.IsInf(*t.Threshold, 0)):
		return usage.Errorf("the threshold %v is not a value that a curve can reach: give a finite number", *t.Threshold)
	case !needs && t.Threshold != nil:
		return usage.Errorf("a threshold is for steps-to, trajectories-to and seconds-to, not for %s", t.Stat)
	}
	return nil
}

// checkKind returns the error for an unknown kind of table or normalisation.
func checkKind(t *suites.Table) error {
	if !slices.Contains(suites.TableKinds, t.Kind) {
		return usage.Errorf("there is no kind of table %q%s", t.Kind, usage.Suggest(t.Kind, suites.TableKinds))
	}
	return usage.Errorf("scores are normalised by %s, not by %q%s", strings.Join(suites.Normalisations, ", "), t.Normalise, usage.DidYouMean(t.Normalise, suites.Normalisations))
}

// Condense turns a table of values into one of another kind: what crosses the tasks
// becomes its rows.
func Condense(t *suites.Table, kind string) {
	if t.Kind = kind; !t.Condensed() {
		return
	}
	if t.Tasks == nil {
		t.Tasks = []string{"environment"}
	}
	if t.Normalise == "" {
		t.Normalise = suites.ByRange
	}
	t.Rows = slices.DeleteFunc(slices.Concat(t.Rows, t.Columns), func(c string) bool { return slices.Contains(t.Tasks, c) })
	t.Columns, t.Paper, t.Reference = nil, nil, nil
}
