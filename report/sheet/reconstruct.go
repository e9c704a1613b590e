package sheet

import (
	"io"
	"math"
	"strconv"
	"strings"

	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/suites"
)

// A Reconstructed is a printed table with the comparison of its cells.
type Reconstructed struct {
	Spec  *suites.Table            // as the suite declares it
	Cells []*report.Reconstruction // in its order
}

// WriteReconstructions writes the cells of tables. CSV has one line for each cell, and
// "json" an object. The error is a *usage.Error for an unknown format.
func WriteReconstructions(w io.Writer, form Form, s *report.Sweep, tables []Reconstructed) error {
	switch form.Format {
	case "csv":
		return WriteCSV(w, reconstructionRecords(tables))
	case "json":
		return WriteObjects(w, reconstructionRecords(tables))
	}
	sheets := make([]*Sheet, len(tables))
	for i, t := range tables {
		sheets[i] = ofReconstruction(t.Spec, t.Cells)
	}
	return Write(w, form, s.Notes, sheets)
}

// reconstructionRecords returns a record for each cell.
func reconstructionRecords(tables []Reconstructed) (records []Record) {
	for _, t := range tables {
		for _, c := range t.Cells {
			r := Record{{"table", t.Spec.Name}}
			for i, name := range t.Spec.Rows {
				r = append(r, Field{name, c.Row.Values[i]})
			}
			for i, name := range t.Spec.Columns {
				r = append(r, Field{name, c.Column.Values[i]})
			}
			records = append(records, append(r, Record{
				{"paper", c.Printed}, {"paper_mean", c.Mean}, {"paper_sd", c.SD},
				{"metric", c.Metric}, {"exact_mean", c.Exact.Mean}, {"exact_sd", c.Exact.SD},
				{"measured_metric", c.MeasuredMetric}, {"measured_mean", c.Measured.Mean}, {"measured_sd", c.Measured.SD},
				{"n", c.Measured.N}, {"z", c.Z}, {"same_digits", c.SameDigits()}, {"moved", c.Moved},
			}...))
		}
	}
	return records
}

// ofReconstruction returns a sheet with a row for each cell of a printed table:
// the paper's value, ours exactly, ours as the paper probably measured it, and what
// brought it there.
func ofReconstruction(spec *suites.Table, list []*report.Reconstruction) *Sheet {
	sh := &Sheet{
		Name: spec.Name, Title: "Reconstruction: " + spec.Name, Stub: 2, Prose: []int{7},
		Caption: MetricText(spec.Metric) + "; mean ± sd over all runs, seeds and instances alike.",
		Head:    []string{strings.Join(spec.Rows, "/"), strings.Join(spec.Columns, "/"), "paper", "exact", "as measured", "runs", "z", "moved by"},
	}
	within, same, all := 0, 0, 0
	for _, c := range list {
		row := Texts(c.Row.Name, c.Column.Name, c.Printed, spreadText(c.Exact), spreadText(c.Measured), number.Plain(float64(c.Measured.N)), "–", c.Moved)
		if !math.IsNaN(c.Z) {
			all++
			row[6].Text, row[6].Value = strings.Replace(strconv.FormatFloat(c.Z, 'f', 1, 64), "-", "−", 1), c.Z
			if math.Abs(c.Z) <= 2 {
				within++
			}
			if c.SameDigits() {
				same++
			}
		}
		sh.Rows = append(sh.Rows, row)
	}
	sh.Note("%d of %s lie within two of the paper's standard deviations, and %d print the paper's digits", within, number.Count(all, "cell"), same)
	sh.Note("z: our measured value minus the paper's, in the paper's standard deviations; a deviation printed as 0.00 counts as half of its last digit")
	if ref := spec.Reference; ref != nil {
		sh.Note("paper: %s", ref.Source)
		if text := MetricText(spec.MeasuredMetric()); text != MetricText(spec.Metric) {
			sh.Note("as measured: %s", text)
		}
	}
	return sh
}

// spreadText writes a mean and its deviation.
func spreadText(s report.Spread) string {
	switch {
	case s.N == 0:
		return "–"
	case s.N == 1:
		return number.Format(s.Mean)
	}
	return number.PlusMinus(s.Mean, s.SD)
}

// measuredRow returns the row below row i with the numbers as the paper probably measured
// them, or nil if they equal those of row i.
func (sh *Sheet) measuredRow(t *report.Table, i int) []Entry {
	m := t.Measured
	if m == nil || i >= len(m.Slots) || m.Rows[i].Key != t.Rows[i].Key {
		return nil
	}
	row, differs := make([]Entry, 0, len(sh.Head)), false
	for j := range t.Spec.Rows {
		e := Entry{Paper: true, Value: math.NaN()}
		if j == 0 {
			e.Text = "(as measured)"
		}
		row = append(row, e)
	}
	for j, slot := range m.Slots[i] {
		e := Entry{Paper: true, Value: math.NaN()}
		if slot != nil && slot.N > 0 {
			e.Text = slotText(slot, StyleOf(slot), false)
			differs = differs || t.Slots[i][j] != nil && slot.Stat.Metric != t.Slots[i][j].Stat.Metric
		}
		row = append(row, e)
	}
	if !differs {
		return nil
	}
	return row
}
