package kinds_test

import (
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
)

// build makes an instance or fails the test at once.
func build(t envtest.TB, kind string, p param.Values) env.Environment {
	t.Helper()
	return envtest.Make[env.Environment](t, kinds.Lookup(kind), p)
}

// buildDiscrete makes a discrete instance or fails the test at once.
func buildDiscrete(t envtest.TB, kind string, p param.Values) env.Discrete {
	t.Helper()
	return envtest.Make[env.Discrete](t, kinds.Lookup(kind), p)
}

// near compares within a relative tolerance.
func near(t testing.TB, name string, got, want, tolerance float64) {
	t.Helper()
	if d := got - want; !(d <= tolerance*max(1, want, -want) && -d <= tolerance*max(1, want, -want)) {
		t.Errorf("%s is %v, expected %v", name, got, want)
	}
}

// paramError requires an error about the parameter.
func paramError(t *testing.T, kind string, p param.Values, at string) {
	t.Helper()
	envtest.Refuses(t, kinds.Lookup(kind), p, at)
}
