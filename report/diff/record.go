package diff

import (
	"io"
	"slices"
	"strings"

	"gfnbench/report"
	"gfnbench/report/sheet"
)

// all returns the settings, compared ones first.
func (d *Diff) all() []*SettingDiff { return slices.Concat(d.Settings, d.Revised, d.OnlyA, d.OnlyB) }

// writeCSV writes a line for each setting. Each line also says what was changed
// throughout.
func (d *Diff) writeCSV(w io.Writer) error {
	changes := make([]string, len(d.Changed))
	for i, c := range d.Changed {
		changes[i] = c.Column + " from " + c.A + " to " + c.B
	}
	var records []sheet.Record
	for _, s := range d.all() {
		records = append(records, append(d.record(s), sheet.Field{Name: "changed", Value: strings.Join(changes, "; ")}))
	}
	return sheet.WriteCSV(w, records)
}

// writeJSON writes what was compared, what was changed throughout, and the same
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
		out.Settings = append(out.Settings, d.record(s).Object())
	}
	return sheet.WriteJSON(w, out)
}

// record returns everything known about a setting: its axes, both sides, and how
// they compare.
func (d *Diff) record(s *SettingDiff) sheet.Record {
	one := s.A
	if one == nil {
		one = s.B
	}
	var r sheet.Record
	for _, c := range d.Axes {
		r = append(r, sheet.Field{Name: c, Value: one.Rows[0].Value(c)})
	}
	r = append(r, sheet.Record{{Name: "verdict", Value: s.Verdict()}, {Name: "metric", Value: one.Stat.Metric.String()}, {Name: "stat", Value: one.Stat.Name}}...)
	r = append(append(r, sideRecord(s.A, "_a")...), sideRecord(s.B, "_b")...)
	values := make([]any, 11)
	if v := s.Versus; v != nil {
		values = []any{v.Change, v.Shift.Estimate, v.Shift.Low, v.Shift.High, v.Pairs, v.P, v.Adjusted, v.MinP, s.Identical, s.Unstable, s.Broken}
	}
	for i, name := range []string{"change", "difference", "difference_low", "difference_high", "pairs", "p", "p_adjusted", "p_min", "identical", "unstable", "broken"} {
		r = append(r, sheet.Field{Name: name, Value: values[i]})
	}
	return r
}

// sideRecord returns what is known about one side, or nothing if it lacks the
// setting.
func sideRecord(s *report.Slot, side string) (r sheet.Record) {
	values := make([]any, 6)
	if s != nil {
		values = []any{len(s.Scores), s.N, s.Estimate, s.SD, s.Diverged, sheet.Absences(s.Absent)}
	}
	for i, name := range []string{"seeds", "n", "estimate", "sd", "diverged", "absent"} {
		r = append(r, sheet.Field{Name: name + side, Value: values[i]})
	}
	return r
}
