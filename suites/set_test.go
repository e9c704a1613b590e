package suites

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// settable is a suite with a section of every kind.
const settable = `schema = 1
name = "settable"
[run]
seeds = 1
[environment.sets]
kind = "sets"
elements = 8
size = 4
instance_seed = 1
[environment.points]
kind = "gmm"
[environment.grid]
kind = "hypergrid"
policy = { hidden = [8] }
[[grid]]
environment = ["sets", "grid"]
objective = ["tb", "vargrad"]
[[grid]]
environment = ["grid", "points"]
objective = ["reverse-kl"]
"params.height" = [4, 5]
"optimizer.lr" = [1e-2]
[[exclude]]
match = { environment = "grid", "params.height" = 5 }
why = "to have one"
[variance]
steps = [0]
objective = ["tb"]
on = { environment = "sets" }
[[table]]
name = "final"
rows = "environment"
columns = ["objective", "params.height"]
metric = "l1"
on = { environment = ["sets", "grid"] }
[[claim]]
id = "C1"
text = "a claim"
test = "better"
metric = "l1"
a = { objective = "vargrad" }
b = { objective = "tb" }
on = { environment = "sets" }
[[figure]]
name = "curves"
metric = { points = "jsd", default = "l1" }
lines = ["objective", "params.height"]
`

// TestSet: a command-line setting reaches every key and overrides everything in the
// suite.
func TestSet(t *testing.T) {
	cells := func(column string) func(s *Suite) string {
		return func(s *Suite) string {
			var list []string
			for _, c := range s.Cells {
				list = append(list, c.EnvironmentName()+" "+Format(c.Value(column)))
			}
			return strings.Join(list, ", ")
		}
	}
	for _, test := range []struct {
		set  string // separated by ;
		see  func(s *Suite) string
		want string
	}{
		{"environment.sets.elements=6", cells("params.elements"), "sets 6, sets 6, grid none, grid none, grid none, points none"},
		{"environment.sets.size=2;environment.sets.elements=3", cells("params.size"), "sets 2, sets 2, grid none, grid none, grid none, points none"},
		{"environment.grid.height=6", cells("params.height"), "sets none, sets none, grid 6, grid 6, grid 6, points none"},
		{"environment.grid.steps=7", cells("steps"), "sets 1000, sets 1000, grid 7, grid 7, grid 7, points 1000"},
		{"environment.grid.optimizer.lr=1", cells("optimizer.lr"), "sets 0.001, sets 0.001, grid 1, grid 1, grid 1, points 0.01"},
		{"environment.grid.optimizer={lr=1}", cells("optimizer.lr"), "sets 0.001, sets 0.001, grid 1, grid 1, grid 1, points 0.01"},
		{"environment.points.means=[[0,1]]", cells("given.means"), "sets none, sets none, grid none, grid none, grid none, points [[0,1]]"},
		{"grid.1.objective=[\"tb\"]", cells("objective"), "sets tb, grid tb, grid reverse-kl, points reverse-kl"},
		{"grid.2.optimizer.lr=[5]", cells("optimizer.lr"), "sets 0.001, sets 0.001, grid 0.001, grid 0.001, grid 5, points 5"},
		{"exclude.1.match={environment=\"sets\"}", cells("seed"), "grid 0, grid 0, grid 0, grid 0, points 0"},
		{"title=A title", func(s *Suite) string { return s.Title }, "A title"},
		{"name=other", func(s *Suite) string { return s.Name }, "other"},
		{"variance.steps=[0,3]", func(s *Suite) string { return fmt.Sprint(s.Variance.Steps) }, "[0 3]"},
		{"slurm.partition=cpu;slurm.options={nice=5}", func(s *Suite) string { return s.Slurm.Partition + " " + fmt.Sprint(s.Slurm.Options) }, "cpu [{nice 5}]"},
		{"table.final.metric=jsd", func(s *Suite) string { return s.Tables[0].Metric.Of("sets") }, "jsd"},
		{"claim.C1.on.environment=grid", func(s *Suite) string { return s.Claims[0].On.String() }, "environment=grid"},
		{"figure.curves.log=true", func(s *Suite) string { return fmt.Sprint(s.Figures[0].Log) }, "true"},
		{"figure.curves.metric.points=elbo", func(s *Suite) string { return s.Figures[0].Metric.Of("points") }, "elbo"},
	} {
		s, err := Parse("settable.toml", []byte(settable), nil, strings.Split(test.set, ";")...)
		if err != nil {
			t.Errorf("--set %s: %v", test.set, err)
			continue
		}
		if diff := cmp.Diff(test.want, test.see(s)); diff != "" {
			t.Errorf("--set %s (-want +got):\n%s", test.set, diff)
		}
	}
}

