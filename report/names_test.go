package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/report/reporttest"
	"gfnbench/suites"
)

// TestRegistriesHaveLabels: readers get a unique name for everything that is registered.
func TestRegistriesHaveLabels(t *testing.T) {
	var metrics, objectives, environments, variates []string
	for _, m := range metric.All() {
		metrics = append(metrics, m.Info().Label)
	}
	for _, k := range objective.Kinds {
		objectives = append(objectives, k.Label)
	}
	for _, k := range kinds.All {
		environments = append(environments, k.Label)
	}
	for _, cv := range objective.ControlVariates {
		variates = append(variates, cv.Label)
	}
	for _, list := range [][]string{metrics, objectives, environments, variates} {
		seen := make(map[string]bool)
		for i, label := range list {
			if label == "" || seen[label] {
				t.Errorf("entry %d is called %q: %q", i, label, list)
			}
			seen[label] = true
		}
	}
}

// TestNames: built-in names, the suite's names that override them, and the order of the
// suite's names if they cover all objectives.
func TestNames(t *testing.T) {
	columns := []string{"objective", "control_variate", "alpha"}
	lines := func(s *report.Sweep) (list []string) {
		for _, l := range s.Labels(columns, s.Rows) {
			for _, r := range s.Rows {
				if suites.Label(columns, r.Value) == l.Key {
					list = append(list, s.Names().Line(columns, r.Value))
					break
				}
			}
		}
		return list
	}
	s := reporttest.Example(t)
	if d := cmp.Diff([]string{"TB", "reverse KL (no CV)", "reverse KL (leave-one-out)", "Rényi-½ (leave-one-out)"}, lines(s)); d != "" {
		t.Error(d)
	}
	labels := "[labels]\nrenyi = \"Rényi\"\ntb = \"trajectory balance\"\nreverse-kl = \"KL\"\nloo = \"LOO\"\nl1 = \"distance\"\noptimizer.lr = \"η\"\n"
	s = reporttest.Load(t, reporttest.Suite(t, "example")+labels, nil)
	if d := cmp.Diff([]string{"Rényi (LOO)", "trajectory balance", "KL (no CV)", "KL (LOO)"}, lines(s)); d != "" {
		t.Error(d)
	}
	if got := s.Names().Metric(metric.L1) + " " + s.Names().Value("optimizer.lr", s.Rows[0].Value("optimizer.lr")); !strings.HasPrefix(got, "distance η=") {
		t.Error(got)
	}
	if got, want := s.Names().Value("alpha", param.Of(-0.5))+s.Names().Value("policy.input", param.Of("one-hot")), "alpha=−0.5input=one-hot"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
