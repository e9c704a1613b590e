package methods

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gfnbench/report"
	"gfnbench/report/reporttest"
	"gfnbench/report/sheet"
)

var _ = flag.Bool("update", false, "rewrite the expected output in testdata")

func TestMethods(t *testing.T) {
	s := reporttest.Example(t)
	for _, format := range Formats {
		var b bytes.Buffer
		if err := Write(&b, sheet.Form{Format: format}, s, release); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, "methods."+format, bytes.ReplaceAll(b.Bytes(), []byte(s.Digest()), []byte("DIGEST")))
	}
}

// TestMethodsJSON: it has the paragraphs and the values of every task.
func TestMethodsJSON(t *testing.T) {
	s := reporttest.Example(t)
	var b bytes.Buffer
	if err := Write(&b, sheet.Form{Format: "json"}, s, release); err != nil {
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
	if len(got.Paragraphs) != 5 || got.Paragraphs[2].Text != errorBars(s) || got.BibTeX != bibtex(s.Set.Provenance, release) {
		t.Errorf("the paragraphs or the entries are others: %+v", got)
	}
	for _, e := range report.Distinct(s.Rows, "environment") {
		found := false
		for _, o := range got.Settings {
			if o.Environment == e && o.Key == "objective" {
				found = true
				rows := slices.DeleteFunc(slices.Clone(s.Rows), func(r *report.Row) bool { return r.Environment() != e })
				if want := report.Distinct(rows, "objective"); !slices.Equal(o.Values, want) {
					t.Errorf("%s: objectives %v, want %v", e, o.Values, want)
				}
			}
		}
		if !found {
			t.Errorf("%s has no objectives", e)
		}
	}
}

// TestMethodsClaims: the tests of the suite's claims are described with their margins,
// and the paper's authors are those in CITATION.cff.
func TestMethodsClaims(t *testing.T) {
	text := errorBars(reporttest.Claims(t, nil))
	for _, want := range []string{"15 claims are tested by exact one-sided signed-rank tests", "Holm's method within a claim", "two one-sided tests within a margin that the claim states (0.5)", "within a tolerance (3)", "(1.2)"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in: %s", want, text)
		}
	}
	if text := errorBars(reporttest.Example(t)); strings.Contains(text, "claim") {
		t.Errorf("a suite without claims: %s", text)
	}
	citation, err := os.ReadFile("../../CITATION.cff")
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

// release is the program's in these tests.
var release = Release{Version: "1.2.3", Date: "2026-01-31"}

// TestTuned: the text names what was tuned, with its values, and the number of runs.
func TestTuned(t *testing.T) {
	suite := strings.Replace(reporttest.Suite(t, "example"), "[run]", "[tune]\nmetric = \"l1\"\nseeds = [7, 8]\n[run]", 1)
	suite = strings.ReplaceAll(suite, "[[grid]]", "[[grid]]\n\"optimizer.lr\" = [1e-3, 1e-2]")
	s := reporttest.Load(t, suite, nil)
	arms, runs := len(s.State.Arms), 0
	for _, a := range s.State.Arms {
		runs += 2 * len(a.Settings)
	}
	want := fmt.Sprintf("tuned for each arm (environment, objective, alpha, control_variate) were optimizer.lr (0.001, 0.01), by the best mean of l1 (final) over the tuning seeds 7, 8, out of 2 settings. Tuning took %d further runs, which are not included in other numbers.", runs)
	if text := experiments(s); arms == 0 || !strings.HasSuffix(text, want) {
		t.Errorf("got %q, want an end of %q", text, want)
	}
}
