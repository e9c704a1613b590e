package envtest_test

import (
	"fmt"
	"log"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
)

// A test of a new environment makes some instances and checks each.
func Example() {
	_ = func(t *testing.T) {
		e, err := kinds.Lookup("hypergrid").Make(param.Values{"dim": param.Of(2), "height": param.Of(12)})
		if err != nil {
			t.Fatal(err)
		}
		envtest.Discrete(t, e.(env.Discrete))
	}
}

// shiftedZ is an environment that declares a log Z different from that of its rewards.
type shiftedZ struct {
	env.Discrete
	env.TargetSampler
}

func (e shiftedZ) LogZ() float64 { return e.Discrete.LogZ() + 1 }

// Outside a test, CheckDiscrete returns the faults as an error, or nil if there are none.
func ExampleCheckDiscrete() {
	e, err := kinds.Lookup("hypergrid").Make(param.Values{"dim": param.Of(2), "height": param.Of(4)})
	if err != nil {
		log.Fatal(err)
	}
	grid := e.(env.Discrete)
	fmt.Println(envtest.CheckDiscrete(grid, envtest.Samples(1000)))
	fmt.Println(envtest.CheckDiscrete(shiftedZ{grid, e.(env.TargetSampler)}, envtest.Samples(1000)))
	// Output:
	// <nil>
	// hypergrid: log Z: 1.7011153502091223 is declared, enumeration gives 0.7011153502091221
}
