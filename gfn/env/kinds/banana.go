package kinds

import (
	"math"

	"gfnbench/gfn/env"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// References:
//
//	Haario, Saksman, Tamminen: An adaptive Metropolis algorithm. Bernoulli 7
//	(2001) (banana-shaped targets).
//	da Silva et al.: On divergence measures for training GFlowNets. NeurIPS 2024.

// bananaKind is a Gaussian bent along a parabola.
var bananaKind = &env.Kind{
	Name:  "banana",
	Label: "banana",
	Doc:   "a correlated Gaussian bent along a parabola, x1 then x2; the reward is the density N((x1, x2 + x1^2 + 1); 0, [[1, c], [c, 1]])",
	Params: []param.Param{
		{Name: "correlation", Type: param.Float, Default: param.Of(0.9), Range: param.Between(-0.999, 0.999), Doc: "correlation c of x1 and x2 + x1^2 + 1"},
	},
	Order:    env.Order{State: "the coordinates, which are set one after another"},
	Revision: 1,
	Policies: []string{"mixture"},
	Samples:  densitySamples,
	New:      newBanana,
}

// banana makes u = x1 and v = x2 + x1² + 1 jointly Gaussian. The map from (x1, x2)
// preserves area, so the density of (x1, x2) is that Gaussian density.
type banana struct {
	correlation float64
	residual    float64 // variance of v given u
	logNorm     float64
}

func newBanana(p param.Values) (env.Environment, error) {
	c := p.Float("correlation")
	e := &banana{correlation: c, residual: float64((1 - c) * (1 + c))}
	e.logNorm = -fmath.Log(2*math.Pi) - float64(fmath.Log(e.residual)/2)
	return e, nil
}

func (e *banana) Kind() string { return bananaKind.Name }

func (e *banana) Capabilities() env.Capabilities { return continuousCapabilities() }

func (e *banana) LogZ() float64 { return 0 }

func (e *banana) Instance() []env.Field { return nil }

func (e *banana) Dim() int { return 2 }

func (e *banana) LogReward(x []float64) float64 {
	u := x[0]
	v := x[1] + float64(u*u) + 1
	r := v - float64(e.correlation*u)
	return e.logNorm - float64(u*u/2) - float64(r*r)/(2*e.residual)
}

func (e *banana) SampleTarget(rng *stream.Stream, x []float64) {
	u := rng.Normal()
	v := float64(e.correlation*u) + float64(math.Sqrt(e.residual)*rng.Normal())
	x[0] = u
	x[1] = v - float64(u*u) - 1
}

// Box covers |x1| < 5 and the parabola over that range.
func (e *banana) Box() (lo, hi []float64) {
	return []float64{-5, -31}, []float64{5, 4}
}
