package sheet

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/stats"
	"gfnbench/suites"
)

// ofOverview returns a table that condenses several tasks as a sheet.
func ofOverview(t *report.Table) *Sheet {
	o := t.Overview
	sh := &Sheet{Name: t.Spec.Name, Title: cmp.Or(t.Spec.Title, t.Spec.Name), Head: slices.Clone(t.Spec.Rows), Stub: len(t.Spec.Rows)}
	switch t.Spec.Kind {
	case suites.TableOfRanks:
		sh.ranks(o)
	case suites.TableOfImprovement:
		sh.improvement(o)
	default:
		sh.aggregates(o)
	}
	sh.overviewNotes(o)
	return sh
}

// armRow begins the row of an arm.
func (sh *Sheet) armRow(o *report.Overview, a *report.Arm) []Entry {
	row := make([]Entry, 0, len(sh.Head))
	for k, v := range a.Values {
		e := Texts(report.ValueText(v))[0]
		if e.Name = o.Names.Value(o.Spec.Rows[k], v); strings.HasSuffix(e.Name, "="+e.Text) {
			e.Name = ""
		}
		row = append(row, e)
	}
	return row
}

// Subject says what is scored, on what: "l1 at the end, score: …; 5 tasks, 3 seeds of each".
func Subject(o *report.Overview) string {
	n := number.Counts(o.Fewest, o.Most, report.UnitNoun(o.Spec.Over))
	if o.Spec.Over == suites.OverInstances {
		n += fmt.Sprintf(", each the mean of %s", number.Counts(o.FewestSeeds, o.Seeds, "seed"))
	}
	return UpperFirst(fmt.Sprintf("%s, %s; %s of %s", statText(o.Spec.Metric, o.Spec.Stat), o.ScoreText(), number.Count(len(o.Tasks), "task"), n))
}

// condensedNames are the heads of the aggregates.
var condensedNames = map[string]string{"iqm": "IQM", "median": "median", "mean": "mean", "gap": "optimality gap"}

// aggregates fills the sheet with the aggregates of each arm.
func (sh *Sheet) aggregates(o *report.Overview) {
	sh.Caption = Subject(o) + ". Estimates [" + report.IntervalName + "]."
	var style number.Style
	for i, a := range o.Arms {
		condensed := o.Condense(a)
		row := sh.armRow(o, a)
		for _, c := range condensed {
			if i == 0 {
				name := condensedNames[c.Name]
				if o.Ratio && c.Name == "gap" {
					name = "loss to " + o.Base.Name
				}
				sh.Head = append(sh.Head, name)
			}
			e := Entry{Text: bracketed(style, c.Interval), Value: c.Interval.Estimate}
			for _, w := range c.Interval.Warnings {
				e.Marks = append(e.Marks, sh.Footnote("%s", w.Text))
			}
			if a.Diverged > 0 && (c.Name == "mean" || c.Name == "gap") {
				e.Marks = append(e.Marks, sh.Footnote("%d of %s diverged: this is over the others", a.Diverged, sh.unitsOf(o)))
			}
			row = append(row, e)
		}
		if o.Base != nil {
			if i == 0 {
				sh.Head = append(sh.Head, "better than "+o.Base.Name)
			}
			row = append(row, sh.improved(o, a, o.Base))
		}
		row[0].Marks = append(row[0].Marks, sh.armMarks(o, a)...)
		sh.Rows = append(sh.Rows, row)
	}
	sh.LiftMarks()
	sh.Note("IQM: interquartile mean of all scores, one that diverged counting as infinitely bad; median: of the tasks' means; mean: of these")
	switch {
	case o.Ratio:
		sh.Note("ratios are averaged as logarithms; loss to %s: by how much worse, where worse", o.Base.Name)
	case o.Spec.Normalise == suites.ByRange:
		sh.Note("optimality gap: mean amount by which scores fall short of the optimum")
	}
	sh.Note("intervals: Student's t with the variance within the tasks, which are these and no sample of others")
}

