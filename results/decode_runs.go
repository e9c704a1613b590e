package results

import (
	"errors"
	"fmt"
	"hash/maphash"
	"slices"

	"gfnbench/gfn/param"
	"gfnbench/results/columnar"
)

// metricNames are the names of the metric columns.
var metricNames = func() (names []string) {
	for _, c := range metricColumns {
		names = append(names, c.Name)
	}
	return names
}()

// An extent says how many rows a run has in the other files.
type extent struct {
	points       int64 // evaluations
	measurements int64 // of gradient variance; -1 in version 0.1.0, which does not say
}

// decodeRuns reads runs.parquet. It returns runs without their curves: only
// their final metrics and extents are known.
func decodeRuns(t *tableReader) (runs []Run, extents []extent, err error) {
	rows := int(t.Rows())
	if err := t.holds(rows); err != nil {
		return nil, nil, refuse(t.path, err)
	}
	runs, extents = make([]Run, 0, rows), make([]extent, 0, rows)
	d := newRunDecoder(t)
	err = t.each(d.names, func(g *rowGroup) error {
		group, of, err := d.group(g)
		runs, extents = append(runs, group...), append(extents, of...)
		return err
	})
	return runs, extents, err
}

// A runDecoder decodes the row groups of runs.parquet.
type runDecoder struct {
	t      *tableReader
	names  []string // of the columns to read
	params []string
	rows   int // so far
	given  int // parameters so far

	room []Param            // memory of a row group's parameters
	seed maphash.Seed       // of the keys of seen
	seen map[uint64][]Param // parameters of runs, by hash
}

func newRunDecoder(t *tableReader) *runDecoder {
	return &runDecoder{t: t, names: t.names(), params: t.parameters(), seed: maphash.MakeSeed(), seen: map[uint64][]Param{}}
}

func (d *runDecoder) group(g *rowGroup) ([]Run, []extent, error) {
	if err := d.t.holds(d.rows + g.rows); err != nil {
		return nil, nil, err
	}
	group, extents := make([]Run, g.rows), make([]extent, 0, g.rows)
	if err := d.reserveParams(g, group); err != nil {
		return nil, nil, err
	}
	run := func(row int) *Run { return &group[row] }
	take(g, cellColumns, func(row int) *Cell { return &group[row].Cell })
	takeParams(g, d.params, func(row int) *[]Param { return &group[row].Params })
	d.shareParams(group)
	take(g, runColumns, run)
	take(g, []column[Run]{messageColumn}, run)
	for _, n := range g.columns[pointsColumn.Name].Ints {
		extents = append(extents, extent{n, -1})
	}
	g.values(measurementsColumn.Name, func(row int, v param.Value) {
		if !v.IsNull() {
			extents[row].measurements = int64(v.Int())
		}
	})
	finals := make([]Point, g.rows)
	unpackMetrics(g, finals)
	for i := range group {
		r := &group[i]
		if !validID(r.ID) || !r.Status.valid() || extents[i].points < 0 {
			return nil, nil, fmt.Errorf("row %d is not a run: cell %q, status %q", d.rows+i, r.ID, r.Status)
		}
		if extents[i].points > 0 {
			finals[i].Step = r.Step
			r.Curve = finals[i : i+1 : i+1]
		}
	}
	d.rows += g.rows
	return group, extents, nil
}

// Limits on the parameters that may be read from a file. Runs that all failed
// alike have 6 per byte.
const freeParams, paramsPerByte = 1 << 20, 12

// reserveParams makes room for the parameters of a group of runs that are not null, until
// the next group.
func (d *runDecoder) reserveParams(g *rowGroup, group []Run) error {
	counts, total := make([]int, len(group)), 0
	for _, name := range append(d.params, placedNames...) {
		c := g.columns[name]
		for row := range group {
			if c.Required || c.Valid[row] == 1 {
				counts[row]++
				total++
			}
		}
	}
	if d.given += total; int64(d.given) > freeParams+paramsPerByte*d.t.size {
		return fmt.Errorf("it has more than %d parameters in %d bytes", d.given, d.t.size)
	}
	d.room = slices.Grow(d.room[:0], total)
	all := d.room[:total]
	for i, n := range counts {
		group[i].Params, all = all[:0:n], all[n:]
	}
	return nil
}

// shareParams gives the runs parameters that last. Runs that differ in their seeds alone
// share them.
func (d *runDecoder) shareParams(group []Run) {
	var h maphash.Hash
	for i := range group {
		params := group[i].Params
		h.SetSeed(d.seed)
		for _, p := range params {
			maphash.WriteComparable(&h, p.Value)
		}
		known, ok := d.seen[h.Sum64()]
		if !ok || !slices.Equal(known, params) {
			known = slices.Clone(params)
			d.seen[h.Sum64()] = known
		}
		group[i].Params = slices.Clip(known)
	}
}

