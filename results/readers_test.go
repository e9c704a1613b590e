package results

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/results/columnar"
	"gfnbench/results/disk"
	"gfnbench/results/readerstest"
)

// fixture writes a sweep directory with everything that readers may stumble over: nulls,
// empty texts, NaN, infinities, signed zeros, Unicode, columns that are null throughout,
// several row groups, and a table for each file.
func fixture(t *testing.T, dir string) {
	t.Helper()
	special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), math.SmallestNonzeroFloat64, math.MaxFloat64, 0.1}
	var runs []Run
	for i := range 8 {
		r := sampleRun(i, 1+i%4)
		r.Environment = []string{"sets", "größe 🎲", "日本語", "a\"b,c\n"}[i%4]
		r.Params = r.Params[1:]
		var measured []Param
		if i%3 > 0 {
			measured = []Param{{"alpha", param.Of(special[i%len(special)])}, {"delta", param.Of(i)}}
		}
		r.ControlVariate = []param.Value{{}, param.Of(""), r.ControlVariate}[i%3]
		r.Params = append(r.Params, Param{"importance", param.Of(i%2 == 0)}, Param{"params.x", param.Of(special[i%len(special)])}, Param{"big", param.Of(maxInt - 1)})
		if i%2 == 1 {
			r.Params = r.Params[2:]
		}
		r.Params = append(slices.Clone(measured[:min(len(measured), 1)]), r.Params...)
		for k := range r.Curve {
			r.Curve[k].Set(metric.TV, special[(i+k)%len(special)])
			r.Curve[k].SetEstimate(metric.ELBO, special[(i+k+1)%len(special)], special[(i+k+2)%len(special)])
		}
		r.Status = Statuses()[i%7]
		r.Message = []string{"", "panic: π"}[i%2]
		r.Variance = []VarianceRow{{Step: 5, Objective: "tsallis", Params: measured, Batch: 32, Replicates: 8, TraceCov: special[i%7], CosineStdErr: math.NaN(), Exact: i%2 == 0}}
		runs = append(runs, r)
	}
	groupRows = 100 // so that there are several
	defer func() { groupRows = columnar.MaxGroup }()
	long := sampleRun(100, 1005)
	for i := range long.Curve {
		if i < 500 {
			long.Curve[i].Values = Values{} // groups without a value
		}
	}
	d, err := Create(dir, Options{FS: unsynced{disk.OS}, Suite: "name = \"π\"\n", Provenance: Provenance{{"revision", "abc"}}})
	must(t, err)
	must(t, d.Append(append(runs, long)...))
	must(t, d.AppendInstances(Instance{ID: "sets", Environment: "sets", Fields: []Field{
		{Name: "f", Numbers: special}, Scalar("log_z", 28.8), {Name: "sequence", Texts: []string{"ACGT", "", "日本"}}}}))
	must(t, d.Compact())
}

type jsonColumn struct {
	Name   string    `json:"name"`
	Type   string    `json:"type"`
	Values []*string `json:"values"`
}

// dump returns what our own reader finds in a file.
func dump(t *testing.T, path string, table *table) []jsonColumn {
	t.Helper()
	r, err := openTable(disk.OS, path, table)
	must(t, err)
	defer r.Close()
	var all []jsonColumn
	for i, f := range r.Fields() {
		c := jsonColumn{f.Name, f.Type.String(), []*string{}}
		for g := range r.Groups() {
			var column columnar.Column
			must(t, r.Read(g, i, &column))
			first, rows := len(c.Values), r.GroupRows(g)
			c.Values = append(c.Values, make([]*string, rows)...)
			group := &rowGroup{rows: rows, columns: map[string]*columnar.Column{f.Name: &column}}
			group.values(f.Name, func(row int, v param.Value) {
				if v.IsNull() {
					return
				}
				s := v.String()
				if x, ok := v.Number(); ok && f.Type == columnar.Float64 {
					if s = "nan"; !math.IsNaN(x) {
						s = fmt.Sprintf("%016x", math.Float64bits(x))
					}
				}
				c.Values[first+row] = &s
			})
		}
		all = append(all, c)
	}
	return all
}

// TestOutsideReaders compares, value by value, what pandas with pyarrow, DuckDB and
// hyparquet read with what our reader does.
func TestOutsideReaders(t *testing.T) {
	if testing.Short() {
		t.Skip("runs programs of other languages")
	}
	// Write the files and their expected contents.
	must := func(err error) { t.Helper(); must(t, err) }
	dir := t.TempDir()
	fixture(t, dir)
	expected := map[string][]jsonColumn{}
	for _, table := range tables {
		expected[table.file] = dump(t, filepath.Join(dir, table.file), table)
	}
	empty := filepath.Join(dir, "empty")
	d, err := Create(empty, Options{})
	must(err)
	must(d.Compact())
	for _, table := range []*table{runsTable, curvesTable, timingTable} {
		expected["empty/"+table.file] = dump(t, filepath.Join(empty, table.file), table)
	}
	b, err := json.Marshal(expected)
	must(err)
	must(os.WriteFile(filepath.Join(dir, "expected.json"), b, 0o644))

	// Compare with each reader.
	scripts := t.TempDir()
	must(os.CopyFS(scripts, os.DirFS("testdata/readers")))
	node := func(t testing.TB) string { // finds modules beside the script
		must(os.Symlink(readerstest.NodeModules(t), filepath.Join(scripts, "node_modules")))
		return "node"
	}
	for _, reader := range []struct {
		name, script string
		program      func(testing.TB) string
	}{
		{"pandas", "check_pandas.py", readerstest.Python},
		{"duckdb", "check_duckdb.py", readerstest.Python},
		{"hyparquet", "check_hyparquet.mjs", node},
	} {
		t.Run(reader.name, func(t *testing.T) {
			program := reader.program(t)
			start := time.Now()
			out, err := exec.Command(program, filepath.Join(scripts, reader.script), dir).CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out[:min(len(out), 4000)])
			}
			t.Logf("%s (%s)", strings.TrimSpace(string(out)), time.Since(start).Round(time.Millisecond))
		})
	}
	t.Run("altered", func(t *testing.T) { // a value altered on the way to them is noticed
		python := readerstest.Python(t)
		*expected[runsFile][0].Values[0] += "1"
		b, err := json.Marshal(expected)
		must(err)
		must(os.WriteFile(filepath.Join(dir, "expected.json"), b, 0o644))
		if err := exec.Command(python, filepath.Join(scripts, "check_duckdb.py"), dir).Run(); err == nil {
			t.Error("the comparison does not notice a difference")
		}
	})
}
