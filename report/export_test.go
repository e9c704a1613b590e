package report

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMethods(t *testing.T) {
	s := example(t)
	for _, format := range MethodsFormats {
		var b bytes.Buffer
		if err := s.WriteMethods(&b, Form{Format: format}); err != nil {
			t.Fatal(err)
		}
		golden(t, "methods."+format, bytes.ReplaceAll(b.Bytes(), []byte(s.Set.Digest()), []byte("DIGEST")))
	}
}

// TestExportCSV counts lines and compares one with the run it is of.
func TestExportCSV(t *testing.T) {
	s := example(t)
	var b bytes.Buffer
	if err := s.ExportCSV(&b, false); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := 1
	for _, r := range s.Rows {
		if r.Run != nil {
			want += len(r.Run.Curve)
		}
	}
	if len(lines) != want {
		t.Errorf("%d lines, want %d", len(lines), want)
	}
	head := make(map[string]int)
	for i, name := range lines[0] {
		if _, twice := head[name]; twice {
			t.Errorf("the column %s is there twice", name)
		}
		head[name] = i
	}
	first := s.Rows[0].Run
	l1, _ := first.Curve[1].Get(0)
	for name, want := range map[string]string{"cell": first.ID, "objective": "tb", "alpha": "", "seed": "0", "step": "10", "l1": plain(l1), "status": "done", "run.top_k": "100", "params.height": "4", "params.length": ""} {
		i, ok := head[name]
		if !ok {
			t.Errorf("there is no column %s", name)
		} else if got := lines[2][i]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	b.Reset()
	if err := s.ExportCSV(&b, true); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n != 32 { // 31 runs and the head
		t.Errorf("%d lines of last evaluations, want 32", n)
	}
	if !strings.Contains(b.String(), ",NaN") {
		t.Error("a diverged value is not NaN")
	}
}

// TestExportParquet: tables made from the one file are those of the directory.
func TestExportParquet(t *testing.T) {
	s := example(t)
	path := filepath.Join(t.TempDir(), "example.parquet")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ExportParquet(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	merged, err := Load(Options{}, path)
	if err != nil {
		t.Fatal(err)
	}
	if merged.Set.Digest() != s.Set.Digest() || merged.Name != "example" || merged.Missing != 1 {
		t.Errorf("%s, %d missing, digest %s; want %s", merged.Name, merged.Missing, merged.Set.Digest(), s.Set.Digest())
	}
	for _, spec := range s.Suite.Tables {
		var texts [2]bytes.Buffer
		for i, sweep := range []*Sweep{s, merged} {
			table, err := sweep.Table(spec)
			if err != nil {
				t.Fatal(err)
			}
			if err := WriteTables(&texts[i], Form{Format: "csv"}, sweep, []*Table{table}); err != nil {
				t.Fatal(err)
			}
		}
		if texts[0].String() != texts[1].String() {
			t.Errorf("table %s differs", spec.Name)
		}
	}
}
