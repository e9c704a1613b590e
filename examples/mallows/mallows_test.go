package mallows

import (
	"fmt"
	"math"
	"testing"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/envtest"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
)

func init() { kinds.All = append(kinds.All, Kind) }

func instance(t *testing.T, p param.Values) env.Discrete {
	t.Helper()
	return envtest.Make[env.Discrete](t, Kind, p)
}

// TestProperties checks everything that an environment must satisfy, including the
// declared log Z and the samples against enumeration.
func TestProperties(t *testing.T) {
	for _, p := range []param.Values{
		{},
		{"items": param.Of(2), "theta": param.Of(0.0)},
		{"items": param.Of(5), "theta": param.Of(2.0)},
		{"items": param.Of(15), "theta": param.Of(0.1)}, // too many to enumerate: random walks
	} {
		t.Run(fmt.Sprint(p), func(t *testing.T) { envtest.Discrete(t, instance(t, p)) })
	}
}

// TestByHand checks three items: with q = exp(-theta), Z = (1 + q)(1 + q + q²), and the
// reverse order has all three pairs out of order.
func TestByHand(t *testing.T) {
	e := instance(t, param.Values{"items": param.Of(3), "theta": param.Of(math.Ln2)})
	if got, want := e.LogZ(), math.Log(1.5*1.75); math.Abs(got-want) > 1e-12 {
		t.Errorf("log Z = %v, want %v", got, want)
	}
	x := make([]uint64, 1)
	for _, item := range []int{2, 1, 0} {
		e.Step(x, item)
	}
	if got := e.LogReward(x); math.Abs(got+3*math.Ln2) > 1e-12 || e.Format(x) != "2>1>0" {
		t.Errorf("log r(%s) = %v, want -3 log 2", e.Format(x), got)
	}
}

// TestTrains checks that a policy learns the rankings.
func TestTrains(t *testing.T) {
	spec := gfn.Default("mallows", param.Values{"items": param.Of(5)}, objective.Spec{Name: "reverse-kl", ControlVariate: "loo"}, 1)
	spec.Steps, spec.EvalEvery = 400, 400
	var l1 []float64
	for row, err := range gfn.Train(spec) {
		if err != nil {
			t.Fatal(err)
		}
		if x := row.Metrics[metric.L1]; x.Present {
			l1 = append(l1, x.Value)
		}
	}
	if !(l1[0] > 0.5 && l1[len(l1)-1] < 0.1) {
		t.Errorf("L1 = %v, want it to fall below 0.1", l1)
	}
}
