package suites

import (
	"strconv"
	"strings"

	"gfnbench/gfn/param"
)

// start splits a start of log Z into its word and the number of nats that is added
// to it: "shift+6", "exact-12". It returns false if what follows the word is not a
// number, or if the word is zero, whose offset is the number itself.
func start(text string) (word string, offset float64, ok bool) {
	i := strings.IndexAny(text, "+-")
	if i < 0 {
		return text, 0, true
	}
	offset, err := strconv.ParseFloat(text[i:], 64)
	return text[:i], offset, err == nil && offset-offset == 0 && text[:i] != "zero"
}

// canonicalStart returns the one form of a start of log Z: "zero" for 0, "shift"
// for "shift+0", "shift+6" for "shift+6.0".
func canonicalStart(v param.Value) param.Value {
	if x, ok := v.Number(); ok {
		if x == 0 {
			return keyLogZInit.Default
		}
		return v
	}
	word, offset, ok := start(v.Text())
	switch {
	case !ok:
		return v
	case offset == 0:
		return param.Of(word)
	case offset > 0:
		word += "+"
	}
	return param.Of(word + param.Of(offset).Canonical())
}
