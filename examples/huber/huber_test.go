package huber

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/diff/fd"

	"gfnbench/gfn"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/suites"
)

func init() { objective.Kinds = append(objective.Kinds, Kind) }

// loss returns the loss of a batch for which v holds log p_F, log p_B and log Z, one
// after the other.
func loss(v []float64, delta float64, learned bool) (float64, *objective.Coefficients) {
	n := (len(v) - 1) / 2
	b := &objective.Batch{LogPF: v[:n], LogPB: v[n : 2*n], LogZ: v[2*n], LogR: make([]float64, n)}
	o, err := Kind.Make(objective.Spec{Name: Kind.Name, Params: param.Values{"delta": param.Of(delta)}})
	if err != nil {
		panic(err)
	}
	c := new(objective.Coefficients)
	c.Fit(Kind, o, b, learned)
	o.Coefficients(b, c)
	return c.Loss, c
}

// TestCoefficients compares the coefficients with central differences of the loss, on
// both sides of the bend.
func TestCoefficients(t *testing.T) {
	v := []float64{-3, 0.2, 2.5, 0.7, -0.1, -0.4, 0.3, 0.2, 0.25}
	for _, delta := range []float64{0.5, 1, 10} {
		compare(t, v, delta)
	}
	if _, c := loss(v, 1, false); len(c.LogPB) != 0 {
		t.Error("a fixed backward policy has coefficients")
	}
}

func compare(t *testing.T, v []float64, delta float64) {
	want := fd.Gradient(nil, func(v []float64) float64 { l, _ := loss(v, delta, true); return l }, v, &fd.Settings{Formula: fd.Central})
	_, c := loss(v, delta, true)
	got := append(append(append([]float64{}, c.LogPF...), c.LogPB...), c.LogZ)
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-6 {
			t.Errorf("delta %v, derivative %d is %v, want %v", delta, i, got[i], want[i])
		}
	}
}

// TestTrains checks that a policy learns with the objective, with exploration.
func TestTrains(t *testing.T) {
	spec := gfn.Default("hypergrid", param.Values{"r0": param.Of(0.1)}, objective.Spec{Name: Kind.Name}, 1)
	spec.EvalEvery, spec.Exploration = 1000, 0.05
	var l1 []float64
	for row, err := range gfn.Train(spec) {
		if err != nil {
			t.Fatal(err)
		}
		if x := row.Metrics[metric.L1]; x.Present {
			l1 = append(l1, x.Value)
		}
	}
	if !(l1[0] > 1 && l1[len(l1)-1] < 0.1) {
		t.Errorf("L1 = %v, want it to fall below 0.1", l1)
	}
}

// TestInASuite checks that suites accept an objective that a program registers.
func TestInASuite(t *testing.T) {
	s, err := suites.Parse("huber.toml", []byte(`
schema = 1
name = "huber"
[environment.grid]
kind = "hypergrid"
height = 4
[[grid]]
objective = ["tb", "huber-tb"]
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	spec := s.Cells[len(s.Cells)-1].Spec()
	spec.Steps = 1
	if spec.Objective.Name != "huber-tb" {
		t.Fatalf("the last cell's objective is %q", spec.Objective.Name)
	}
	for _, err := range gfn.Train(spec) {
		if err != nil {
			t.Error(err)
		}
	}
}
