package report

import (
	"math"
	"slices"

	"gfnbench/report/stats"
	"gfnbench/suites"
	"gfnbench/usage"
)

// Choices divide the variance of a score between the settings that a sweep varies, for
// one environment and objective. They follow the analysis of variance of a factorial
// design (Fisher): a factor's share is the sum of squares of its level means, divided by
// the total. Metrics without negative values are taken on a logarithmic scale, because
// settings multiply an error.
type Choices struct {
	Group   Label     // the environment and the objective
	Factors []string  // columns that vary within the group
	Of      []float64 // share of each factor's main effect
	Levels  []string  // the level of each factor with the best mean

	Interactions float64 // share of the variation between the cells' means that no main effect explains
	Chance       float64 // share within cells, between seeds
	N, Cells     int     // number of runs, and of settings
	Balanced     bool    // whether every setting has as many runs, so that the shares add up
	Left         int     // number of runs left out: diverged, or without a score
}

// ChoiceGroup lists the columns whose values define the groups that are analysed.
var ChoiceGroup = []string{"environment", "objective", "alpha", "control_variate"}

// Environment returns the environment of the group.
func (c *Choices) Environment() string { return c.Group.Values[0].Text() }

// Choices analyses the variance of the final value of a metric. The error is
// usage.ErrNoMatch if nothing varies.
func (s *Sweep) Choices(of suites.Metric) ([]*Choices, error) {
	by, err := s.Stats(of, "final", nil, s.Rows)
	if err != nil {
		return nil, err
	}
	group := ChoiceGroup
	rows := make(map[string][]*Row)
	for _, r := range s.Rows {
		key := suites.Label(group, r.Value)
		rows[key] = append(rows[key], r)
	}
	var list []*Choices
	for _, label := range s.Labels(group, s.Rows) {
		if sh := s.choicesOf(rows[label.Key], by, group); sh != nil {
			sh.Group = label
			list = append(list, sh)
		}
	}
	if len(list) == 0 {
		return nil, usage.Errorf("there is no variance to divide: no setting but the objective and the seed varies, or no run has a result yet")
	}
	return list, nil
}

// choicesOf analyses one group. It returns nil if nothing varies in the group or none of
// its runs has a score.
func (s *Sweep) choicesOf(rows []*Row, by map[string]*Stat, group []string) *Choices {
	sh := &Choices{}
	for _, c := range s.Columns() {
		if c != "seed" && !slices.Contains(group, c) && varies(rows, c) && !determined(rows, c, sh.Factors) {
			sh.Factors = append(sh.Factors, c)
		}
	}
	if len(sh.Factors) == 0 {
		return nil
	}
	stat := by[rows[0].Environment()]
	var kept []*Row
	var y []float64
	for _, r := range rows {
		score := r.Score(stat)
		x := score.Value
		if stat.Scale() == stats.Logarithmic {
			x = math.Log(x)
		}
		if score.Kind != Measured || math.IsInf(x, 0) || math.IsNaN(x) {
			sh.Left++
			continue
		}
		kept, y = append(kept, r), append(y, x)
	}
	if sh.N = len(y); sh.N == 0 {
		return nil
	}
	sh.analyse(kept, y, stat)
	return sh
}

// analyse computes the shares of the values y.
func (sh *Choices) analyse(rows []*Row, y []float64, stat *Stat) {
	grand, total := stats.Mean(y), 0.0
	for i := range y {
		total += float64((y[i] - grand) * (y[i] - grand))
	}
	of := max(total, math.SmallestNonzeroFloat64) // if all runs are equal, nothing explains anything
	cells := groupBy(rows, y, func(r *Row) string { return suites.Label(sh.Factors, r.Value) })
	sh.Cells, sh.Balanced = len(cells), true
	full := 1
	main := 0.0
	for _, f := range sh.Factors {
		levels := groupBy(rows, y, func(r *Row) string { return suites.Format(r.Value(f)) })
		full *= len(levels)
		ss := squares(levels, grand)
		main += ss
		sh.Of, sh.Levels = append(sh.Of, ss/of), append(sh.Levels, best(levels, stat))
	}
	for _, c := range cells {
		sh.Balanced = sh.Balanced && len(c.values)*len(cells) == len(y)
	}
	sh.Balanced = sh.Balanced && full == len(cells)
	between := squares(cells, grand)
	sh.Interactions, sh.Chance = max(0, between-main)/of, (total-between)/of
}

// A level holds the values of the runs that agree in some respect.
type level struct {
	name   string
	values []float64
}

// groupBy collects the values of the runs by name, in the order in which names first
// appear.
func groupBy(rows []*Row, y []float64, name func(*Row) string) (list []level) {
	for i, r := range rows {
		n := name(r)
		j := slices.IndexFunc(list, func(l level) bool { return l.name == n })
		if j < 0 {
			j, list = len(list), append(list, level{name: n})
		}
		list[j].values = append(list[j].values, y[i])
	}
	return list
}

// squares returns the sum of squares of the levels' means about the given mean.
func squares(levels []level, mean float64) (sum float64) {
	for _, l := range levels {
		d := stats.Mean(l.values) - mean
		sum += float64(len(l.values)) * d * d
	}
	return sum
}

// best returns the level with the best mean, or "" if neither direction is better or all
// means are equal.
func best(levels []level, stat *Stat) string {
	d, ok := stat.Direction()
	if !ok {
		return ""
	}
	top, equal := levels[0], true
	for _, l := range levels[1:] {
		a, b := stats.Mean(l.values), stats.Mean(top.values)
		if a == b {
			continue
		}
		equal = false
		if a < b == (d == stats.LowerIsBetter) {
			top = l
		}
	}
	if equal {
		return ""
	}
	return top.name
}

// varies reports whether a column has more than one value in the rows.
func varies(rows []*Row, column string) bool {
	first := suites.Format(rows[0].Value(column))
	return slices.ContainsFunc(rows, func(r *Row) bool { return suites.Format(r.Value(column)) != first })
}

// determined reports whether one of the factors determines the column: the same value of
// the factor always goes with the same value of the column.
func determined(rows []*Row, column string, factors []string) bool {
	return slices.ContainsFunc(factors, func(f string) bool {
		of := make(map[string]string)
		return !slices.ContainsFunc(rows, func(r *Row) bool {
			key, v := suites.Format(r.Value(f)), suites.Format(r.Value(column))
			old, ok := of[key]
			of[key] = v
			return ok && old != v
		})
	})
}
