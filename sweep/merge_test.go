package sweep

import (
	"slices"
	"strings"
	"testing"

	"gfnbench/gfn/metric"
	"gfnbench/results"
	"gfnbench/results/disk"
)

// A cell with another result is found and named with the difference, and nothing is
// merged. If forced, the first result stands.
func TestMergeFindsDifferentResults(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	want := run(t, four, a, Selection{}, Options{}).Digest
	set, err := results.Read(a)
	must(t, err)
	p := load(t, four, b, Selection{})
	must(t, prepare(disk.OS, p, false))
	d, err := results.Create(b, results.Options{})
	must(t, err)
	changed := set.Runs[1]
	changed.Curve = slices.Clone(changed.Curve)
	changed.Curve[1].Set(metric.L1, 0.125)
	must(t, d.Append(set.Runs[0], changed))
	out := t.TempDir()
	_, err = Merge([]string{a, b}, out, false, Options{})
	if err == nil || !strings.Contains(err.Error(), changed.ID) || !strings.Contains(err.Error(), "l1 at step 3 was") || !strings.Contains(err.Error(), a) || !strings.Contains(err.Error(), b) {
		t.Errorf("%v, want an error that names the cell, the metric and both directories", err)
	}
	if set, _ := read(out); set != nil && len(set.Runs) > 0 {
		t.Errorf("%d cells were merged", len(set.Runs))
	}
	s, err := Merge([]string{a, b}, out, true, Options{})
	must(t, err)
	if s.Digest != want {
		t.Errorf("digest %s, want that of the first, %s", s.Digest, want)
	}
}

func TestDifference(t *testing.T) {
	dir := t.TempDir()
	run(t, four, dir, Selection{}, Options{})
	set, err := results.Read(dir)
	must(t, err)
	for _, c := range []struct {
		what   string
		change func(r *results.Run)
	}{
		{"", func(*results.Run) {}},
		{"it was done, and is diverged now", func(r *results.Run) { r.Status = results.Diverged }},
		{"it ended at step 3, and ends at step 2 now", func(r *results.Run) { r.Step = 2 }},
		{"it had 2 evaluations, and has 1 now", func(r *results.Run) { r.Curve = r.Curve[:1] }},
		{"it was evaluated at step 0, and is at step 1 now", func(r *results.Run) { r.Curve[0].Step = 1 }},
		{"the standard error of log_z_est at step 3 was", func(r *results.Run) { r.Curve[1].SetEstimate(metric.LogZEst, 1, 1) }},
		{"its axes or its gradient variances differ", func(r *results.Run) { r.Seed = 9 }},
	} {
		is := set.Runs[0]
		is.Curve = slices.Clone(is.Curve)
		if strings.HasPrefix(c.what, "the standard") {
			x, _ := is.Curve[1].Get(metric.LogZEst)
			is.Curve[1].SetEstimate(metric.LogZEst, x, 77)
		} else {
			c.change(&is)
		}
		if got := difference(&set.Runs[0], &is); got != c.what && (c.what == "" || !strings.HasPrefix(got, c.what)) {
			t.Errorf("%q, want %q", got, c.what)
		}
	}
}
