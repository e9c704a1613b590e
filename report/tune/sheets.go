package tune

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/sheet"
	"gfnbench/report/stats"
)

// Write writes the report in a format of tables, or a line for each setting as "csv" or
// "json". The error is a *usage.Error for an unknown format.
func Write(w io.Writer, form sheet.Form, s *report.Sweep, arms []*Arm) error {
	switch form.Format {
	case "csv":
		return sheet.WriteCSV(w, records(arms))
	case "json":
		return sheet.WriteObjects(w, records(arms))
	}
	return sheet.Write(w, form, s.Notes, Sheets(s, arms))
}

// Sheets returns the tables of the report: the choices, tuned against default, the
// expected best, and importance.
func Sheets(s *report.Sweep, arms []*Arm) []*sheet.Sheet {
	list := []*sheet.Sheet{choices(s, arms)}
	if sh := againstDefault(arms); sh != nil {
		list = append(list, sh)
	}
	list = append(list, trials(arms))
	if sh := importance(arms); sh != nil {
		list = append(list, sh)
	}
	return list
}

// choices lists what each arm tried, what was chosen, and its scores on both kinds of
// seeds.
func choices(s *report.Sweep, arms []*Arm) *sheet.Sheet {
	sh := &sheet.Sheet{Name: "tune", Title: "Tuning: " + s.Name, Stub: 1, Prose: []int{1},
		Caption: fmt.Sprintf("The chosen setting of each arm: %s over %s, where it was the best of those tried, and over the seeds of the test.", statText(s), seedsText(s)),
		Head:    []string{"arm", "chosen", "tried", "cut", "failed", "tuning: mean ± sd", "test: mean [" + report.IntervalName + "]"}}
	for _, a := range arms {
		cut, failed := 0, 0
		for _, x := range a.Settings {
			if x.Cut >= 0 {
				cut++
			} else if x.Slot.N < len(x.Slot.Rows) && a.Chosen != nil {
				failed++
			}
		}
		row := sheet.Texts(a.Name, "not yet", fmt.Sprint(len(a.Settings)), fmt.Sprint(cut), fmt.Sprint(failed), "", "")
		if a.Chosen != nil {
			if row[1].Text = a.Text(a.Chosen); row[1].Text == "" {
				row[1].Text = "the only one"
			}
			row[5].Text = scoreText(a.Chosen.Slot, false)
			row[6].Text = scoreText(a.Test, true)
		}
		sh.Rows = append(sh.Rows, row)
	}
	sh.Note("the tuning score is of the seeds that chose the setting, so it looks better than it is; the test score had no part in the choice")
	if s.Suite.Tune.Eta > 0 {
		sh.Note("cut: settings that halving ended at a rung, by their mean rank over the tuning seeds")
	}
	sh.Note("failed: settings of the others in which a tuning seed diverged, failed or timed out")
	return sh
}

// seedsText says over what the settings were compared.
func seedsText(s *report.Sweep) string {
	text := number.Count(len(s.Suite.Tune.Seeds), "tuning seed")
	if n := len(s.Suite.Tune.Instances); n > 0 {
		text += " on each of " + number.Count(n, "tuning instance")
	}
	return text
}

// statText names the statistic that tuning compared.
func statText(s *report.Sweep) string {
	t := s.Suite.Tune
	what := sheet.MetricText(t.Metric)
	return map[string]string{"final": what + " at the end", "best": "the best " + what + " during training", "auc": "the mean height of the curve of " + what}[t.Stat]
}

func scoreText(slot *report.Slot, interval bool) string {
	text := number.PlusMinus(slot.Estimate, slot.SD)
	if i := slot.Interval(); interval {
		text = number.Bracketed(slot.Estimate, i.Low, i.High)
	}
	switch missing := len(slot.Rows) - slot.N; {
	case slot.N == 0:
		return report.NotApplicable
	case missing > 0:
		text += fmt.Sprintf(" (%d of %d seeds)", slot.N, len(slot.Rows))
	}
	return text
}

