package kinds

import (
	"slices"

	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
)

// drawn returns the n values of a parameter that can be given instead of instance_seed,
// or nil if instance_seed is given. It returns an error unless exactly one of them is
// given.
func drawn(p param.Values, name string, n int) ([]float64, error) {
	source, err := env.Source(p, "instance_seed", name)
	if err != nil || source != name {
		return nil, err
	}
	if scale := name + "_scale"; p.Has(scale) {
		return nil, param.Errorf(scale, "is for values that instance_seed draws: leave it out")
	}
	values := p.Floats(name)
	if len(values) != n {
		return nil, param.Errorf(name, "has %d values, expected %d", len(values), n)
	}
	return slices.Clone(values), nil
}

// draw returns n values of one parameter, multiplied by its scale if one is given.
func draw(p param.Values, name string, n int, next func() float64) []float64 {
	scale := 1.0
	if p.Has(name + "_scale") {
		scale = p.Float(name + "_scale")
	}
	values := make([]float64, n)
	for i := range values {
		values[i] = scale * next()
	}
	return values
}
