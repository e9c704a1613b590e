package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gfnbench/report/stats"
	"gfnbench/suites"
	"gfnbench/usage"
)

// An Overview condenses the results of arms on several tasks: it holds the score of every
// unit, on one scale for all tasks.
type Overview struct {
	Spec        *suites.Table   // what was asked for
	Names       *Names          // what readers see
	Tasks       []Label         // on which every arm is planned
	Left        []Label         // tasks that are left out, as some arm has no cell there
	Arms        []*Arm          // in the order of the labels
	Base        *Arm            // nil if there is none
	Direction   stats.Direction // of the scores
	Ratio       bool            // scores are logarithms of ratios to the base
	Uneven      []Label         // tasks whose policies do not start alike: 0 is the mean of the starts
	Fewest      int             // units of an arm on a task, with or without a score
	Most        int             // likewise
	Seeds       int             // most of a unit
	FewestSeeds int             // fewest of a unit
}

// An Arm is what is compared with others over tasks: a row of an overview.
type Arm struct {
	Label
	Slots    []*Slot        // one for each task
	Scores   [][]float64    // task × unit, without units that have no score; ±Inf for one that diverged
	values   [][]float64    // the same, not normalised; lower ones are better
	Diverged int            // units that diverged
	Absent   map[string]int // units without a score, by reason
}

