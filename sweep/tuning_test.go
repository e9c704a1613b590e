package sweep

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"gfnbench/results"
	"gfnbench/suites"
)

// tuned is a search over learning rates for two objectives, with six settings each, of
// which halving keeps two at step 4 and one at step 8.
const tuned = `schema = 1
name = "tuned"
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
objective = ["tb", "vargrad"]
"optimizer.lr" = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2]
[tune]
metric = "l1"
seeds = [1000, 1001, 1002]
budget = 6
halving = { eta = 3, rungs = [4, 8] }
`

// TestTuning: both phases run, halving keeps the right settings, and running again
// changes nothing.
func TestTuning(t *testing.T) {
	want := ""
	for _, workers := range []int{1, 2, 8} {
		dir := filepath.Join(t.TempDir(), "d")
		s := run(t, tuned, dir, Selection{}, Options{Workers: workers})
		// Of 6 settings on 3 seeds 4 end at the first rung, 1 at the second; each
		// arm is tested on 2 seeds.
		if s.Cells != 2*6*3+2*2 || s.Statuses[results.Pruned] != 2*5*3 || s.Statuses[results.Done] != 2*3+2*2 {
			t.Errorf("%d workers: %d cells, %v", workers, s.Cells, s.Statuses)
		}
		if want == "" {
			want = s.Digest
		}
		again := run(t, tuned, dir, Selection{}, Options{Workers: workers})
		if s.Digest != want || again.Digest != want || again.Cached != again.Cells || again.Cells != s.Cells {
			t.Errorf("%d workers: digest %s, again %s with %d of %d cached, want %s", workers, s.Digest, again.Digest, again.Cached, again.Cells, want)
		}
	}
}

// TestTunedShards: three processes with one shard each, in one directory or in three that
// are merged, give the same as one process; none waits for another.
func TestTunedShards(t *testing.T) {
	want := expect(t, tuned)
	for _, filter := range [][]string{nil, {"role=tuning"}} {
		one := filepath.Join(t.TempDir(), "one")
		var dirs []string
		for i := range 3 {
			sel := Selection{Shard: Shard{i + 1, 3}, Filter: filter}
			run(t, tuned, one, sel, Options{NoWait: true})
			dir := filepath.Join(t.TempDir(), "shard")
			run(t, tuned, dir, sel, Options{})
			dirs = append(dirs, dir)
		}
		if filter != nil {
			for i := range 3 {
				run(t, tuned, one, Selection{Shard: Shard{i + 1, 3}, Filter: []string{"role=test"}}, Options{NoWait: true})
			}
		}
		s, err := Summarize(load(t, tuned, one, Selection{}))
		must(t, err)
		if s.Digest != want {
			t.Errorf("filter %q, one directory: digest %s, want %s; %v of %d", filter, s.Digest, want, s.Statuses, s.Cells)
		}
		all := filepath.Join(t.TempDir(), "all")
		s, err = Merge(dirs, all, false, Options{})
		must(t, err)
		if filter != nil {
			s = run(t, tuned, all, Selection{}, Options{})
		}
		if s.Digest != want {
			t.Errorf("filter %q, merged: digest %s, want %s; %v of %d", filter, s.Digest, want, s.Statuses, s.Cells)
		}
	}
}

// TestTunedFilter: a filter keeps the arms whole that halving compares.
func TestTunedFilter(t *testing.T) {
	dir := t.TempDir()
	for filter, cells := range map[string]int{"objective=tb": 18 + 2, "role=test": 4, "role=tuning": 36, "seed=1": 2} {
		if p := load(t, tuned, dir, Selection{Filter: []string{filter}}); len(p.Cells) != cells {
			t.Errorf("%s: %d cells, want %d", filter, len(p.Cells), cells)
		}
	}
	p := load(t, tuned, dir, Selection{})
	p.Selection.Filter = []string{"optimizer.lr=1e-3"}
	if err := p.choose(); err == nil || !strings.Contains(err.Error(), "splits an arm") {
		t.Errorf("%v, want an error about the arm", err)
	}
}

// TestTunedWithoutHalving: removing halving finishes the cells that it cut, and then single
// tuning cells are separate shards.
func TestTunedWithoutHalving(t *testing.T) {
	text := strings.Split(tuned, "halving")[0]
	dir := filepath.Join(t.TempDir(), "d")
	run(t, tuned, dir, Selection{}, Options{})
	s := replace(t, text, dir) // finishes what halving had cut
	if s.Statuses[results.Done] != s.Cells || s.Digest != expect(t, text) {
		t.Errorf("%v of %d cells, digest %s", s.Statuses, s.Cells, s.Digest)
	}
	p := load(t, text, t.TempDir(), Selection{Filter: []string{"role=tuning"}})
	if p.Parts() != 36 {
		t.Errorf("%d parts, want 36", p.Parts())
	}
	v, err := Verify(context.Background(), load(t, tuned, dir, Selection{}), 0, Options{})
	must(t, err)
	if len(v.Mismatches) > 0 || v.Cells == 0 {
		t.Errorf("%+v", v)
	}
	if r := load(t, tuned, dir, Selection{}).Suite.Cells[0].Role; r != suites.Tuning {
		t.Errorf("the first cell's role is %q", r)
	}
}

