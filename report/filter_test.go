package report_test

import (
	"maps"
	"slices"
	"testing"

	"gfnbench/report/reporttest"
)

// TestFilterNull: "null" means that a column does not apply, and so does "none" for alpha,
// but it is a control variate.
func TestFilterNull(t *testing.T) {
	s := reporttest.Load(t, `schema = 1
name = "null"
[run]
seeds = 1
steps = 10
batch = 8
[environment.grid]
kind = "hypergrid"
[[grid]]
objective = ["tb"]
[[grid]]
objective = ["reverse-kl", "renyi"]
alpha = [0.5]
control_variate = ["none", "loo"]
`, nil)
	for filter, want := range map[string][]string{
		"control_variate=null":      {"tb"},
		"control_variate=none":      {"renyi/none", "reverse-kl/none"},
		"control_variate=none,null": {"renyi/none", "reverse-kl/none", "tb"},
		"alpha=null":                {"reverse-kl/loo", "reverse-kl/none", "tb"},
		"alpha=none":                {"reverse-kl/loo", "reverse-kl/none", "tb"},
		"alpha=0.50":                {"renyi/loo", "renyi/none"},
	} {
		left, err := s.Filter([]string{filter})
		if err != nil {
			t.Fatal(err)
		}
		got := make(map[string]bool)
		for _, r := range left.Rows {
			name := r.Objective()
			if v := r.Value("control_variate"); !v.IsNull() {
				name += "/" + v.Text()
			}
			got[name] = true
		}
		if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, want) {
			t.Errorf("-f %s: %q, want %q", filter, names, want)
		}
	}
}
