package results

import (
	"fmt"
	"io"
	"iter"
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

// WriteMerged writes runs of a sweep as one Parquet file, which [Read] reads like a
// directory. It ignores the runs of the set, and leaves out gradient variances, instances
// and the stacks of panics.
func WriteMerged(w io.Writer, s *Set, runs iter.Seq2[*Run, error]) error {
	f := footer{generation: 1, suite: s.Suite, provenance: s.Provenance}
	return encodeTable(w, mergedTable, s.Columns, f, func(t *tableWriter) error {
		for r, err := range runs {
			if err == nil {
				err = t.merged(r)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
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
	s := describeMerged(t)
	err = eachMerged(t, func(r *Run) error {
		d.trim(r)
		s.runs = append(s.runs, *r)
		return nil
	})
	return s, err
}

// describeMerged returns a snapshot of a merged file, without its runs.
func describeMerged(t *tableReader) *snapshot {
	return &snapshot{dir: t.path, file: t.path, generation: 1, suite: Provenance(t.metadata).Get(keySuite), provenance: provenanceOf(t.metadata)}
}

// eachMerged calls f with the runs of a merged file.
func eachMerged(t *tableReader, f func(*Run) error) error {
	var runs []Run // of the row group, and the last one of the previous group
	params, total := t.parameters(), 0
	var failed error // the error of f
	pass := func(n int) error {
		if total += n; t.holds(total) != nil {
			return t.holds(total)
		}
		for i := range runs[:n] {
			r := &runs[i]
			if !validID(r.ID) || !r.Status.valid() {
				return fmt.Errorf("it does not hold a run: cell %q, status %q", r.ID, r.Status)
			}
			if failed = f(r); failed != nil {
				return errEnough
			}
		}
		runs = slices.Clone(runs[n:])
		return nil
	}
	err := t.each(t.names(), func(g *rowGroup) error {
		decodeMerged(g, params, &runs)
		return pass(max(0, len(runs)-1))
	})
	if err == nil {
		err = pass(len(runs))
	}
	if failed != nil {
		return failed
	}
	return refuse(t.path, err)
}

// decodeMerged decodes the rows of a row group of a merged file. It appends to runs,
// whose last run may continue in the group.
func decodeMerged(g *rowGroup, params []string, runs *[]Run) {
	owner, first := ownersOf(g, runs)
	run := func(row int) *Run { // of the first row of a cell
		if first[row] {
			return &(*runs)[owner[row]]
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
			r := &(*runs)[owner[row]]
			r.Curve = append(r.Curve, points[row])
		}
	})
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