// unpackMetrics fills the values of points from the metric columns.
func unpackMetrics(g *rowGroup, points []Point) {
	columns := make([]*columnar.Column, len(metricNames))
	total := 0
	for i, name := range metricNames {
		c := g.columns[name]
		columns[i] = c
		packed := len(c.Floats) + len(c.Ints)
		if total += packed; packed == 0 {
			continue
		}
		for row, v := range c.Valid {
			points[row].present |= uint64(v) << metricBits[i]
		}
	}
	arena := make([]float64, total)
	next := make([]int, len(columns))
	for row := range points {
		v := &points[row].Values
		n := 0
		for i, bit := range metricBits {
			if v.present>>bit&1 == 0 {
				continue
			}
			if c := columns[i]; c.Type == columnar.Int64 {
				arena[n] = float64(c.Ints[next[i]])
			} else {
				arena[n] = c.Floats[next[i]]
			}
			next[i]++
			n++
		}
		v.packed, arena = arena[:n:n], arena[n:]
	}
}

// decodeCurves reads curves.parquet and gives each run its curve. The rows of a
// cell follow one another. Rows of cells that are not among the runs belong to
// a compaction that was cut short, and are left out. Rows of the cells in skip
// may belong to one, and are not compared with what runs.parquet says.
func decodeCurves(t *tableReader, runs []Run, extents []extent, skip map[string]bool) error {
	finals, err := fillCurves(t, runs)
	if err != nil {
		return err
	}
	for i := range runs {
		if r := &runs[i]; !skip[r.ID] && !r.hasCurve(extents[i], &finals[i]) {
			return r.otherCurve(t.path, extents[i])
		}
	}
	return nil
}

func (r *Run) otherCurve(path string, e extent) error {
	return refuse(path, fmt.Errorf("%w of cell %s: %d evaluations, not %d, or other final metrics", errDisagree, r.ID, len(r.Curve), e.points))
}

// hasCurve reports whether the run's curve is the one that runs.parquet
// describes.
func (r *Run) hasCurve(e extent, last *Values) bool {
	final := r.Final()
	return int64(len(r.Curve)) == e.points && final.Equal(last)
}

// fillCurves gives each run its curve, and returns the final metrics recorded
// in runs.parquet.
func fillCurves(t *tableReader, runs []Run) (finals []Values, err error) {
	f := finder{runs: runs}
	finals = make([]Values, len(runs))
	for i := range runs {
		finals[i] = runs[i].Final()
		runs[i].Curve = nil
	}
	return finals, t.each(curveNames, func(g *rowGroup) error {
		group := points(g)
		cells := g.columns["cell"].Strings
		for a := 0; a < g.rows; {
			b := a + 1
			for b < g.rows && cells[b] == cells[a] {
				b++
			}
			switch r := f.find(cells[a]); {
			case r == nil:
			case r.Curve == nil:
				r.Curve = group[a:b:b]
			default:
				r.Curve = append(r.Curve, group[a:b]...)
			}
			a = b
		}
		return nil
	})
}

// curveNames are the columns of curves.parquet that points are made from.
var curveNames = append([]string{"cell", stepColumn.Name}, metricNames...)

// points returns the evaluations in a row group of curves.parquet.
func points(g *rowGroup) []Point {
	all := make([]Point, g.rows)
	for i, step := range g.columns[stepColumn.Name].Ints {
		all[i].Step = step
	}
	unpackMetrics(g, all)
	return all
}

var errDisagree = errors.New("it does not agree with runs.parquet")

// A finder finds runs by cell. Rows of the other files have the order of the runs, so the
// run found last and the one after it are tried first.
type finder struct {
	runs []Run
	next int            // after the run found last
	at   map[string]int // of all runs; nil until a row is out of order
}

// find returns the run of a cell, or nil if there is none.
func (f *finder) find(id string) *Run {
	for i := max(0, f.next-1); i < min(f.next+1, len(f.runs)); i++ {
		if f.runs[i].ID == id {
			f.next = i + 1
			return &f.runs[i]
		}
	}
	if f.at == nil {
		f.at = make(map[string]int, len(f.runs))
		for i := range f.runs {
			f.at[f.runs[i].ID] = i
		}
	}
	i, ok := f.at[id]
	if !ok {
		return nil
	}
	f.next = i + 1
	return &f.runs[i]
}
