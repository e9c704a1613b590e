package suites

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gfnbench/gfn/param"
)

// Columns describe what the environment has: the dimensions of given data, and the text
// of lists and files.
func TestGiven(t *testing.T) {
	files := map[string]string{"a.fasta": ">a\nACGT\n>b\nACGA\n>c\nAAAA\n"}
	s, err := Parse("given.toml", []byte(`
schema = 1
name = "given"
[run]
seeds = 1
[environment.simulated]
kind = "phylo"
instance_seed = 1
[environment.own]
kind = "phylo"
alignment = "a.fasta"
[environment.near]
kind = "gmm"
means = [[0, 0], [1, 1]]
[environment.far]
kind = "gmm"
means = [[0, 0], [9.5, 9]]
[[grid]]
objective = ["tb"]
[[override]]
match = { environment = "own" }
set = { params.branch_length = 0.5 }
`), func(name string) ([]byte, error) { return []byte(files[name]), nil })
	if err != nil {
		t.Fatal(err)
	}
	want := "simulated 7 25 0.3 none none\n" +
		"own 3 4 0.5 sha256:e8c27f99832adb858786f4d8ba1c8b7e3afd98ca66c81e0c82aa0bdf16432c3b none\n" +
		"near none none none none [[0,0],[1,1]]\n" +
		"far none none none none [[0,0],[9.5,9]]\n"
	if diff := cmp.Diff(want, describe(s.Cells, "environment", "params.species", "params.sites", "params.branch_length", "given.alignment", "given.means")); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	// The id depends on what the suite says (as version 0.1.0 wrote it).
	if text := string(s.Cells[1].Canonical()); strings.Contains(text, "species") || strings.Contains(text, "sites") {
		t.Errorf("canonical text %s", text)
	}
	for filter, want := range map[string]string{"params.species=3": "own", "given.means=[[0,0],[9.5,9]]": "far"} {
		cells, err := s.Filter([]string{filter})
		if err != nil || len(cells) != 1 || cells[0].EnvironmentName() != want {
			t.Errorf("-f %s: %v cells, %v, want that of %s", filter, len(cells), err, want)
		}
	}
	if c, ok := s.Column("given.means"); !ok || !c.Varies || c.Type != param.String {
		t.Errorf("the column given.means is %+v", c)
	}
}

// A value given in full cannot be an axis.
func TestGivenIsNoAxis(t *testing.T) {
	for _, text := range []string{
		"[[grid]]\nobjective = [\"tb\"]\n\"given.means\" = [\"[[1, 1]]\"]\n",
		"[[grid]]\nobjective = [\"tb\"]\n[[override]]\nmatch = { objective = \"tb\" }\nset = { \"given.means\" = \"[[1, 1]]\" }\n",
	} {
		_, err := Parse("given.toml", []byte("schema = 1\nname = \"x\"\n[environment.g]\nkind = \"gmm\"\nmeans = [[0, 0]]\n"+text), nil)
		if err == nil || !strings.Contains(err.Error(), `unknown key "given.means"`) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
