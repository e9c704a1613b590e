package suites

import (
	"fmt"
	"slices"

	"gfnbench/gfn"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/suites/document"
)

// Keep asks for the networks of cells. It changes nothing that is trained or measured,
// so it is no part of an id.
type Keep struct {
	On     *Selector // the cells whose networks are kept
	Final  bool      // at the end of training
	Best   bool      // at the evaluation with the best value of Metric, the first of equals
	Metric Metric    // by which the best is found, possibly by environment
	Steps  []int     // after that many gradient steps, ascending
}

// The words for networks of [keep]; steps are numbers.
const (
	KeepFinal = "final"
	KeepBest  = "best"
)

var keepSection = &Section{Name: "keep", Doc: "Keeps the networks of cells in the sweep's directory, one file each, for sweep sample, sweep evaluate and readers in Python (policies.md). It changes neither ids nor rows. Cells of other programs keep none.", Keys: []*Key{
	{Param: param.Param{Name: "policies", Required: true, Doc: "which networks: \"final\", those at the end of training; \"best\", those at the evaluation with the best value of metric; a number of gradient steps; or a list of these, such as [100, \"final\"]"}, Form: Networks},
	{Param: param.Param{Name: "metric", Doc: "metric by which the best are found, possibly by environment; required for \"best\""}, Form: Metrics},
	{Param: param.Param{Name: "on", Doc: "the cells whose networks are kept; all by default"}, Form: Select},
}}

// Keep returns what is kept of the cell's networks, nil if nothing.
func (c *Cell) Keep() *Keep {
	if k := c.suite.Keep; k != nil && c.Trainer() == nil && k.On.matches(c.config, -1) {
		return k
	}
	return nil
}

func (r *reader) readKeep() {
	n := r.root.Field(keepSection.Name)
	if n == nil {
		return
	}
	before := len(r.problems)
	v := r.section(keepSection, n, nil)
	k := &Keep{On: r.optionalSelector(v, "on")}
	if at := v.nodes["policies"]; at != nil {
		r.networks(k, at)
	}
	if n.Field("metric") != nil {
		k.Metric = r.metric(v, n)
	}
	if k.Best && n.Field("metric") == nil {
		r.at(n, "[keep] needs the key metric: by which the best networks are found")
	}
	if at := n.Field("metric"); at != nil && !k.Best && len(r.problems) == before {
		r.atKey(at, "metric is for policies = \"best\"")
	}
	if len(r.problems) == before {
		r.suite.Keep = k
	}
}

// networks reads which networks are kept.
func (r *reader) networks(k *Keep, at *document.Node) {
	items := []*document.Node{at}
	if at.Kind == document.Array {
		items = at.Items
	}
	if len(items) == 0 {
		r.at(at, "policies is empty: expected %s", networksForm)
	}
	for _, item := range items {
		word, _ := item.Text()
		step, isStep := convert(item, param.Int)
		switch {
		case word == KeepFinal && !k.Final:
			k.Final = true
		case word == KeepBest && !k.Best:
			k.Best = true
		case isStep && step.Int() < 0:
			r.at(item, "policies has the step %d: expected at least 0", step.Int())
		case isStep && !slices.Contains(k.Steps, step.Int()):
			k.Steps = append(k.Steps, step.Int())
		case isStep || word == KeepFinal || word == KeepBest:
			r.at(item, "policies has %s twice", item.Describe())
		default:
			r.at(item, "policies is %s: expected %s", item.Describe(), networksForm)
		}
	}
	slices.Sort(k.Steps)
}

const networksForm = `"final", "best", a number of steps, or a list of these`

// keeps checks, once there are cells, that each can keep what is asked for.
func (r *reader) keeps() {
	k, n := r.suite.Keep, r.root.Field(keepSection.Name)
	if k == nil || len(r.problems) > 0 {
		return
	}
	most, any := 0, false
	checked := make(map[*config]bool)
	for _, c := range r.suite.Cells {
		if c.Keep() == nil || checked[c.config] {
			continue
		}
		checked[c.config], any, most = true, true, max(most, c.int(keySteps))
		if !k.Best {
			continue
		}
		name := k.Metric.Of(c.EnvironmentName())
		if why := unranked(name, []*Cell{c}); why != "" {
			r.at(n.Field("metric"), "metric %q cannot find the best networks on %s: %s", name, c.EnvironmentName(), why)
			return
		}
	}
	if !any {
		r.at(n, "[keep]: no cell of this program's matches %s", k.On)
	}
	if last := len(k.Steps) - 1; any && last >= 0 && k.Steps[last] > most {
		r.at(n.Field("policies"), "policies has the step %d: no cell takes more than %d", k.Steps[last], most)
	}
}

// unranked says why the values of a metric of the cells have no best, "" where they
// have one.
func unranked(name string, cells []*Cell) string {
	m, ok := metric.Lookup(name)
	switch info := m.Info(); {
	case !ok:
		return "the environment has no metric here: add it, or a default"
	case info.Source == metric.Timing:
		return "it depends on the machine"
	case info.Source != metric.Evaluation:
		return "it is no metric of the curves"
	case info.Better == metric.NoBetter:
		return "neither greater nor lower values are better"
	}
	for _, c := range cells {
		defined, err := gfn.Defined(c.Spec(), c.Instance(), m)
		if err != nil {
			return err.Error()
		} else if !defined {
			return "it is not measured there"
		}
	}
	return ""
}

// String writes what is kept, the same for what is the same.
func (k *Keep) String() string {
	if k == nil {
		return ""
	}
	return fmt.Sprintf("final %t, best %t of %v, steps %v", k.Final, k.Best, k.Metric, k.Steps)
}