// TestTunedTwice: the leader of the first rung diverges before the second. Running again,
// and being stopped repeatedly, changes no row.
func TestTunedTwice(t *testing.T) {
	text := strings.NewReplacer("steps = 12", "steps = 60", "eval_every = 2", "eval_every = 1", "[4, 8]", "[1, 20]", "eta = 3", "eta = 2",
		`"vargrad"]`+"\n"+`"optimizer.lr" = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2]`, `"shifted-cosh"]`+"\n"+`"optimizer.lr" = [1e-3, 1e-2]`+"\n"+`"optimizer.log_z_lr" = [80, 0.1]`,
		"budget = 6", "", "[run]", "[run]\ncheckpoint_every = \"1ns\"").Replace(tuned)
	whole := t.TempDir()
	want := run(t, text, whole, Selection{}, Options{})
	if want.Statuses[results.Diverged] == 0 || want.Statuses[results.Pruned] == 0 {
		t.Fatalf("%v: nothing diverged or nothing is pruned", want.Statuses)
	}
	rows := all(t, whole)
	if again := run(t, text, whole, Selection{}, Options{}); again.Digest != want.Digest || all(t, whole) != rows {
		t.Errorf("again: digest %s, want %s", again.Digest, want.Digest)
	}
	dir := t.TempDir()
	for i := 0; ; i++ {
		s, err := runToCheckpoint(load(t, text, dir, Selection{}), i >= 8)
		if errors.Is(err, ErrInterrupted) {
			continue
		}
		must(t, err)
		if s.Digest != want.Digest || all(t, dir) != rows {
			t.Errorf("after %d interruptions: digest %s, want %s", i, s.Digest, want.Digest)
		}
		return
	}
}

// all writes the rows of a directory, including failed ones, which the digest leaves out.
func all(t *testing.T, dir string) string {
	set, err := results.Read(dir)
	must(t, err)
	var b strings.Builder
	for i := range set.Runs {
		r := &set.Runs[i]
		fmt.Fprintln(&b, r.ID, r.Status, r.Step, len(r.Curve))
	}
	return b.String()
}

// TestTunedGrows: a search that grows by an arm or by settings chooses as if it had been
// that large from the start, and shortens no row. An arm that does not grow does not
// change.
func TestTunedGrows(t *testing.T) {
	small := strings.NewReplacer(`["tb", "vargrad"]`, `["tb"]`, "[1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2]", "[1e-4, 1e-3, 3e-4]").Replace(tuned)
	dir := t.TempDir()
	for _, text := range []string{small, strings.Replace(small, `["tb"]`, `["tb", "vargrad"]`, 1), tuned, small, tuned} {
		before := lengths(t, dir)
		got := replace(t, text, dir)
		fresh := t.TempDir()
		if want := run(t, text, fresh, Selection{}, Options{}); got.Digest != want.Digest {
			t.Errorf("digest %s, in a new directory %s", got.Digest, want.Digest)
		}
		grown, new := load(t, text, dir, Selection{}), load(t, text, fresh, Selection{})
		for i, a := range grown.Suite.Arms {
			if b := new.Suite.Arms[i]; a.Chosen != b.Chosen || a.Chosen < 0 {
				t.Errorf("%s: setting %d is chosen, and %d in a new directory", grown.Suite.ArmLabel(a), a.Chosen, b.Chosen)
			}
		}
		for id, n := range lengths(t, dir) {
			if n < before[id] {
				t.Errorf("cell %s had %d evaluations, and has %d", id, before[id], n)
			}
		}
	}
}

// replace runs a suite in the directory of an earlier one.
func replace(t *testing.T, text, dir string) *Summary {
	p := load(t, text, dir, Selection{})
	p.Replace = true
	s, err := Run(context.Background(), p, Options{Workers: 2})
	must(t, err)
	return s
}

// lengths returns the numbers of evaluations of the cells in a directory.
func lengths(t *testing.T, dir string) map[string]int {
	n := map[string]int{}
	set, err := results.Read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return n
	}
	must(t, err)
	for i := range set.Runs {
		n[set.Runs[i].ID] = len(set.Runs[i].Curve)
	}
	return n
}
