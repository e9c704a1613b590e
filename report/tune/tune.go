// Package tune reports how the settings of a suite with [tune] were chosen: what each
// arm tried, what came of it, what tuning gained over the default, how the best depends
// on the number of settings tried, and which hyperparameters matter.
package tune

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/report/stats"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/tuning"
	"gfnbench/usage"
)

// An Arm is an arm of the suite with its scores.
type Arm struct {
	Name     string          // its values of the columns that tell arms apart
	Group    string          // the values of its columns but the objective, and what belongs to it: arms that compete
	Rival    string          // the others
	Columns  []string        // of Rival
	Tuned    []string        // columns in which its settings differ
	Settings []*Setting      // in the order of the suite
	Chosen   *Setting        // nil until it is decided
	Default  *Setting        // setting with every tuned value at its default; nil if it was not tried
	Test     *report.Slot    // summary of its test cells; nil until the setting is chosen
	Better   stats.Direction // of the metric
	Common   int             // the last step at which all settings without a failed seed were evaluated
}

// A Setting is a setting of an arm, with its scores on the tuning seeds.
type Setting struct {
	Values []param.Value // of Arm.Tuned
	Slot   *report.Slot  // of its tuning cells
	Cut    int           // rung at which halving ended it; -1: it did not
	Last   float64       // mean over the seeds of the last evaluation that all of them have, NaN where one failed
	Common float64       // mean over the seeds of the evaluation at Arm.Common; NaN if a seed failed
}

// Score returns the mean over the tuning seeds, or NaN if halving cut the setting or a
// seed failed.
func (x *Setting) Score() float64 {
	if x.Cut >= 0 || x.Slot.N < len(x.Slot.Rows) {
		return math.NaN()
	}
	return x.Slot.Estimate
}

// Make collects the arms of a sweep with the settings that a filter leaves. The error is
// a *usage.Error if the suite has no [tune].
func Make(s *report.Sweep) ([]*Arm, error) {
	if s.State == nil {
		return nil, usage.Errorf("the suite of %s has no [tune]: it tunes nothing", s.Name)
	}
	rows := make(map[string]*report.Row)
	for _, r := range s.All() {
		rows[r.ID()] = r
	}
	scores, err := s.Stats(s.Suite.Tune.Metric, s.Suite.Tune.Stat, nil, s.All())
	if err != nil {
		return nil, err
	}
	var list []*Arm
	for _, of := range s.State.Arms {
		st := scores[of.Settings[0].Tuning[0].EnvironmentName()]
		if st == nil {
			continue
		}
		if a := newArm(s, of, st, rows); len(a.Settings) > 0 {
			list = append(list, a)
		}
	}
	if len(list) == 0 {
		return nil, usage.ErrNoMatch
	}
	return list, nil
}

// newArm collects an arm from the rows, given by the ids of their cells.
func newArm(s *report.Sweep, of *tuning.Arm, st *report.Stat, rows map[string]*report.Row) *Arm {
	a := &Arm{Name: s.Suite.ArmLabel(of.Arm), Tuned: of.Tuned()}
	a.Better, _ = st.Direction()
	first := of.Settings[0].Tuning[0]
	for _, column := range s.Suite.Tune.Arms {
		part := report.NamePart(column, first.Value(column).Flat())
		if column == "objective" || column == "control_variate" || first.ByObjective(column) {
			a.Rival, a.Columns = join(a.Rival, part), append(a.Columns, column)
		} else {
			a.Group = join(a.Group, part)
		}
	}
	found := func(cells []*suites.Cell) (list []*report.Row) {
		for _, c := range cells {
			if r := rows[c.ID]; r != nil {
				list = append(list, r)
			}
		}
		return list
	}
	for i, x := range of.Settings {
		tuned := found(x.Tuning)
		if len(tuned) == 0 {
			continue
		}
		slot := report.NewSlot(st, "mean", suites.OverSeeds, tuned)
		setting := &Setting{Slot: slot, Cut: x.Cut, Last: last(st, slot.Rows)}
		for _, column := range a.Tuned {
			setting.Values = append(setting.Values, x.Tuning[0].Value(column))
		}
		a.Settings = append(a.Settings, setting)
		if i == of.Chosen {
			a.Chosen = setting
			a.Test = report.NewSlot(st, "mean", suites.OverSeeds, found(of.Tests()))
		}
		if i == of.Default() {
			a.Default = setting
		}
	}
	a.common(st)
	return a
}

