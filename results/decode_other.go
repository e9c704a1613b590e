package results

import (
	"math"
	"time"

	"gfnbench/gfn/param"
	"gfnbench/results/columnar"
)

// decodeTiming reads timing.parquet.
func decodeTiming(t *tableReader, runs []Run) error {
	at := positions(runs)
	names := []string{"cell", "host", "attempt", "start", "end", "wall_seconds", "trajectories_per_second", "cpu", "simd", "go", "revision", "stack"}
	return t.each(names, func(rows int, columns []*columnar.Column) error {
		timings := make([]Timing, rows)
		instant := func(v param.Value) time.Time { return time.UnixMicro(int64(v.Int())).UTC() }
		set := []func(*Timing, param.Value){
			func(t *Timing, v param.Value) { t.Host = v.Text() },
			func(t *Timing, v param.Value) { t.Attempt = int64(v.Int()) },
			func(t *Timing, v param.Value) { t.Start = instant(v) },
			func(t *Timing, v param.Value) { t.End = instant(v) },
			func(t *Timing, v param.Value) { t.Wall = v.Float() },
			func(t *Timing, v param.Value) { t.Rate = v.Float() },
			func(t *Timing, v param.Value) { t.CPU = v.Text() },
			func(t *Timing, v param.Value) { t.SIMD = v.Text() },
			func(t *Timing, v param.Value) { t.Go = v.Text() },
			func(t *Timing, v param.Value) { t.Revision = v.Text() },
			func(t *Timing, v param.Value) { t.Stack = v.Text() },
		}
		for i, f := range set {
			values(columns[i+1], rows, func(row int, v param.Value) { f(&timings[row], v) })
		}
		for row, id := range columns[0].Strings {
			if i, ok := at[id]; ok {
				runs[i].Timing = timings[row]
			}
		}
		return nil
	})
}

// decodeVariance reads variance.parquet.
func decodeVariance(t *tableReader, runs []Run) error {
	at := positions(runs)
	var names []string
	for _, c := range varianceTable.lead {
		names = append(names, c.Name)
	}
	read := 0
	return t.each(names, func(rows int, columns []*columnar.Column) error {
		if read += rows; t.holds(read) != nil {
			return t.holds(read)
		}
		all := make([]VarianceRow, rows)
		for row := range all {
			all[row].TraceCovStdErr, all[row].CosineStdErr = math.NaN(), math.NaN()
		}
		measured := make([]Cell, rows)
		for i := 4; i <= 8; i++ {
			values(columns[i], rows, func(row int, v param.Value) { measured[row].set(names[i], v) })
		}
		ints := map[int]func(*VarianceRow) *int64{
			3:  func(v *VarianceRow) *int64 { return &v.Step },
			9:  func(v *VarianceRow) *int64 { return &v.Batch },
			10: func(v *VarianceRow) *int64 { return &v.Replicates },
			16: func(v *VarianceRow) *int64 { return &v.ReferenceBatch },
		}
		for i, f := range ints {
			values(columns[i], rows, func(row int, v param.Value) { *f(&all[row]) = int64(v.Int()) })
		}
		floats := []func(*VarianceRow) *float64{
			func(v *VarianceRow) *float64 { return &v.TraceCov },
			func(v *VarianceRow) *float64 { return &v.TraceCovStdErr },
			func(v *VarianceRow) *float64 { return &v.GradNormSq },
			func(v *VarianceRow) *float64 { return &v.Cosine },
			func(v *VarianceRow) *float64 { return &v.CosineStdErr },
		}
		for i, f := range floats {
			values(columns[11+i], rows, func(row int, v param.Value) { *f(&all[row]) = v.Float() })
		}
		values(columns[17], rows, func(row int, v param.Value) { all[row].Exact = v.Bool() })
		for row, id := range columns[0].Strings {
			v, m := &all[row], &measured[row]
			v.Objective, v.Alpha, v.A, v.Lambda, v.ControlVariate = m.Objective, m.Alpha, m.A, m.Lambda, m.ControlVariate
			if i, ok := at[id]; ok {
				runs[i].Variance = append(runs[i].Variance, *v)
			}
		}
		return nil
	})
}

// fieldsPerInstance is how many fields one instance may have in a file of many.
const fieldsPerInstance = 16

// decodeInstances reads instances.parquet.
func decodeInstances(t *tableReader) (all []Instance, err error) {
	type row struct {
		id, environment, field, text string
		number                       float64
		isText                       bool
	}
	fields := 0
	err = t.each([]string{"instance", "environment", "field", "value", "text"}, func(n int, columns []*columnar.Column) error {
		rows := make([]row, n)
		values(columns[0], n, func(i int, v param.Value) { rows[i].id = v.Text() })
		values(columns[1], n, func(i int, v param.Value) { rows[i].environment = v.Text() })
		values(columns[2], n, func(i int, v param.Value) { rows[i].field = v.Text() })
		values(columns[3], n, func(i int, v param.Value) { rows[i].number = v.Float() })
		values(columns[4], n, func(i int, v param.Value) { rows[i].text, rows[i].isText = v.Text(), true })
		for _, r := range rows {
			if len(all) == 0 || all[len(all)-1].ID != r.id {
				all = append(all, Instance{ID: r.id, Environment: r.environment})
			}
			in := &all[len(all)-1]
			if len(in.Fields) == 0 || in.Fields[len(in.Fields)-1].Name != r.field {
				if fields++; t.holds(fields/fieldsPerInstance) != nil {
					return t.holds(fields / fieldsPerInstance)
				}
				in.Fields = append(in.Fields, Field{Name: r.field})
			}
			f := &in.Fields[len(in.Fields)-1]
			if r.isText {
				f.Texts = append(f.Texts, r.text)
			} else {
				f.Numbers = append(f.Numbers, r.number)
			}
		}
		return nil
	})
	return all, err
}
