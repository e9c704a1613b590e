package results

import (
	"fmt"

	"gfnbench/gfn/param"
)

// decodeTiming reads timing.parquet.
func decodeTiming(t *tableReader, runs []Run) error {
	f := finder{runs: runs}
	return t.each(t.names(), func(g *rowGroup) error {
		rows := make([]*Timing, g.rows)
		for row, id := range g.columns["cell"].Strings {
			if r := f.find(id); r != nil {
				rows[row] = &r.Timing
			}
		}
		take(g, timingColumns, func(row int) *Timing { return rows[row] })
		return nil
	})
}

// timings returns the rows in a row group of timing.parquet.
func timings(g *rowGroup) []Timing {
	all := make([]Timing, g.rows)
	take(g, timingColumns, func(row int) *Timing { return &all[row] })
	return all
}

// decodeVariance reads variance.parquet and compares it with what runs.parquet
// says, as decodeCurves does.
func decodeVariance(t *tableReader, runs []Run, extents []extent, skip map[string]bool) error {
	if err := fillVariance(t, runs); err != nil {
		return err
	}
	for i := range runs {
		if r := &runs[i]; !skip[r.ID] && !r.hasVariance(extents[i]) {
			return r.otherVariance(t.path, extents[i])
		}
	}
	return nil
}

func (r *Run) otherVariance(path string, e extent) error {
	return refuse(path, fmt.Errorf("%w of cell %s: %d rows, not %d", errDisagree, r.ID, len(r.Variance), e.measurements))
}

// hasVariance reports whether the run has as many measurements as runs.parquet
// says.
func (r *Run) hasVariance(e extent) bool {
	return e.measurements < 0 || int64(len(r.Variance)) == e.measurements
}

// fillVariance gives each run its measurements.
func fillVariance(t *tableReader, runs []Run) error {
	f, params, read := finder{runs: runs}, t.parameters(), 0
	return t.each(t.names(), func(g *rowGroup) error {
		if read += g.rows; t.holds(read) != nil {
			return t.holds(read)
		}
		all := measurements(g, params)
		for row, id := range g.columns["cell"].Strings {
			if r := f.find(id); r != nil {
				r.Variance = append(r.Variance, all[row])
			}
		}
		return nil
	})
}

// measurements returns the rows in a row group of variance.parquet.
func measurements(g *rowGroup, params []string) []VarianceRow {
	all := make([]VarianceRow, g.rows)
	take(g, varianceColumns, func(row int) *VarianceRow { return &all[row] })
	takeParams(g, params, func(row int) *[]Param { return &all[row].Params })
	return all
}

// fieldsPerInstance is how many fields one instance may have in a file with
// many instances.
const fieldsPerInstance = 16

// decodeInstances reads instances.parquet. A nil table has none.
func decodeInstances(t *tableReader) (all []Instance, err error) {
	if t == nil {
		return nil, nil
	}
	fields := 0
	err = t.each(t.names(), func(g *rowGroup) error {
		rows := make([]drawn, g.rows)
		take(g, instanceColumns, func(row int) *drawn { return &rows[row] })
		for _, d := range rows {
			if len(all) == 0 || all[len(all)-1].ID != d.instance {
				all = append(all, Instance{ID: d.instance, Environment: d.environment})
			}
			in := &all[len(all)-1]
			if len(in.Fields) == 0 || in.Fields[len(in.Fields)-1].Name != d.field {
				if fields++; t.holds(fields/fieldsPerInstance) != nil {
					return t.holds(fields / fieldsPerInstance)
				}
				in.Fields = append(in.Fields, Field{Name: d.field})
			}
			in.Fields[len(in.Fields)-1].add(&d)
		}
		return nil
	})
	return all, err
}

// add appends a row to the field.
func (f *Field) add(d *drawn) {
	if d.text.Type() == param.String {
		f.Texts = append(f.Texts, d.text.Text())
		return
	}
	f.Numbers = append(f.Numbers, d.value.Float())
}
