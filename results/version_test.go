package results

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gfnbench/gfn/param"
	"gfnbench/results/disk"
)

// contents writes what a set holds in the format of version-0.1.0.txt.
func contents(s *Set) string {
	var b strings.Builder
	fmt.Fprintln(&b, s.Digest())
	or := func(v param.Value, none string) string {
		if v.IsNull() {
			return none
		}
		return v.String()
	}
	for i := range s.Runs {
		r := &s.Runs[i]
		t := &r.Timing
		fmt.Fprintf(&b, "%s %q %s %s %s %s %q %d %s %d %d %q\n", r.ID, r.Environment, r.Objective, or(r.Get("alpha"), "null"), or(r.Get("a"), "null"), or(r.Get("lambda"), "null"),
			or(r.ControlVariate, ""), r.Seed, r.Status, r.Step, len(r.Curve), r.Message)
		fmt.Fprintf(&b, "  %s %d %d %d %v %v %q %q %q %q %q\n", t.Host, t.Attempt, t.Start.UnixMicro(), t.End.UnixMicro(), t.Wall, t.Rate, t.CPU, t.SIMD, t.Go, t.Revision, t.Stack)
		for _, p := range r.Params {
			if !p.Value.IsNull() && !placed(p.Name) {
				fmt.Fprintf(&b, "  %s=%s", p.Name, p.Value)
			}
		}
		fmt.Fprintln(&b)
		for j := range r.Variance {
			v := &r.Variance[j]
			fmt.Fprintf(&b, "  %d %s", v.Step, v.Objective)
			for _, name := range placedNames {
				x, _ := v.Get(name)
				fmt.Fprintf(&b, " %s", or(x, "null"))
			}
			fmt.Fprintf(&b, " %q %d %d %v %v %v %v %v %d %v\n", or(v.ControlVariate, ""), v.Batch, v.Replicates, v.TraceCov, v.TraceCovStdErr, v.GradNormSq, v.Cosine, v.CosineStdErr, v.ReferenceBatch, v.Exact)
		}
	}
	for _, in := range s.Instances {
		fmt.Fprintf(&b, "%q %q %v\n", in.ID, in.Environment, in.Fields)
	}
	return b.String()
}

// TestVersion010 reads what version 0.1.0 wrote: Parquet files of 22 runs, 3 of them with
// variances, and a journal of 11. That version printed the text beside it from its own
// reading.
func TestVersion010(t *testing.T) {
	old := filepath.Join("testdata", "version-0.1.0")
	want, err := os.ReadFile(old + ".txt")
	must(t, err)
	dir := t.TempDir()
	must(t, os.CopyFS(dir, os.DirFS(old)))
	check := func(what string) {
		t.Helper()
		s, err := Read(dir)
		must(t, err)
		got, want := strings.Split(contents(s), "\n"), strings.Split(string(want), "\n")
		for i := range want {
			if i >= len(got) || got[i] != want[i] {
				t.Fatalf("%s: line %d of %d, want %d:\n%s\nwant\n%s", what, i+1, len(got), len(want), got[min(i, len(got)-1)], want[i])
			}
		}
		if len(got) != len(want) || len(s.Conflicts) > 0 {
			t.Errorf("%s: %d lines, want %d; conflicts %v", what, len(got), len(want), s.Conflicts)
		}
	}
	check("as it is")
	chunks, err := listChunks(disk.OS, dir)
	must(t, err)
	d, err := Create(dir, Options{FS: unsynced{disk.OS}})
	must(t, err)
	for _, c := range chunks { // the same runs again, in today's journal
		runs, instances, err := readChunk(disk.OS, c.path)
		must(t, err)
		must(t, d.Append(runs...))
		must(t, d.AppendInstances(instances...))
	}
	check("with a journal of both versions")
	must(t, d.Compact())
	check("compacted")
}
