package results

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gfnbench/gfn/param"
	"gfnbench/results/columnar"
	"gfnbench/results/disk"
)

// history makes a directory by appending and compacting.
func history(rt *rapid.T, dir string, memory int64) {
	d, err := Create(dir, Options{FS: unsynced{disk.OS}})
	must(rt, err)
	d.memory = memory
	for range rapid.IntRange(0, 3).Draw(rt, "appends") {
		must(rt, d.Append(anyRuns(rt)...))
		must(rt, d.AppendInstances(Instance{ID: "sets", Environment: "sets", Fields: []Field{Scalar("log_z", float64(rapid.IntRange(1, 2).Draw(rt, "log z")))}}))
		if rapid.Bool().Draw(rt, "compact") {
			if err := d.Compact(); err != nil {
				var conflict *ConflictError
				if !errors.As(err, &conflict) {
					rt.Fatalf("%v", err)
				}
			}
		}
	}
}

// TestScanIsRead checks that reading run by run, through memory or a scratch file, finds
// the same as reading everything at once, in any directories and merged files.
func TestScanIsRead(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		base := tempDir(rt)
		defer os.RemoveAll(base)
		memory := rapid.SampledFrom([]int64{0, 200, spillAt}).Draw(rt, "memory")
		var paths []string
		for i := range rapid.IntRange(1, 3).Draw(rt, "dirs") {
			dir := filepath.Join(base, fmt.Sprint(i))
			history(rt, dir, memory)
			paths = append(paths, dir)
			if rapid.Bool().Draw(rt, "merged") {
				set, err := Read(dir)
				must(rt, err)
				slices.Reverse(set.Runs) // a report writes them in another order
				var b bytes.Buffer
				must(rt, WriteMerged(&b, set, set.content().runs))
				path := filepath.Join(base, fmt.Sprint(i, ".parquet"))
				must(rt, os.WriteFile(path, b.Bytes(), 0o644))
				paths = append(paths, path)
			}
		}
		want, err := Read(paths...)
		must(rt, err)
		var runs []Run
		digest := NewDigester()
		got, err := scan(space{memory, base}, func(r *Run) error {
			digest.Add(r)
			runs = append(runs, *r)
			return nil
		}, paths)
		must(rt, err)
		if d := cmp.Diff(want.Runs, runs, exactly); d != "" {
			rt.Fatal(d)
		}
		if digest.Sum() != want.Digest() {
			rt.Fatal("another digest")
		}
		if d := cmp.Diff(want.Instances, got.Instances, exactly); d != "" {
			rt.Fatal(d)
		}
		if d := cmp.Diff(texts(want.Conflicts), texts(got.Conflicts)); d != "" {
			rt.Fatal(d)
		}
		if !covers(got.Columns, want.Columns) || got.Pending != want.Pending {
			rt.Fatalf("columns %v, want %v; %d files pending, want %d", got.Columns, want.Columns, got.Pending, want.Pending)
		}
		if left, _ := filepath.Glob(filepath.Join(base, ".tmp-*")); len(left) > 0 {
			rt.Fatalf("%v is left", left)
		}
	})
}

func texts(conflicts []Conflict) (all []string) {
	for _, c := range conflicts {
		all = append(all, c.Error())
	}
	slices.Sort(all)
	return all
}

// covers reports whether columns has a column, at least as wide, for each column of want
// that holds a value. Columns of runs that were replaced may differ.
func covers(columns, want []Column) bool {
	return !slices.ContainsFunc(want, func(w Column) bool {
		i := slices.IndexFunc(columns, func(c Column) bool { return c.Name == w.Name })
		return w.Type != param.Null && (i < 0 || widen(columns[i].Type, w.Type) != columns[i].Type)
	})
}

