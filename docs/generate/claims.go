package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gfnbench/suites"
)

// claimRow is one claim of the shipped suite claims.
type claimRow struct {
	ID, Anchor, Text, Where, Paper, Test string
	Over, Readings                       string // what it generalises over, and its readings
	A, B, On                             string
	About                                string // what its units are, for the table
	Choices                              int    // number of readings
	Tests, Family, Seeds                 int
	P                                    string // smallest adjusted p with the suite's seeds
}

func viewClaims() (any, error) {
	s, err := suites.Read("claims")
	if err != nil {
		return nil, err
	}
	var data struct {
		Seeds, Cells, Instances int
		Claims                  []claimRow
	}
	data.Cells = len(s.Cells)
	for _, c := range s.Cells {
		data.Seeds = max(data.Seeds, c.Seed+1)
	}
	for _, c := range s.Claims {
		tests, family := comparisons(s, c)
		r := claimRow{ID: c.ID, Anchor: strings.ToLower(c.ID), Text: c.Text, Where: c.Where, Paper: c.Paper, Test: asks(c), A: c.A.String(), B: c.B.String(), Tests: tests, Family: family}
		if c.On != nil {
			r.On = c.On.String()
		}
		units := data.Seeds
		r.Over, r.About = "training seeds on a task that is fixed", "the fixed task"
		if c.Over == suites.OverInstances {
			units = instances(s, c)
			data.Instances = max(data.Instances, units)
			r.Over, r.About = fmt.Sprintf("instances of the task: %d, each the mean of its seeds", units), "the task"
		}
		if r.Choices = len(c.ReadingsOf()); c.Readings != nil {
			r.Readings = c.Readings.String()
		}
		// The smallest one-sided p of n pairs is 2^-n, and Holm's method
		// multiplies it by the size of the family.
		r.Seeds = int(math.Ceil(math.Log2(float64(family) / 0.05)))
		r.P = fmt.Sprintf("%.2g", float64(family)*math.Pow(2, -float64(units)))
		data.Claims = append(data.Claims, r)
	}
	return data, nil
}

// instances returns the smallest number of instances of an environment that a claim is
// about.
func instances(s *suites.Suite, c *suites.Claim) int {
	fewest := 0
	for _, cell := range s.Select(c.A.And(c.On)) {
		if n := len(s.Instances(cell.EnvironmentName())); fewest == 0 || n < fewest {
			fewest = n
		}
	}
	return fewest
}

// comparisons counts a claim's tests and those that are adjusted together. These are all
// tests or, if each member of a must be beaten somewhere, those of one member.
func comparisons(s *suites.Suite, c *suites.Claim) (tests, family int) {
	members := s.Members
	if c.OfVariance() {
		members = func(sel, _ *suites.Selector) []*suites.Selector { return sel.Members() }
	}
	of := make(map[string]int)
	for _, on := range members(c.On, nil) {
		for _, a := range members(c.A, on) {
			for _, b := range members(c.Versus(a), on) {
				if c.Test == "beaten" && slices.Equal(s.Select(a.And(on)), s.Select(b.And(on))) {
					continue
				}
				tests++
				of[a.String()]++
			}
		}
	}
	family = tests
	if c.Test == "beaten" {
		family = 0
		for _, n := range of {
			family = max(family, n)
		}
	}
	return tests, family
}

// asks describes what a claim's test compares, and how.
func asks(c *suites.Claim) string {
	metric := "`" + c.Metric.Default + "`"
	var others []string
	for e, m := range c.Metric.ByEnvironment {
		others = append(others, fmt.Sprintf("`%s` on %s", m, e))
	}
	slices.Sort(others)
	text := fmt.Sprintf("`%s` on the %s %s", c.Test, c.Stat, strings.Join(append([]string{metric}, others...), ", "))
	switch c.Test {
	case "equal", "no-worse":
		text += fmt.Sprintf(", margin %v", c.Margin)
	case "ratio":
		text += fmt.Sprintf(", b at least %v of a", c.AtLeast)
	}
	if c.Effect.Given() {
		text += fmt.Sprintf(", less than %v is a tie", c.Effect)
	}
	for _, size := range []suites.Size{c.Effect, c.Margin, c.Tolerance} {
		if size.Why != "" {
			text += " (" + size.Why + ")"
		}
	}
	if c.Passes > 0 {
		text += fmt.Sprintf(", %d tests must pass", c.Passes)
	}
	return text
}
