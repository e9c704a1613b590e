package results

import (
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/results/disk"
)

// sameFloat compares the bits of floats.
var sameFloat = cmp.Comparer(func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })

var exactly = cmp.Options{sameFloat, cmp.AllowUnexported(Values{}), cmp.Comparer(func(x, y param.Value) bool { return x == y }), cmp.Transformer("settings", func(params []Param) map[string]param.Value {
	m := map[string]param.Value{}
	for _, p := range params {
		m[p.Name] = p.Value
	}
	return m
}), cmp.Transformer("params", func(c Cell) map[string]string {
	m := map[string]string{} // a null parameter equals one left out; kinds are those of the union
	for _, p := range c.Params {
		if !p.Value.IsNull() {
			m[p.Name] = p.Value.String()
		}
	}
	for _, name := range []string{"cell", "environment", "objective", "alpha", "a", "lambda", "control_variate", "seed"} {
		if v := c.Get(name); !v.IsNull() {
			m[name] = v.String()
		}
	}
	return m
})}

// equal compares runs bit by bit.
func equal(t testing.TB, what string, got, want []Run) {
	t.Helper()
	if len(got) == 0 && len(want) == 0 {
		return
	}
	if diff := cmp.Diff(want, got, exactly); diff != "" {
		t.Fatalf("%s differ (-want +got):\n%s", what, diff)
	}
}

// unsynced is a file system that is fast and not durable.
type unsynced struct{ disk.FS }

func (unsynced) SyncDir(string) error { return nil }

func (u unsynced) Create(path string) (disk.File, error) {
	f, err := u.FS.Create(path)
	return unsyncedFile{f}, err
}

type unsyncedFile struct{ disk.File }

func (unsyncedFile) Sync() error { return nil }

func tempDir(t interface{ Fatalf(string, ...any) }) string {
	dir, err := os.MkdirTemp("", "results")
	if err != nil {
		t.Fatalf("%v", err)
	}
	return dir
}

func must(t interface {
	Helper()
	Fatalf(string, ...any)
}, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// normalized returns runs as they are read back.
func normalized(runs []Run) []Run {
	all := slices.Clone(runs)
	for i := range all {
		all[i].normalize()
		for j, v := range all[i].Variance {
			if math.IsNaN(v.TraceCovStdErr) {
				all[i].Variance[j].TraceCovStdErr = math.NaN() // written as null
			}
		}
	}
	return all
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		runs, instances := anyRuns(t), anyInstances(t)
		dir := tempDir(t)
		defer os.RemoveAll(dir)
		d, err := Create(dir, Options{FS: unsynced{disk.OS}, Suite: "schema = 1\n# π\n", Provenance: Provenance{{"revision", "abc-dirty"}}})
		must(t, err)
		for i := range runs {
			must(t, d.Append(runs[i]))
		}
		must(t, d.AppendInstances(instances...))
		// Read from the journal and from the Parquet files.
		journal, err := Read(dir)
		must(t, err)
		if err := d.Compact(); err != nil {
			t.Fatalf("%v", err)
		}
		parquet, err := Read(dir)
		must(t, err)
		// Compare.
		want := normalized(runs)
		for name, s := range map[string]*Set{"journal": journal, "parquet": parquet} {
			if len(want) > 0 || len(s.Runs) > 0 {
				if diff := cmp.Diff(want, s.Runs, exactly); diff != "" {
					t.Fatalf("%s (-want +got):\n%s", name, diff)
				}
			}
			if len(instances) > 0 || len(s.Instances) > 0 {
				if diff := cmp.Diff(instances, s.Instances, exactly); diff != "" {
					t.Fatalf("%s instances (-want +got):\n%s", name, diff)
				}
			}
			if s.Digest() != Digest(runs) {
				t.Fatalf("%s: digest changed", name)
			}
		}
		if parquet.Partial || journal.Partial != (len(runs)+len(instances) > 0) {
			t.Fatalf("partial: journal %v, parquet %v", journal.Partial, parquet.Partial)
		}
		if parquet.Suite != "schema = 1\n# π\n" || parquet.Provenance.Get("revision") != "abc-dirty" {
			t.Fatalf("footer: %q %v", parquet.Suite, parquet.Provenance)
		}
		// Read only the final metrics.
		final, err := ReadFinal(dir)
		must(t, err)
		for i := range final.Runs {
			got, want := final.Runs[i].Final(), want[i].Final()
			if diff := cmp.Diff(want, got, exactly); diff != "" {
				t.Fatalf("final metrics (-want +got):\n%s", diff)
			}
		}
	})
}

