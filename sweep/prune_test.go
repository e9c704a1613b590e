package sweep

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gfnbench/gfn/metric"
	"gfnbench/results"
)

// halving is a search of learning rates: two groups of six cells, of which two
// go on at step 4 and one at step 8, and two cells that [prune] leaves alone.
const halving = `schema = 1
name = "halving"
[run]
seeds = 2
steps = 12
batch = 4
eval_every = 2
policy = { hidden = [4] }
[environment.grid]
kind = "hypergrid"
dim = 2
height = 3
[[grid]]
objective = ["tb"]
"optimizer.lr" = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2]
[[grid]]
objective = ["vargrad"]
[prune]
metric = "l1"
eta = 3
rungs = [4, 8]
on = { objective = "tb" }
`

// full is the same without pruning.
func full() string {
	text, _, _ := strings.Cut(halving, "[prune]")
	return text
}

// Which cells go on follows from the curves of a run without pruning.
func TestPruning(t *testing.T) {
	whole := t.TempDir()
	run(t, full(), whole, Selection{}, Options{Workers: 2})
	curves, err := results.Read(whole)
	must(t, err)
	want := map[string]int64{} // last evaluated step
	for seed := range int64(2) {
		var group []*results.Run
		for i := range curves.Runs {
			if r := &curves.Runs[i]; r.Seed == seed && r.Objective == "tb" {
				group = append(group, r)
			} else if r.Seed == seed {
				want[r.ID] = 12
			}
		}
		at := func(r *results.Run, step int64) float64 {
			for i := range r.Curve {
				if r.Curve[i].Step == step {
					x, _ := r.Curve[i].Get(metric.L1)
					return x
				}
			}
			t.Fatalf("no evaluation at step %d", step)
			return 0
		}
		for _, rung := range []int64{4, 8} {
			slices.SortFunc(group, func(a, b *results.Run) int {
				if at(a, rung) < at(b, rung) {
					return -1
				}
				return 1
			})
			stay := max(1, len(group)/3)
			for _, r := range group[stay:] {
				want[r.ID] = rung
			}
			group = group[:stay]
		}
		want[group[0].ID] = 12
	}
	for _, workers := range []int{1, 2, 8} {
		dir := t.TempDir()
		s := run(t, halving, dir, Selection{}, Options{Workers: workers})
		if s.Statuses[results.Pruned] != 10 || s.Statuses[results.Done] != 4 {
			t.Errorf("%d workers: %v, want 10 pruned and 4 done", workers, s.Statuses)
		}
		set, err := results.Read(dir)
		must(t, err)
		for i := range set.Runs {
			r := &set.Runs[i]
			if last := r.Curve[len(r.Curve)-1].Step; last != want[r.ID] {
				t.Errorf("%d workers: cell %s (%v) ended at step %d, want %d", workers, r.ID, r.Status, last, want[r.ID])
			}
		}
		if found, _ := filepath.Glob(filepath.Join(dir, checkpointsDir, "*", "*")); len(found) > 0 {
			t.Errorf("%d workers: checkpoints are left: %v", workers, found)
		}
	}
}

// statuses of a directory's cells, to compare pruned ones too: the digest
// leaves them out.
func statuses(t *testing.T, dir string) string {
	set, err := results.Read(dir)
	must(t, err)
	var b strings.Builder
	for _, r := range set.Runs {
		b.WriteString(r.ID + " " + string(r.Status) + "\n")
	}
	return b.String()
}

func TestPruningResumes(t *testing.T) {
	text := strings.NewReplacer("steps = 12", "steps = 120", "[4, 8]", "[40, 80]", "eval_every = 2", "eval_every = 10").Replace(halving)
	whole := t.TempDir()
	want := run(t, text, whole, Selection{}, Options{}).Digest
	text = strings.Replace(text, "[run]", "[run]\ncheckpoint_every = \"1ns\"", 1)
	dir := t.TempDir()
	for i := 0; ; i++ {
		s, err := runToCheckpoint(load(t, text, dir, Selection{}), i >= 5)
		if err == nil {
			if s.Digest != want || statuses(t, dir) != statuses(t, whole) {
				t.Errorf("after %d interruptions: digest %s, want %s; statuses\n%swant\n%s", i, s.Digest, want, statuses(t, dir), statuses(t, whole))
			}
			return
		}
		if !errors.Is(err, ErrInterrupted) {
			t.Fatal(err)
		}
	}
}

// A search that grows or shrinks ends as if it had been so from the start.
func TestPruningFollowsItsSuite(t *testing.T) {
	with := func(rates string) string {
		return strings.Replace(halving, "[1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2]", rates, 1)
	}
	dir := t.TempDir()
	for _, text := range []string{with("[1e-4, 1e-2, 3e-4]"), halving, with("[1e-4, 3e-4, 1e-3]"), halving} {
		whole := t.TempDir()
		want := run(t, text, whole, Selection{}, Options{}).Digest
		if s := run(t, text, dir, Selection{}, Options{Workers: 2}); s.Digest != want {
			t.Errorf("digest %s, want %s; statuses\n%swant\n%s", s.Digest, want, statuses(t, dir), statuses(t, whole))
		}
		if s := run(t, text, dir, Selection{}, Options{Workers: 2}); s.Digest != want || s.Cached != s.Cells {
			t.Errorf("again: digest %s with %d of %d cells cached", s.Digest, s.Cached, s.Cells)
		}
	}
}

func TestPruningRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.toml")
	must(t, os.WriteFile(path, []byte(strings.Replace(halving, `"l1"`, `"seconds"`, 1)), 0o644))
	if _, err := Load(path, "", Selection{}); err == nil || !strings.Contains(err.Error(), "metric of the curves") {
		t.Errorf("%v, want an error about the metric", err)
	}
	must(t, os.WriteFile(path, []byte(halving), 0o644))
	if _, err := Load(path, "", Selection{Filter: []string{"optimizer.lr=1e-3"}}); err == nil || !strings.Contains(err.Error(), "splits a group") {
		t.Errorf("%v, want an error about the group", err)
	}
	p, err := Load(path, "", Selection{Filter: []string{"seed=1"}})
	must(t, err)
	if len(p.Cells) != 7 {
		t.Errorf("%d cells of seed 1, want 7", len(p.Cells))
	}
}

func TestPruneShare(t *testing.T) {
	p := load(t, halving, t.TempDir(), Selection{})
	for _, b := range p.blocks {
		if b.group {
			// Six cells to step 4, two to step 8, one to step 12, of six to step 12.
			if got, want := pruneShare(p.Suite.Prune, b), (6*4+2*4+1*4)/72.0; got != want {
				t.Errorf("%v, want %v", got, want)
			}
		}
	}
}
