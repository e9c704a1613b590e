package suites

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// drawnSets is a suite with one environment that has the given key.
func drawnSets(key string) string {
	return `schema = 1
name = "drawn"
[run]
seeds = 2
steps = 4
[environment.sets]
kind = "sets"
elements = 6
size = 3
` + key + `
[[grid]]
objective = ["tb", "renyi"]
alpha = [0.5]
control_variate = ["none", "loo"]
`
}

// TestInstances: cells of instance k have the same ids as with instance_seed = k, and
// share one environment.
func TestInstances(t *testing.T) {
	for _, test := range []struct {
		key  string
		want []int
	}{
		{"instances = 3", []int{1, 2, 3}},
		{"instances = [7, 2]", []int{7, 2}},
		{"instances = [4]", []int{4}},
	} {
		s := mustParse(t, drawnSets(test.key))
		if got := s.Instances("sets"); !slices.Equal(got, test.want) {
			t.Errorf("%s: instances %v, want %v", test.key, got, test.want)
		}
		for _, k := range test.want {
			plain := mustParse(t, drawnSets("instance_seed = "+strconv.Itoa(k)))
			cells := slices.DeleteFunc(slices.Clone(s.Cells), func(c *Cell) bool { return c.Value("instance").Int() != k })
			if got, want := sortedIDs(cells), sortedIDs(plain.Cells); !slices.Equal(got, want) {
				t.Errorf("%s: instance %d has the cells %v, alone %v", test.key, k, got, want)
			}
			for _, c := range cells {
				if c.Instance() != cells[0].Instance() || c.Value("params.instance_seed").Int() != k {
					t.Errorf("%s: cell %s of instance %d has another environment", test.key, c.ID, k)
				}
			}
		}
		if want := 6 * len(test.want); len(s.Cells) != want {
			t.Errorf("%s: %d cells, want %d", test.key, len(s.Cells), want)
		}
	}
}

// sortedIDs returns the cells' ids in order.
func sortedIDs(cells []*Cell) []string {
	list := make([]string, len(cells))
	for i, c := range cells {
		list[i] = c.ID
	}
	slices.Sort(list)
	return list
}

// TestInstanceIsAColumn: if instances are drawn, there is a column instance, which can
// choose cells.
func TestInstanceIsAColumn(t *testing.T) {
	s := mustParse(t, drawnSets("instances = 3"))
	chosen, err := s.Filter([]string{"instance=2,3,seed=0"})
	if err != nil || len(chosen) != 6 {
		t.Errorf("a filter chooses %d cells, want 6: %v", len(chosen), err)
	}
	varying := func(s *Suite) (list []string) {
		for _, a := range s.ByAxis(s.Cells) {
			list = append(list, a.Column)
		}
		return list
	}
	if got := varying(s); !slices.Contains(got, "instance") || slices.Contains(got, "params.instance_seed") {
		t.Errorf("the axes are %v", got)
	}
	plain := mustParse(t, drawnSets("instance_seed = 1"))
	if _, ok := plain.Column("instance"); ok {
		t.Error("a suite with one instance has the column")
	}
}

// TestInstanceProblems checks what instances cannot be.
func TestInstanceProblems(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{drawnSets("instances = 0"), "expected a number of instances from 1"},
		{drawnSets("instances = [1, 1]"), "different instance seeds"},
		{drawnSets("instances = 2\ninstance_seed = 1"), "give instances or instance_seed, not both"},
		{drawnSets("instances = 2\nf = [1, 2, 3, 4, 5, 6]"), "instance_seed"},
		{strings.Replace(drawnSets("instances = 2"), "kind = \"sets\"\nelements = 6\nsize = 3", "kind = \"gmm\"", 1), "gmm draws nothing"},
		{drawnSets("instances = 2") + "params.instance_seed = [3]\n", "[environment.sets] draws its instances"},
		{drawnSets("instances = 2") + "[[override]]\nmatch = {}\nset = { \"params.instance_seed\" = 3 }\n", "would make its cells equal"},
		{drawnSets("instances = 2") + "[[table]]\nname = \"t\"\nrows = \"environment\"\ncolumns = [\"objective\", \"control_variate\"]\nmetric = \"l1\"\n", "differ in instance"},
	} {
		if _, err := Parse("suite.toml", []byte(test.text), nil); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s\ngives %v, want %q", test.text, err, test.want)
		}
	}
}
