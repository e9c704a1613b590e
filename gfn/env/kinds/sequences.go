package kinds

import (
	"fmt"
	"math/bits"
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
//	da Silva et al.: On divergence measures for training GFlowNets. NeurIPS 2024
//	(sequence generation).

// sequencesKind is the generation of sequences up to a maximum length.
var sequencesKind = &env.Kind{
	Name:  "sequences",
	Label: "sequences",
	Doc:   "sequences of up to length tokens, appended one at a time; log reward: Σ_i g(i) f(x_i)",
	Params: []param.Param{
		{Name: "elements", Type: param.Int, Default: param.Of(8), Range: param.Between(1, 1024), Doc: "number of different tokens"},
		{Name: "length", Type: param.Int, Default: param.Of(6), Range: param.Between(1, 1024), Doc: "largest number of tokens in a sequence"},
		{Name: "instance_seed", Type: param.Int, Range: param.Between(0, param.Exact), Doc: "seed of f and g, standard normal; give this or both f and g"},
		{Name: "f_scale", Type: param.Float, Range: param.Between(0, 1e3), Doc: "multiplies the values f that instance_seed draws: their standard deviation; 1 by default"},
		{Name: "g_scale", Type: param.Float, Range: param.Between(0, 1e3), Doc: "multiplies the values g that instance_seed draws; 1 by default. log r depends on f_scale g_scale alone"},
		{Name: "f", Type: param.Floats, Range: param.Between(-1e3, 1e3), Doc: "value of each token; give f and g or instance_seed"},
		{Name: "g", Type: param.Floats, Range: param.Between(-1e3, 1e3), Doc: "weight of each position; give f and g or instance_seed"},
	},
	Order: env.Order{
		State:    "byte i·elements + t is 1 where token i is t",
		Forward:  "t < elements: append token t, below length tokens; elements: stop, always",
		Backward: "0: undo the last action",
	},
	Revision: 1,
	Policies: []string{"mlp", "deep-set"},
	Small:    param.Values{"elements": param.Of(3), "length": param.Of(4), "instance_seed": param.Of(1)},
	New:      newSequences,
}

// sequences is a tree. Forward action a appends token a, action elements stops, and the
// only backward action undoes the latest forward action. A state holds 2n, plus 1 if it
// has stopped, in its first word, and then the n tokens in slots. If everything fits, a
// state is one word.
type sequences struct {
	elements, length int
	f, g             []float64
	value            []float64 // f(d) g(i) at i*elements + d, added to log r
	logV             []float64 // log of the mass of all continuations after n tokens, relative to the mass of stopping there
	cumulative       []float64 // P(token <= d | the sequence goes on), at i*elements + d
	tokens           slots
	header           uint64 // the bits of the first word that hold no tokens
}

func newSequences(p param.Values) (env.Environment, error) {
	e := &sequences{elements: p.Int("elements"), length: p.Int("length")}
	var err error
	if e.f, err = drawn(p, "f", e.elements); err != nil {
		return nil, err
	}
	if e.g, err = drawn(p, "g", e.length); err != nil {
		return nil, err
	}
	if e.f == nil {
		rng := env.InstanceStream("sequences", p.Int("instance_seed"))
		e.f = draw(p, "f", e.elements, rng.Normal)
		e.g = draw(p, "g", e.length, rng.Normal)
	}
	e.value = make([]float64, e.length*e.elements)
	for i, g := range e.g {
		for d, f := range e.f {
			e.value[i*e.elements+d] = float64(f * g)
		}
	}
	e.solve()
	headerBits := 1 + bits.Len(uint(e.length))
	e.header = 1<<headerBits - 1
	e.tokens = newSlotsBehind(headerBits, e.length, max(1, bits.Len(uint(e.elements-1))))
	return e, nil
}

// solve fills the tables of V_n = 1 + A_{n+1} V_{n+1}, V_N = 1, where A_i = Σ_d exp(f(d)
// g(i)). r(s) V_n is the mass of the sequences that start with s.
func (e *sequences) solve() {
	e.logV = make([]float64, e.length+1)
	e.cumulative = make([]float64, len(e.value))
	for i := e.length - 1; i >= 0; i-- {
		value := e.value[i*e.elements:][:e.elements]
		logA := fmath.LogSumExp(value)
		e.logV[i] = fmath.LogAddExp(0, logA+e.logV[i+1])
		sum := 0.0
		for d, v := range value {
			sum += fmath.Exp(v - logA)
			e.cumulative[i*e.elements+d] = sum
		}
	}
}

func (e *sequences) Kind() string { return sequencesKind.Name }

func (e *sequences) Capabilities() env.Capabilities {
	terminals := 0.0
	for n := range e.length + 1 {
		terminals += combin.Power(e.elements, n)
	}
	return env.Capabilities{
		Enumerable:    env.Enumerable(2 * terminals),
		LogZ:          env.Yes(),
		TargetSamples: env.Yes(),
		States:        2 * terminals,
		Terminals:     terminals,
	}
}

// LogZ returns log Σ_n Π_{i<=n} A_i.
func (e *sequences) LogZ() float64 { return e.logV[0] }

func (e *sequences) Instance() []env.Field {
	return []env.Field{{Name: "f", Values: e.f}, {Name: "g", Values: e.g}}
}

// SampleTarget follows the optimal policy: stop with probability 1/V_n, otherwise append
// token d with probability exp(f(d) g(n+1))/A_{n+1}.
func (e *sequences) SampleTarget(rng *stream.Stream, x []uint64) {
	clear(x)
	n := 0
	for n < e.length && rng.Float64() >= fmath.Exp(-e.logV[n]) {
		u := rng.Float64()
		d := 0
		for d < e.elements-1 && u >= e.cumulative[n*e.elements+d] {
			d++
		}
		e.tokens.put(x, n, uint64(d))
		n++
	}
	x[0] |= uint64(n)<<1 | 1
}

func (e *sequences) Words() int           { return e.tokens.words }
func (e *sequences) Actions() int         { return e.elements + 1 }
func (e *sequences) BackwardActions() int { return 1 }
func (e *sequences) MaxSteps() int        { return e.length + 1 }
func (e *sequences) Features() int        { return e.length * e.elements }
func (e *sequences) Reset(s []uint64)     { clear(s) }

func (e *sequences) Terminal(s []uint64) bool { return s[0]&1 != 0 }

// tokenCount returns the number of tokens in s.
func (e *sequences) tokenCount(s []uint64) int { return int(s[0] & e.header >> 1) }

func (e *sequences) Mask(s, mask []uint64) {
	clear(mask[:env.MaskWords(e.elements+1)])
	switch {
	case e.Terminal(s):
	case e.tokenCount(s) == e.length:
		bitset.SetRange(mask, e.elements, 1)
	default:
		bitset.SetRange(mask, 0, e.elements+1)
	}
}

func (e *sequences) Step(s []uint64, a int) int {
	if a == e.elements {
		s[0] |= 1
		return 0
	}
	e.tokens.put(s, e.tokenCount(s), uint64(a))
	s[0] += 2
	return 0
}

func (e *sequences) BackwardMask(s, mask []uint64) { mask[0] = uint64(e.Parents(s)) }

func (e *sequences) Parents(s []uint64) int {
	if s[0]&e.header == 0 {
		return 0
	}
	return 1
}

func (e *sequences) StepBack(s []uint64, _ int) int {
	if e.Terminal(s) {
		s[0] &^= 1
		return e.elements
	}
	s[0] -= 2
	n := e.tokenCount(s)
	token := e.tokens.get(s, n)
	e.tokens.drop(s, n)
	return int(token)
}

func (e *sequences) LogReward(x []uint64) float64 {
	sum := 0.0
	for i := range e.tokenCount(x) {
		sum += e.value[i*e.elements+int(e.tokens.get(x, i))]
	}
	return sum
}

func (e *sequences) AppendFeatures(idx []int32, s []uint64) []int32 {
	for i := range e.tokenCount(s) {
		idx = append(idx, int32(i*e.elements)+int32(e.tokens.get(s, i)))
	}
	return idx
}

func (e *sequences) Tokens() int    { return e.elements }
func (e *sequences) Positions() int { return e.length }

func (e *sequences) AppendTokens(ids []int32, s []uint64) []int32 {
	for i := range e.tokenCount(s) {
		ids = append(ids, int32(e.tokens.get(s, i)))
	}
	return ids
}

// Format writes "[3,0,1]", or "[3,0,1]..." if the sequence has not stopped.
func (e *sequences) Format(s []uint64) string {
	var tokens []string
	for i := range e.tokenCount(s) {
		tokens = append(tokens, fmt.Sprint(e.tokens.get(s, i)))
	}
	open := "..."
	if e.Terminal(s) {
		open = ""
	}
	return "[" + strings.Join(tokens, ",") + "]" + open
}
