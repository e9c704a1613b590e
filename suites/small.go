package suites

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
)

// SmallCell returns a cell that no suite file has: an objective in the smallest
// instance of a kind of environment that is worth testing, trained with the values
// that set gives to keys of [run]; as params.NAME, to parameters of the environment.
// The error is of type Problems.
func SmallCell(environment, objectiveName string, set param.Values) (*Cell, error) {
	e, o := kinds.Lookup(environment), objective.Lookup(objectiveName)
	if e == nil || o == nil {
		return nil, fmt.Errorf("there is no environment %q or no objective %q", environment, objectiveName)
	}
	run, params := param.Values{}, param.Values{}
	maps.Copy(params, e.Small)
	for name, v := range set {
		if p, ok := strings.CutPrefix(name, "params."); ok {
			params[p] = v
		} else {
			run[name] = v
		}
	}
	var b strings.Builder
	b.WriteString("schema = 1\nname = \"small\"\n[run]\nseeds = 1\n")
	assign(&b, run)
	fmt.Fprintf(&b, "[environment.small]\nkind = %q\n", environment)
	assign(&b, params)
	fmt.Fprintf(&b, "[[grid]]\nobjective = [%q]\n", objectiveName)
	for _, p := range o.Params {
		if p.Default.IsNull() {
			fmt.Fprintf(&b, "%s = [0.5]\n", p.Name)
		}
	}
	s, err := Parse("small.toml", []byte(b.String()), nil)
	if err != nil {
		return nil, err
	}
	return s.Cells[0], nil
}

// assign writes values as lines of TOML.
func assign(b *strings.Builder, values param.Values) {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(b, "%s = %s\n", name, values[name].Canonical())
	}
}