// againstDefault compares each arm's chosen setting with its default one, and says
// whether competing arms change their order. It returns nil if no arm tried its default.
func againstDefault(arms []*Arm) *sheet.Sheet {
	sh := &sheet.Sheet{Name: "default", Title: "Tuned against default", Stub: 1,
		Caption: "The default setting over the tuning seeds, which did not choose it, and the chosen one over the test seeds; in brackets the rank among the arms that compete.",
		Head:    []string{"arm", "default setting", "default", "tuned", "change"}}
	// Group the arms that compete.
	var order []string
	groups := make(map[string][]*Arm)
	for _, a := range arms {
		if len(a.Tuned) == 0 || a.Chosen == nil {
			continue
		}
		if groups[a.Group] == nil {
			order = append(order, a.Group)
		}
		groups[a.Group] = append(groups[a.Group], a)
	}
	found, cut := false, false
	for _, name := range order {
		group := groups[name]
		before := func(a *Arm) float64 {
			if a.Default == nil || a.Default.Slot.N < len(a.Default.Slot.Rows) {
				return math.NaN()
			}
			return a.Default.Slot.Estimate // also where halving cut it, if it was trained to its end
		}
		after := func(a *Arm) float64 { return a.Test.Estimate }
		for _, a := range group {
			row := sheet.Texts(a.Name, "not tried", report.NotApplicable, ranked(a, group, after), report.NotApplicable)
			if a.Default != nil {
				found = true
				row[1].Text = a.Text(a.Default)
				row[2].Text = ranked(a, group, before)
				if x := a.Default; x.Cut >= 0 && math.IsNaN(before(a)) {
					row[2].Text = fmt.Sprintf("cut at step %d", x.Cut)
					cut = true
				}
				if x, y := before(a), after(a); x != 0 && !math.IsNaN(x) && !math.IsNaN(y) {
					row[4].Text = number.Percent((y - x) / math.Abs(x))
				}
			}
			sh.Rows = append(sh.Rows, row)
		}
		sh.Note("%s: %s", name, orderText(group, before, after))
	}
	if !found {
		return nil
	}
	sh.Note("what differs: p up to %v in exact paired signed-rank tests, two-sided and not adjusted", stats.Level)
	if cut {
		sh.Note("default = true in [tune] trains the default setting to its end although halving cut it, so there is something to compare with")
	}
	return sh
}

// ranked writes a score with its rank among the arms of a group that have one.
func ranked(a *Arm, group []*Arm, score func(*Arm) float64) string {
	x := score(a)
	if math.IsNaN(x) {
		return report.NotApplicable
	}
	rank := 1
	for _, b := range group {
		if y := score(b); y != x && (y < x) == (a.Better == stats.LowerIsBetter) && !math.IsNaN(y) {
			rank++
		}
	}
	return fmt.Sprintf("%s (%d)", number.Format(x), rank)
}

// orderText says for how many pairs of arms with both scores the order changes, and which
// of these pairs differ on the test seeds.
func orderText(group []*Arm, before, after func(*Arm) float64) string {
	both := slices.DeleteFunc(slices.Clone(group), func(a *Arm) bool { return math.IsNaN(before(a)) || math.IsNaN(after(a)) })
	if len(both) < 2 {
		return "fewer than two arms have both scores, so there is no order to compare"
	}
	pairs, changed := 0, 0
	var distinct []string
	for i, a := range both {
		for _, b := range both[i+1:] {
			pairs++
			if x, y := before(a)-before(b), after(a)-after(b); float64(x*y) >= 0 {
				continue
			}
			changed++
			if p := report.Compare(a.Test, b.Test).P; p <= stats.Level {
				distinct = append(distinct, fmt.Sprintf("%s and %s (%s)", a.Rival, b.Rival, number.P(p)))
			}
		}
	}
	text := fmt.Sprintf("tuning changes the order of the means of %d of its %s of arms", changed, number.Count(pairs, "pair"))
	switch {
	case changed == 0:
		return fmt.Sprintf("tuning does not change the order of the means of its %d arms", len(both))
	case distinct == nil:
		return text + ", none of which differs on the test seeds"
	}
	return text + ", of which these differ on the test seeds: " + strings.Join(distinct, ", ")
}