// TestSetNames: an unknown key is reported with the nearest name.
func TestSetNames(t *testing.T) {
	for set, want := range map[string]string{
		"environment.sets.elemnts=6": `unknown key "elemnts" in [environment.sets] (did you mean "elements"?)`,
		"environment.set.elements=6": `there is no [environment.set] (did you mean "sets"?)`,
		"enviroment.sets.elements=6": `unknown key "enviroment.sets.elements" in --set (did you mean "environment"?)`,
		"sets.elements=6":            `unknown key "sets.elements" in --set (did you mean "environment.sets.elements"?)`,
		"elements=6":                 `unknown key "elements" in --set (did you mean "params.elements"?)`,
		"environment.grid.lr=1":      `unknown key "lr" in [environment.grid] (did you mean "optimizer.lr"?)`,
		"run.steps=6":                `keys of [run] need no prefix: write --set steps=...`,
		"foo=1":                      `unknown key "foo" in --set: --set takes the keys of [run]`,
		"objective=tb":               `objective is an axis: -f objective=VALUE chooses cells, and --set grid.1.objective=[...] changes a list`,
		"environment=sets":           `environment is an axis: -f environment=NAME chooses cells, and --set environment.NAME.KEY=VALUE changes a key of one`,
		"table.fnal.metric=l1":       `there is no [[table]] "fnal" (did you mean "final"?)`,
		"table.final.metrc=l1":       `unknown key "metrc" in [[table]] (did you mean "metric"?)`,
		"table.final=l1":             `table.final is a table: add one of its keys`,
		"grid.3.objective=[]":        `there is no [[grid]] "3": they are numbered from 1 to 2`,
		"sample.1.count=3":           `the suite has no [[sample]]`,
		"environment.sets.pair=[]":   `pair belongs in [run]: it holds for the whole suite`,
		"title.x=1":                  `title is a table: expected a string`,
	} {
		_, err := Parse("settable.toml", []byte(settable), nil, set)
		if err == nil || !strings.HasPrefix(err.Error(), "--set "+set+":1:") || !strings.Contains(err.Error(), ": "+want) {
			t.Errorf("--set %s: error is %v, want %s", set, err, want)
		}
	}
}

// TestSettable: every key proposed for --set reaches the suite, so a value of no type is
// a problem of that key.
func TestSettable(t *testing.T) {
	s, err := Parse("settable.toml", []byte(settable), nil)
	if err != nil {
		t.Fatal(err)
	}
	keys := Settable(s)
	for _, want := range []string{"steps", "environment.sets.elements", "table.final.rows", "claim.C1.margin", "figure.curves.log", "slurm.time", "title"} {
		if !strings.Contains(" "+strings.Join(keys, " ")+" ", " "+want+" ") {
			t.Errorf("%s is not proposed", want)
		}
	}
	for _, key := range keys {
		set := key + "=[[[1]]]"
		if _, err := Parse("settable.toml", []byte(settable), nil, set); err == nil || !strings.Contains(err.Error(), "--set "+set+":1:") || strings.Contains(err.Error(), "unknown") {
			t.Errorf("--set %s: %v, expected a problem of its value", set, err)
		}
	}
}
