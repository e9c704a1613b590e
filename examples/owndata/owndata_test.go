// Package owndata holds suites on data files: an alignment and a table of observations.
// Both files are synthetic, written by the program in make.
package owndata

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gfnbench/gfn/metric"
	"gfnbench/results"
	"gfnbench/sweep"
)

// TestSuites trains each suite for a few steps.
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

// TestDescribed checks how a suite's data are described in the rows, in the instance, by
// sweep why and in the paragraphs for a paper: by the counts of the file and its SHA-256,
// and by nothing about a simulation, since there was none.
func TestDescribed(t *testing.T) {
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", bin, "gfnbench/cmd/sweep", "gfnbench/cmd/report").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// Count in the files themselves.
	fasta, table := readFile(t, "species.fasta"), readFile(t, "greenhouse.csv")
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	_, first, _ := strings.Cut(fasta, "\n")
	sequence, _, _ := strings.Cut(first, ">")
	for _, c := range []struct {
		suite, file, param, data string
		want                     map[string]string // "" is null
	}{
		{"phylo.toml", "species.fasta", "alignment", fasta, map[string]string{
			"params.species":       fmt.Sprint(strings.Count(fasta, ">")),
			"params.sites":         fmt.Sprint(len(strings.Join(strings.Fields(sequence), ""))),
			"params.branch_length": "0.15", // set by the suite
			"params.instance_seed": "",
		}},
		{"dag.toml", "greenhouse.csv", "data", table, map[string]string{
			"params.nodes":               fmt.Sprint(len(rows[0])),
			"params.samples":             fmt.Sprint(len(rows) - 1), // less the header
			"params.expected_parents":    "",
			"params.data_noise_variance": "",
		}},
	} {
		t.Run(c.suite, func(t *testing.T) {
			sum := fmt.Sprintf("%x", sha256.Sum256([]byte(c.data)))
			c.want["given."+c.param] = "sha256:" + sum
			// Run the suite.
			dir := filepath.Join(t.TempDir(), "runs")
			run(t, filepath.Join(bin, "sweep"), "run", c.suite, "-o", dir, "--set", "steps=1", "--set", "seeds=1")
			set, err := results.Read(dir)
			if err != nil {
				t.Fatal(err)
			}
			cell := &set.Runs[0].Cell
			why := run(t, filepath.Join(bin, "sweep"), "why", cell.ID, dir)
			methods := run(t, filepath.Join(bin, "report"), "methods", dir)
			// Compare what is said about the file.
			for column, want := range c.want {
				if got := cell.Get(column).String(); got != want {
					t.Errorf("runs.parquet: %s is %q, want %q", column, got, want)
				}
				for name, text := range map[string]string{"why": why, "methods": methods} {
					line := regexp.MustCompile(`(?m)^\|? *` + regexp.QuoteMeta(column) + ` +\|? *(\S*)`).FindStringSubmatch(text)
					if want == "" && line != nil || want != "" && (line == nil || line[1] != want) {
						t.Errorf("%s: %s is %q, want %q", name, column, line, want)
					}
				}
			}
			fields := map[string]string{}
			for _, f := range set.Instances[0].Fields {
				fields[f.Name] = strings.Join(f.Texts, "\n")
			}
			if fields[c.param+"_file"] != c.file || fields[c.param+"_sha256"] != sum {
				t.Errorf("instances.parquet: file %q, sha256 %q", fields[c.param+"_file"], fields[c.param+"_sha256"])
			}
		})
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// run returns what a command prints.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %v", c, err)
	}
	return string(out)
}

// TestFilesAreAsMade checks that the files are those that make writes.
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