// trials shows the expected best after various numbers of settings.
func trials(arms []*Arm) *sheet.Sheet {
	most := 0
	for _, a := range arms {
		most = max(most, len(a.Settings))
	}
	var shown []int
	for _, k := range []int{1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000} {
		if k < most {
			shown = append(shown, k)
		}
	}
	for _, a := range arms {
		shown = append(shown, len(a.Settings)) // all that were tried
	}
	slices.Sort(shown)
	shown = slices.Compact(shown)
	sh := &sheet.Sheet{Name: "trials", Title: "Expected best after k settings", Stub: 1, Head: []string{"arm"}, Across: "k",
		Caption: "Expected tuning score of the best of k settings drawn from those tried (Dodge et al. 2019), and the range that contains it in 95% of draws."}
	for _, k := range shown {
		sh.Head = append(sh.Head, fmt.Sprint(k))
	}
	for _, a := range arms {
		row, curve := sheet.Texts(a.Name), a.Trials()
		for _, k := range shown {
			text := ""
			if k <= len(curve) {
				b := curve[k-1]
				text = fmt.Sprintf("%s [%s, %s]", number.Brief(b.Mean), number.Brief(b.Low), number.Brief(b.High))
			}
			row = append(row, sheet.Texts(text)...)
		}
		sh.Rows = append(sh.Rows, row)
	}
	sh.Note("a setting in which a tuning seed failed counts as the worst of the others, one that halving ended as it was at its rung")
	return sh
}

// importance shows the variance shares. It returns nil if no arm has any.
func importance(arms []*Arm) *sheet.Sheet {
	sh := &sheet.Sheet{Name: "importance", Title: "Importance of hyperparameters", Stub: 1, Head: []string{"arm"},
		Caption: "Share of the variance of the settings' scores that lies between the values of a hyperparameter: ε² of a one-way analysis of variance, which is corrected for chance."}
	for _, a := range arms {
		for _, column := range a.Tuned {
			if !slices.Contains(sh.Head, column) {
				sh.Head = append(sh.Head, column)
			}
		}
	}
	found := false
	for _, a := range arms {
		row, shares := sheet.Texts(a.Name), a.Importance()
		for _, column := range sh.Head[1:] {
			text := ""
			if i := slices.Index(a.Tuned, column); i >= 0 && !math.IsNaN(shares[i]) {
				text, found = fmt.Sprintf("%.2f", shares[i]), true
			}
			row = append(row, sheet.Texts(text)...)
		}
		sh.Rows = append(sh.Rows, row)
	}
	if !found {
		return nil
	}
	sh.Note("where nearly all values differ, as drawn ones do, the groups are thirds of them; what several hyperparameters do together is in no share")
	sh.Note("the scores are %s; settings with a failed seed are left out", CommonText(arms))
	return sh
}

// CommonText says at which step all settings of an arm are compared.
func CommonText(arms []*Arm) string {
	var steps []string
	for _, a := range arms {
		if text := fmt.Sprint(a.Common); !slices.Contains(steps, text) && a.Common > 0 {
			steps = append(steps, text)
		}
	}
	if len(steps) == 1 {
		return "those at step " + steps[0] + ", the last at which all settings were evaluated"
	}
	return "those at the last step at which all settings of an arm were evaluated"
}

// records has a line for each setting.
func records(arms []*Arm) (list []sheet.Record) {
	var columns []string
	for _, a := range arms {
		for _, column := range a.Tuned {
			if !slices.Contains(columns, column) {
				columns = append(columns, column)
			}
		}
	}
	for _, a := range arms {
		for _, x := range a.Settings {
			r := sheet.Record{{Name: "arm", Value: a.Name}}
			for _, column := range columns {
				f := sheet.Field{Name: column}
				if i := slices.Index(a.Tuned, column); i >= 0 {
					f.Value = x.Values[i]
				}
				r = append(r, f)
			}
			cut := sheet.Field{Name: "cut_at"}
			if x.Cut >= 0 {
				cut.Value = x.Cut
			}
			test := math.NaN()
			if x == a.Chosen {
				test = a.Test.Estimate
			}
			list = append(list, append(r, cut,
				sheet.Field{Name: "chosen", Value: x == a.Chosen}, sheet.Field{Name: "default", Value: x == a.Default},
				sheet.Field{Name: "metric", Value: x.Slot.Stat.Metric.String()}, sheet.Field{Name: "stat", Value: x.Slot.Stat.Name},
				sheet.Field{Name: "seeds", Value: len(x.Slot.Rows)}, sheet.Field{Name: "scored", Value: x.Slot.N},
				sheet.Field{Name: "tuning_mean", Value: x.Slot.Estimate}, sheet.Field{Name: "tuning_sd", Value: x.Slot.SD},
				sheet.Field{Name: "last_mean", Value: x.Last}, sheet.Field{Name: "common_step", Value: a.Common}, sheet.Field{Name: "common_mean", Value: x.Common}, sheet.Field{Name: "test_mean", Value: test}))
		}
	}
	return list
}
