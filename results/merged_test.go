package results

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestMergedRoundTrip: a merged file gives back every run without its variance and stack,
// and has the digest of the runs without variance.
func TestMergedRoundTrip(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		runs := anyRuns(rt)
		for i := range runs {
			runs[i].Variance, runs[i].Timing.Stack = nil, ""
			runs[i].normalize()
		}
		var cells []Cell
		for _, r := range runs {
			cells = append(cells, r.Cell)
		}
		set := &Set{Runs: runs, Columns: Columns(cells), Suite: "schema = 1\n", Provenance: Provenance{{"revision", "abc"}}}
		var b bytes.Buffer
		must(rt, WriteMerged(&b, set, set.content().runs))
		path := filepath.Join(dir, "merged.parquet")
		must(rt, os.WriteFile(path, b.Bytes(), 0o644))
		got, err := Read(path)
		must(rt, err)
		if got.Digest() != set.Digest() || len(got.Runs) != len(runs) {
			rt.Fatalf("%d runs of digest %s, want %d of %s", len(got.Runs), got.Digest(), len(runs), set.Digest())
		}
		for i := range runs {
			g, w := &got.Runs[i], &runs[i]
			if g.Status != w.Status || g.Step != w.Step || g.Message != w.Message || g.Timing.Host != w.Timing.Host || !g.Timing.Start.Equal(w.Timing.Start) ||
				len(g.Curve) != len(w.Curve) {
				rt.Fatalf("run %d: %+v, want %+v", i, g, w)
			}
			for k := range w.Curve {
				if g.Curve[k].Step != w.Curve[k].Step || !g.Curve[k].Equal(&w.Curve[k].Values) {
					rt.Fatalf("run %d, evaluation %d differs", i, k)
				}
			}
		}
		if suite, err := ReadSuite(path); suite != set.Suite || err != nil || got.Suite != set.Suite {
			rt.Fatalf("suite %q, %v", suite, err)
		}
		if d := cmp.Diff(set.Provenance, got.Provenance); d != "" {
			rt.Fatal(d)
		}
	})
}

// TestMergedIsChecked: other files are rejected by name.
func TestMergedIsChecked(t *testing.T) {
	dir := t.TempDir()
	base(t, dir)
	_, err := Read(filepath.Join(dir, runsFile))
	var r *RefusedError
	if !errors.As(err, &r) || !strings.Contains(err.Error(), "runs.parquet") {
		t.Errorf("%v", err)
	}
}

// TestReadPartly: if any one file is missing, the rest is still read.
func TestReadPartly(t *testing.T) {
	dir, files := damageable(t)
	whole, err := Read(dir)
	must(t, err)
	if s, left := ReadPartly(dir); len(left) > 0 || s.Digest() != whole.Digest() {
		t.Fatalf("an undamaged directory: %v", left)
	}
	// Damage each file in turn.
	for _, file := range files {
		good, err := os.ReadFile(file)
		must(t, err)
		bad := bytes.Clone(good)
		bad[len(bad)/2] ^= 1
		must(t, os.WriteFile(file, bad, 0o644))
		s, left := ReadPartly(dir)
		var refused *RefusedError
		if len(left) != 1 || !errors.As(left[0], &refused) || refused.Path != file {
			t.Errorf("%s: left out %v", file, left)
		}
		want := len(whole.Runs)
		switch filepath.Base(file) {
		case runsFile:
			want = 1
		case curvesFile, timingFile, varianceFile, instancesFile:
		default:
			want--
		}
		if len(s.Runs) != want {
			t.Errorf("without %s there are %d runs, want %d", file, len(s.Runs), want)
		}
		if filepath.Base(file) == curvesFile {
			for i := range s.Runs {
				r, w := &s.Runs[i], whole.Find(s.Runs[i].ID)
				got, want := r.Final(), w.Final()
				if !got.Equal(&want) {
					t.Errorf("without curves, cell %s has another last evaluation", r.ID)
				}
			}
		}
		must(t, os.WriteFile(file, good, 0o644))
	}
	// Read a directory that does not exist.
	s, left := ReadPartly(dir, filepath.Join(dir, "nowhere"))
	if len(left) != 1 || len(s.Runs) != len(whole.Runs) {
		t.Errorf("a directory that is not there: %v, %d runs", left, len(s.Runs))
	}
}
