package sweep

import (
	"slices"
	"testing"

	"gfnbench/results"
)

// TestEveryEnvironmentIsRecorded: environments with equal parameters, and each instance
// of one, have rows in instances.parquet.
func TestEveryEnvironmentIsRecorded(t *testing.T) {
	const text = `schema = 1
name = "drawn"
[run]
seeds = 1
steps = 2
batch = 4
policy = { hidden = [4] }
[environment.sets]
kind = "sets"
elements = 4
size = 2
instances = 2
[environment.few]
kind = "sets"
elements = 4
size = 2
instance_seed = 2
modes = { quantile = 0.5 }
[[grid]]
objective = ["tb", "vargrad"]
`
	dir := t.TempDir()
	run(t, text, dir, Selection{}, Options{Workers: 1})
	set, err := results.Read(dir)
	must(t, err)
	// The instances.
	got := map[string]string{}
	f := map[string][]float64{}
	for _, in := range set.Instances {
		got[in.ID] = in.Environment
		for _, field := range in.Fields {
			if field.Name == "f" {
				f[in.ID] = field.Numbers
			}
		}
	}
	for id, environment := range map[string]string{"sets[instance=1]": "sets", "sets[instance=2]": "sets", "few": "few"} {
		if got[id] != environment {
			t.Errorf("instance %q is of %q, want %q; there are %v", id, got[id], environment, got)
		}
	}
	if !slices.Equal(f["sets[instance=2]"], f["few"]) || slices.Equal(f["sets[instance=1]"], f["few"]) {
		t.Errorf("values %v: the second instance and few were drawn alike, the first was not", f)
	}
	// The runs.
	for i := range set.Runs {
		r := &set.Runs[i]
		if r.Get("instance") != r.Get("params.instance_seed") || r.Get("instance").IsNull() {
			t.Errorf("cell %s has instance %v, seed %v", r.ID, r.Get("instance"), r.Get("params.instance_seed"))
		}
	}
}
