package env_test

import (
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
)

// testT is what tables and rapid properties have in common.
type testT interface {
	Helper()
	Fatalf(format string, args ...any)
}

// build makes an instance or fails.
func build(t testT, kind string, p param.Values) env.Environment {
	t.Helper()
	e, err := env.Lookup(kind).Make(p)
	if err != nil {
		t.Fatalf("%s %v: %v", kind, p, err)
	}
	return e
}

// buildDiscrete makes a discrete instance or fails.
func buildDiscrete(t testT, kind string, p param.Values) env.Discrete {
	t.Helper()
	return build(t, kind, p).(env.Discrete)
}

// verify runs envtest where the test is not a testing.TB.
func verify(t testT, e env.Discrete, opts ...envtest.Option) {
	t.Helper()
	if err := envtest.CheckDiscrete(e, opts...); err != nil {
		t.Fatalf("%v\ninstance %v", err, e.Instance())
	}
}

// near compares within a relative tolerance.
func near(t testing.TB, name string, got, want, tolerance float64) {
	t.Helper()
	if d := got - want; !(d <= tolerance*max(1, want, -want) && -d <= tolerance*max(1, want, -want)) {
		t.Errorf("%s is %v, expected %v", name, got, want)
	}
}

// paramError wants a *param.Error on the parameter.
func paramError(t *testing.T, kind string, p param.Values, at string) {
	t.Helper()
	_, err := env.Lookup(kind).Make(p)
	if pe, ok := err.(*param.Error); !ok || pe.Param != at {
		t.Errorf("%s %v: error %v, expected one on %q", kind, p, err, at)
	}
}
