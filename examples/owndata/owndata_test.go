// Package owndata holds suites on files of one's own: an alignment and a table
// of observations. Both files are synthetic, written by the program in make.
package owndata

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"gfnbench/gfn/metric"
	"gfnbench/results"
	"gfnbench/sweep"
)

// TestSuites trains a little in each.
func TestSuites(t *testing.T) {
	for _, suite := range []string{"phylo.toml", "dag.toml"} {
		t.Run(suite, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "runs")
			p, err := sweep.Load(suite, dir, sweep.Selection{Set: []string{"steps=10", "eval_every=10", "seeds=1"}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := sweep.Run(context.Background(), p, sweep.Options{Workers: 2}); err != nil {
				t.Fatal(err)
			}
			set, err := results.Read(dir)
			if err != nil {
				t.Fatal(err)
			}
			for i := range set.Runs {
				final := set.Runs[i].Final()
				if l1, ok := final.Get(metric.L1); set.Runs[i].Status != results.Done || !ok || !(l1 > 0 && l1 <= 2) {
					t.Errorf("%s: %s, L1 %v", set.Runs[i].ID, set.Runs[i].Status, l1)
				}
			}
			if len(set.Runs) == 0 {
				t.Error("no runs")
			}
		})
	}
}

// TestFilesAreAsMade: the files are what make writes.
func TestFilesAreAsMade(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("go", "run", "./make", "-o", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"species.fasta", "greenhouse.csv"} {
		want, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != string(want) {
			t.Errorf("%s is not what make writes: %v", name, err)
		}
	}
}
