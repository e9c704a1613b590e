// Package trainers tests the Python trainers in this folder.
package trainers

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"gfnbench/gfn/metric"
	"gfnbench/results"
	"gfnbench/results/readerstest"
	"gfnbench/sweep"
)

// text is a suite in which both trainers start with the uniform policy.
const text = `schema = 1
name = "numpy"
[run]
seeds = 1
steps = 60
batch = 32
eval_every = 30
optimizer.lr = 0.01
[environment.grid]
kind = "hypergrid"
dim = 2
height = 5
r0 = 0.1
[environment.bits]
kind = "bitseq"
length = 8
word = 2
mode_count = 3
beta = 6.0
instance_seed = 1
[trainer.numpy]
command = [%q, "numpy_tb.py"]
version = "1"
files = ["numpy_tb.py", "gfnbench_trainer.py", "gfnbench_environments.py"]
[[grid]]
objective = ["tb"]
trainer = ["gfnbench", "numpy"]
`

// The trainer in numpy starts with the uniform policy, whose exact metrics are those of
// this program. It improves, follows the reward, and repeats itself.
func TestNumpy(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"numpy_tb.py", "gfnbench_trainer.py", "gfnbench_environments.py"} {
		code, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), code, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	suite := filepath.Join(dir, "numpy.toml")
	if err := os.WriteFile(suite, fmt.Appendf(nil, text, readerstest.Python(t)), 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := sweep.Load(suite, filepath.Join(dir, "runs"), sweep.Selection{})
	if err != nil {
		t.Fatal(err)
	}
	o := sweep.Options{Workers: 2, Trust: true, Progress: sweep.NewProgress(io.Discard, sweep.Quiet)}
	if _, err := sweep.Run(t.Context(), p, o); err != nil {
		t.Fatal(err)
	}
	set, err := results.Read(p.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(p.Cells); i += 2 {
		compare(t, set.Find(p.Cells[i].ID), set.Find(p.Cells[i+1].ID))
	}
	o.Progress = sweep.NewProgress(io.Discard, sweep.Quiet)
	v, err := sweep.Verify(t.Context(), p, 0, o)
	if err != nil || v.Cells != 4 || len(v.Mismatches) > 0 {
		t.Errorf("run again: %+v, %v", v, err)
	}
}

// compare checks a run of numpy's trainer against one of this program.
func compare(t *testing.T, own, other *results.Run) {
	t.Helper()
	if other.Status != results.Done || len(other.Curve) != 3 {
		t.Fatalf("%s: %v: %s", other.Environment, other.Status, other.Message)
	}
	for _, m := range []metric.Metric{metric.L1, metric.KLPTTarget, metric.KLTargetPT, metric.ELBO, metric.EUBO} {
		x, _ := own.Curve[0].Get(m)
		y, ok := other.Curve[0].Get(m)
		if !ok || math.Abs(x-y) > 1e-12*math.Max(1, math.Abs(x)) {
			t.Errorf("%s: %v of the uniform policy is %v, and %v by numpy", other.Environment, m, x, y)
		}
	}
	first, _ := other.Curve[0].Get(metric.TrajKLRev)
	last, _ := other.Curve[2].Get(metric.TrajKLRev)
	if !(last < 0.9*first) {
		t.Errorf("%s: the divergence went from %v to %v", other.Environment, first, last)
	}
}
