package results

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gfnbench/results/disk"
)

// generations makes a directory and returns copies of its Parquet files after each of
// three compactions: of cells 0 to 2, of cell 3 and of cell 4, all with variances except
// cell 0.
func generations(t *testing.T) (dir string, after []map[string][]byte) {
	t.Helper()
	dir = t.TempDir()
	d, err := Create(dir, Options{FS: unsynced{disk.OS}})
	must(t, err)
	must(t, d.AppendInstances(Instance{ID: "sets", Environment: "sets", Fields: []Field{{Name: "f", Numbers: []float64{0.1, 0.2}}}}))
	for _, cells := range [][]int{{0, 1, 2}, {3}, {4}} {
		for _, i := range cells {
			run := sampleRun(i, 3)
			if i > 0 {
				run.Variance = []VarianceRow{{Step: 3, Objective: "tb", Batch: 32, Replicates: 4, TraceCov: float64(i)}}
			}
			must(t, d.Append(run))
		}
		must(t, d.Compact())
		after = append(after, parquetFiles(t, dir))
	}
	return dir, after
}

func parquetFiles(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, table := range tables {
		b, err := os.ReadFile(filepath.Join(dir, table.file))
		must(t, err)
		files[table.file] = b
	}
	return files
}

// TestFilesVouchForEachOther puts every mixture of the files of three compactions into a
// directory, and also leaves out each file. Every reader and writer rejects a directory
// that is not as a compaction left it, and Mend repairs it; running what is lost again
// then gives the original digest.
func TestFilesVouchForEachOther(t *testing.T) {
	t.Parallel()
	dir, after := generations(t)
	whole, err := Read(dir)
	must(t, err)
	const missing = 3
	mixtures := 4 * 4 * 4 * 4 * 4
	step := 23
	if os.Getenv("GFNBENCH_SOAK") != "" {
		step = 1
	}
	for mixture := 0; mixture < mixtures; mixture += step {
		var of []int // compaction of each file
		for i, m := 0, mixture; i < len(tables); i, m = i+1, m/4 {
			of = append(of, m%4)
			path := filepath.Join(dir, tables[i].file)
			if m%4 == missing {
				_ = os.Remove(path) // it may be missing already
			} else {
				must(t, os.WriteFile(path, after[m%4][tables[i].file], 0o644))
			}
		}
		same := !slices.ContainsFunc(of, func(k int) bool { return k != of[0] })
		if same {
			continue // as a compaction left them, or nothing
		}
		for name, read := range map[string]func() error{
			"read":    func() error { _, err := Read(dir); return err },
			"final":   func() error { _, err := ReadFinal(dir); return err },
			"compact": func() error { d, _ := Create(dir, Options{FS: unsynced{disk.OS}}); return d.Compact() },
		} {
			if name == "final" && mixture%16 != 7 {
				continue // reads and waits as the others do
			}
			var r *RefusedError
			if err := read(); !errors.As(err, &r) || !errors.Is(err, errApart) && !errors.Is(err, errMissing) || !strings.Contains(r.Do, "sweep mend") {
				t.Fatalf("files of compactions %v: %s: %v", of, name, err)
			}
		}
		checkMend(t, dir, whole, of)
	}
}

// checkMend mends the directory, runs what is lost, and compares with the whole.
func checkMend(t *testing.T, dir string, whole *Set, of []int) {
	t.Helper()
	d, err := Create(dir, Options{FS: unsynced{disk.OS}})
	must(t, err)
	m, err := d.Mend()
	must(t, err)
	if len(m.Wrong) == 0 {
		t.Fatalf("files of compactions %v: nothing was mended", of)
	}
	left, err := Read(dir)
	must(t, err)
	for i := range left.Runs {
		if w := whole.Find(left.Runs[i].ID); w == nil || !w.Agrees(&left.Runs[i]) {
			t.Fatalf("files of compactions %v: mended, cell %s has another result", of, left.Runs[i].ID)
		}
	}
	if m.Kept != len(left.Runs) {
		t.Errorf("files of compactions %v: %d cells kept, %d are there", of, m.Kept, len(left.Runs))
	}
	must(t, d.Append(whole.Runs...))
	must(t, d.Compact())
	again, err := Read(dir)
	must(t, err)
	if again.Digest() != whole.Digest() || len(again.Conflicts) > 0 {
		t.Fatalf("files of compactions %v: mended and run again, the digest is another", of)
	}
	for _, id := range m.Lost {
		if left.Find(id) != nil {
			t.Errorf("files of compactions %v: cell %s is lost and there", of, id)
		}
	}
}

