package envtest

import (
	"errors"

	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
)

// TB is what tests, benchmarks and the properties of package rapid have in
// common.
type TB interface {
	Helper()                           // as of testing.TB
	Error(args ...any)                 // as of testing.TB
	Errorf(format string, args ...any) // as of testing.TB
	Fatalf(format string, args ...any) // as of testing.TB
}

// Make makes an instance, such as an env.Discrete, or ends the test.
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

// Refuses reports an error of t unless the kind refuses the parameters because
// of the one named.
func Refuses(t TB, kind *env.Kind, p param.Values, name string) {
	t.Helper()
	_, err := kind.Make(p)
	if at, ok := errors.AsType[*param.Error](err); !ok || at.Param != name {
		t.Errorf("%s %v: error %v, expected one on %q", kind.Name, p, err, name)
	}
}
