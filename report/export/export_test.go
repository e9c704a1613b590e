package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/reporttest"
	"gfnbench/report/sheet"
)

// TestExportCSV counts lines and compares one with its run.
func TestExportCSV(t *testing.T) {
	s := reporttest.Example(t)
	var b bytes.Buffer
	if err := CSV(&b, s, false); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	// There is a line for each evaluation.
	want := 1
	for _, r := range s.Rows {
		if r.Run != nil {
			want += len(r.Run.Curve)
		}
	}
	if len(lines) != want {
		t.Errorf("%d lines, want %d", len(lines), want)
	}
	// Check the columns and a line.
	head := make(map[string]int)
	for i, name := range lines[0] {
		if _, twice := head[name]; twice {
			t.Errorf("the column %s occurs twice", name)
		}
		head[name] = i
	}
	first := s.Rows[0].Run
	l1, _ := first.Curve[1].Get(0)
	for name, want := range map[string]string{"cell": first.ID, "objective": "tb", "alpha": "", "seed": "0", "step": "10", "l1": number.Plain(l1), "status": "done", "run.top_k": "100", "params.height": "4", "params.length": ""} {
		i, ok := head[name]
		if !ok {
			t.Errorf("there is no column %s", name)
		} else if got := lines[2][i]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	// Export the last evaluations only.
	b.Reset()
	if err := CSV(&b, s, true); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n != 32 { // 31 runs and the head
		t.Errorf("%d lines of last evaluations, want 32", n)
	}
	if !strings.Contains(b.String(), ",NaN") {
		t.Error("a diverged value is not NaN")
	}
}

// TestExportJSON: the objects are the lines of the CSV, with types; values that are empty
// or not finite in CSV are null.
func TestExportJSON(t *testing.T) {
	s := reporttest.Example(t)
	for _, final := range []bool{false, true} {
		var table, list bytes.Buffer
		if err := errors.Join(CSV(&table, s, final), JSON(&list, s, final)); err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(&table).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var objects []map[string]any
		if err := json.Unmarshal(list.Bytes(), &objects); err != nil {
			t.Fatal(err)
		}
		if len(objects) != len(lines)-1 {
			t.Fatalf("%d objects of %d lines", len(objects), len(lines)-1)
		}
		for i, o := range objects {
			if len(o) != len(lines[0]) {
				t.Fatalf("object %d has %d keys, want %d", i, len(o), len(lines[0]))
			}
			for j, key := range lines[0] {
				if text := lines[i+1][j]; !agree(o[key], text) {
					t.Errorf("object %d: %s is %v, in CSV %q", i, key, o[key], text)
				}
			}
		}
	}
	var empty bytes.Buffer
	if err := JSON(&empty, &report.Sweep{Set: s.Set}, false); err != nil || empty.String() != "[]\n" {
		t.Errorf("without rows: %q, %v", &empty, err)
	}
}

// agree reports whether a JSON value equals a CSV field.
func agree(v any, text string) bool {
	switch v := v.(type) {
	case nil:
		return text == "" || text == "NaN" || text == "+Inf" || text == "-Inf"
	case float64:
		x, err := strconv.ParseFloat(text, 64)
		return err == nil && x == v
	case string:
		return v == text
	case bool:
		return strconv.FormatBool(v) == text
	case []any:
		b, _ := json.Marshal(v)
		return string(b) == text
	}
	return false
}

// TestExportParquet: tables made from the one file equal those of the directory.
func TestExportParquet(t *testing.T) {
	s := reporttest.Example(t)
	path := filepath.Join(t.TempDir(), "example.parquet")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := Parquet(f, s); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	merged, err := report.Load(report.Options{}, path)
	if err != nil {
		t.Fatal(err)
	}
	if merged.Set.Digest() != s.Set.Digest() || merged.Name != "example" || merged.Missing != 1 {
		t.Errorf("%s, %d missing, digest %s; want %s", merged.Name, merged.Missing, merged.Set.Digest(), s.Set.Digest())
	}
	for _, spec := range s.Suite.Tables {
		var texts [2]bytes.Buffer
		for i, sweep := range []*report.Sweep{s, merged} {
			table, err := sweep.Table(spec)
			if err != nil {
				t.Fatal(err)
			}
			if err := sheet.WriteTables(&texts[i], sheet.Form{Format: "csv"}, sweep, []*report.Table{table}); err != nil {
				t.Fatal(err)
			}
		}
		if texts[0].String() != texts[1].String() {
			t.Errorf("table %s differs", spec.Name)
		}
	}
}
