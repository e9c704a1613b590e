package methods

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gfnbench/gfn/metric"
	"gfnbench/report"
	"gfnbench/suites"
)

// definitions say in words what the common metrics are; the others use their formula.
var definitions = map[string]string{
	"l1":           "the L1 distance between the policy's distribution over terminal states and the target, from 0 to 2",
	"tv":           "the total variation distance between the policy's distribution over terminal states and the target, from 0 to 1",
	"jsd":          "the Jensen-Shannon divergence between the policy's distribution over terminal states and the target, in nats, at most ln 2",
	"kl_pt_target": "the Kullback-Leibler divergence of the policy's distribution over terminal states from the target, in nats",
	"modes":        "the number of distinct modes of the target, its terminal states of largest reward, seen in training",
	"kl_target_pt": "the Kullback-Leibler divergence of the target from the policy's distribution over terminal states, in nats",
}

// metricsText defines the metrics of the tables and claims, and says where they
// are exact. It returns "" if there are none.
func metricsText(s *report.Sweep) string {
	// Collect the metrics, and where they are exact or estimated.
	var names []string
	exact, estimated := make(map[string][]string), make(map[string][]string) // environments by metric
	add := func(of suites.Metric, rows []*report.Row) {
		for _, r := range rows {
			name := of.Of(r.Environment())
			m, ok := metric.Lookup(name)
			if !ok || m.Info().Source == metric.Variance {
				continue
			}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
			score := r.Score(&report.Stat{Metric: m, Name: "final"})
			list := exact
			if !math.IsNaN(score.StdErr) {
				list = estimated
			}
			if e := r.Environment(); score.Kind == report.Measured && m.Info().Estimable && !slices.Contains(list[name], e) {
				list[name] = append(list[name], e)
			}
		}
	}
	specs, _ := s.Tables() // all
	for _, spec := range specs {
		add(spec.Metric, report.Matching(s.Rows, spec.On))
	}
	// A sentence for each.
	var text []string
	for _, name := range names {
		m, _ := metric.Lookup(name)
		line := fmt.Sprintf("%s is %s", name, cmp.Or(definitions[name], m.Info().Definition))
		switch m.Info().Better {
		case metric.GreaterBetter:
			line += "; higher is better"
		case metric.LowerBetter:
			line += "; lower is better"
		}
		always := slices.DeleteFunc(exact[name], func(e string) bool { return slices.Contains(estimated[name], e) })
		var how []string
		if len(always) > 0 {
			how = append(how, "exact on "+strings.Join(always, ", "))
		}
		if list := estimated[name]; list != nil {
			how = append(how, "estimated from samples on "+strings.Join(list, ", "))
		}
		if how != nil {
			line += ". It is " + strings.Join(how, " and ")
		}
		text = append(text, line+".")
	}
	return strings.Join(text, " ")
}
