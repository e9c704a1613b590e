package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestMethods(t *testing.T) {
	s := example(t)
	for _, format := range MethodsFormats {
		var b bytes.Buffer
		if err := s.WriteMethods(&b, Form{Format: format}, release); err != nil {
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

// TestExportJSON: the objects are the lines of the CSV, with types; what is empty
// or not finite there is null.
func TestExportJSON(t *testing.T) {
	s := example(t)
	for _, final := range []bool{false, true} {
		var table, list bytes.Buffer
		if err := errors.Join(s.ExportCSV(&table, final), s.ExportJSON(&list, final)); err != nil {
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
	if err := (&Sweep{Set: s.Set}).ExportJSON(&empty, false); err != nil || empty.String() != "[]\n" {
		t.Errorf("without rows: %q, %v", &empty, err)
	}
}

// agree reports whether a value of JSON is that of a field of CSV.
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

// TestMethodsJSON: it has the paragraphs, and the values of every task.
func TestMethodsJSON(t *testing.T) {
	s := example(t)
	var b bytes.Buffer
	if err := s.WriteMethods(&b, Form{Format: "json"}, release); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Paragraphs []struct{ Title, Text string }
		Settings   []struct {
			Key, Environment string
			Values           []string
		}
		BibTeX string
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Paragraphs) != 5 || got.Paragraphs[2].Text != s.errorBars() || got.BibTeX != bibtex(s.Set.Provenance, release) {
		t.Errorf("the paragraphs or the entries are others: %+v", got)
	}
	for _, e := range s.distinct("environment") {
		found := false
		for _, o := range got.Settings {
			if o.Environment == e && o.Key == "objective" {
				found = true
				rows := slices.DeleteFunc(slices.Clone(s.Rows), func(r *Row) bool { return r.Environment() != e })
				if want := distinct(rows, "objective"); !slices.Equal(o.Values, want) {
					t.Errorf("%s: objectives %v, want %v", e, o.Values, want)
				}
			}
		}
		if !found {
			t.Errorf("%s has no objectives", e)
		}
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

// release is the program's in these tests.
var release = Release{Version: "1.2.3", Date: "2026-01-31"}

// TestMethodsClaims: the tests of the suite's claims are described, with their
// margins; the paper's authors are those of CITATION.cff.
func TestMethodsClaims(t *testing.T) {
	text := claimsSweep(t, nil).errorBars()
	for _, want := range []string{"15 claims are tested by exact one-sided signed-rank tests", "Holm's method within a claim", "two one-sided tests within a margin that the claim states (0.5)", "within a tolerance (3)", "(1.2)"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in: %s", want, text)
		}
	}
	if text := example(t).errorBars(); strings.Contains(text, "claim") {
		t.Errorf("a suite without claims: %s", text)
	}
	citation, err := os.ReadFile("../CITATION.cff")
	if err != nil {
		t.Fatal(err)
	}
	entries := bibtex(nil, release)
	authors := regexp.MustCompile(`family-names: "(.*)"\n +given-names: "(.*)"`).FindAllStringSubmatch(string(citation), -1)
	for _, a := range authors {
		if name := a[1] + ", " + a[2]; !strings.Contains(entries, name) {
			t.Errorf("the paper is by %s, not in: %s", name, entries)
		}
	}
	if len(authors) != 3 {
		t.Errorf("%d authors", len(authors))
	}
}
