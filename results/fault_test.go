package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gfnbench/results/disk"
)

// A directory that is full, read-only or failing must lose no recorded run, show no half
// of one, and name what it could not write.

// base makes a directory with compacted and journaled runs: cells 0 and 1 are done and
// compacted, cell 2 failed and was compacted and is then done in the journal, and cell 3
// is only in the journal.
func base(t *testing.T, dir string) {
	t.Helper()
	d, err := Create(dir, Options{FS: unsynced{disk.OS}})
	must(t, err)
	failed := sampleRun(2, 1)
	failed.Status, failed.Message = Failed, "panic: index out of range"
	must(t, d.Append(sampleRun(0, 3), sampleRun(1, 2), failed))
	must(t, d.AppendInstances(Instance{ID: "sets", Environment: "sets", Fields: []Field{{Name: "f", Numbers: []float64{0.1, 0.2}}}}))
	must(t, d.Compact())
	withVariance := sampleRun(2, 4)
	withVariance.Variance = []VarianceRow{{Step: 3, Objective: "tb", Batch: 32, Replicates: 4, TraceCov: 1}}
	must(t, d.Append(withVariance))
	must(t, d.Append(sampleRun(3, 2)))
}

func copyDir(t *testing.T, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	must(t, os.CopyFS(to, os.DirFS(from)))
	return to
}

func TestCompactionSurvivesEveryFault(t *testing.T) {
	t.Run("memory", func(t *testing.T) { t.Parallel(); testEveryFault(t, spillAt) })
	t.Run("scratch", func(t *testing.T) { t.Parallel(); testEveryFault(t, 1) })
}

// testEveryFault lets a compaction fail at every operation, with this many bytes of the
// journal in memory.
func testEveryFault(t *testing.T, memory int64) {
	dir := t.TempDir()
	base(t, dir)
	want, err := Read(dir)
	must(t, err)
	if n := len(want.Runs); n != 4 || want.Find("0000000000000002").Status != Done {
		t.Fatalf("the directory to start from is wrong: %d runs", n)
	}
	// Count the operations.
	counting := &disk.Faulty{FS: unsynced{disk.OS}}
	compact := func(dir string, f disk.FS) error {
		d, err := Create(dir, Options{FS: f})
		must(t, err)
		d.memory = memory
		return d.Compact()
	}
	must(t, compact(copyDir(t, dir), counting))
	// Fail or crash at each of them.
	for op := 1; op <= counting.Ops(); op++ {
		for _, crash := range []bool{false, true} {
			name := fmt.Sprintf("operation %d (%s), crash %v", op, counting.Log()[op-1], crash)
			dir := copyDir(t, dir)
			f := &disk.Faulty{FS: unsynced{disk.OS}}
			if crash {
				f.CrashAt = op
			} else {
				f.FailAt = op
			}
			err := compact(dir, f)
			if err != nil && !strings.Contains(err.Error(), dir) {
				t.Errorf("%s: the error names no file: %v", name, err)
			}
			// Nothing is lost, and the next compaction repairs the directory.
			got, err := Read(dir)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			equal(t, name, got.Runs, want.Runs)
			if len(got.Instances) != 1 {
				t.Errorf("%s: instances are lost", name)
			}
			must(t, compact(dir, unsynced{disk.OS}))
			if got, err = Read(dir); err != nil || got.Partial {
				t.Fatalf("%s: after repair: %v", name, err)
			}
			equal(t, name+", repaired", got.Runs, want.Runs)
			if left := append(temps(t, dir), scratches(t, dir)...); len(left) > 0 {
				t.Errorf("%s: %v is left", name, left)
			}
		}
	}
}

func temps(t *testing.T, dir string) (left []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		if disk.IsTemp(e.Name()) && strings.HasSuffix(e.Name(), ".parquet") {
			left = append(left, e.Name())
		}
	}
	return left
}

// scratches returns the temporary files in the journal.
func scratches(t *testing.T, dir string) (left []string) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(dir, journalDir, ".tmp-*"))
	must(t, err)
	return left
}

// Every length at which a file may be cut short by a full disk.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	base(t, dir)
	want, err := Read(dir)
	must(t, err)
	stride := int64(211)
	if testing.Short() {
		stride = 4001
	}
	if os.Getenv("GFNBENCH_SOAK") != "" {
		stride = 1
	}
	d, err := Create(dir, Options{FS: unsynced{disk.OS}})
	must(t, err)
	d.memory = 1
	total := int64(0)
	for space := int64(1); total == 0; space += stride {
		full := &disk.Faulty{FS: unsynced{disk.OS}, Space: space}
		d.fsys = full
		err := d.Compact()
		if err == nil {
			total = space
			break
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("after %d bytes: %v", space, err)
		}
		if space%(8*stride) == 1 {
			got, err := Read(dir)
			must(t, err)
			equal(t, fmt.Sprint("after ", space, " bytes"), got.Runs, want.Runs)
		}
	}
	got, err := Read(dir)
	must(t, err)
	equal(t, "at last", got.Runs, want.Runs)
	t.Logf("%d bytes were needed", total)
}

func TestAppendOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	run := sampleRun(1, 1)
	size := len(encodeChunk([]Run{run}, nil))
	for space := 1; space < size; space++ {
		d, err := Create(dir, Options{FS: &disk.Faulty{FS: unsynced{disk.OS}, Space: int64(space)}})
		must(t, err)
		if err := d.Append(run); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), journalDir) {
			t.Fatalf("after %d of %d bytes: %v", space, size, err)
		}
	}
	s, err := Read(dir)
	must(t, err)
	if len(s.Runs) != 0 {
		t.Errorf("%d runs appeared", len(s.Runs))
	}
}

func TestVanishedDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "runs")
	d, err := Create(dir, Options{})
	must(t, err)
	must(t, os.RemoveAll(dir))
	for what, f := range map[string]func() error{
		"append":  func() error { return d.Append(sampleRun(1, 1)) },
		"compact": d.Compact,
		"suite":   func() error { return d.WriteSuite("x") },
	} {
		if err := f(); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the directory is back")
	}
	if _, err := Read(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("read: %v", err)
	}
	if _, err := Read(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a directory without results: %v", err)
	}
}
