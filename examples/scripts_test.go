package examples

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"gfnbench/results"
	"gfnbench/sweep"
)

// trained runs tiny.toml and returns its directory.
func trained(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "tiny")
	p, err := sweep.Load("testdata/tiny.toml", dir, sweep.Selection{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sweep.Run(context.Background(), p, sweep.Options{Workers: 2, Progress: sweep.NewProgress(io.Discard, sweep.Quiet)}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// wantTable is the table that every script prints, from our own reader.
func wantTable(t *testing.T, dir string) string {
	t.Helper()
	set, err := results.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string][]float64{}
	for i := range set.Runs {
		r := &set.Runs[i]
		alpha, cv, final := "none", "none", r.Final()
		if r.Alpha != nil {
			alpha = fmt.Sprintf("%g", *r.Alpha)
		}
		if r.ControlVariate != nil {
			cv = *r.ControlVariate
		}
		x, ok := final.Get(results.L1)
		if !ok || math.IsNaN(x) {
			t.Fatalf("cell %s has no l1", r.ID)
		}
		arm := strings.Join([]string{r.Environment, r.Objective, alpha, cv}, "\t")
		values[arm] = append(values[arm], x)
	}
	var lines []string
	for arm, x := range values {
		mean, sd := stat.MeanStdDev(x, nil)
		lines = append(lines, fmt.Sprintf("%s\t%.6f\t%.6f\t%d\n", arm, mean, sd, len(x)))
	}
	sort.Strings(lines)
	return strings.Join(lines, "")
}

// TestPythonScripts compares the tables of pandas, Polars and DuckDB with ours.
func TestPythonScripts(t *testing.T) {
	home, err := exec.Command("../.ci/readers.sh").Output()
	if err == nil {
		_, err = os.Stat(filepath.Join(strings.TrimSpace(string(home)), "venv"))
	}
	if err != nil {
		if os.Getenv("CI") == "true" || os.Getenv("GFNBENCH_REQUIRE_READERS") != "" {
			t.Fatal(err)
		}
		t.Skipf("the Python packages could not be installed: %v", err)
	}
	python := filepath.Join(strings.TrimSpace(string(home)), "venv/bin/python")
	dir := trained(t)
	want := wantTable(t, dir)
	figure := filepath.Join(t.TempDir(), "curves.svg")
	for _, script := range [][]string{
		{"curves_pandas.py", dir, figure},
		{"table_polars.py", dir},
		{"table_duckdb.py", dir},
	} {
		compare(t, want, python, append([]string{filepath.Join("python", script[0])}, script[1:]...)...)
	}
	if svg, err := os.ReadFile(figure); err != nil || bytes.Count(svg, []byte("<path")) < 10 {
		t.Errorf("no curves are drawn: %d bytes, %v", len(svg), err)
	}
}

// TestRScript needs R with nanoparquet or arrow.
func TestRScript(t *testing.T) {
	r, err := exec.LookPath("Rscript")
	if err != nil {
		t.Skip("R is not installed")
	}
	if out, err := exec.Command(r, "-e", `invisible(parse("r/curves.R"))`).CombinedOutput(); err != nil {
		t.Fatalf("curves.R is not R: %v\n%s", err, out)
	}
	if exec.Command(r, "-e", `q(status = !(requireNamespace("nanoparquet", quietly = TRUE) || requireNamespace("arrow", quietly = TRUE)))`).Run() != nil {
		t.Skip("R has neither nanoparquet nor arrow: curves.R is parsed and not run")
	}
	dir := trained(t)
	compare(t, wantTable(t, dir), r, "r/curves.R", dir, filepath.Join(t.TempDir(), "curves.svg"))
}

func compare(t *testing.T, want, program string, args ...string) {
	t.Helper()
	var stderr bytes.Buffer
	c := exec.Command(program, args...)
	c.Stderr = &stderr
	if got, err := c.Output(); err != nil || string(got) != want {
		t.Errorf("%s: %v\n%s%s\nwant\n%s", args[0], err, got, &stderr, want)
	}
}
