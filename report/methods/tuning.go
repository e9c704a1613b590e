package methods

import (
	"fmt"
	"slices"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/sheet"
	"gfnbench/suites"
)

// notTuned are columns of tuning runs that are not part of a setting.
var notTuned = []string{"seed", param.Instance, "params.instance_seed"}

// tuningText says how hyperparameters were chosen.
func tuningText(s *report.Sweep) string {
	if s.State == nil {
		return "only those with several values were varied."
	}
	t := s.Suite.Tune
	var tuned []string
	for _, c := range s.Columns() {
		if values := report.Distinct(s.Tuning, c); len(values) > 1 && !slices.Contains(t.Arms, c) && !slices.Contains(notTuned, c) {
			tuned = append(tuned, fmt.Sprintf("%s (%s)", c, strings.Join(values, ", ")))
		}
	}
	runs, tried := 0, make(map[string]int)
	for _, r := range s.Tuning {
		if r.Run != nil {
			runs++
		}
	}
	for i, a := range s.State.Arms {
		tried[fmt.Sprint(i)] = len(a.Settings)
	}
	arms := slices.DeleteFunc(slices.Clone(t.Arms), func(name string) bool { _, ok := s.Suite.Column(name); return !ok })
	text := fmt.Sprintf("tuned for each arm (%s) were %s, by the best mean of %s (%s) over the tuning seeds %s, out of %s. Tuning took %s, which are not included in other numbers.",
		strings.Join(arms, ", "), strings.Join(tuned, ", "), sheet.MetricText(t.Metric), t.Stat, strings.Join(numbers(t.Seeds), ", "), rangeOf(tried, "setting"), number.Count(runs, "further run"))
	if len(t.Instances) > 0 {
		text += fmt.Sprintf(" Where instances are drawn, those of tuning were %s, which the other runs did not have.", strings.Join(numbers(t.Instances), ", "))
	}
	if t.Eta > 0 {
		text += fmt.Sprintf(" Of the settings of an arm, one in %d by mean rank went on at the steps %s.", t.Eta, rungsText(s.Suite))
		if t.Default {
			text += " The default setting was trained to its end all the same, to be compared with the chosen one."
		}
	}
	return text
}

// rungsText lists the rungs, by environment if they differ.
func rungsText(s *suites.Suite) string {
	if s.Tune.Rungs.ByEnvironment == nil {
		return strings.Join(numbers(s.Tune.Rungs.Default), ", ")
	}
	var parts []string
	for _, name := range s.Environments {
		if list := s.Tune.Rungs.Of(name); len(list) > 0 {
			parts = append(parts, fmt.Sprintf("%s (%s)", strings.Join(numbers(list), ", "), name))
		}
	}
	return strings.Join(parts, "; ")
}

func numbers(list []int) []string {
	texts := make([]string, len(list))
	for i, x := range list {
		texts[i] = fmt.Sprint(x)
	}
	return texts
}
