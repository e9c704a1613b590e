package sweep

import (
	"path/filepath"
	"strings"
	"testing"

	"gfnbench/gfn/param"
	"gfnbench/results"
	"gfnbench/results/disk"
)

// choices describes the settings that are cut, with their rungs, and the chosen ones.
func choices(t *testing.T, text, dir string) string {
	var b strings.Builder
	p := load(t, text, dir, Selection{})
	for _, a := range p.tuning.Arms {
		for _, x := range a.Settings {
			b.WriteString(param.Of(x.Cut).String() + " ")
		}
		b.WriteString("chosen " + param.Of(a.Chosen).String() + "\n")
	}
	return b.String()
}

// TestTunedRetry lets the cells of the setting that would be chosen fail before the first
// rung, so it is cut there. When they are run again they are trained up to that rung, and
// nothing is decided again: not on the way, not by the next run, and not if the new
// attempt is interrupted.
func TestTunedRetry(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "whole")
	run(t, tuned, whole, Selection{}, Options{})
	chosen := load(t, tuned, whole, Selection{}).Suite.Arms[0]
	best := chosen.Settings[chosen.Chosen].Tuning

	dir := filepath.Join(t.TempDir(), "failed")
	p := load(t, tuned, dir, Selection{})
	d, err := results.Create(dir, results.Options{FS: unsynced{disk.OS}, Columns: columns(p.Suite)})
	must(t, err)
	for _, c := range best {
		must(t, d.Append(results.Run{Cell: cellRow(c), Status: results.Failed, Message: "out of memory", Timing: results.Timing{Attempt: 1}}))
	}
	first := run(t, tuned, dir, Selection{}, Options{})
	decided := choices(t, tuned, dir)
	if first.Statuses[results.Failed] != 3 || decided == choices(t, tuned, whole) {
		t.Fatalf("%v: the failures make no difference\n%s", first.Statuses, decided)
	}
	for i, o := range []Options{{Retry: []results.Status{results.Failed}}, {Workers: 2}, {}} {
		s := run(t, tuned, dir, Selection{}, o)
		if got := choices(t, tuned, dir); got != decided || s.Failed() != 0 || s.Statuses[results.Pruned] != 2*5*3 {
			t.Errorf("run %d: %v\n%s\nwant\n%s", i, s.Statuses, got, decided)
		}
	}
	set, err := results.Read(dir)
	must(t, err)
	for _, c := range best {
		if r := set.Find(c.ID); r.Timing.FailedAfter.Int() != -1 || r.Status != results.Pruned || r.Step != 5 || r.Timing.Attempt != 2 {
			t.Errorf("cell %s: %s at step %d, attempt %d, failed after %v", c.ID, r.Status, r.Step, r.Timing.Attempt, r.Timing.FailedAfter)
		}
	}
}

// TestRoleOfWhatWasThere checks that results from before a suite gained or lost [tune]
// get the roles of their cells, and so do results of seeds whose role changes. The digest
// is that of a new directory, although some cells were trained further than needed.
func TestRoleOfWhatWasThere(t *testing.T) {
	plain := strings.Replace(strings.Split(tuned, "[tune]")[0], "seeds = 2", "seeds = [0, 1, 1000, 1001, 1002]", 1)
	swapped := strings.NewReplacer("seeds = 2", "seeds = [1000, 1001]", "[1000, 1001, 1002]", "[0, 1]").Replace(tuned)
	dir := filepath.Join(t.TempDir(), "d")
	run(t, plain, dir, Selection{}, Options{})
	for i, text := range []string{tuned, swapped, tuned} {
		if s := replace(t, text, dir); s.Digest != expect(t, text) {
			t.Errorf("%d: digest %s, in a new directory %s", i, s.Digest, expect(t, text))
		}
		set, err := results.Read(dir)
		must(t, err)
		for _, c := range load(t, text, dir, Selection{}).Suite.Cells {
			if got := set.Find(c.ID).Get(param.Role).Text(); got != string(c.Role) || c.Role == "" {
				t.Errorf("%d: cell %s is for %q, want %q", i, c.ID, got, c.Role)
			}
		}
	}
	replace(t, plain, dir)
	set, err := results.Read(dir)
	must(t, err)
	for i := range set.Runs {
		if v := set.Runs[i].Get(param.Role); !v.IsNull() {
			t.Fatalf("without [tune] a cell is for %v", v)
		}
	}
}
