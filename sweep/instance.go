package sweep

import (
	"math"
	"slices"
	"strings"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/results"
	"gfnbench/suites"
)

// instances are the environment instances of a suite, each with its first cell,
// and the first for every definition of a mode.
type instances struct {
	first map[*gfn.Instance]*suites.Cell
	ids   map[*gfn.Instance]string
	modes map[*gfn.Instance][]*suites.Cell
}

// instancesOf names the instances of a suite: by their environment, with the
// parameters that vary where it has several.
func instancesOf(s *suites.Suite) instances {
	in := instances{map[*gfn.Instance]*suites.Cell{}, map[*gfn.Instance]string{}, map[*gfn.Instance][]*suites.Cell{}}
	count := map[string]int{}
	var order []*gfn.Instance
	for _, c := range s.Cells {
		shared := c.Instance()
		if in.first[shared] == nil {
			in.first[shared] = c
			order = append(order, shared)
			count[c.EnvironmentName()]++
		}
		if !slices.ContainsFunc(in.modes[shared], func(d *suites.Cell) bool { return modesOf(c) == modesOf(d) }) {
			in.modes[shared] = append(in.modes[shared], c)
		}
	}
	for _, shared := range order {
		c := in.first[shared]
		in.ids[shared] = c.EnvironmentName()
		if count[c.EnvironmentName()] > 1 {
			in.ids[shared] += "[" + strings.Join(varyingParams(s, c), ",") + "]"
		}
	}
	return in
}

// modesOf says what a mode is in a cell.
func modesOf(c *suites.Cell) string {
	for _, column := range []string{"modes.threshold", "modes.quantile"} {
		if v := c.Value(column); v != nil {
			return column + "=" + suites.Format(v)
		}
	}
	return ""
}

// varyingParams are the cell's values of the parameters that vary.
func varyingParams(s *suites.Suite, c *suites.Cell) []string {
	var list []string
	for _, col := range s.Columns {
		name, ok := strings.CutPrefix(col.Name, "params.")
		if v := c.Value(col.Name); ok && col.Varies && v != nil {
			list = append(list, name+"="+suites.Format(v))
		}
	}
	return list
}

// textName is the name of a field's text, which stands beside its values.
func textName(f env.Field) string {
	if len(f.Values) > 0 {
		return f.Name + "_text"
	}
	return f.Name
}

// drawn is what was drawn for an instance, with its log Z, the log-reward from
// which a terminal state is a mode (one a definition, where cells have several),
// and the numbers of states, where known.
func (in *instances) drawn(shared *gfn.Instance) (results.Instance, error) {
	c := in.first[shared]
	r := results.Instance{ID: in.ids[shared], Environment: c.EnvironmentName()}
	for _, f := range shared.Env.Instance() {
		if len(f.Values) > 0 {
			r.Fields = append(r.Fields, results.Field{Name: f.Name, Numbers: f.Values})
		}
		if f.Text != "" {
			lines := strings.Split(strings.TrimSuffix(f.Text, "\n"), "\n")
			r.Fields = append(r.Fields, results.Field{Name: textName(f), Texts: lines})
		}
	}
	caps := shared.Env.Capabilities()
	scalar := func(name string, x float64) {
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			r.Fields = append(r.Fields, results.Scalar(name, x))
		}
	}
	scalar("log_z", shared.Env.LogZ())
	scalar("states", caps.States)
	scalar("terminals", caps.Terminals)
	if _, ok := shared.Env.(env.Discrete); !ok {
		return r, nil
	}
	for _, c := range in.modes[shared] {
		spec := c.Spec()
		logTau, err := shared.LogTau(spec.Modes, spec.Eval.MaxStates)
		if err != nil {
			return r, err
		}
		name := "log_tau"
		if len(in.modes[shared]) > 1 {
			name += "[" + modesOf(c) + "]"
		}
		scalar(name, logTau)
	}
	return r, nil
}
