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
	cells map[instanceKey][]*suites.Cell
	ids   map[instanceKey]string
}

// An instanceKey is an environment of the suite and one of its instances. Environments
// with equal parameters share the instance, but each is recorded.
type instanceKey struct {
	environment string
	shared      *gfn.Instance
}

func instanceKeyOf(c *suites.Cell) instanceKey { return instanceKey{c.EnvironmentName(), c.Instance()} }

// id returns the name of the cell's instance.
func (in *instances) id(c *suites.Cell) string { return in.ids[instanceKeyOf(c)] }

// instancesOf names the instances of a suite: by their environment and, if it
// has several, the parameters that vary.
func instancesOf(s *suites.Suite) instances {
	in := instances{map[instanceKey][]*suites.Cell{}, map[instanceKey]string{}}
	count := map[string]int{}
	for _, c := range s.Cells {
		at := instanceKeyOf(c)
		if in.cells[at] == nil {
			count[at.environment]++
		}
		in.cells[at] = append(in.cells[at], c)
	}
	for at, cells := range in.cells {
		in.ids[at] = at.environment
		if count[at.environment] > 1 {
			in.ids[at] += "[" + strings.Join(varyingParams(s, cells[0]), ",") + "]"
		}
	}
	return in
}

// modesOf says what a mode is in a cell. With more than eval.max_states states
// the quantile is taken over samples.
func modesOf(c *suites.Cell) string {
	if v := c.Value("modes.threshold"); !v.IsNull() {
		return "modes.threshold=" + suites.Format(v)
	}
	return "modes.quantile=" + suites.Format(c.Value("modes.quantile")) + ",eval.max_states=" + suites.Format(c.Value("eval.max_states"))
}

// varyingParams returns the cell's values of the parameters that vary.
func varyingParams(s *suites.Suite, c *suites.Cell) []string {
	var list []string
	for _, col := range s.Columns {
		name, ok := strings.CutPrefix(col.Name, "params.")
		if col.Name == param.Instance {
			name, ok = col.Name, true
		}
		if v := c.Value(col.Name); ok && col.Varies && !v.IsNull() {
			list = append(list, name+"="+suites.Format(v))
		}
	}
	return list
}

// textName returns the name of a field's text, which accompanies its values.
func textName(f env.Field) string {
	if len(f.Values) > 0 {
		return f.Name + "_text"
	}
	return f.Name
}

// files returns the names and the hashes of the files among the parameters.
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

// drawn returns what was drawn for an instance, with its log Z, the smallest log
// reward of a mode (one for each definition, if cells have several), and the
// numbers of states, as far as they are known.
func (in *instances) drawn(at instanceKey) (results.Instance, error) {
	cells, shared := in.cells[at], at.shared
	r := results.Instance{ID: in.ids[at], Environment: at.environment}
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
	// Known quantities, as scalars.
	scalar("log_z", shared.Env.LogZ())
	scalar("states", caps.States)
	scalar("terminals", caps.Terminals)
	if _, ok := shared.Env.(env.Discrete); !ok {
		return r, nil
	}
	// log τ for every definition of a mode.
	var names []string // of the definitions
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
