package sheet

import (
	"io"
	"slices"
	"strconv"

	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/suites"
)

// WriteChoices writes how much of a metric's variance each choice explains, followed by
// more sheets. CSV and "json" have one line for each share and leave the other sheets
// out. The error is a *usage.Error for an unknown format.
func WriteChoices(w io.Writer, form Form, s *report.Sweep, of suites.Metric, list []*report.Choices, more ...*Sheet) error {
	switch form.Format {
	case "csv":
		return WriteCSV(w, choiceRecords(of, list))
	case "json":
		return WriteObjects(w, choiceRecords(of, list))
	}
	return Write(w, form, s.Notes, append(ofChoices(of, list), more...))
}

// Sources of variance other than settings.
const (
	interactions = "interactions"
	withinCells  = "within settings"
)

// choiceRecords returns a record for each share of each environment and objective.
func choiceRecords(of suites.Metric, list []*report.Choices) (records []Record) {
	for _, c := range list {
		add := func(source string, share float64, best string) {
			r := Record{}
			for i, name := range report.ChoiceGroup {
				r = append(r, Field{name, c.Group.Values[i]})
			}
			records = append(records, append(r, Record{
				{"metric", of.Of(c.Environment())}, {"source", source}, {"share", share}, {"best", best},
				{"settings", c.Cells}, {"n", c.N}, {"left_out", c.Left}, {"balanced", c.Balanced},
			}...))
		}
		for i, f := range c.Factors {
			add(f, c.Of[i], c.Levels[i])
		}
		add(interactions, c.Interactions, "")
		add(withinCells, c.Chance, "")
	}
	return records
}

// ofChoices returns a sheet for each environment, with a row for each setting that varies
// there and a column for each objective.
func ofChoices(of suites.Metric, list []*report.Choices) (sheets []*Sheet) {
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].Environment() == list[0].Environment() {
			n++
		}
		sheets = append(sheets, choiceSheet(of, list[:n]))
		list = list[n:]
	}
	last := sheets[len(sheets)-1]
	last.Note("bold: the largest share")
	last.Note("in brackets the value with the best mean")
	last.Note("interactions: what the settings explain only together; within settings: the rest, between seeds, and between instances if they have no row")
	return sheets
}

// choiceSheet returns the sheet of one environment.
func choiceSheet(of suites.Metric, list []*report.Choices) *Sheet {
	name := list[0].Environment()
	sh := &Sheet{Name: "choices-" + name, Title: "Which choice matters: " + name, Stub: 1, Across: "share of the variance", Head: []string{"setting"},
		Caption: "Share of the variance of " + MetricText(suites.Metric{Default: of.Of(name)}) + " at the end that each setting explains, on a logarithmic scale where the metric has no negative values."}
	var sources []string
	for _, c := range list {
		sh.Head = append(sh.Head, choiceColumn(c, list))
		for _, f := range c.Factors {
			if !slices.Contains(sources, f) {
				sources = append(sources, f)
			}
		}
	}
	for _, source := range append(sources, interactions, withinCells, "runs") {
		sh.Rows = append(sh.Rows, Texts(append([]string{source}, make([]string, len(list))...)...))
	}
	for j, c := range list {
		sh.fillChoices(j+1, c)
	}
	sh.Renumber()
	return sh
}

// choiceColumn names an objective, with its parameter and control variate if others have
// the same name.
func choiceColumn(c *report.Choices, list []*report.Choices) string {
	values := c.Group.Values[1:]
	for _, other := range list {
		if other != c && other.Group.Values[1] == values[0] {
			return suites.Label(report.ChoiceGroup[1:], func(name string) param.Value {
				return c.Group.Values[slices.Index(report.ChoiceGroup, name)]
			})
		}
	}
	return values[0].String()
}

// fillChoices fills in a column.
func (sh *Sheet) fillChoices(j int, c *report.Choices) {
	entry := func(source string) *Entry {
		return &sh.Rows[slices.IndexFunc(sh.Rows, func(row []Entry) bool { return row[0].Text == source })][j]
	}
	largest := slices.Max(c.Of)
	for i, f := range c.Factors {
		e := entry(f)
		e.Text, e.Value, e.Bold = percent(c.Of[i]), c.Of[i], c.Of[i] == largest && largest > 0.005
		if c.Levels[i] != "" {
			e.Text += " (" + c.Levels[i] + ")"
		}
	}
	for source, share := range map[string]float64{interactions: c.Interactions, withinCells: c.Chance} {
		e := entry(source)
		e.Text, e.Value = percent(share), share
	}
	runs := entry("runs")
	runs.Text, runs.Value = strconv.Itoa(c.N), float64(c.N)
	if !c.Balanced {
		runs.Marks = append(runs.Marks, sh.Footnote("settings have different numbers of runs, so the shares do not add up"))
	}
	if c.Left > 0 {
		runs.Marks = append(runs.Marks, sh.Footnote("%d of %d runs left out: diverged, without a result, or not above 0 on the logarithmic scale", c.Left, c.Left+c.N))
	}
}

// percent writes a share.
func percent(x float64) string { return strconv.FormatFloat(100*x, 'f', 0, 64) + "%" }
