package results

import (
	"os"
	"path/filepath"
	"testing"
)

// TestReadStates: statuses and times agree with those that Read returns, for compacted
// runs and for the journal's. Old files among newer ones are still rejected.
func TestReadStates(t *testing.T) {
	dir, after := generations(t)
	d, err := Create(dir, Options{})
	must(t, err)
	failed := sampleRun(7, 1)
	failed.Status, failed.Message = Failed, "no memory"
	must(t, d.Append(failed))
	want, err := Read(dir)
	must(t, err)
	got, err := ReadStates(dir)
	must(t, err)
	if len(got.Runs) != len(want.Runs) || len(got.Conflicts) > 0 || got.Pending != 1 {
		t.Fatalf("%d runs, want %d; conflicts %v", len(got.Runs), len(want.Runs), got.Conflicts)
	}
	for i := range got.Runs {
		g, w := got.Runs[i], want.Runs[i]
		if g.ID != w.ID || g.Status != w.Status || g.Step != w.Step || g.Message != w.Message || g.Timing != w.Timing || len(g.Curve) > 0 || len(g.Params) > 0 {
			t.Errorf("%+v, want the state of %+v", g, w)
		}
	}
	for _, file := range []string{varianceFile, curvesFile, runsFile} {
		path := filepath.Join(dir, file)
		must(t, os.WriteFile(path, after[0][file], 0o644))
		if _, err := ReadStates(dir); err == nil {
			t.Errorf("an old %s was read", file)
		}
		must(t, os.WriteFile(path, after[2][file], 0o644))
	}
}
