package methods

import (
	"fmt"
	"slices"
	"strings"

	"gfnbench/report"
	"gfnbench/report/stats"
	"gfnbench/suites"
)

// errorBars says what the numbers after a ± are, and how differences and claims
// are tested.
func errorBars(s *report.Sweep) string {
	text := "The unit is the seed: one run is one observation. ± is the sample standard deviation over seeds. " + report.IntervalMethods + " " +
		"Differences are tested by the exact two-sided Wilcoxon signed-rank test paired by seed, p adjusted by Holm's method within a row of a table. " + report.EffectMethods + " " +
		unpaired(s) +
		"Runs that diverged count as the worst value in medians, interquartile means and tests, and are counted beside every mean. " +
		"Times to a threshold are restricted means from the Kaplan-Meier estimate ± their standard error, with runs that did not reach it censored."
	if overInstances(s) {
		text += " Where a table or a claim is over instances, the unit is the instance of the task: the seeds of an instance are averaged, instances are paired, and a statement is about the task. Times are averaged up to the time to which all runs that did not reach the threshold were followed. Everything else is about the instance that was trained."
	}
	if claims := claimTests(s); claims != "" {
		text += " " + claims
	}
	return text
}

// unpaired says how cells of other programs are compared, if there are any.
func unpaired(s *report.Sweep) string {
	if s.Suite == nil || len(s.Suite.Trainers) == 0 {
		return ""
	}
	names := make([]string, len(s.Suite.Trainers))
	for i, t := range s.Suite.Trainers {
		names[i] = t.Name + " " + t.Version
	}
	return "Cells that another program trained (" + strings.Join(names, ", ") + ") share no random numbers with others: they are compared unpaired, by the exact two-sided Mann–Whitney test, p adjusted likewise. "
}

// overInstances reports whether a claim of the suite is over instances, or a table: one that
// it declares or, without any, that report makes of itself.
func overInstances(s *report.Sweep) bool {
	tables, err := s.Tables()
	return err == nil && slices.ContainsFunc(tables, func(t *suites.Table) bool { return t.Over == suites.OverInstances }) ||
		s.Suite != nil && slices.ContainsFunc(s.Suite.Claims, func(c *suites.Claim) bool { return c.Over == suites.OverInstances })
}

// claimUnit names the units by which n claims are paired, of which some are over
// instances.
func claimUnit(n, instances int) string {
	switch instances {
	case 0:
		return "seed"
	case n:
		return "instance"
	}
	return fmt.Sprintf("seed (%d) or instance (%d)", n-instances, instances)
}

// claimTests says how the suite's claims are tested, or "" if it has none.
func claimTests(s *report.Sweep) string {
	if s.Suite == nil {
		return ""
	}
	n, instances := 0, 0                // claims, and those over instances
	bounds := make(map[string][]string) // by the kind of test
	bound := func(test string, x any) {
		if text := fmt.Sprint(x); !slices.Contains(bounds[test], text) {
			bounds[test] = append(bounds[test], text)
		}
	}
	for _, c := range s.Suite.Claims {
		switch c.Test {
		case "none":
			continue
		case "equal", "no-worse":
			bound(c.Test, c.Margin)
		case "value":
			bound(c.Test, c.Tolerance)
		case "ratio":
			bound(c.Test, c.AtLeast)
		}
		n++
		if c.Over == suites.OverInstances {
			instances++
		}
	}
	if n == 0 {
		return ""
	}
	text := fmt.Sprintf("The suite's %s tested by exact one-sided signed-rank tests paired by %s at the level %v, p adjusted by Holm's method within a claim; the opposite of each is tested likewise. Verdicts over all claims use Holm's method on their p-values.",
		map[bool]string{true: "claim is", false: fmt.Sprintf("%d claims are", n)}[n == 1], claimUnit(n, instances), stats.Level)
	for _, kind := range []struct{ test, text string }{
		{"equal", "Equality is tested by two one-sided tests within a margin that the claim states (%s)."},
		{"no-worse", "Non-inferiority is tested with a margin that the claim states (%s)."},
		{"value", "That a mean has a stated value is tested within a tolerance (%s)."},
		{"ratio", "A ratio is tested against the smallest one that the claim states (%s)."},
	} {
		if list := bounds[kind.test]; list != nil {
			text += " " + fmt.Sprintf(kind.text, strings.Join(list, ", "))
		}
	}
	return text
}
