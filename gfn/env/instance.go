package env

import (
	"fmt"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// InstanceStream returns the random stream from which a kind draws its instance.
func InstanceStream(kind string, seed int) *stream.Stream {
	return stream.NewKey("instance", kind, fmt.Sprint(seed)).Stream("draw", 0)
}

// Source returns the one parameter among names that gives the source of an instance, such
// as a file or instance_seed. Exactly one must be given.
func Source(p param.Values, names ...string) (string, error) {
	source := ""
	for _, name := range names {
		switch {
		case !p.Has(name):
		case source != "":
			return "", param.Errorf(name, "give %s or %s, not both", source, name)
		default:
			source = name
		}
	}
	if source == "" {
		return "", param.Errorf(names[0], "is missing: give one of %s", strings.Join(names, ", "))
	}
	return source, nil
}

// RefuseOther returns an error for a parameter that has no effect when source is given,
// if it differs from its default and was therefore set in vain.
func RefuseOther(p param.Values, source string, params []param.Param) error {
	for _, q := range params {
		if v := p[q.Name]; v != q.Default {
			return param.Errorf(q.Name, "has no effect, as %s is given: leave %s out", source, q.Name)
		}
	}
	return nil
}