// Overview makes the overview that a table of another kind than values, or a figure, shows.
// Errors are as for [Sweep.Table]; it is also a *usage.Error if the scores cannot be
// normalised as the table says, or if no task has all arms.
func (s *Sweep) Overview(spec *suites.Table) (*Overview, error) {
	rows, err := s.tableRows(spec)
	if err != nil {
		return nil, err
	}
	o := &Overview{Spec: spec, Names: s.Names(), Ratio: spec.Normalise == suites.ByBase, Fewest: math.MaxInt, FewestSeeds: math.MaxInt}
	cells := make(map[[2]string][]*Row)
	for _, r := range rows {
		key := [2]string{suites.Label(spec.Rows, r.Value), suites.Label(spec.Tasks, r.Value)}
		cells[key] = append(cells[key], r)
	}
	for _, arm := range s.Labels(spec.Rows, rows) {
		o.Arms = append(o.Arms, &Arm{Label: arm, Absent: make(map[string]int)})
	}
	o.chooseTasks(s.Labels(spec.Tasks, rows), cells)
	if len(o.Tasks) == 0 {
		return nil, usage.Errorf("no task (%s) has a cell of all %d arms: choose arms or tasks that belong together, with -f or on", strings.Join(spec.Tasks, "/"), len(o.Arms))
	}
	if spec.Base != "" {
		i := slices.IndexFunc(o.Arms, func(a *Arm) bool { return spec.Base == a.Key || spec.Base == a.Name })
		if i < 0 {
			return nil, usage.Errorf("the base %q is no row of the table%s", spec.Base, usage.Suggest(spec.Base, o.armKeys()))
		}
		o.Base = o.Arms[i]
	}
	of, err := s.Stats(spec.Metric, spec.Stat, spec.Threshold, rows)
	if err != nil {
		return nil, err
	}
	columns := append(s.Columns(), "step")
	for i, task := range o.Tasks {
		if err := o.addTask(i, task, columns, of, cells); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (o *Overview) armKeys() (list []string) {
	for _, a := range o.Arms {
		list = append(list, a.Key)
	}
	return list
}

// chooseTasks keeps the tasks on which every arm has a cell.
func (o *Overview) chooseTasks(tasks []Label, cells map[[2]string][]*Row) {
	for _, task := range tasks {
		if slices.ContainsFunc(o.Arms, func(a *Arm) bool { return cells[[2]string{a.Key, task.Key}] == nil }) {
			o.Left = append(o.Left, task)
		} else {
			o.Tasks = append(o.Tasks, task)
		}
	}
}

// addTask scores the units of all arms on one task.
func (o *Overview) addTask(i int, task Label, columns []string, of map[string]*Stat, cells map[[2]string][]*Row) error {
	var all []*Row
	for _, a := range o.Arms {
		rows := cells[[2]string{a.Key, task.Key}]
		if err := poolable(columns, o.Spec.Over, rows); err != nil {
			return usage.Errorf("%s on %s: %w", a.Name, task.Name, err)
		}
		all = append(all, rows...)
		a.Slots = append(a.Slots, NewSlot(of[rows[0].Environment()], "mean", o.Spec.Over, rows))
	}
	score, direction, err := o.scorer(i, task, all)
	if err != nil {
		return err
	}
	if i > 0 && direction != o.Direction {
		return usage.Errorf("on %s %s, on %s not: scores of one table need one direction", o.Tasks[0].Name, o.Direction, task.Name)
	}
	o.Direction = direction
	for _, a := range o.Arms {
		a.add(a.Slots[i], score)
		units := len(a.Slots[i].Units())
		o.Fewest, o.Most = min(o.Fewest, units), max(o.Most, units)
		fewest, most := seedsOf(a.Slots[i].Rows, o.Spec.Over)
		o.FewestSeeds, o.Seeds = min(o.FewestSeeds, fewest), max(o.Seeds, most)
	}
	return nil
}

// add appends the scores of the arm on one more task.
func (a *Arm) add(slot *Slot, score scorer) {
	a.values = append(a.values, lowerBetter(slot))
	scores := slices.Clone(slot.Scores)
	for i := range scores {
		if scores[i].Kind != Absent {
			scores[i].Value = score(scores[i].Value, scores[i].Row)
		}
	}
	var values []float64
	for _, u := range Units(scores, slot.Over) {
		if u.Kind == Diverged {
			a.Diverged++
		}
		if u.Kind == Absent || math.IsNaN(u.Value) {
			a.Absent[cmp.Or(u.Why, "the base has no value")]++
			continue
		}
		values = append(values, u.Value)
	}
	a.Scores = append(a.Scores, values)
}

// lowerBetter returns the values of a slot's units, their signs changed where greater ones
// are better.
func lowerBetter(slot *Slot) (values []float64) {
	direction, _ := slot.Stat.Direction()
	for _, v := range Values(slot.Units()) {
		if direction == stats.HigherIsBetter {
			v = -v
		}
		values = append(values, v)
	}
	return values
}

// Finite returns the arm's scores without those of units that diverged.
func (a *Arm) Finite() [][]float64 {
	list := make([][]float64, len(a.Scores))
	for t, scores := range a.Scores {
		list[t] = slices.DeleteFunc(slices.Clone(scores), func(x float64) bool { return math.IsInf(x, 0) })
	}
	return list
}

// Complete reports whether the arm has a score on every task.
func (a *Arm) Complete() bool {
	return !slices.ContainsFunc(a.Scores, func(scores []float64) bool { return len(scores) == 0 })
}

// TaskMeans returns the arm's mean score on each task, infinite where a unit diverged.
func (a *Arm) TaskMeans() []float64 {
	means := make([]float64, len(a.Scores))
	for t, scores := range a.Scores {
		means[t] = stats.Mean(scores)
	}
	return means
}

// A Condensed is an aggregate of an arm's scores.
type Condensed struct {
	Name     string         // iqm, median, mean or gap
	Interval stats.Interval // the estimate, NaN where there is none, and its interval
}

// Condense returns the aggregates of an arm, in the unit of the scores: ratios to the base
// are geometric means of ratios. Estimates are NaN for an arm without scores on a task.
func (o *Overview) Condense(a *Arm) []Condensed {
	list := []struct {
		name   string
		scores [][]float64
		of     stats.Aggregate
	}{
		{"iqm", a.Scores, stats.PooledIQM}, {"median", a.Scores, stats.MedianOfTasks},
		{"mean", a.Finite(), stats.MeanOfTasks}, {"gap", a.Finite(), stats.MeanGap(o.gamma(), o.Direction)},
	}
	var out []Condensed
	for _, c := range list {
		if c.name == "gap" && o.Spec.Normalise == suites.NotNormalised {
			continue // nothing says what the scores fall short of
		}
		in, err := o.interval(c.name, c.scores, c.of)
		if err != nil {
			in = noInterval()
		}
		if o.Ratio {
			in.Estimate, in.Low, in.High = math.Exp(in.Estimate), math.Exp(in.Low), math.Exp(in.High)
		}
		out = append(out, Condensed{c.name, in})
	}
	return out
}

// gamma returns the score of the optimum or, of ratios, the logarithm of that of the base.
func (o *Overview) gamma() float64 {
	if o.Ratio {
		return 0
	}
	return 1
}

// interval returns an aggregate on the scale of the scores: those of a range by their
// distance from the optimum, which is not negative; ratios by their logarithms.
func (o *Overview) interval(name string, scores [][]float64, of stats.Aggregate) (stats.Interval, error) {
	const coverage = 1 - stats.Level
	switch {
	case o.Spec.Normalise == suites.ByRange && name != "gap":
		return stats.FromBest(of, o.gamma())(scores, coverage)
	case o.Ratio || name == "gap":
		return of(scores, stats.Linear, coverage)
	}
	return of(scores, o.Arms[0].Slots[0].Stat.Scale(), coverage)
}

// Improvement returns the probability that a random unit of a is better than one of b on
// the same task, by their values.
func (o *Overview) Improvement(a, b *Arm) stats.Interval {
	in, err := stats.Improvement(a.values, b.values, stats.LowerIsBetter, 1-stats.Level)
	if err != nil {
		return noInterval()
	}
	return in
}

func noInterval() stats.Interval {
	return stats.Interval{Estimate: math.NaN(), Low: math.NaN(), High: math.NaN(), Coverage: 1 - stats.Level}
}

// TaskNames lists the names of tasks as readers see them.
func (o *Overview) TaskNames(tasks []Label) string {
	names := make([]string, len(tasks))
	for i, t := range tasks {
		names[i] = t.Name
	}
	return strings.Join(names, ", ")
}

// ScoreText says what a score is.
func (o *Overview) ScoreText() string {
	switch o.Spec.Normalise {
	case suites.ByBase:
		return fmt.Sprintf("ratio to the run of %s with the same task, instance and seed", o.Base.Name)
	case suites.ByRange:
		return "score: 0 is the policy at step 0, 1 the optimum"
	}
	return "value, not normalised"
}
