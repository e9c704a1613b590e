package kinds

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/internal/bitset"
	"gfnbench/gfn/env/internal/combin"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// References:
//
//	Pan et al.: Better training of GFlowNets with local credit and incomplete
//	trajectories. ICML 2023 (set generation).
//	da Silva et al.: On divergence measures for training GFlowNets. NeurIPS 2024.
//	Chen, Dempster, Liu: Weighted finite population sampling to maximize entropy.
//	Biometrika 81 (1994) (sampling by elementary symmetric polynomials).

// setsKind is the generation of sets of a fixed size.
var setsKind = &env.Kind{
	Name:  "sets",
	Label: "sets",
	Doc:   "sets of a fixed size, filled one element at a time; log reward: the sum of the elements' values",
	Params: []param.Param{
		{Name: "elements", Type: param.Int, Default: param.Of(32), Range: param.Between(1, 1024), Doc: "number of elements to choose from"},
		{Name: "size", Type: param.Int, Default: param.Of(16), Range: param.Between(1, 1024), Doc: "number of elements in a finished set"},
		{Name: "instance_seed", Type: param.Int, Range: param.Between(0, param.Exact), Doc: "seed of the values f, uniform on (0, 1); give this or f"},
		{Name: "f_scale", Type: param.Float, Range: param.Between(0, 1e3), Doc: "multiplies the values that instance_seed draws; 1 by default"},
		{Name: "f", Type: param.Floats, Range: param.Between(-1e3, 1e3), Doc: "value of each element, in nats; give this or instance_seed"},
	},
	Order: env.Order{
		State:    "byte e is 1 where element e is in the set",
		Forward:  "add element e, which is not in it; a set of size elements is terminal",
		Backward: "remove element e",
	},
	Revision: 1,
	Samples:  env.Samples{OneSided: flat},
	Policies: []string{"mlp", "deep-set"},
	Small:    param.Values{"elements": param.Of(8), "size": param.Of(4), "instance_seed": param.Of(1)},
	New:      newSets,
}

// flat reports whether the elements' values lie within 2 nats of each other, as the
// paper's do (1). A policy then hardly misses where the target is.
func flat(p param.Values) bool {
	if f := p.Floats("f"); len(f) > 0 {
		return slices.Max(f)-slices.Min(f) <= 2
	}
	return !p.Has("f_scale") || p.Float("f_scale") <= 2
}

// sets is a bit set: forward action a adds element a, backward action a removes it.
type sets struct {
	elements, size int
	words          int
	f              []float64
	sums           []float64 // of f over the subsets of every eight elements, 256 each
	// logE is log e_k(exp f_i, ..., exp f_{n-1}) at i(size+1) + k, where e_k is
	// the elementary symmetric polynomial: the log mass of the sets of k elements
	// among the last n-i.
	logE []float64
}

func newSets(p param.Values) (env.Environment, error) {
	e := &sets{elements: p.Int("elements"), size: p.Int("size")}
	if e.size > e.elements {
		return nil, param.Errorf("size", "%d is more than the %d elements", e.size, e.elements)
	}
	var err error
	if e.f, err = drawn(p, "f", e.elements); err != nil {
		return nil, err
	}
	if e.f == nil {
		rng := env.InstanceStream("sets", p.Int("instance_seed"))
		e.f = draw(p, "f", e.elements, rng.Float64)
	}
	e.words = env.MaskWords(e.elements)
	e.sums = byteSums(e.f)
	e.logE = logElementary(e.f, e.size)
	return e, nil
}

// byteSums tabulates the sums of v over every subset of its first eight values, of the
// next eight, and so on.
func byteSums(v []float64) []float64 {
	sums := make([]float64, (len(v)+7)/8*256)
	for i, x := range v {
		table := sums[i/8*256:]
		bit := 1 << (i % 8)
		for subset := range bit {
			table[bit|subset] = table[subset] + x
		}
	}
	return sums
}

// logElementary returns the table logE of sets, (len(f)+1) × (size+1).
func logElementary(f []float64, size int) []float64 {
	width := size + 1
	table := make([]float64, (len(f)+1)*width)
	last := table[len(f)*width:]
	for k := 1; k < width; k++ {
		last[k] = math.Inf(-1)
	}
	for i := len(f) - 1; i >= 0; i-- {
		row, next := table[i*width:][:width], table[(i+1)*width:][:width]
		for k := 1; k < width; k++ {
			row[k] = fmath.LogAddExp(next[k], f[i]+next[k-1])
		}
	}
	return table
}

