package sweep

import (
	"math"
	"strings"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
	"gfnbench/results"
	"gfnbench/suites"
)

// instances are the environment instances of a suite, each with its cells.
type instances struct {
	cells map[*gfn.Instance][]*suites.Cell
	ids   map[*gfn.Instance]string
}

// instancesOf names the instances of a suite: by their environment, with the
// parameters that vary where it has several.
func instancesOf(s *suites.Suite) instances {
	in := instances{map[*gfn.Instance][]*suites.Cell{}, map[*gfn.Instance]string{}}
	count := map[string]int{}
	var order []*gfn.Instance
	for _, c := range s.Cells {
		shared := c.Instance()
		if in.cells[shared] == nil {
			order = append(order, shared)
			count[c.EnvironmentName()]++
		}
		in.cells[shared] = append(in.cells[shared], c)
	}
	for _, shared := range order {
		c := in.cells[shared][0]
		in.ids[shared] = c.EnvironmentName()
		if count[c.EnvironmentName()] > 1 {
			in.ids[shared] += "[" + strings.Join(varyingParams(s, c), ",") + "]"
		}
	}
	return in
}

// modesOf says what a mode is in a cell; of more than eval.max_states states the
// quantile is one of samples.
func modesOf(c *suites.Cell) string {
	if v := c.Value("modes.threshold"); !v.IsNull() {
		return "modes.threshold=" + suites.Format(v)
	}
	return "modes.quantile=" + suites.Format(c.Value("modes.quantile")) + ",eval.max_states=" + suites.Format(c.Value("eval.max_states"))
}

// varyingParams are the cell's values of the parameters that vary.
func varyingParams(s *suites.Suite, c *suites.Cell) []string {
	var list []string
	for _, col := range s.Columns {
		name, ok := strings.CutPrefix(col.Name, "params.")
		if v := c.Value(col.Name); ok && col.Varies && !v.IsNull() {
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

// files are the names and the hashes of the files among the parameters.
func files(p param.Values) (fields []results.Field) {
	for _, name := range p.Names() {
		if f, ok := p.File(name); ok {
			_, sum, _ := strings.Cut(p[name].String(), ":")
			fields = append(fields,
				results.Field{Name: name + "_file", Texts: []string{f.Name}},
				results.Field{Name: name + "_sha256", Texts: []string{sum}})
		}
	}
	return fields
}

// drawn is what was drawn for an instance, with its log Z, the log-reward from
// which a terminal state is a mode (one a definition, where cells have several),
// and the numbers of states, where known.
func (in *instances) drawn(shared *gfn.Instance) (results.Instance, error) {
	cells := in.cells[shared]
	r := results.Instance{ID: in.ids[shared], Environment: cells[0].EnvironmentName()}
	for _, f := range shared.Env.Instance() {
		if len(f.Values) > 0 {
			r.Fields = append(r.Fields, results.Field{Name: f.Name, Numbers: f.Values})
		}
		if f.Text != "" {
			lines := strings.Split(strings.TrimSuffix(f.Text, "\n"), "\n")
			r.Fields = append(r.Fields, results.Field{Name: textName(f), Texts: lines})
		}
	}
	r.Fields = append(r.Fields, files(cells[0].Spec().Params)...)
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
	var names []string // of definitions of a mode
	first := map[string]*suites.Cell{}
	for _, c := range cells {
		if name := modesOf(c); first[name] == nil {
			names, first[name] = append(names, name), c
		}
	}
	for _, name := range names {
		spec := first[name].Spec()
		logTau, err := shared.LogTau(spec.Modes, spec.Eval.MaxStates)
		if err != nil {
			return r, err
		}
		if len(names) == 1 {
			scalar("log_tau", logTau)
		} else {
			scalar("log_tau["+name+"]", logTau)
		}
	}
	return r, nil
}