func join(a, b string) string {
	if a == "" || b == report.NotApplicable {
		return a + strings.TrimSuffix(b, report.NotApplicable)
	}
	return a + "/" + b
}

// common sets the step and the scores by which all settings of the arm can be compared.
func (a *Arm) common(st *report.Stat) {
	end := math.Inf(1)
	for _, x := range a.Settings {
		if !math.IsNaN(x.Last) {
			for _, r := range x.Slot.Rows {
				steps, _ := r.Curve(st.Metric)
				end = math.Min(end, steps[len(steps)-1])
			}
		}
	}
	for _, x := range a.Settings {
		x.Common = math.NaN()
		if !math.IsNaN(x.Last) {
			a.Common, x.Common = int(end), at(st, x.Slot.Rows, end)
		}
	}
}

// last returns the mean of the metric at the last evaluation that all rows have, NaN
// where one has none or is not finite there.
func last(st *report.Stat, rows []*report.Row) float64 {
	end := math.Inf(1)
	for _, r := range rows {
		steps, _ := r.Curve(st.Metric)
		if len(steps) == 0 || r.Run.Status != results.Done && r.Run.Status != results.Pruned {
			return math.NaN()
		}
		end = math.Min(end, steps[len(steps)-1])
	}
	return at(st, rows, end)
}

// at returns the mean of the metric at a step, which all rows have.
func at(st *report.Stat, rows []*report.Row, step float64) float64 {
	sum := 0.0
	for _, r := range rows {
		steps, values := r.Curve(st.Metric)
		sum += values[slices.Index(steps, step)]
	}
	return sum / float64(len(rows))
}

// Text writes the values of a setting, as "lr=0.01, log_z_lr=0.1".
func (a *Arm) Text(x *Setting) string {
	parts := make([]string, len(a.Tuned))
	for i, column := range a.Tuned {
		parts[i] = report.NamePart(column, x.Values[i].Flat())
	}
	return strings.Join(parts, ", ")
}

// State returns what became of a setting, "chosen", "cut", "failed" or "", and why.
func (a *Arm) State(x *Setting) (state, why string) {
	switch missing := len(x.Slot.Rows) - x.Slot.N; {
	case x == a.Chosen:
		return "chosen", "the chosen setting"
	case x.Cut >= 0:
		return "cut", fmt.Sprintf("cut at step %d", x.Cut)
	case math.IsNaN(x.Last):
		return "failed", fmt.Sprintf("%d of %d tuning seeds have no score", missing, len(x.Slot.Rows))
	}
	return "", ""
}

// Trials returns the curve of the expected best. Settings that halving ended have the
// score of their last evaluation.
func (a *Arm) Trials() []stats.BestOf {
	scores := make([]float64, len(a.Settings))
	for i, x := range a.Settings {
		if scores[i] = x.Score(); x.Cut >= 0 {
			scores[i] = x.Last
		}
	}
	return stats.BestOfK(scores, a.Better)
}

// Importance returns, for each tuned column, the share of the variance of the scores that
// lies between its values: ε², over thirds of the values if nearly all differ. It is NaN
// if there are too few.
func (a *Arm) Importance() []float64 {
	shares := make([]float64, len(a.Tuned))
	for j := range a.Tuned {
		var scores []float64
		var values []param.Value
		for _, x := range a.Settings {
			if !math.IsNaN(x.Common) {
				scores, values = append(scores, x.Common), append(values, x.Values[j])
			}
		}
		shares[j] = stats.Epsilon2(scores, groups(values))
	}
	return shares
}

// groups numbers the values: equal values get the same number or, if more than half of
// many numbers differ, values in the same third do.
func groups(values []param.Value) []int {
	numbers := make([]float64, len(values))
	list := make([]int, len(values))
	var distinct []string
	numeric := true
	for i, v := range values {
		x, ok := v.Number()
		numbers[i], numeric = x, numeric && ok
		text := suites.Format(v)
		if list[i] = slices.Index(distinct, text); list[i] < 0 {
			list[i] = len(distinct)
			distinct = append(distinct, text)
		}
	}
	if !numeric || 2*len(distinct) <= len(values) || len(values) < 6 {
		return list
	}
	order := slices.Clone(numbers)
	slices.Sort(order)
	for i, x := range numbers {
		rank, _ := slices.BinarySearch(order, x)
		list[i] = 3 * rank / len(values)
	}
	return list
}