func (e *sets) Kind() string { return setsKind.Name }

func (e *sets) Capabilities() env.Capabilities {
	row := combin.Binomials(e.elements, e.size)
	states := 0.0
	for _, n := range row {
		states += n
	}
	return env.Capabilities{
		Enumerable:    env.Enumerable(states),
		LogZ:          env.Yes(),
		TargetSamples: env.Yes(),
		States:        states,
		Terminals:     row[e.size],
	}
}

// LogZ returns log e_size(exp f).
func (e *sets) LogZ() float64 { return e.logE[e.size] }

func (e *sets) Instance() []env.Field { return []env.Field{{Name: "f", Values: e.f}} }

// SampleTarget goes through the elements in order. It takes each with its probability
// given the number of elements still to be taken.
func (e *sets) SampleTarget(rng *stream.Stream, x []uint64) {
	clear(x)
	left := e.size
	for i := 0; left > 0; i++ {
		row, next := e.logE[i*(e.size+1):], e.logE[(i+1)*(e.size+1):]
		if left == e.elements-i || rng.Float64() < fmath.Exp(e.f[i]+next[left-1]-row[left]) {
			x[i>>6] |= 1 << (i & 63)
			left--
		}
	}
}

// Inclusion returns P(i in x) = exp(f_i) Σ_j e_j(before i) e_{size-1-j}(after i) / Z.
func (e *sets) Inclusion() []float64 {
	p := make([]float64, e.elements)
	before := make([]float64, e.size+1)
	for k := range before {
		before[k] = math.Inf(-1)
	}
	before[0] = 0
	terms := make([]float64, e.size)
	for i, f := range e.f {
		after := e.logE[(i+1)*(e.size+1):]
		for j := range terms {
			terms[j] = before[j] + after[e.size-1-j]
		}
		p[i] = fmath.Exp(f + fmath.LogSumExp(terms) - e.LogZ())
		for k := e.size; k > 0; k-- {
			before[k] = fmath.LogAddExp(before[k], f+before[k-1])
		}
	}
	return p
}

func (e *sets) Words() int           { return e.words }
func (e *sets) Actions() int         { return e.elements }
func (e *sets) BackwardActions() int { return e.elements }
func (e *sets) MaxSteps() int        { return e.size }
func (e *sets) Features() int        { return e.elements }
func (e *sets) Reset(s []uint64)     { clear(s) }

func (e *sets) Terminal(s []uint64) bool { return e.Parents(s) == e.size }

func (e *sets) Mask(s, mask []uint64) {
	mask = mask[:e.words]
	if e.Terminal(s) {
		clear(mask)
		return
	}
	for w := range mask {
		mask[w] = ^s[w]
	}
	mask[e.words-1] &= ^uint64(0) >> (-e.elements & 63)
}

func (e *sets) Step(s []uint64, a int) int {
	s[a>>6] |= 1 << (a & 63)
	return a
}

func (e *sets) BackwardMask(s, mask []uint64) { copy(mask, s[:e.words]) }

func (e *sets) Parents(s []uint64) int { return bitset.Count(s) }

func (e *sets) StepBack(s []uint64, b int) int {
	s[b>>6] &^= 1 << (b & 63)
	return b
}

func (e *sets) LogReward(x []uint64) float64 {
	sum := 0.0
	for i := 0; i < len(e.sums); i += 256 {
		b := i >> 8
		sum += e.sums[i+int(x[b>>3]>>(b&7*8)&255)]
	}
	return sum
}

func (e *sets) AppendFeatures(idx []int32, s []uint64) []int32 {
	for w, word := range s {
		for ; word != 0; word &= word - 1 {
			idx = append(idx, int32(w<<6|bits.TrailingZeros64(word)))
		}
	}
	return idx
}

func (e *sets) AppendTerminalActions(actions []int, x []uint64) []int {
	return bitset.AppendOnes(actions, x)
}

// Format writes "{0,3,7}".
func (e *sets) Format(s []uint64) string {
	text := strings.Join(strings.Fields(fmt.Sprint(bitset.AppendOnes(nil, s))), ",")
	return "{" + text[1:len(text)-1] + "}"
}
