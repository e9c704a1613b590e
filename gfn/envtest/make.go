package envtest

import (
	"errors"

	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
)

// TB holds the methods that tests, benchmarks and the properties of package rapid share.
type TB interface {
	Helper()                           // see testing.TB
	Error(args ...any)                 // see testing.TB
	Errorf(format string, args ...any) // see testing.TB
	Fatalf(format string, args ...any) // see testing.TB
}

// Make makes an instance, such as an env.Discrete, or fails the test at once.
func Make[E env.Environment](t TB, kind *env.Kind, p param.Values) E {
	t.Helper()
	made, err := kind.Make(p)
	if err != nil {
		t.Fatalf("%s %v: %v", kind.Name, p, err)
	}
	e, ok := made.(E)
	if !ok {
		t.Fatalf("%s is a %T, which lacks what the test needs", kind.Name, made)
	}
	return e
}

// Refuses reports an error to t unless the kind rejects the parameters and blames the
// named one.
func Refuses(t TB, kind *env.Kind, p param.Values, name string) {
	t.Helper()
	_, err := kind.Make(p)
	if at, ok := errors.AsType[*param.Error](err); !ok || at.Param != name {
		t.Errorf("%s %v: error %v, expected one on %q", kind.Name, p, err, name)
	}
}
