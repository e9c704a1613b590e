package kinds

import (
	"math"
	"slices"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/internal/combin"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// References:
//
//	da Silva et al.: On divergence measures for training GFlowNets. NeurIPS 2024
//	(nine Gaussians on a 3 × 3 grid).

// gmmKind is a mixture of isotropic Gaussians.
var gmmKind = &env.Kind{
	Name:  "gmm",
	Label: "Gaussian mixture",
	Doc:   "a mixture of isotropic Gaussians, one coordinate after the other; the reward is its density",
	Params: []param.Param{
		{Name: "dim", Type: param.Int, Default: param.Of(2), Range: param.Between(1, 1024), Doc: "number of coordinates"},
		{Name: "side", Type: param.Int, Range: param.Between(1, 1<<16), Doc: "the means are the side^dim points with coordinates 0 .. side-1; 3 where neither side nor means is given"},
		{Name: "means", Type: param.Matrix, Range: param.Between(-1e6, 1e6), Doc: "the means themselves, a row of dim values each, in place of side"},
		{Name: "weights", Type: param.Floats, Range: param.Between(0, 1e300), Doc: "weight of each mean, above 0, to be normalised; equal by default"},
		{Name: "variance", Type: param.Float, Default: param.Of(0.1), Range: param.Between(1e-9, 1e9), Doc: "variance of each component along each coordinate"},
	},
	Order:    env.Order{State: "the coordinates, which are set one after another"},
	Revision: 1,
	Policies: []string{"mixture"},
	Samples:  densitySamples,
	New:      newGMM,
}

// maxComponents bounds side^dim.
const maxComponents = 1 << 16

type gmm struct {
	dim        int
	means      []float64 // components × dim
	weights    []float64 // of the components, summing to 1
	cumulative []float64
	logScale   []float64 // log weight of each component, minus the log of its normalising constant
	variance   float64
	sd         float64
}

func newGMM(p param.Values) (env.Environment, error) {
	e := &gmm{dim: p.Int("dim"), variance: p.Float("variance")}
	e.sd = math.Sqrt(e.variance)
	var err error
	if e.means, err = gmmMeans(p, e.dim); err != nil {
		return nil, err
	}
	n := len(e.means) / e.dim
	e.weights = slices.Clone(p.Floats("weights"))
	if !p.Has("weights") {
		e.weights = slices.Repeat([]float64{1}, n)
	}
	if len(e.weights) != n {
		return nil, param.Errorf("weights", "has %d values for %d means", len(e.weights), n)
	}
	total := 0.0
	for i, w := range e.weights {
		if w == 0 {
			return nil, param.Errorf("weights", "weight %d is 0: leave that mean out", i)
		}
		total += w
	}
	if math.IsInf(total, 0) {
		return nil, param.Errorf("weights", "their sum is beyond floating point")
	}
	logNorm := float64(float64(e.dim) / 2 * fmath.Log(2*math.Pi*e.variance))
	sum := 0.0
	for i := range e.weights {
		e.weights[i] /= total
		sum += e.weights[i]
		e.cumulative = append(e.cumulative, sum)
		e.logScale = append(e.logScale, fmath.Log(e.weights[i])-logNorm)
	}
	e.cumulative[n-1] = 1
	return e, nil
}

// gmmMeans returns the given means or the points of the grid, with the last coordinate
// varying fastest.
func gmmMeans(p param.Values, dim int) ([]float64, error) {
	if !p.Has("means") {
		side := 3
		if p.Has("side") {
			side = p.Int("side")
		}
		n := combin.Power(side, dim)
		if n > maxComponents {
			return nil, param.Errorf("side", "%d^%d means are more than %d: give means literally, or a smaller side", side, dim, maxComponents)
		}
		means := make([]float64, int(n)*dim)
		for at := range means {
			row, j := at/dim, at%dim
			means[at] = float64(row / int(combin.Power(side, dim-1-j)) % side)
		}
		return means, nil
	}
	if p.Has("side") {
		return nil, param.Errorf("side", "give side or means, not both")
	}
	rows := p.Matrix("means")
	if len(rows) == 0 {
		return nil, param.Errorf("means", "is empty")
	}
	var means []float64
	for i, row := range rows {
		if len(row) != dim {
			return nil, param.Errorf("means", "row %d has %d values, dim is %d", i, len(row), dim)
		}
		means = append(means, row...)
	}
	return means, nil
}

func (e *gmm) Kind() string { return gmmKind.Name }

func (e *gmm) Capabilities() env.Capabilities { return continuousCapabilities() }

// densitySamples are the numbers of samples for cheap densities, whose samples cost one
// evaluation of two densities each. With fewer, the error of an estimate would exceed
// what training changes.
var densitySamples = env.Samples{Along: 1024, Final: 8192}

// continuousCapabilities returns the capabilities of a normalised density with a sampler.
func continuousCapabilities() env.Capabilities {
	return env.Capabilities{
		Continuous:    true,
		Enumerable:    env.No("the states are continuous"),
		LogZ:          env.Yes(),
		TargetSamples: env.Yes(),
		States:        math.Inf(1),
		Terminals:     math.Inf(1),
	}
}

func (e *gmm) LogZ() float64 { return 0 }

func (e *gmm) Instance() []env.Field {
	return []env.Field{{Name: "means", Values: e.means}, {Name: "weights", Values: e.weights}}
}

func (e *gmm) Dim() int { return e.dim }

// logTerm returns the log density of component k at x, times its weight.
func (e *gmm) logTerm(x []float64, k int) float64 {
	mean := e.means[k*e.dim:][:e.dim]
	sum := 0.0
	for i, m := range mean {
		d := x[i] - m
		sum += float64(d * d)
	}
	return e.logScale[k] - sum/(2*e.variance)
}

// LogReward returns the log density. It allocates nothing: the sum over the components
// keeps only its largest term apart.
func (e *gmm) LogReward(x []float64) float64 {
	top := e.logTerm(x, 0)
	sum := 1.0
	for k := 1; k < len(e.weights); k++ {
		term := e.logTerm(x, k)
		if term <= top {
			sum += fmath.Exp(term - top)
		} else {
			sum = float64(sum*fmath.Exp(top-term)) + 1
			top = term
		}
	}
	return top + fmath.Log(sum)
}

func (e *gmm) SampleTarget(rng *stream.Stream, x []float64) {
	u := rng.Float64()
	k := 0
	for u >= e.cumulative[k] {
		k++
	}
	for i, m := range e.means[k*e.dim:][:e.dim] {
		x[i] = m + float64(e.sd*rng.Normal())
	}
}

// Box reaches five standard deviations beyond the outermost means.
func (e *gmm) Box() (lo, hi []float64) {
	for i := range e.dim {
		low, high := e.means[i], e.means[i]
		for k := range e.weights {
			low, high = min(low, e.means[k*e.dim+i]), max(high, e.means[k*e.dim+i])
		}
		lo = append(lo, low-float64(5*e.sd))
		hi = append(hi, high+float64(5*e.sd))
	}
	return lo, hi
}
