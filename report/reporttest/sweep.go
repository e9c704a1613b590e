package reporttest

import (
	"embed"
	"flag"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/results"
	"gfnbench/suites"
)

//go:embed example.toml claims.toml tuned.toml
var files embed.FS

// Suite returns the text of a suite of this folder: example, claims or tuned.
func Suite(t *testing.T, name string) string {
	t.Helper()
	b, err := files.ReadFile(name + ".toml")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Load writes a results directory of a suite (see [Write]) and reads it.
func Load(t *testing.T, suite string, edit func(*suites.Cell, *results.Run)) *report.Sweep {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "example")
	if err := Write(dir, suite, edit); err != nil {
		t.Fatal(err)
	}
	s, err := report.Load(report.Options{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Example returns a sweep of example.toml. For reverse-kl without a control variate, seed
// 1 diverged and, on words, seed 2 failed. For renyi on grid, seed 3 has no result. The
// metric of tb on words is estimated.
func Example(t *testing.T) *report.Sweep {
	t.Helper()
	return Load(t, Suite(t, "example"), func(c *suites.Cell, r *results.Run) {
		switch naive := c.Value("objective").Text() == "reverse-kl" && c.Value("control_variate").Text() == "none"; {
		case naive && c.Seed == 1:
			Diverge(r)
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

// Claims returns a sweep of claims.toml. l1 is 1 to 6 for tb, twice that for vargrad, and
// close to tb's values for db, where the differences a - b are alternately 1/8 and -1/8.
// Seed 5 of subtb has no result.
func Claims(t *testing.T, edit func(*suites.Cell, *results.Run)) *report.Sweep {
	t.Helper()
	return Load(t, Suite(t, "claims"), func(c *suites.Cell, r *results.Run) {
		x := float64(c.Seed + 1)
		switch r.Objective {
		case "vargrad":
			x *= 2
		case "db":
			x += 0.125 * float64(1-c.Seed%2*2)
		case "subtb":
			if c.Seed == 5 {
				r.Status = ""
			}
		}
		Curve(r, 10, x)
		if edit != nil {
			edit(c, r)
		}
	})
}

// Diverge cuts the run short in the middle, where its metrics become NaN.
func Diverge(r *results.Run) {
	r.Curve = r.Curve[:len(r.Curve)/2]
	last := &r.Curve[len(r.Curve)-1]
	for _, m := range []metric.Metric{metric.L1, metric.JSD, metric.TV, metric.Loss} {
		last.Set(m, math.NaN())
	}
	r.Status, r.Step, r.Message = results.Diverged, last.Step, "the loss is not finite"
}

// Curve gives a run the l1 values at steps 0, 10, 20, ...
func Curve(r *results.Run, values ...float64) {
	r.Curve = nil
	for i, x := range values {
		p := results.Point{Step: int64(10 * i)}
		p.Set(metric.L1, x)
		r.Curve = append(r.Curve, p)
	}
	r.Step = int64(10 * (len(values) - 1))
}

// AddVariance gives a run the rows that [variance] in its suite asks for.
func AddVariance(suite *suites.Suite, c *suites.Cell, r *results.Run) {
	if !suite.Variance.On.Matches(c) {
		return
	}
	for _, o := range suite.Variance.Objectives {
		for _, batch := range suite.Variance.Batches {
			v := results.VarianceRow{
				Step: int64(suite.Variance.Steps[0]), Objective: o.Name, Batch: int64(batch), Replicates: 64,
				TraceCov: float64(len(o.Name)+len(o.ControlVariate)) / float64(batch) * (1 + 0.01*float64(c.Seed)), TraceCovStdErr: math.NaN(),
				GradNormSq: 1, Cosine: 0.5, CosineStdErr: math.NaN(),
			}
			for _, name := range o.Params.Names() {
				v.Params = append(v.Params, results.Param{Name: name, Value: o.Params[name]})
			}
			if o.ControlVariate != "" {
				v.ControlVariate = param.Of(o.ControlVariate)
			}
			r.Variance = append(r.Variance, v)
		}
	}
}

// Close reports whether two numbers agree up to rounding.
func Close(x, y float64) bool { return x == y || math.Abs(x-y) <= 1e-12*math.Abs(y) }

// Golden compares got with a file in testdata, or rewrites the file if the test
// has a flag -update and is run with it.
func Golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
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

var long = regexp.MustCompile(`-?[0-9]+\.[0-9]{9,}(e[-+][0-9]+)?`)

// Rounded returns the text without digits that differ between processors.
func Rounded(text []byte) []byte {
	return long.ReplaceAllFunc(text, func(number []byte) []byte {
		x, err := strconv.ParseFloat(string(number), 64)
		if err != nil {
			return number
		}
		return strconv.AppendFloat(nil, x, 'g', 9, 64)
	})
}
