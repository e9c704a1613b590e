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

	"gfnbench/gfn/metric"
	"gfnbench/report"
	"gfnbench/report/export"
	"gfnbench/results"
	"gfnbench/results/readerstest"
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

// wantTable returns the table that every script prints, from our own reader. The arms
// differ in those settings that vary between runs of one environment, objective, alpha
// and control variate.
func wantTable(t *testing.T, dir string) string {
	t.Helper()
	set, err := results.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	const more = "optimizer.log_z_init" // as in tiny.toml
	values := map[string][]float64{}
	for i := range set.Runs {
		r := &set.Runs[i]
		arm, final := []string{r.Environment, r.Objective}, r.Final()
		for _, column := range []string{"alpha", "control_variate", more} {
			text := "none"
			if v := r.Get(column); !v.IsNull() {
				text = v.String()
			}
			arm = append(arm, text)
		}
		x, ok := final.Get(metric.L1)
		if !ok || math.IsNaN(x) != (r.Status == results.Diverged) {
			t.Fatalf("cell %s is %s with l1 %v, %v", r.ID, r.Status, x, ok)
		}
		name := strings.Join(arm, "\t")
		values[name] = append(values[name], x)
	}
	var lines []string
	for arm, x := range values {
		mean, sd := stat.MeanStdDev(x, nil)
		lines = append(lines, fmt.Sprintf("%s\t%.6f\t%.6f\t%d\n", arm, mean, sd, len(x)))
	}
	sort.Strings(lines)
	return "environment\tobjective\talpha\tcontrol_variate\t" + more + "\tmean\tsd\tseeds\n" + strings.Join(lines, "")
}

// TestPythonScripts compares the tables of pandas, Polars and DuckDB with ours.
func TestPythonScripts(t *testing.T) {
	python := readerstest.Python(t)
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

// TestRScript reads the CSV of report export with base R and, where .ci/r.sh finds or
// installs nanoparquet or arrow, the Parquet files.
func TestRScript(t *testing.T) {
	setup := exec.Command("../.ci/r.sh")
	setup.Stderr = os.Stderr
	library, err := setup.Output()
	if err != nil {
		t.Fatal(err)
	}
	r, err := exec.LookPath("Rscript")
	if err != nil {
		t.Skip("R is not installed")
	}
	t.Setenv("R_LIBS", strings.TrimSpace(string(library)))
	dir := trained(t)
	table, figure := filepath.Join(t.TempDir(), "curves.csv"), filepath.Join(t.TempDir(), "curves.svg")
	exportCSV(t, dir, table)
	compare(t, wantTable(t, dir), r, "r/curves.R", table, figure)
	if exec.Command(r, "-e", `q(status = !(requireNamespace("nanoparquet", quietly = TRUE) || requireNamespace("arrow", quietly = TRUE)))`).Run() == nil {
		compare(t, wantTable(t, dir), r, "r/curves.R", dir, figure)
	}
}

// exportCSV writes the output of report export to a file.
func exportCSV(t *testing.T, dir, path string) {
	t.Helper()
	s, err := report.Load(report.Options{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := export.CSV(f, s, false); err != nil {
		t.Fatal(err)
	}
}

func compare(t *testing.T, want, program string, args ...string) {
	t.Helper()
	var stderr bytes.Buffer
	c := exec.Command(program, args...)
	c.Stderr = &stderr
	got, err := c.Output()
	// Programs write NaN in different ways; the sd of R is NA then.
	same := strings.NewReplacer("\tnan\tnan\t", "\tNaN\tNaN\t", "\tNA\t", "\tNaN\t").Replace(string(got))
	if err != nil || same != want {
		t.Errorf("%s: %v\n%s%s\nwant\n%s", args[0], err, got, &stderr, want)
	}
}
