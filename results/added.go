package results

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"gfnbench/gfn/metric"
	"gfnbench/results/disk"
	"gfnbench/results/lease"
)

// Added are metrics of a kept policy that were measured after its cell was trained.
// They are no results of the cell: no digest covers them, and they lie in a file of
// their own.
type Added struct {
	Cell     string // its id
	Policy   string // which of its kept networks, such as "final"
	Step     int64  // gradient steps that the policy has taken
	File     string // SHA-256 of the file of the networks: with another one these values are void
	Settings string // those that differ from the cell's, as --set has them, separated by blanks
	Revision string // of the code that measured
	Values          // the metrics
}

// addedColumns are the fields of added.parquet before the metrics.
var addedColumns = []column[Added]{
	text("cell", "id of the cell", func(a *Added) *string { return &a.Cell }).must(),
	text("policy", "which of its kept networks, such as final", func(a *Added) *string { return &a.Policy }).must(),
	integer("step", "gradient steps that the network has taken", func(a *Added) *int64 { return &a.Step }).must(),
	text("file", "SHA-256 of the file of the networks, as in timing.parquet: if that is another one, the row is void", func(a *Added) *string { return &a.File }).must(),
	text("settings", "settings of the evaluation that differ from the cell's; null if there are none", func(a *Added) *string { return &a.Settings }),
	text("revision", "revision of the code that measured", func(a *Added) *string { return &a.Revision }),
}

const addedFile = "added.parquet"

// addedTable has what sweep evaluate measures. It belongs to no generation of the other
// files.
var addedTable = &table{addedFile, "a kept network of a cell, with the metrics that sweep evaluate added; no digest covers them",
	headings(addedColumns...), "", metricColumns}

// ReadAdded returns what was added to the results in sweep directories, cell by cell.
func ReadAdded(dirs ...string) ([]Added, error) {
	var all []Added
	for _, dir := range dirs {
		list, err := readAdded(disk.OS, dir)
		if err != nil {
			return nil, err
		}
		all = join(all, list)
	}
	return all, nil
}

func readAdded(fsys disk.FS, dir string) (list []Added, err error) {
	if merged, _ := isMerged(fsys, dir); merged {
		return nil, nil // it is one file, which has none
	}
	t, err := openTable(fsys, filepath.Join(dir, addedFile), addedTable)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer t.Close()
	err = t.each(t.names(), func(g *rowGroup) error {
		rows, points := make([]Added, g.rows), make([]Point, g.rows)
		take(g, addedColumns, func(row int) *Added { return &rows[row] })
		unpackMetrics(g, points)
		for i := range rows {
			rows[i].Values = points[i].Values
		}
		list = append(list, rows...)
		return t.holds(len(list))
	})
	return list, err
}

// join adds rows to others. A metric of a network has one value: the later ones take the
// place of the earlier ones, and of all that belong to another file of networks.
func join(all, more []Added) []Added {
	type network struct{ cell, policy string }
	rows := map[network][]Added{}
	for _, a := range append(slices.Clone(all), more...) {
		key := network{a.Cell, a.Policy}
		list := slices.DeleteFunc(rows[key], func(b Added) bool { return b.File != a.File })
		for i := range list {
			list[i].Values = list[i].without(&a.Values)
		}
		if i := slices.IndexFunc(list, func(b Added) bool { return b.Settings == a.Settings }); i >= 0 {
			a.Values = a.Values.with(&list[i].Values)
			list = slices.Delete(list, i, i+1)
		}
		list = append(list, a)
		rows[key] = slices.DeleteFunc(list, func(b Added) bool { return b.Len() == 0 })
	}
	all = slices.Concat(slices.Collect(maps.Values(rows))...)
	slices.SortFunc(all, func(a, b Added) int {
		return cmp.Or(strings.Compare(a.Cell, b.Cell), cmp.Compare(a.Step, b.Step), strings.Compare(a.Policy, b.Policy), strings.Compare(a.Settings, b.Settings))
	})
	return all
}

// without returns the values of metrics that w does not have.
func (v *Values) without(w *Values) (x Values) {
	for _, m := range metric.Evaluated() {
		if _, has := w.Get(m); !has {
			x.Copy(v, m)
		}
	}
	return x
}

// with returns the values of v, and those of w that v does not have.
func (v *Values) with(w *Values) Values {
	x := w.without(v)
	for _, m := range metric.Evaluated() {
		x.Copy(v, m)
	}
	return x
}

// Copy sets a metric to what it is in w, if it is there.
func (v *Values) Copy(w *Values, m metric.Metric) {
	x, ok := w.Get(m)
	stderr, estimated := w.StdErr(m)
	switch {
	case estimated:
		v.SetEstimate(m, x, stderr)
	case ok:
		v.Set(m, x)
	}
}

// Add adds metrics to the results of the directory.
func (d *Dir) Add(rows ...Added) error {
	return d.locked(compactWait, func(l *lease.Lock) error {
		all, err := readAdded(d.fsys, d.path)
		if err != nil {
			return err
		}
		all = join(all, rows)
		temp, err := disk.Prepare(d.fsys, filepath.Join(d.path, addedFile), func(w io.Writer) error { return d.encodeAdded(w, all) })
		if err != nil {
			return err
		}
		if err := l.Held(); err != nil {
			temp.Discard()
			return err
		}
		if err := temp.Commit(); err != nil {
			return err
		}
		return disk.SyncDir(d.fsys, d.path)
	})
}

func (d *Dir) encodeAdded(w io.Writer, rows []Added) error {
	f := footer{generation: 1, suite: d.options.Suite, provenance: d.options.Provenance}
	return encodeTable(w, addedTable, nil, f, func(t *tableWriter) error {
		for i := range rows {
			t.row = gather(t.row[:0], addedColumns, &rows[i])
			if err := t.add(t.row, &rows[i].Values); err != nil {
				return err
			}
		}
		return nil
	})
}
