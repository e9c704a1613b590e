package methods

import (
	"strings"
	"testing"

	"gfnbench/report"
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