func TestColumnsWidenOverTheSweep(t *testing.T) {
	cell := func(params ...Param) Cell { return Cell{Params: params} }
	got := Columns([]Cell{
		cell(Param{"steps", param.Of(1)}, Param{"batch", param.Of(2)}),
		cell(Param{"steps", param.Of(1)}, Param{"optimizer.lr", param.Of(1)}, Param{"batch", param.Value{}}),
		cell(Param{"optimizer.lr", param.Of(0.5)}, Param{"optimizer.log_z_init", param.Of("zero")}),
		cell(Param{"optimizer.log_z_init", param.Of(3)}, Param{"importance", param.Of(true)}, Param{"params.x", param.Value{}}),
	})
	want := []Column{{"steps", param.Int}, {"optimizer.lr", param.Float}, {"optimizer.log_z_init", param.String}, {"importance", param.Bool}, {"params.x", param.Null}, {"batch", param.Int}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAppendRefusesWhatCannotBeWritten(t *testing.T) {
	d, err := Create(t.TempDir(), Options{})
	must(t, err)
	for what, alter := range map[string]func(*Run){
		"id":               func(r *Run) { r.ID = "XYZ" },
		"status":           func(r *Run) { r.Status = "ok" },
		"taken name":       func(r *Run) { r.Params[1].Name = "l1_stderr" },
		"name twice":       func(r *Run) { r.Params[2].Name = r.Params[1].Name },
		"beyond 2^53":      func(r *Run) { r.Params[0].Value = param.Of(1 << 53) },
		"alpha of words":   func(r *Run) { r.Params[0].Value = param.Of("half") },
		"control variate":  func(r *Run) { r.ControlVariate = param.Of(1) },
		"measured, taken":  func(r *Run) { r.Variance = []VarianceRow{{Params: []Param{{"batch", param.Of(1)}}}} },
		"seed":             func(r *Run) { r.Seed = -1 << 53 },
		"not UTF-8":        func(r *Run) { r.Environment = "\xff" },
		"steps descend":    func(r *Run) { r.Curve[1].Step = 0 },
		"fraction of mode": func(r *Run) { r.Curve[0].Set(metric.Modes, 1.5) },
		"no objective":     func(r *Run) { r.Objective = "" },
	} {
		r := sampleRun(1, 3)
		alter(&r)
		if err := d.Append(r); err == nil {
			t.Errorf("%s: accepted", what)
		}
	}
	if s, err := d.Read(); err != nil || len(s.Runs) > 0 {
		t.Errorf("after refusals: %v, %v", s, err)
	}
}

func TestValues(t *testing.T) {
	var v Values
	v.Set(metric.Samples, 5)
	v.SetEstimate(metric.L1, 1, 0.1)
	v.Set(metric.TV, math.NaN())
	w := v
	w.Set(metric.L1, 2) // exact now: no standard error
	if x, ok := v.StdErr(metric.L1); !ok || x != 0.1 {
		t.Errorf("StdErr(metric.L1) = %v, %v", x, ok)
	}
	if _, ok := w.StdErr(metric.L1); ok {
		t.Error("an exact value kept its standard error")
	}
	if x, ok := w.Get(metric.L1); !ok || x != 2 {
		t.Errorf("Get(metric.L1) = %v, %v", x, ok)
	}
	if x, ok := v.Get(metric.TV); !ok || !math.IsNaN(x) {
		t.Errorf("Get(metric.TV) = %v, %v", x, ok)
	}
	if _, ok := v.Get(metric.JSD); ok {
		t.Error("JSD is present")
	}
	if fmt.Sprint(v.packed) != "[1 0.1 NaN 5]" || fmt.Sprint(w.packed) != "[2 NaN 5]" {
		t.Errorf("%v %v", v.packed, w.packed)
	}
}
