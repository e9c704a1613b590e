package kinds

import (
	"fmt"
	"math"
	"math/bits"
	"strings"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/internal/combin"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// References:
//
//	Bengio et al.: Flow network based generative models for non-iterative
//	diverse candidate generation. NeurIPS 2021 (the hypergrid).
//	da Silva et al.: On divergence measures for training GFlowNets. NeurIPS 2024.

// hypergridKind is the hypergrid: a walk from the origin that may stop anywhere.
var hypergridKind = &env.Kind{
	Name:  "hypergrid",
	Label: "hypergrid",
	Doc:   "a grid of height^dim points walked upwards from the origin, stopping anywhere; modes near the corners",
	Params: []param.Param{
		{Name: "dim", Type: param.Int, Default: param.Of(2), Range: param.Between(1, 4096), Doc: "number of coordinates"},
		{Name: "height", Type: param.Int, Default: param.Of(8), Range: param.Between(2, 1<<20), Doc: "points along each coordinate"},
		{Name: "r0", Type: param.Float, Default: param.Of(1e-3), Range: param.Between(0, 1e300), Doc: "reward everywhere, above 0 (R0 of Bengio et al. 2021)"},
		{Name: "r1", Type: param.Float, Default: param.Of(0.5), Range: param.Between(0, 1e300), Doc: "reward added where every |x_i/(height-1) - 0.5| > 0.25"},
		{Name: "r2", Type: param.Float, Default: param.Of(2.0), Range: param.Between(0, 1e300), Doc: "reward added where every |x_i/(height-1) - 0.5| is in (0.3, 0.4)"},
	},
	Order: env.Order{
		State:    "byte i·height + v is 1 where coordinate i is v",
		Forward:  "i < dim: add 1 to coordinate i, below height - 1; dim: stop, always",
		Backward: "undo that action",
	},
	Revision: 1,
	Policies: []string{"mlp"},
	Small:    param.Values{"dim": param.Of(2), "height": param.Of(9)},
	New:      newHypergrid,
}

// hypergrid has one forward and one backward action for each coordinate. Forward action
// dim stops; the last backward action undoes the stop. A state holds its coordinates in
// slots of bits and, in one more slot, whether it has stopped.
type hypergrid struct {
	dim, height int
	logReward   [4]float64 // by the bands in which every coordinate lies
	bands       []uint8    // of each value of a coordinate
	slots       slots
	maskWords   int

	// Z = r0 H^d + r1 a^d + r2 b^d, where a and b count the values of one coordinate in
	// the outer and in the inner band.
	values     [3][]int // of one coordinate: all H of them, the a and the b
	logZ       float64
	cumulative [3]float64 // cumulative shares of Z; 1 from the last positive term on
}

// The bands of one coordinate. Every value in the inner band also lies in the outer one.
const (
	outerBand = 1 << iota
	innerBand
)

func newHypergrid(p param.Values) (env.Environment, error) {
	e := &hypergrid{dim: p.Int("dim"), height: p.Int("height")}
	r := [3]float64{p.Float("r0"), p.Float("r1"), p.Float("r2")}
	if r[0] == 0 {
		return nil, param.Errorf("r0", "is 0, so log r is not finite: give a reward above 0")
	}
	e.logReward = [4]float64{
		0:                     fmath.Log(r[0]),
		outerBand:             fmath.Log(r[0] + r[1]),
		outerBand | innerBand: fmath.Log(r[0] + r[1] + r[2]),
	}
	e.bands = make([]uint8, e.height)
	for x := range e.bands {
		// Compute the bands of |x/(H-1) - 1/2| = u/(2(H-1)) in integers, because floating
		// point misplaces cells on the edge of a band (H = 11, 16, 21).
		h := e.height - 1
		u := max(2*x-h, h-2*x)
		e.values[0] = append(e.values[0], x)
		if 2*u > h {
			e.bands[x] = outerBand
			e.values[1] = append(e.values[1], x)
		}
		if 5*u > 3*h && 5*u < 4*h {
			e.bands[x] |= innerBand
			e.values[2] = append(e.values[2], x)
		}
	}
	e.sumTerms(r)
	e.slots = newSlots(e.dim+1, bits.Len(uint(e.height-1)))
	e.maskWords = env.MaskWords(e.dim + 1)
	return e, nil
}

// sumTerms adds up Z.
func (e *hypergrid) sumTerms(r [3]float64) {
	var terms [3]float64
	for i, values := range e.values {
		terms[i] = math.Inf(-1)
		if r[i] > 0 && len(values) > 0 {
			terms[i] = fmath.Log(r[i]) + float64(float64(e.dim)*fmath.Log(float64(len(values))))
		}
	}
	e.logZ = fmath.LogSumExp(terms[:])
	sum := 0.0
	for i, term := range terms {
		sum += fmath.Exp(term - e.logZ)
		e.cumulative[i] = sum
	}
	for i := 2; i >= 0; i-- {
		e.cumulative[i] = 1
		if !math.IsInf(terms[i], -1) {
			break
		}
	}
}

func (e *hypergrid) Kind() string { return hypergridKind.Name }

func (e *hypergrid) Capabilities() env.Capabilities {
	terminals := combin.Power(e.height, e.dim)
	return env.Capabilities{
		Enumerable:    env.Enumerable(2 * terminals),
		LogZ:          env.Yes(),
		TargetSamples: env.Yes(),
		States:        2 * terminals,
		Terminals:     terminals,
	}
}

func (e *hypergrid) LogZ() float64 { return e.logZ }

// SampleTarget draws one of the three terms of Z, each of which is uniform over a product
// of coordinate values.
func (e *hypergrid) SampleTarget(rng *stream.Stream, x []uint64) {
	u := rng.Float64()
	term := 0
	for u >= e.cumulative[term] {
		term++
	}
	values := e.values[term]
	clear(x)
	for i := range e.dim {
		e.slots.put(x, i, uint64(values[rng.IntN(len(values))]))
	}
	e.slots.put(x, e.dim, 1)
}

func (e *hypergrid) Instance() []env.Field { return nil }

func (e *hypergrid) Words() int           { return e.slots.words }
func (e *hypergrid) Actions() int         { return e.dim + 1 }
func (e *hypergrid) BackwardActions() int { return e.dim + 1 }
func (e *hypergrid) MaxSteps() int        { return e.dim*(e.height-1) + 1 }
func (e *hypergrid) Features() int        { return e.dim * e.height }
func (e *hypergrid) Reset(s []uint64)     { clear(s) }

func (e *hypergrid) Terminal(s []uint64) bool { return e.slots.get(s, e.dim) != 0 }

func (e *hypergrid) Mask(s, mask []uint64) {
	clear(mask[:e.maskWords])
	if e.Terminal(s) {
		return
	}
	top := uint64(e.height - 1)
	for i := range e.dim {
		if e.slots.get(s, i) < top {
			mask[i>>6] |= 1 << (i & 63)
		}
	}
	mask[e.dim>>6] |= 1 << (e.dim & 63)
}

func (e *hypergrid) Step(s []uint64, a int) int {
	e.slots.add(s, a, 1)
	return a
}

func (e *hypergrid) BackwardMask(s, mask []uint64) {
	clear(mask[:e.maskWords])
	if e.Terminal(s) {
		mask[e.dim>>6] = 1 << (e.dim & 63)
		return
	}
	for i := range e.dim {
		if e.slots.get(s, i) > 0 {
			mask[i>>6] |= 1 << (i & 63)
		}
	}
}

func (e *hypergrid) Parents(s []uint64) int {
	if e.Terminal(s) {
		return 1
	}
	n := 0
	for i := range e.dim {
		if e.slots.get(s, i) > 0 {
			n++
		}
	}
	return n
}

func (e *hypergrid) StepBack(s []uint64, b int) int {
	e.slots.add(s, b, ^uint64(0))
	return b
}

func (e *hypergrid) LogReward(x []uint64) float64 {
	all := uint8(outerBand | innerBand)
	for i := 0; i < e.dim && all != 0; i++ {
		all &= e.bands[e.slots.get(x, i)]
	}
	return e.logReward[all]
}

func (e *hypergrid) AppendFeatures(idx []int32, s []uint64) []int32 {
	for i := range e.dim {
		idx = append(idx, int32(i*e.height)+int32(e.slots.get(s, i)))
	}
	return idx
}

// Format writes "(1,4)", or "(1,4)..." if the walk has not stopped.
func (e *hypergrid) Format(s []uint64) string {
	var text strings.Builder
	for i := range e.dim {
		fmt.Fprintf(&text, ",%d", e.slots.get(s, i))
	}
	open := "..."
	if e.Terminal(s) {
		open = ""
	}
	return "(" + text.String()[1:] + ")" + open
}
