package sweep

import (
	"bytes"
	"context"
	"testing"

	"gfnbench/gfn"
)

// A checkpoint that is not as it was written is refused, never half-read.
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

// What was measured survives a checkpoint to the bit, variances included.
func TestCheckpointKeepsRows(t *testing.T) {
	p := load(t, "schema = 1\nname = \"v\"\n[run]\nseeds = 1\nsteps = 4\nbatch = 4\neval_every = 1\n[environment.sets]\nkind = \"sets\"\nelements = 4\nsize = 2\ninstance_seed = 1\n[[grid]]\nobjective = [\"tb\"]\n[variance]\nsteps = [0, 2]\nbatches = [4]\nreplicates = 3\nobjective = [\"tb\", \"renyi\"]\nalpha = [0.5]\n", t.TempDir(), Selection{})
	r := newRunner(p, Options{})
	whole := r.train(context.Background(), task{cell: p.Cells[0], attempt: 1, pause: -1})
	r.stored = true
	parts := r.train(context.Background(), task{cell: p.Cells[0], attempt: 1, pause: 1})
	if parts.run.Status != "" || len(parts.rows) != 2 {
		t.Fatalf("paused with status %q and %d rows", parts.run.Status, len(parts.rows))
	}
	parts = r.train(context.Background(), task{cell: p.Cells[0], attempt: 1, pause: -1})
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
