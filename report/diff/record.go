package diff

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/sheet"
)

// diffColumns are the columns of a comparison for programs, after those of the
// axes: one line for each setting.
var diffColumns = []string{
	"verdict", "metric", "stat", "seeds_a", "n_a", "estimate_a", "sd_a", "diverged_a", "absent_a",
	"seeds_b", "n_b", "estimate_b", "sd_b", "diverged_b", "absent_b",
	"change", "pairs", "p", "p_adjusted", "p_min", "identical", "unstable", "broken",
}

// all are the settings, those that are compared first.
func (d *Diff) all() []*SettingDiff { return slices.Concat(d.Settings, d.Revised, d.OnlyA, d.OnlyB) }

// writeCSV writes a line for each setting. Each says what was changed as a
// whole. A number that does not apply is empty.
func (d *Diff) writeCSV(w io.Writer) error {
	changes := make([]string, len(d.Changed))
	for i, c := range d.Changed {
		changes[i] = c.Column + " from " + c.A + " to " + c.B
	}
	c := csv.NewWriter(w)
	_ = c.Write(append(d.columns(), "changed")) // Flush keeps the error
	for _, s := range d.all() {
		_ = c.Write(append(d.record(s), strings.Join(changes, "; ")))
	}
	c.Flush()
	return c.Error()
}

// writeJSON writes what was compared, what was changed as a whole, and the same
// settings as objects, with null for what does not apply or is not finite.
func (d *Diff) writeJSON(w io.Writer) error {
	type change struct {
		Column string `json:"column"`
		A      string `json:"a"`
		B      string `json:"b"`
	}
	out := struct {
		A        []string         `json:"a"`
		B        []string         `json:"b"`
		Changed  []change         `json:"changed"`
		Settings []map[string]any `json:"settings"`
	}{d.A.Dirs, d.B.Dirs, []change{}, []map[string]any{}}
	for _, c := range d.Changed {
		out.Changed = append(out.Changed, change(c))
	}
	for _, s := range d.all() {
		out.Settings = append(out.Settings, sheet.Object(d.columns(), d.record(s)))
	}
	return sheet.WriteJSON(w, out)
}

func (d *Diff) columns() []string { return slices.Concat(d.Axes, diffColumns) }

// record has a field for each of the columns.
func (d *Diff) record(s *SettingDiff) []string {
	one := s.A
	if one == nil {
		one = s.B
	}
	var r []string
	for _, c := range d.Axes {
		r = append(r, one.Rows[0].Value(c).String())
	}
	r = append(r, s.Verdict(), one.Stat.Metric.String(), one.Stat.Name)
	r = append(append(r, sideRecord(s.A)...), sideRecord(s.B)...)
	v := s.Versus
	if v == nil {
		return append(r, make([]string, len(d.Axes)+len(diffColumns)-len(r))...)
	}
	return append(r, number.Plain(v.Change), strconv.Itoa(v.Pairs), number.Plain(v.P), number.Plain(v.Adjusted), number.Plain(v.MinP),
		strconv.Itoa(s.Identical), strconv.Itoa(s.Unstable), strconv.Itoa(s.Broken))
}

// sideRecord is what is known of one side, empty where it has no such setting.
func sideRecord(s *report.Slot) []string {
	if s == nil {
		return make([]string, 6)
	}
	return []string{
		strconv.Itoa(len(s.Scores)), strconv.Itoa(s.N), number.Plain(s.Estimate), number.Plain(s.SD), strconv.Itoa(s.Diverged), sheet.Absences(s.Absent),
	}
}
