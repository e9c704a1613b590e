package sweep

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gfnbench/gfn"
	"gfnbench/results"
	"gfnbench/results/disk"
)

// A checkpoint that has changed since it was written is rejected, never half-read.
func FuzzDecodeCheckpoint(f *testing.F) {
	good, err := encodeCheckpoint(&checkpoint{Cell: "0123456789abcdef", Trainer: []byte{1, 2, 3}, Rows: make([]gfn.Row, 2), Attempt: 3})
	must(f, err)
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add([]byte{})
	f.Add([]byte(checkpointMagic))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := decodeCheckpoint(b)
		if err == nil && c.Cell == "0123456789abcdef" && !bytes.Equal(b, good) {
			t.Errorf("%q was read", b)
		}
	})
}

// Measurements survive a checkpoint to the bit, including variances.
func TestCheckpointKeepsRows(t *testing.T) {
	p := load(t, "schema = 1\nname = \"v\"\n[run]\nseeds = 1\nsteps = 4\nbatch = 4\neval_every = 1\n[environment.sets]\nkind = \"sets\"\nelements = 4\nsize = 2\ninstance_seed = 1\n[[grid]]\nobjective = [\"tb\"]\n[variance]\nsteps = [0, 2]\nbatches = [4]\nreplicates = 3\nobjective = [\"tb\", \"renyi\"]\nalpha = [0.5]\n", t.TempDir(), Selection{})
	r := &trainer{setting: settingOf(p, Options{})}
	whole := r.train(context.Background(), task{cell: p.Cells[0], attempt: 1, until: -1})
	r.checkpoints = true
	parts := r.train(context.Background(), task{cell: p.Cells[0], attempt: 1, until: 1})
	if parts.run.Status != results.Pruned || len(parts.rows) != 2 {
		t.Fatalf("stopped with status %q and %d rows", parts.run.Status, len(parts.rows))
	}
	parts = r.train(context.Background(), task{cell: p.Cells[0], attempt: 1, until: -1})
	if parts.first != 2 || parts.run.Timing.Attempt != 1 {
		t.Errorf("continued at step %d as attempt %d", parts.first, parts.run.Timing.Attempt)
	}
	if len(whole.run.Variance) != 4 || len(whole.run.Curve) != 5 {
		t.Errorf("%d variances and %d evaluations, want 4 and 5", len(whole.run.Variance), len(whole.run.Curve))
	}
	if what := difference(&whole.run, &parts.run); what != "" {
		t.Error(what)
	}
}

// A checkpoint written by 0.1.0 can be read. One with many parts reads back unchanged; if
// any of its files is missing or altered it is set aside; and removing it leaves nothing
// behind.
func TestCheckpointParts(t *testing.T) {
	const cell = "0123456789abcdef"
	dir := t.TempDir()
	row := func(i int) gfn.Row { return gfn.Row{Step: i} }
	c := &checkpoint{Cell: cell}
	files := func() (names []string) {
		entries, err := os.ReadDir(filepath.Dir(checkpointPath(dir, cell)))
		must(t, err)
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	// Write many checkpoints; the parts must stay few.
	const checkpoints = 300
	written := int64(0)
	for i := range checkpoints {
		c.Rows, c.Steps = append(c.Rows, row(2*i), row(2*i+1)), int64(i)
		for range 1 + i%2 { // the second has no further evaluations
			var err error
			c.Parts, err = writeCheckpoint(disk.OS, dir, c)
			must(t, err)
		}
		last := c.Parts[len(c.Parts)-1]
		written += int64(last.To - last.From)
		if names := files(); len(names) != len(c.Parts)+1 || len(names) > 12 {
			t.Fatalf("after %d checkpoints there are %v", i+1, names)
		}
	}
	if most := int64(2 * checkpoints * 10); written > most { // 10 > log2(2·300)
		t.Errorf("%d evaluations were written for %d, want at most %d", written, 2*checkpoints, most)
	}
	// Read the last one.
	got, err := readCheckpoint(disk.OS, dir, cell)
	must(t, err)
	if len(got.Rows) != 2*checkpoints || got.Rows[577].Step != 577 || got.Steps != checkpoints-1 {
		t.Errorf("%d evaluations were read, at step %d", len(got.Rows), got.Steps)
	}
	// Alter each file.
	for _, name := range files() {
		other := t.TempDir()
		must(t, os.CopyFS(other, os.DirFS(dir)))
		path := filepath.Join(filepath.Dir(checkpointPath(other, cell)), name)
		b, err := os.ReadFile(path)
		must(t, err)
		b[len(b)-1] ^= 1
		must(t, os.WriteFile(path, b, 0o644))
		if c, err := readCheckpoint(disk.OS, other, cell); c != nil || !errors.Is(err, errDamaged) || !strings.Contains(err.Error(), "set aside") {
			t.Errorf("%s altered: %v, %v", name, c, err)
		}
	}
	// Remove all.
	removeCheckpoint(disk.OS, dir, cell)
	if names := files(); len(names) > 0 {
		t.Errorf("%v is left", names)
	}

	// Read a checkpoint of version 0.1.0.
	type old struct { // of 0.1.0
		Cell    string
		Trainer []byte
		Rows    []gfn.Row
		Spent   time.Duration
		Attempt int64
	}
	var b bytes.Buffer
	must(t, gob.NewEncoder(&b).Encode(old{cell, []byte{1}, []gfn.Row{row(0), row(7)}, time.Second, 2}))
	must(t, os.WriteFile(checkpointPath(dir, cell), append(fmt.Appendf(nil, "gfnbench-checkpoint 1 %x\n", sha256.Sum256(b.Bytes())), b.Bytes()...), 0o644))
	got, err = readCheckpoint(disk.OS, dir, cell)
	must(t, err)
	if len(got.Rows) != 2 || got.Steps != 7 || got.Attempt != 2 || len(got.Parts) != 0 {
		t.Errorf("that of 0.1.0 is read as %+v", got)
	}
}

// The interval counts from the end of a write, and writing takes at most a
// twentieth of the time.
func TestCheckpointsAreDue(t *testing.T) {
	end := time.Now()
	for _, tt := range []struct {
		every, took, since time.Duration
		due                bool
	}{
		{time.Second, time.Millisecond, 999 * time.Millisecond, false},
		{time.Second, time.Millisecond, 1001 * time.Millisecond, true},
		{time.Millisecond, time.Second, 18 * time.Second, false},
		{time.Millisecond, time.Second, 20 * time.Second, true},
	} {
		s := saved{end: end, took: tt.took}
		if got := s.due(end.Add(tt.since), tt.every); got != tt.due {
			t.Errorf("every %v, the last took %v, %v later: %v", tt.every, tt.took, tt.since, got)
		}
	}
}
