package results

import (
	"fmt"
	"io"
	"slices"

	"gfnbench/gfn/param"
	"gfnbench/results/disk"
)

// mergedColumns are the columns of a merged file for a run, besides its cell. The
// stack of a panic is left out.
var mergedColumns = slices.Concat(
	[]column[Run]{runColumns[0], runColumns[1].named("steps_taken"), messageColumn},
	within(timingColumns[:len(timingColumns)-1], func(r *Run) *Timing { return &r.Timing }))

// mergedTable is a whole sweep in one file: the curves with the status and
// timing of their runs. It does not hold gradient variance and instances.
var mergedTable = &table{"merged.parquet", "an evaluation of a cell, or a cell without any", headings(cellColumns...), cellParams,
	slices.Concat(headings(mergedColumns...), headings(stepColumn), metricColumns)}

// WriteMerged writes a sweep as one Parquet file, which [Read] reads like a
// directory. It leaves out gradient variances, instances and the stacks of
// panics.
func WriteMerged(w io.Writer, s *Set) error {
	f := footer{generation: 1, suite: s.Suite, provenance: s.Provenance}
	return encodeTable(w, mergedTable, s.Columns, f, func(t *tableWriter) error { return t.runs(s, t.merged) })
}

// merged appends the rows of a run to a merged file.
func (t *tableWriter) merged(r *Run) error {
	t.row = gather(t.cell(r), mergedColumns, r)
	if len(r.Curve) == 0 {
		return t.add(append(t.row, param.Value{}), &Values{})
	}
	for i := range r.Curve {
		p := &r.Curve[i]
		if err := t.add(append(t.row, stepColumn.get(p)), &p.Values); err != nil {
			return err
		}
	}
	return nil
}

// readMerged reads a file that WriteMerged wrote.
func readMerged(fsys disk.FS, path string, d depth) (*snapshot, error) {
	t, err := openTable(fsys, path, mergedTable)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	s := &snapshot{dir: path, generation: 1, suite: Provenance(t.metadata).Get(keySuite), provenance: provenanceOf(t.metadata)}
	if s.runs, err = decodeMerged(t); err != nil {
		return nil, err
	}
	for i := range s.runs {
		d.trim(&s.runs[i])
	}
	return s, nil
}

func decodeMerged(t *tableReader) (runs []Run, err error) {
	params := t.parameters()
	err = t.each(t.names(), func(g *rowGroup) error {
		owner, first := ownersOf(g, &runs)
		run := func(row int) *Run { // of the first row of a cell
			if first[row] {
				return &runs[owner[row]]
			}
			return nil
		}
		take(g, within(cellColumns, func(r *Run) *Cell { return &r.Cell }), run)
		takeParams(g, params, func(row int) *[]Param {
			if r := run(row); r != nil {
				return &r.Params
			}
			return nil
		})
		take(g, mergedColumns, run)
		points := make([]Point, g.rows)
		unpackMetrics(g, points)
		g.values(stepColumn.Name, func(row int, v param.Value) {
			if !v.IsNull() {
				points[row].Step = int64(v.Int())
				r := &runs[owner[row]]
				r.Curve = append(r.Curve, points[row])
			}
		})
		return nil
	})
	for i := range runs {
		if r := &runs[i]; err == nil && (!validID(r.ID) || !r.Status.valid()) {
			err = refuse(t.path, fmt.Errorf("it holds no run: cell %q, status %q", r.ID, r.Status))
		}
	}
	return runs, err
}

// ownersOf finds the run to which each row belongs, and whether it is the run's
// first row. It appends to runs those that begin in the group.
func ownersOf(g *rowGroup, runs *[]Run) (owner []int, first []bool) {
	owner, first = make([]int, g.rows), make([]bool, g.rows)
	for row, id := range g.columns["cell"].Strings {
		if n := len(*runs); n == 0 || (*runs)[n-1].ID != id {
			*runs, first[row] = append(*runs, Run{Cell: Cell{ID: id}}), true
		}
		owner[row] = len(*runs) - 1
	}
	return owner, first
}
