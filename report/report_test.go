package report

import (
	"bytes"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gfnbench/gfn/metric"
	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

// example is a sweep of testdata/example.toml in which, of reverse-kl without
// control variate, seed 1 diverged and, on words, seed 2 failed; of renyi on
// grid, seed 3 has no result; and the metric of tb on words is estimated.
func example(t *testing.T) *Sweep {
	t.Helper()
	return load(t, exampleSuite(t), func(c *suites.Cell, r *results.Run) {
		switch naive := c.Value("objective").Text() == "reverse-kl" && c.Value("control_variate").Text() == "none"; {
		case naive && c.Seed == 1:
			diverge(r)
		case naive && c.Seed == 2 && r.Environment == "words":
			r.Status, r.Message = results.Failed, "out of memory"
		case r.Objective == "renyi" && r.Environment == "grid" && c.Seed == 3:
			r.Status = ""
		case r.Objective == "tb" && r.Environment == "words":
			last := &r.Curve[len(r.Curve)-1]
			x, _ := last.Get(metric.JSD)
			last.SetEstimate(metric.JSD, x, 0.001)
		}
	})
}

func exampleSuite(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("testdata/example.toml")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// diverge cuts the run short in the middle, where its metrics become NaN.
func diverge(r *results.Run) {
	r.Curve = r.Curve[:len(r.Curve)/2]
	last := &r.Curve[len(r.Curve)-1]
	for _, m := range []metric.Metric{metric.L1, metric.JSD, metric.TV, metric.Loss} {
		last.Set(m, math.NaN())
	}
	r.Status, r.Step, r.Message = results.Diverged, last.Step, "the loss is not finite"
}

func load(t *testing.T, suite string, edit func(*suites.Cell, *results.Run)) *Sweep {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "example")
	if err := reporttest.Write(dir, suite, edit); err != nil {
		t.Fatal(err)
	}
	s, err := Load(Options{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var long = regexp.MustCompile(`-?[0-9]+\.[0-9]{9,}(e[-+][0-9]+)?`)

// rounded has no number with more digits than are the same on every CPU.
func rounded(text []byte) []byte {
	return long.ReplaceAllFunc(text, func(number []byte) []byte {
		x, err := strconv.ParseFloat(string(number), 64)
		if err != nil {
			return number
		}
		return strconv.AppendFloat(nil, x, 'g', 9, 64)
	})
}

// golden compares got with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", path, d)
	}
}

// TestFormats compares the tables of the example in every format.
func TestFormats(t *testing.T) {
	s := example(t)
	specs, err := s.Tables()
	if err != nil {
		t.Fatal(err)
	}
	var tables []*Table
	for _, spec := range specs {
		table, err := s.Table(spec)
		if err != nil {
			t.Fatal(err)
		}
		tables = append(tables, table)
	}
	for _, format := range append([]string{"json"}, Formats...) {
		var b bytes.Buffer
		if err := WriteTables(&b, Form{Format: format}, s, tables); err != nil {
			t.Fatal(err)
		}
		golden(t, "tables."+format, rounded(b.Bytes()))
	}
}

// one is the only slot of a table of one cell for each value, all other cells
// left out.
func one(t *testing.T, stat, summary string, threshold *float64, edit func(seed int, r *results.Run)) *Slot {
	t.Helper()
	s := load(t, exampleSuite(t), func(c *suites.Cell, r *results.Run) {
		if r.Objective != "tb" || r.Environment != "grid" {
			r.Status = ""
			return
		}
		edit(c.Seed, r)
	})
	s, err := s.Filter([]string{"objective=tb,environment=grid"})
	if err != nil {
		t.Fatal(err)
	}
	table, err := s.Table(&suites.Table{Rows: []string{"environment"}, Columns: []string{"objective"}, Metric: suites.Metric{Default: "l1"}, Stat: stat, Summary: summary, Threshold: threshold})
	if err != nil {
		t.Fatal(err)
	}
	return table.Slots[0][0]
}

// curve gives a run the l1 values at steps 0, 10, 20, ...
func curve(r *results.Run, values ...float64) {
	r.Curve = nil
	for i, x := range values {
		p := results.Point{Step: int64(10 * i)}
		p.Set(metric.L1, x)
		r.Curve = append(r.Curve, p)
	}
	r.Step = int64(10 * (len(values) - 1))
}

// TestSummaries has values that are easily computed by hand.
func TestSummaries(t *testing.T) {
	threshold := 0.5
	// Final values 1, 2, 3, 6: mean 3, sd √((4+1+0+9)/3) = 2.16025, median 2.5,
	// IQM (one cut at each end) 2.5. Curves are straight lines from 10 over two
	// steps, so that their mean heights are (10+1)/2 = 5.5, 6, 6.5, 8: mean 6.5.
	finals := []float64{1, 2, 3, 6}
	straight := func(seed int, r *results.Run) { curve(r, 10, (10+finals[seed])/2, finals[seed]) }
	diverged := func(seed int, r *results.Run) {
		straight(seed, r)
		if seed == 3 {
			diverge(r)
		}
	}
	// Crossings of 0.5 at 10, 20, 20 and never, followed to 30: restricted mean
	// (10+20+20+30)/4 = 20.
	crossing := func(seed int, r *results.Run) {
		curve(r, [][]float64{{1, .5, .6, .4}, {1, .7, .1, .1}, {1, .7, .1, .1}, {1, .7, .7, .6}}[seed]...)
	}
	tests := []struct {
		name, stat, summary string
		threshold           *float64
		edit                func(int, *results.Run)
		n                   int
		estimate, sd        float64
		diverged            int
	}{
		{"mean", "final", "mean", nil, straight, 4, 3, math.Sqrt(14. / 3), 0},
		{"median", "final", "median", nil, straight, 4, 2.5, math.Sqrt(14. / 3), 0},
		{"iqm", "final", "iqm", nil, straight, 4, 2.5, math.Sqrt(14. / 3), 0},
		{"auc", "auc", "mean", nil, straight, 4, 6.5, math.Sqrt((1 + .25 + 0 + 2.25) / 3), 0},
		{"best", "best", "mean", nil, crossing, 4, (.4 + .1 + .1 + .6) / 4, math.Sqrt((.01 + .04 + .04 + .09) / 3), 0},
		// One of four diverged: the mean and sd are those of 1, 2, 3; the median
		// is that of 1, 2, 3, ∞.
		{"mean, one diverged", "final", "mean", nil, diverged, 3, 2, 1, 1},
		{"median, one diverged", "final", "median", nil, diverged, 4, 2.5, 1, 1},
		// Greenwood: areas beyond the events at 10 and 20 are .75·10+.25·10 = 10
		// and .25·10 = 2.5; variance 10²·1/(4·3) + 2.5²·2/(3·1) = 12.5.
		{"steps-to", "steps-to", "mean", &threshold, crossing, 4, 20, math.Sqrt(12.5), 0},
		{"trajectories-to", "trajectories-to", "mean", &threshold, crossing, 4, 20 * 16, 16 * math.Sqrt(12.5), 0},
		// A run of 30 steps takes 90 s in the fixture: 3 s a step.
		{"seconds-to", "seconds-to", "mean", &threshold, crossing, 4, 60, 3 * math.Sqrt(12.5), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := one(t, tt.stat, tt.summary, tt.threshold, tt.edit)
			if s.N != tt.n || s.Diverged != tt.diverged || !close(s.Estimate, tt.estimate) || !close(s.SD, tt.sd) {
				t.Errorf("n %d, diverged %d, %v ± %v; want %d, %d, %v ± %v", s.N, s.Diverged, s.Estimate, s.SD, tt.n, tt.diverged, tt.estimate, tt.sd)
			}
		})
	}
}

func close(x, y float64) bool { return x == y || math.Abs(x-y) <= 1e-12*math.Abs(y) }

// TestPooling refuses to pool anything but seeds.
func TestPooling(t *testing.T) {
	s := example(t)
	_, err := s.Table(&suites.Table{Rows: []string{"environment"}, Columns: []string{"objective"}, Metric: suites.Metric{Default: "l1"}, Stat: "final"})
	want := "the cells of row grid, column reverse-kl differ in control_variate: add it to the rows or columns, or choose with -f control_variate=..."
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, ok := errors.AsType[*UsageError](err); !ok {
		t.Errorf("%T is no UsageError", err)
	}
}

func TestDefaultTable(t *testing.T) {
	s := example(t)
	spec := s.DefaultTable(nil, nil)
	if d := cmp.Diff([]string{"objective", "control_variate"}, spec.Columns); d != "" {
		t.Error(d)
	}
	if _, err := s.Table(spec); err != nil {
		t.Error(err)
	}
	spec = s.DefaultTable(nil, []string{"environment"})
	if d := cmp.Diff([]string{"objective", "control_variate"}, spec.Rows); d != "" {
		t.Error(d)
	}
}

func TestNumbers(t *testing.T) {
	tests := []struct {
		x, spread float64
		want      string
	}{
		{0.03121, 0.0021, "0.0312 ± 0.0021"},
		{0.031214, 0.00000123, "0.03121 ± 0.00000"},
		{1.95, 0.5, "1.95 ± 0.50"},
		{123.4, 32, "123 ± 32"},
		{3, 0, "3.000 ± 0.000"},
		{-2.5, 0.25, "−2.50 ± 0.25"},
		{0.0999, 0.0996, "0.100 ± 0.100"},
		{1.5e-9, 2e-10, "1.50e-09 ± 2.00e-10"},
		{123456, 1234, "123456 ± 1234"},
		{0, 0, "0.000 ± 0.000"},
		{2, math.NaN(), "2"},
		{math.NaN(), math.NaN(), "–"},
		{math.Inf(1), 1, "∞"},
	}
	for _, tt := range tests {
		if got := plusMinus(tt.x, tt.spread); got != tt.want {
			t.Errorf("plusMinus(%v, %v) = %q, want %q", tt.x, tt.spread, got, tt.want)
		}
	}
}

// TestComparison has six seeds in which one column is always better and another
// is better three times: of the 2^6 signs of the differences, two are as
// extreme as the first, so p = 2/64, doubled by Holm; the second is symmetric.
func TestComparison(t *testing.T) {
	suite := `schema = 1
name = "six"
[run]
seeds = 6
steps = 10
eval_every = 5
[environment.grid]
kind = "hypergrid"
dim = 2
height = 4
[[grid]]
objective = ["tb", "vargrad", "db"]
[[table]]
name = "t"
rows = "environment"
columns = "objective"
metric = "l1"
base = "tb"
`
	values := map[string][]float64{"tb": {1, 2, 3, 4, 5, 6}, "vargrad": {.9, 1.8, 2.7, 3.6, 4.5, 5.4}, "db": {0, 1, 2, 5, 6, 7}}
	s := load(t, suite, func(c *suites.Cell, r *results.Run) { curve(r, 10, values[r.Objective][c.Seed]) })
	table, err := s.Table(s.Suite.Tables[0])
	if err != nil {
		t.Fatal(err)
	}
	better, mixed := table.Slots[0][1].Versus, table.Slots[0][2].Versus
	if better.P != 2./64 || better.Adjusted != 4./64 || better.MinP != 2./64 || better.Pairs != 6 || better.Distinct || !close(better.Change, -.1) {
		t.Errorf("%+v", better)
	}
	if mixed.P != 1 || mixed.Adjusted != 1 || !close(mixed.Change+1, 1) {
		t.Errorf("%+v", mixed)
	}
	if table.MinP != 4./64 {
		t.Errorf("smallest p %v, want 4/64", table.MinP)
	}
}

// TestComparisonOverSharedSeeds: of a base with three seeds and another setting
// with six, the change is that of the means over three, (1.8+2.7+3.6)/(2+3+4) - 1;
// a setting without results has none to show.
func TestComparisonOverSharedSeeds(t *testing.T) {
	s := load(t, exampleSuite(t), func(c *suites.Cell, r *results.Run) {
		switch {
		case r.Environment != "grid":
			r.Status = ""
		case r.Objective == "renyi":
			r.Status = ""
		case r.Objective == "tb" && c.Seed == 0:
			r.Status = ""
		case r.Objective == "tb":
			curve(r, 10, float64(c.Seed+1))
		default:
			curve(r, 10, 0.9*float64(c.Seed+1))
		}
	})
	table, err := s.Table(s.Suite.Tables[0])
	if err != nil {
		t.Fatal(err)
	}
	row := table.Slots[0]
	if c := row[1].Versus; !close(1+c.Change, 0.9) || c.Pairs != 3 {
		t.Errorf("%+v", c)
	}
	sh := table.sheet()
	want := [][]string{{"grid", "3.0 ± 1.0", "2.2 ± 1.2 (−10% ~)", "2.2 ± 1.2 (−10% ~)", "–"}, {"(paper)", "0.07±0.00", "", "", ""}, {"words", "–", "–", "–", "–"}}
	got := sh.texts(func(e *entry) string {
		if e.change != "" {
			return e.text + " (" + e.change + ")"
		}
		return e.text
	})
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if note := "the change is over the 3 seeds of which both have a value"; !slices.Contains(sh.footnotes, note) {
		t.Errorf("no footnote %q: %q", note, sh.footnotes)
	}
}
