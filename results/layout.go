package results

import (
	"fmt"
	"slices"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/results/columnar"
)

// A layout says which columns the rows of a journal file have, in order. A file
// names its own, so that columns may come and go between versions of the program.
type layout struct {
	version  int
	cell     []entry[Cell]
	run      []entry[Run]
	timing   []entry[Timing]
	variance []entry[VarianceRow]
}

// An entry is one column of a journal's rows.
type entry[T any] struct {
	heading
	set func(*T, param.Value) // nil: this version has no such column
}

// journalColumns are a run's fields in the journal.
var journalColumns = append(slices.Clone(runColumns), messageColumn)

// layoutText is that of this version. Each row has its columns in a line, each
// as NAME:TYPE, ? marking those that may be null.
var layoutText = strings.Join([]string{layoutLine(cellColumns), layoutLine(journalColumns), layoutLine(timingColumns), layoutLine(varianceColumns)}, "\n")

// layoutText1 is that of the first version of the journal, whose files name no
// columns, and whose variance rows have no further parameters.
const layoutText1 = `cell:string environment:string objective:string alpha:?float64 a:?float64 lambda:?float64 control_variate:?string seed:int64
status:string step:int64 message:string
attempt:int64 start:?timestamp end:?timestamp wall_seconds:float64 trajectories_per_second:float64 host:string cpu:string simd:string go:string revision:string stack:string
step:int64 objective:string alpha:?float64 a:?float64 lambda:?float64 control_variate:?string batch:int64 replicates:int64 trace_cov:float64 trace_cov_stderr:float64 grad_norm_sq:float64 cosine:float64 cosine_stderr:float64 reference_batch:int64 exact:bool`

func layoutLine[T any](columns []column[T]) string {
	words := make([]string, len(columns))
	for i := range columns {
		words[i] = columns[i].Name + ":" + columns[i].kind()
	}
	return strings.Join(words, " ")
}

// kind is the column's type in a layout.
func (h *heading) kind() string {
	if h.optional {
		return "?" + h.Type.String()
	}
	return h.Type.String()
}

func parseLayout(version int, text string) (*layout, error) {
	l := &layout{version: version}
	lines := strings.Split(text, "\n")
	if len(lines) != 4 {
		return nil, fmt.Errorf("%w: it lists the columns of %d kinds of rows, not of 4", errCodec, len(lines))
	}
	var err [4]error
	l.cell, err[0] = entries(lines[0], cellColumns)
	l.run, err[1] = entries(lines[1], journalColumns)
	l.timing, err[2] = entries(lines[2], timingColumns)
	l.variance, err[3] = entries(lines[3], varianceColumns)
	for _, e := range err {
		if e != nil {
			return nil, e
		}
	}
	return l, nil
}

// entries finds the columns that a line of a layout names.
func entries[T any](line string, columns []column[T]) ([]entry[T], error) {
	var all []entry[T]
	for _, word := range strings.Fields(line) {
		name, kind, _ := strings.Cut(word, ":")
		e := entry[T]{heading: heading{Field: columnar.Field{Name: name}, optional: strings.HasPrefix(kind, "?")}}
		for e.Type = columnar.Bool; e.kind() != kind; e.Type++ {
			if e.Type == columnar.Timestamp {
				return nil, fmt.Errorf("%w: column %q is of the unknown type %q", errCodec, name, kind)
			}
		}
		for i := range columns {
			if columns[i].Name == name && columns[i].Type == e.Type {
				e.set = columns[i].set
			} else if columns[i].Name == name {
				return nil, fmt.Errorf("%w: column %q is of type %v, not %v", errCodec, name, e.Type, columns[i].Type)
			}
		}
		if slices.ContainsFunc(all, func(f entry[T]) bool { return f.Name == name }) {
			return nil, fmt.Errorf("%w: column %q stands twice", errCodec, name)
		}
		all = append(all, e)
	}
	return all, nil
}

// readRow sets the fields of a row.
func readRow[T any](d *decoder, entries []entry[T], x *T) {
	for i := range entries {
		e := &entries[i]
		v := d.scalar(&e.heading)
		if e.set != nil {
			e.set(x, v)
		}
	}
}

// scalar reads what heading.pour wrote.
func (d *decoder) scalar(h *heading) param.Value {
	if h.optional && d.uint() == 0 {
		return param.Value{}
	}
	switch h.Type {
	case columnar.Float64:
		return param.OfFloat(d.float())
	case columnar.String:
		return param.Of(d.string())
	case columnar.Bool:
		return param.Of(d.int() != 0)
	}
	return param.Of(d.int())
}