// Curves, measurements and times that extend over many row groups are put together again.
func TestScanOverRowGroups(t *testing.T) {
	defer func(rows int) { groupRows = rows }(groupRows)
	groupRows = 7
	dir := t.TempDir()
	d, err := Create(dir, Options{FS: unsynced{disk.OS}})
	must(t, err)
	for i := range 40 {
		run := sampleRun((i*17)%40, 1+i%25)
		for k := range i % 9 {
			run.Variance = append(run.Variance, VarianceRow{Step: int64(k), Objective: "tb", Batch: 32, Replicates: 4, TraceCov: float64(i)})
		}
		must(t, d.Append(run))
		if i%13 == 0 {
			must(t, d.Compact())
		}
	}
	want, err := Read(dir)
	must(t, err)
	var runs []Run
	_, err = Scan(func(r *Run) error { runs = append(runs, *r); return nil }, dir)
	must(t, err)
	equal(t, "runs", runs, want.Runs)
	store, err := NewStore(func(r *Run) bool { return r.ID != want.Runs[3].ID }, dir)
	must(t, err)
	defer store.Close()
	for i := len(runs) - 1; i >= 0; i-- {
		got, err := store.Find(runs[i].ID)
		must(t, err)
		if (got == nil) != (i == 3) {
			t.Fatalf("run %d of the store is %v", i, got)
		}
		if got != nil {
			equal(t, "a stored run", []Run{*got}, runs[i:i+1])
		}
	}
}

// A file whose cells are in another order than a compaction writes them is rejected, not
// half-read.
func TestCellsAscend(t *testing.T) {
	dir := t.TempDir()
	d, err := Create(dir, Options{FS: unsynced{disk.OS}})
	must(t, err)
	must(t, d.Append(sampleRun(1, 2), sampleRun(2, 2)))
	must(t, d.Compact())
	r, err := openTable(disk.OS, filepath.Join(dir, curvesFile), curvesTable)
	must(t, err)
	meta := r.Metadata()
	r.Close()
	var b bytes.Buffer
	w, err := newTableWriter(&b, curvesTable, nil)
	must(t, err)
	one, two := sampleRun(1, 2), sampleRun(2, 2)
	must(t, errors.Join(w.curve(&two), w.curve(&one), w.flush()))
	must(t, w.w.Close(meta))
	must(t, os.WriteFile(filepath.Join(dir, curvesFile), b.Bytes(), 0o644))
	_, err = Scan(func(*Run) error { return nil }, dir)
	var refused *RefusedError
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "its cells do not ascend") || !strings.Contains(refused.Do, "sweep mend") {
		t.Errorf("%v", err)
	}
}

// An error from the caller's own function does not report a file as damaged.
func TestScanStops(t *testing.T) {
	dir := t.TempDir()
	d, err := Create(dir, Options{FS: unsynced{disk.OS}})
	must(t, err)
	must(t, d.Append(sampleRun(1, 2), sampleRun(2, 2)))
	must(t, d.Compact())
	enough, n := errors.New("enough"), 0
	if _, err = Scan(func(*Run) error { n++; return enough }, dir); err != enough || n != 1 {
		t.Errorf("%v after %d runs", err, n)
	}
}

// Values of all types that files can hold come back from a spill, bit for bit.
func TestSpillKeepsBits(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir := tempDir(rt)
		defer os.RemoveAll(dir)
		s := newSpill(disk.OS, space{rapid.Int64Range(0, 2000).Draw(rt, "memory"), dir})
		defer s.close()
		runs := anyRuns(rt)
		for i := range runs {
			runs[i].normalize()
			must(rt, s.add(runs[i:i+1], "a"))
		}
		must(rt, s.sort())
		i := 0
		for got, err := range s.runs() {
			must(rt, err)
			if d := cmp.Diff(runs[i], *got.run, exactly); d != "" {
				rt.Fatal(d)
			}
			i++
		}
		if i != len(runs) {
			rt.Fatalf("%d of %d runs", i, len(runs))
		}
	})
}

// The number of rows in memory is bounded by the number of their values, however wide a
// table is.
func TestRowGroupsAreBounded(t *testing.T) {
	var columns []Column
	for i := range 200 {
		columns = append(columns, Column{Name: fmt.Sprintf("params.p%d", i), Type: param.Int})
	}
	w, err := newTableWriter(&bytes.Buffer{}, curvesTable, columns)
	must(t, err)
	if most := w.most * len(w.columns); most > groupValues || most < groupValues/2 {
		t.Errorf("%d values in a group", most)
	}
	if w.most > columnar.MaxGroup {
		t.Errorf("%d rows in a group", w.most)
	}
}