// TestMendKeepsWhatIsWhole: what each old or missing file costs.
func TestMendKeepsWhatIsWhole(t *testing.T) {
	t.Parallel()
	dir, after := generations(t)
	ids := func(numbers ...int) (list []string) {
		for _, n := range numbers {
			r := sampleRun(n, 1)
			list = append(list, r.ID)
		}
		return list
	}
	for _, tt := range []struct {
		file string
		of   int // compaction that wrote the file; -1: it is missing
		lost []string
	}{
		{runsFile, 0, ids(3, 4)},
		{runsFile, 1, ids(4)},
		{runsFile, -1, ids(0, 1, 2, 3, 4)},
		{curvesFile, 1, ids(4)},
		{curvesFile, -1, ids(0, 1, 2, 3, 4)},
		{varianceFile, 1, ids(4)},
		{varianceFile, -1, ids(1, 2, 3, 4)},
		{timingFile, 1, nil},
		{timingFile, -1, nil},
		{instancesFile, -1, nil},
	} {
		// Replace or remove the file.
		copied := copyDir(t, dir)
		path := filepath.Join(copied, tt.file)
		if tt.of < 0 {
			must(t, os.Remove(path))
		} else {
			must(t, os.WriteFile(path, after[tt.of][tt.file], 0o644))
		}
		refused(t, tt.file, copied, path)
		// Mend, and compare what was lost.
		d, err := Create(copied, Options{FS: unsynced{disk.OS}})
		must(t, err)
		m, err := d.Mend()
		must(t, err)
		if !slices.Equal(m.Lost, tt.lost) || m.Kept != 5-len(tt.lost) {
			t.Errorf("%s of compaction %d: lost %v, want %v; kept %d", tt.file, tt.of, m.Lost, tt.lost, m.Kept)
		}
		if b, err := os.ReadFile(filepath.Join(m.Aside, curvesFile)); tt.file != curvesFile && (err != nil || string(b) != string(after[2][curvesFile])) {
			t.Errorf("%s: the curves as they were are not in %s: %v", tt.file, m.Aside, err)
		}
		if m, err := d.Mend(); err != nil || len(m.Wrong) > 0 {
			t.Errorf("%s: mended again: %v, %v", tt.file, m, err)
		}
	}
}

// TestMendSurvivesEveryCrash: if mending is cut short anywhere, mending again completes
// it.
func TestMendSurvivesEveryCrash(t *testing.T) {
	t.Parallel()
	dir, after := generations(t)
	whole, err := Read(dir)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, varianceFile), after[1][varianceFile], 0o644))
	d, err := Create(dir, Options{FS: unsynced{disk.OS}})
	must(t, err)
	must(t, d.Append(sampleRun(9, 2)))
	bad := filepath.Join(dir, journalDir, "0-0.chunk")
	must(t, os.WriteFile(bad, []byte("x"), 0o644))
	counting := &disk.Faulty{FS: unsynced{disk.OS}}
	mend := func(dir string, f disk.FS) (*Mended, error) {
		d, err := Create(dir, Options{FS: f})
		if err != nil {
			return nil, err
		}
		return d.Mend()
	}
	_, err = mend(copyDir(t, dir), counting)
	must(t, err)
	for op := 1; op <= counting.Ops(); op++ {
		copied := copyDir(t, dir)
		_, _ = mend(copied, &disk.Faulty{FS: unsynced{disk.OS}, CrashAt: op}) // it crashed, or was done before
		_, err := mend(copied, unsynced{disk.OS})
		must(t, err)
		s, err := Read(copied)
		must(t, err)
		if s.Find("0000000000000009") == nil {
			t.Fatalf("crash at %s: the journal's run is lost", counting.Log()[op-1])
		}
		for _, r := range whole.Runs[:4] {
			if got := s.Find(r.ID); got == nil || !got.Agrees(&r) {
				t.Fatalf("crash at %s: cell %s is lost", counting.Log()[op-1], r.ID)
			}
		}
	}
}

// Joining a journal after a compaction was cut short does not remove what identifies that
// compaction.
func TestJoinFinishesACompactionCutShort(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	base(t, dir)
	counting := &disk.Faulty{FS: unsynced{disk.OS}}
	d, err := Create(copyDir(t, dir), Options{FS: counting})
	must(t, err)
	must(t, d.Compact())
	at := slices.Index(counting.Log(), "rename "+timingFile)
	d, err = Create(dir, Options{FS: &disk.Faulty{FS: unsynced{disk.OS}, CrashAt: at + 1}})
	must(t, err)
	if err := d.Compact(); !errors.Is(err, disk.ErrCrash) {
		t.Fatal(err)
	}
	whole, err := Read(dir)
	must(t, err)
	d, err = Create(dir, Options{FS: unsynced{disk.OS}})
	must(t, err)
	must(t, d.locked(0, d.join))
	s, err := Read(dir)
	must(t, err)
	if s.Digest() != whole.Digest() {
		t.Error("another digest")
	}
	if chunks, err := listChunks(disk.OS, dir); err != nil && !errors.Is(err, fs.ErrNotExist) || len(chunks) > 0 {
		t.Errorf("%d files are left in the journal: %v", len(chunks), err)
	}
}
