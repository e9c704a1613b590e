package envtest_test

import (
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/envtest"
)

// A test of a new environment makes some instances and has each examined.
func Example() {
	_ = func(t *testing.T) {
		e, err := env.Lookup("hypergrid").Make(env.Params{"dim": 2, "height": 12})
		if err != nil {
			t.Fatal(err)
		}
		envtest.Discrete(t, e.(env.Discrete))
	}
}