// bracketed writes an estimate with its interval, "–" where there is none.
func bracketed(style number.Style, in stats.Interval) string {
	if math.IsNaN(in.Estimate) {
		return "–"
	}
	style.See(in.Estimate, in.High-in.Low)
	return style.Bracketed(in.Estimate, in.Low, in.High)
}

// unitsOf returns "15 seeds" of all tasks.
func (sh *Sheet) unitsOf(o *report.Overview) string {
	return number.Count(o.Most*len(o.Tasks), report.UnitNoun(o.Spec.Over))
}

// armMarks returns the marks of what an arm lacks.
func (sh *Sheet) armMarks(o *report.Overview, a *report.Arm) (marks []int) {
	n := 0
	for _, count := range a.Absent {
		n += count
	}
	if n > 0 {
		marks = append(marks, sh.Footnote("%d of %s without a score: %s", n, sh.unitsOf(o), Absences(a.Absent)))
	}
	return marks
}

// improved returns the probability that a is better than b.
func (sh *Sheet) improved(o *report.Overview, a, b *report.Arm) Entry {
	if a == b {
		return Texts("")[0]
	}
	in := o.Improvement(a, b)
	return Entry{Text: bracketed(number.Style{}, in), Value: in.Estimate}
}

// improvement fills the sheet with the probability that the arm of a row is better than
// that of a column.
func (sh *Sheet) improvement(o *report.Overview) {
	sh.Across = strings.Join(o.Spec.Rows, "/")
	sh.Caption = fmt.Sprintf("Probability that a random %s of the row is better than one of the column on the same task [%s]. %s.",
		report.UnitNoun(o.Spec.Over), report.IntervalName, Subject(o))
	for _, a := range o.Arms {
		sh.Head = append(sh.Head, a.Name)
	}
	for _, a := range o.Arms {
		row := sh.armRow(o, a)
		for _, b := range o.Arms {
			row = append(row, sh.improved(o, a, b))
		}
		row[0].Marks = append(row[0].Marks, sh.armMarks(o, a)...)
		sh.Rows = append(sh.Rows, row)
	}
	sh.LiftMarks()
	sh.Note("ties count one half; intervals are Wilson's, for as many trials as there are %ss, which is conservative", report.UnitNoun(o.Spec.Over))
}

// ranks fills the sheet with the arms in the order of their mean ranks.
func (sh *Sheet) ranks(o *report.Overview) {
	r := o.Ranking()
	sh.Caption = fmt.Sprintf("Mean rank over %s by the mean on each, 1 being the best. %s.", number.Count(len(o.Tasks), "task"), Subject(o))
	sh.Head = append(sh.Head, "mean rank", "alike")
	for i, a := range r.Arms {
		var letters []string
		for g, group := range r.Groups {
			if group[0] <= i && i <= group[1] {
				letters = append(letters, Mark(g))
			}
		}
		row := append(sh.armRow(o, a), Entry{Text: strconv.FormatFloat(r.Ranks[i], 'f', 2, 64), Value: r.Ranks[i]}, Texts(strings.Join(letters, " "))[0])
		row[0].Marks = append(row[0].Marks, sh.armMarks(o, a)...)
		sh.Rows = append(sh.Rows, row)
	}
	sh.LiftMarks()
	for _, line := range RankNotes(o, r, "letter") {
		sh.Note("%s", line)
	}
}

