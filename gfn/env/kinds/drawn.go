package kinds

import (
	"slices"

	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
)

// drawn returns the n values of a parameter that can be given in place of
// instance_seed, or nil where instance_seed is. Exactly one of the two must be
// there.
func drawn(p param.Values, name string, n int) ([]float64, error) {
	source, err := env.Source(p, "instance_seed", name)
	if err != nil || source != name {
		return nil, err
	}
	values := p.Floats(name)
	if len(values) != n {
		return nil, param.Errorf(name, "has %d values, expected %d", len(values), n)
	}
	return slices.Clone(values), nil
}
