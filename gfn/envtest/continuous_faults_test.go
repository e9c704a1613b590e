package envtest_test

import (
	"math"
	"slices"
	"sync/atomic"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

func mixture(t *testing.T, p param.Values) env.Continuous {
	t.Helper()
	e, err := kinds.Lookup("gmm").Make(p)
	if err != nil {
		t.Fatal(err)
	}
	return e.(env.Continuous)
}

// Each of these types has one fault.
type (
	unnormalised struct{ env.Continuous }
	wrongSlope   struct{ env.Continuous }
	notANumber   struct{ env.Continuous }
	allocating   struct{ env.Continuous }
	wrongZ       struct{ env.Continuous }
	smallBox     struct{ env.Continuous }
	flatBox      struct{ env.Continuous }
	discreteOne  struct{ env.Continuous }
	shifted      struct{ env.Continuous }
	shrunk       struct{ env.Continuous }
	mirrored     struct{ env.Continuous }
	halfSampled  struct{ env.Continuous }
	historic     struct {
		env.Continuous
		calls *atomic.Int64
	}
)

func (e unnormalised) LogReward(x []float64) float64 { return e.Continuous.LogReward(x) + 1e-4 }
func (e wrongSlope) LogReward(x []float64) float64   { return 1.2 * e.Continuous.LogReward(x) }
func (e notANumber) LogReward(x []float64) float64   { return math.Sqrt(x[0] - 0.3) }
func (e allocating) LogReward(x []float64) float64 {
	return e.Continuous.LogReward(slices.Clone(x))
}
func (e wrongZ) LogZ() float64 { return 1e-4 }
func (e smallBox) Box() (lo, hi []float64) {
	lo, hi = e.Continuous.Box()
	lo[0] += 1
	return lo, hi
}
func (e flatBox) Box() (lo, hi []float64) {
	lo, _ = e.Continuous.Box()
	return lo, lo
}
func (e discreteOne) Capabilities() env.Capabilities {
	c := e.Continuous.Capabilities()
	c.Continuous = false
	return c
}
func (e shifted) SampleTarget(rng *stream.Stream, x []float64) {
	e.Continuous.SampleTarget(rng, x)
	x[0] += 0.05
}
func (e shrunk) SampleTarget(rng *stream.Stream, x []float64) {
	e.Continuous.SampleTarget(rng, x)
	x[0] *= 0.9
}
func (e mirrored) SampleTarget(rng *stream.Stream, x []float64) {
	e.Continuous.SampleTarget(rng, x)
	x[0], x[1] = x[1], x[0]
}
func (e halfSampled) SampleTarget(rng *stream.Stream, x []float64) {
	y := slices.Clone(x)
	e.Continuous.SampleTarget(rng, y)
	x[0] = y[0]
}
func (e historic) SampleTarget(rng *stream.Stream, x []float64) {
	e.Continuous.SampleTarget(rng, x)
	x[0] += float64(e.calls.Add(1)%1000) * 1e-9
}

func TestContinuousFindsFaults(t *testing.T) {
	two := mixture(t, param.Values{"means": param.Of([][]float64{{0, 1}, {2, -1}, {4, 4}}), "weights": param.Of([]float64{1, 2, 3})})
	three := mixture(t, param.Values{"dim": param.Of(3), "means": param.Of([][]float64{{0, 0, 0}})})
	for _, f := range []struct {
		name string
		e    env.Continuous
		want string
	}{
		{"unnormalised", unnormalised{two}, "quadrature: the density integrates to 1.00009"},
		{"wrongSlope", wrongSlope{three}, "Stein's identity"},
		{"notANumber", notANumber{two}, "log reward: at"},
		{"allocating", allocating{two}, "LogReward allocates 1 times"},
		{"wrongZ", wrongZ{two}, "quadrature: the density integrates to 0.99989"},
		{"smallBox", smallBox{two}, "quadrature: the density integrates to 0.9"},
		{"smallBox in three dimensions", smallBox{three}, "samples are outside the box"},
		{"flatBox", flatBox{two}, "box from"},
		{"discreteOne", discreteOne{two}, "capability Continuous is false"},
		{"shifted", shifted{two}, "target samples: chi-square"},
		{"shifted in three dimensions", shifted{three}, "Stein's identity: coordinates -1 and 0"},
		{"shrunk in three dimensions", shrunk{three}, "Stein's identity: coordinates 0 and 0"},
		{"mirrored", mirrored{two}, "samples are outside the box"},
		{"halfSampled", halfSampled{two}, "log r of the sample"},
		{"historic", historic{two, new(atomic.Int64)}, "concurrent use: "},
	} {
		t.Run(f.name, func(t *testing.T) {
			if f.name == "allocating" && envtest.RaceDetector {
				t.Skip("the race detector allocates")
			}
			wantError(t, f.want, func(t testing.TB) { envtest.Continuous(t, f.e, envtest.Cells(400)) })
		})
	}
	wantNone(t, func(t testing.TB) { envtest.Continuous(t, two, envtest.Cells(400)) })
	wantNone(t, func(t testing.TB) { envtest.Continuous(t, three) })
}