// RankNotes says how arms were ranked and compared, and what so few tasks can show; sign is
// what arms that are alike share.
func RankNotes(o *report.Overview, r *report.Ranking, sign string) (notes []string) {
	if r.Tested {
		t := r.Test
		notes = append(notes, fmt.Sprintf("Friedman's test that none differs: %s (χ²(%d) = %.3g; Iman and Davenport's F(%d, %d) = %.3g)", number.P(t.P), t.DF1, t.ChiSquared, t.DF1, t.DF2, t.F))
	}
	if len(r.Pairs) > 0 {
		notes = append(notes, fmt.Sprintf("no two with the same %s can be told apart by the exact signed-rank test over tasks, adjusted by Holm's method for %s", sign, number.Count(len(r.Pairs), "pair")))
		if r.MinP > stats.Level {
			needed := stats.PairsNeeded(stats.Level/float64(len(r.Pairs)), stats.TwoSided)
			notes = append(notes, fmt.Sprintf("with %s no two can be told apart after this (no p can be below %s): that takes %s", number.Count(len(o.Tasks), "task"), number.Probability(r.MinP), number.Count(needed, "task")))
		}
	}
	if len(r.Left) > 0 {
		names := make([]string, len(r.Left))
		for i, a := range r.Left {
			names[i] = a.Name
		}
		notes = append(notes, "without a score on some task, and left out: "+strings.Join(names, ", "))
	}
	return notes
}

// overviewNotes names the tasks, and those that are left out.
func (sh *Sheet) overviewNotes(o *report.Overview) { sh.Notes = append(sh.Notes, TaskNotes(o)...) }

// TaskNotes names the tasks of an overview, those left out, and those on which runs do not
// start alike.
func TaskNotes(o *report.Overview) []string {
	notes := []string{"tasks: " + o.TaskNames(o.Tasks)}
	if len(o.Left) > 0 {
		notes = append(notes, "left out, as not every row has cells there: "+o.TaskNames(o.Left))
	}
	if len(o.Uneven) > 0 {
		notes = append(notes, "0 is the mean of runs that do not start alike: "+o.TaskNames(o.Uneven))
	}
	return notes
}

// overviewRecords returns records of a table that condenses tasks: one for each arm or, of
// ranks and improvement, for each pair of them.
func overviewRecords(t *report.Table) (list []Record) {
	o := t.Overview
	switch t.Spec.Kind {
	case suites.TableOfRanks:
		r := o.Ranking()
		for _, p := range r.Pairs {
			list = append(list, Record{{"table", t.Spec.Name}, {"a", r.Arms[p.A].Key}, {"b", r.Arms[p.B].Key}, {"rank_a", r.Ranks[p.A]}, {"rank_b", r.Ranks[p.B]},
				{"tasks", len(o.Tasks)}, {"p", p.P}, {"p_adjusted", p.Adjusted}, {"friedman_chi2", r.Test.ChiSquared}, {"friedman_p", r.Test.P}})
		}
	case suites.TableOfImprovement:
		for _, a := range o.Arms {
			for _, b := range o.Arms {
				if a != b {
					in := o.Improvement(a, b)
					list = append(list, Record{{"table", t.Spec.Name}, {"a", a.Key}, {"b", b.Key}, {"tasks", len(o.Tasks)}, {"probability", in.Estimate}, {"low", in.Low}, {"high", in.High}})
				}
			}
		}
	default:
		for _, a := range o.Arms {
			list = append(list, armRecord(t, a))
		}
	}
	return list
}

// armRecord returns the keys of an arm and its aggregates.
func armRecord(t *report.Table, a *report.Arm) Record {
	o := t.Overview
	r := Record{{"table", t.Spec.Name}}
	for k, name := range t.Spec.Rows {
		r = append(r, Field{name, a.Values[k]})
	}
	r = append(r, Record{{"normalise", t.Spec.Normalise}, {"tasks", len(o.Tasks)}, {"diverged", a.Diverged}, {"absent", Absences(a.Absent)}}...)
	for _, c := range o.Condense(a) {
		r = append(r, Record{{c.Name, c.Interval.Estimate}, {c.Name + "_low", c.Interval.Low}, {c.Name + "_high", c.Interval.High}}...)
	}
	if o.Base != nil && a != o.Base {
		in := o.Improvement(a, o.Base)
		r = append(r, Record{{"base", o.Base.Key}, {"improvement", in.Estimate}, {"improvement_low", in.Low}, {"improvement_high", in.High}}...)
	}
	return r
}
