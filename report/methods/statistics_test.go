package methods

import (
	"strings"
	"testing"

	"gfnbench/report"
	"gfnbench/report/reporttest"
	"gfnbench/suites"
)

// Claims are paired by the unit that they state.
func TestClaimUnits(t *testing.T) {
	seeds := &suites.Claim{Test: "better", Over: suites.OverSeeds}
	instances := &suites.Claim{Test: "better", Over: suites.OverInstances}
	for _, c := range []struct {
		claims []*suites.Claim
		want   string
	}{
		{[]*suites.Claim{seeds}, "claim is tested by exact one-sided signed-rank tests paired by seed at"},
		{[]*suites.Claim{instances}, "claim is tested by exact one-sided signed-rank tests paired by instance at"},
		{[]*suites.Claim{seeds, instances, seeds, {Test: "none"}}, "3 claims are tested by exact one-sided signed-rank tests paired by seed (2) or instance (1) at"},
	} {
		if got := claimTests(&report.Sweep{Suite: &suites.Suite{Claims: c.claims}}); !strings.Contains(got, c.want) {
			t.Errorf("%s\ndoes not say %q", got, c.want)
		}
	}
}

// TestUnits: where the table that report makes of a suite without tables is over instances,
// the paragraph says so.
func TestUnits(t *testing.T) {
	const head = `schema = 1
name = "units"
[run]
seeds = 2
steps = 10
batch = 8
[environment.sets]
kind = "sets"
elements = 6
size = 3
`
	for lines, want := range map[string]bool{"instances = 3\n": true, "instance_seed = 1\n": false} {
		s := reporttest.Load(t, head+lines+"[[grid]]\nobjective = [\"tb\"]\n", nil)
		if got := strings.Contains(errorBars(s), "over instances, the unit is the instance"); got != want {
			t.Errorf("%q: speaks of instances: %v", lines, got)
		}
	}
}
