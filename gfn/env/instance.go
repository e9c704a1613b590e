package env

import (
	"fmt"
	"math"
	"slices"

	"gfnbench/gfn/stream"
)

// instanceStream is the random stream from which a kind draws its instance.
func instanceStream(kind string, seed int) *stream.Stream {
	return stream.NewKey("instance", kind, fmt.Sprint(seed)).Stream("draw", 0)
}

// drawn returns the n values of a parameter that can be given in place of
// instance_seed, or nil where instance_seed is. Exactly one of the two must be
// there.
func drawn(p Params, name string, n int) ([]float64, error) {
	values := p.Floats(name)
	switch {
	case !p.Has(name) && !p.Has("instance_seed"):
		return nil, Errorf("instance_seed", "give instance_seed, or %s literally", name)
	case !p.Has(name):
		return nil, nil
	case p.Has("instance_seed"):
		return nil, Errorf(name, "give %s or instance_seed, not both", name)
	case len(values) != n:
		return nil, Errorf(name, "has %d values, expected %d", len(values), n)
	}
	for i, x := range values {
		if math.IsInf(x, 0) || math.IsNaN(x) {
			return nil, Errorf(name, "value %d is %v, expected a finite number", i, x)
		}
	}
	return slices.Clone(values), nil
}
