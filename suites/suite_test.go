package suites

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gfnbench/suites/document"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// mustParse parses a valid suite.
func mustParse(t testing.TB, text string, set ...string) *Suite {
	t.Helper()
	s, err := Parse("suite.toml", []byte(text), nil, set...)
	if err != nil {
		t.Fatalf("suite:\n%v", err)
	}
	return s
}

// TestShipped checks that every shipped suite is valid.
func TestShipped(t *testing.T) {
	if len(Shipped()) == 0 {
		t.Fatal("no suite is shipped")
	}
	for _, name := range Shipped() {
		s, err := Read(name)
		if err != nil {
			t.Errorf("%s:\n%v", name, err)
			continue
		}
		if s.Name != name {
			t.Errorf("%s.toml names itself %q", name, s.Name)
		}
		sum := s.Count.Test - s.Count.Excluded - s.Count.Duplicates
		for _, n := range s.Count.Grids {
			sum += n
		}
		if sum != len(s.Cells) {
			t.Errorf("%s: %+v do not add up to %d cells", name, s.Count, len(s.Cells))
		}
		t.Logf("%s: %d cells, %+v", name, len(s.Cells), s.Count)
	}
}

// TestBad compares all problems of the suites in testdata/bad with the expected ones.
func TestBad(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no bad suites: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".toml"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Parse(filepath.Base(file), data, relativeTo("testdata/bad"))
			problems, ok := errors.AsType[document.Problems](err)
			if !ok {
				t.Fatalf("error is %v, expected problems", err)
			}
			golden(t, strings.TrimSuffix(file, ".toml")+".golden", problems.Error()+"\n")
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got); run with -update if this is right:\n%s", file, diff)
	}
}

func TestReadSuggestsTheNearestName(t *testing.T) {
	_, err := Read("quickstrat")
	if err == nil || !strings.Contains(err.Error(), `did you mean "quickstart"?`) {
		t.Errorf("error is %v", err)
	}
	s, err := Read("suites/quickstart.toml")
	if err != nil || s.Name != "quickstart" {
		t.Errorf("the shipped suite is not found by its path: %v", err)
	}
	if !slices.Contains(Shipped(), "quickstart") {
		t.Errorf("shipped: %v", Shipped())
	}
}
