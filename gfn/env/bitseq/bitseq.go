// Package bitseq is the environment of bit sequences filled word by word, in any order.
// The reward is high near given modes.
package bitseq

import (
	"math"
	"math/bits"
	"strings"
	"sync"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/internal/bitset"
	"gfnbench/gfn/env/internal/combin"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// References:
//
//	Malkin et al.: Trajectory balance: improved credit assignment in GFlowNets.
//	NeurIPS 2022 (bit sequences, and the blocks that modes are made of).
//	Tiapkin et al.: Generative flow networks as entropy-regularized RL. AISTATS
//	2024 (words in any order).
//	Tiapkin et al.: gfnx: fast and scalable library for generative flow networks
//	in JAX. 2025 (distances relative to the length).

// Kind is the generation of bit sequences word by word, in any order.
var Kind = &env.Kind{
	Name:  "bitseq",
	Label: "bit sequences",
	Doc:   "bit sequences of a fixed length, filled one word at a time in any order; log reward: -beta times the share of bits that differ from the nearest mode",
	Params: []param.Param{
		{Name: "length", Type: param.Int, Default: param.Of(120), Range: param.Between(1, 512), Doc: "number of bits, n"},
		{Name: "word", Type: param.Int, Default: param.Of(8), Range: param.Between(1, 12), Doc: "bits in a word, k, which divides the length"},
		{Name: "beta", Type: param.Float, Default: param.Of(2.0), Range: param.Between(0, 1e4), Doc: "log r = -beta min_m d(x, m)/n, d the Hamming distance"},
		{Name: "distance", Type: param.String, Choices: []string{relative, absolute}, Doc: "relative: the distance is a share of the length, d/n, as by default; absolute: log r = -beta min_m d(x, m), in bits"},
		{Name: "instance_seed", Type: param.Int, Range: param.Between(0, param.Exact), Doc: "seed of the modes, made of random blocks of 8 bits out of 00000000, 11111111, 11110000, 00001111, 00111100; give this or modes"},
		{Name: "mode_count", Type: param.Int, Range: param.Between(1, 1<<16), Doc: "number of modes that instance_seed draws; 60 by default"},
		{Name: "modes", Type: param.Strings, Doc: "the modes, strings of n digits 0 and 1; give this or instance_seed"},
	},
	Order: env.Order{
		State:    "byte p·2^word + v is 1 where word p is v; none is where it is empty",
		Forward:  "p·2^word + v: fill word p, which is empty, with v, whose lowest bit comes first in the sequence; terminal when all are filled",
		Backward: "p: empty word p",
	},
	Revision: 1,
	Policies: []string{"mlp"},
	Small:    param.Values{"length": param.Of(8), "word": param.Of(2), "mode_count": param.Of(3), "instance_seed": param.Of(1)},
	New:      newBitseq,
}

// Values of the parameter distance.
const (
	relative = "relative"
	absolute = "absolute"
)

// modeBlocks are the blocks of Malkin et al. (2022), Appendix B.
var modeBlocks = [...]string{"00000000", "11111111", "11110000", "00001111", "00111100"}

// bitseq uses codes of two parts: a bit for each filled word, then the n bits of the
// sequence, 0 where not filled. Forward action p 2^k + v fills word p with v, whose
// lowest bit comes first in the sequence; backward action p empties it.
type bitseq struct {
	n, k, positions int
	filled          int        // words in the first part of a code
	words           int        // words in a code
	texts           []string   // the modes as given or drawn
	modes           [][]uint64 // the distinct modes
	beta            float64
	logReward       []float64 // by distance, 0..n
	flip            float64   // probability that a bit differs from the mode, in r(x, m) = exp(logReward[d(x, m)])
	uniform         bool      // SampleTarget proposes uniform sequences
	partition       partition // of the positions by the modes' bits
	logZ            func() float64
}

func newBitseq(p param.Values) (env.Environment, error) {
	e := &bitseq{n: p.Int("length"), k: p.Int("word"), beta: p.Float("beta")}
	if e.n%e.k != 0 {
		return nil, param.Errorf("word", "%d does not divide the length, %d", e.k, e.n)
	}
	e.positions = e.n / e.k
	e.filled = env.MaskWords(e.positions)
	e.words = e.filled + env.MaskWords(e.n)
	if err := e.readModes(p); err != nil {
		return nil, err
	}
	unit := float64(e.n) // the distance that costs beta
	if p.Has("distance") && p.Text("distance") == absolute {
		unit = 1
	}
	e.logReward = make([]float64, e.n+1)
	for d := range e.logReward {
		e.logReward[d] = -e.beta * float64(d) / unit
	}
	w := fmath.Exp(-e.beta / unit)
	e.flip = w / (1 + w)
	// The acceptance rates are Z/2^n and Z/(M (1 + w)^n).
	e.uniform = fmath.Log(float64(len(e.modes)))+float64(float64(e.n)*fmath.Log((1+w)/2)) >= 0
	e.partition = newPartition(e.modes, e.n)
	e.logZ = sync.OnceValue(e.sumHistogram)
	return e, nil
}

// readModes takes the given modes or draws them.
func (e *bitseq) readModes(p param.Values) error {
	source, err := env.Source(p, "instance_seed", "modes")
	if err != nil {
		return err
	}
	if source == "modes" {
		e.texts = p.Strings("modes")
		if p.Has("mode_count") {
			return param.Errorf("mode_count", "is for modes that instance_seed draws: leave it out")
		}
	} else {
		if e.n%8 != 0 {
			return param.Errorf("instance_seed", "draws modes of 8-bit blocks, and the length, %d, is not a multiple of 8: give modes", e.n)
		}
		e.drawModes(p)
	}
	if len(e.texts) == 0 {
		return param.Errorf("modes", "is empty")
	}
	seen := env.NewIndex(env.MaskWords(e.n))
	for i, text := range e.texts {
		if len(text) != e.n || strings.Trim(text, "01") != "" {
			return param.Errorf("modes", "mode %d, %q, is not %d digits 0 and 1", i, text, e.n)
		}
		mode := make([]uint64, env.MaskWords(e.n))
		for j := range e.n {
			mode[j>>6] |= uint64(text[j]-'0') << (j & 63)
		}
		if _, fresh := seen.Add(mode); fresh {
			e.modes = append(e.modes, mode)
		}
	}
	return nil
}

func (e *bitseq) drawModes(p param.Values) {
	count := 60
	if p.Has("mode_count") {
		count = p.Int("mode_count")
	}
	rng := env.InstanceStream("bitseq", p.Int("instance_seed"))
	for range count {
		var text strings.Builder
		for range e.n / 8 {
			text.WriteString(modeBlocks[rng.IntN(len(modeBlocks))])
		}
		e.texts = append(e.texts, text.String())
	}
}

func (e *bitseq) Kind() string { return Kind.Name }

func (e *bitseq) Capabilities() env.Capabilities {
	states := combin.Power(1<<e.k+1, e.positions)
	return env.Capabilities{
		Enumerable:    env.Enumerable(states),
		LogZ:          e.partition.capability(),
		TargetSamples: env.Yes(),
		States:        states,
		Terminals:     combin.Power(2, e.n),
	}
}

// LogZ sums the rewards over the histogram of distances to the nearest mode.
func (e *bitseq) LogZ() float64 { return e.logZ() }

func (e *bitseq) sumHistogram() float64 {
	if !e.partition.capability().OK {
		return math.NaN()
	}
	counts := e.partition.histogram()
	terms := make([]float64, len(counts))
	for d, n := range counts {
		terms[d] = e.logReward[d] + fmath.Log(n)
	}
	return fmath.LogSumExp(terms)
}

func (e *bitseq) Instance() []env.Field {
	return []env.Field{{Name: "modes", Text: strings.Join(e.texts, "\n")}}
}

// SampleTarget is exact rejection sampling. It proposes either a uniform sequence,
// accepted with probability r(x), or one from Σ_m r(x, m), accepted with probability r(x)
// / Σ_m r(x, m), whichever is accepted more often.
func (e *bitseq) SampleTarget(rng *stream.Stream, x []uint64) {
	clear(x)
	bitset.SetRange(x, 0, e.positions)
	value := x[e.filled:]
	for {
		e.propose(rng, value)
		accept := e.logReward[e.distance(value)]
		if !e.uniform {
			accept -= e.logMixture(value)
		}
		if rng.Float64() < fmath.Exp(accept) {
			return
		}
	}
}

func (e *bitseq) propose(rng *stream.Stream, value []uint64) {
	if e.uniform {
		for w := range value {
			value[w] = rng.Uint64()
		}
		value[len(value)-1] &= ^uint64(0) >> (-e.n & 63)
		return
	}
	copy(value, e.modes[rng.IntN(len(e.modes))])
	for j := range e.n {
		if rng.Float64() < e.flip {
			value[j>>6] ^= 1 << (j & 63)
		}
	}
}

// logMixture returns log Σ_m r(x, m).
func (e *bitseq) logMixture(value []uint64) float64 {
	top := e.logReward[e.distance(value)]
	sum := 0.0
	for _, m := range e.modes {
		sum += fmath.Exp(e.logReward[hamming(value, m)] - top)
	}
	return top + fmath.Log(sum)
}

// distance returns the distance to the nearest mode.
func (e *bitseq) distance(value []uint64) int {
	least := e.n
	for _, m := range e.modes {
		least = min(least, hamming(value, m))
	}
	return least
}

func hamming(a, b []uint64) int {
	d := 0
	for w, x := range a {
		d += bits.OnesCount64(x ^ b[w])
	}
	return d
}

func (e *bitseq) Words() int           { return e.words }
func (e *bitseq) Actions() int         { return e.positions << e.k }
func (e *bitseq) BackwardActions() int { return e.positions }
func (e *bitseq) MaxSteps() int        { return e.positions }
func (e *bitseq) Features() int        { return e.positions << e.k }
func (e *bitseq) Reset(s []uint64)     { clear(s) }

func (e *bitseq) Terminal(s []uint64) bool { return e.Parents(s) == e.positions }

// read returns word p.
func (e *bitseq) read(s []uint64, p int) int {
	value := s[e.filled:]
	at := p * e.k
	v := value[at>>6] >> (at & 63)
	if at&63+e.k > 64 {
		v |= value[at>>6+1] << (64 - at&63)
	}
	return int(v & (1<<e.k - 1))
}

// flipBits adds v to word p without carry.
func (e *bitseq) flipBits(s []uint64, p, v int) {
	value := s[e.filled:]
	at := p * e.k
	value[at>>6] ^= uint64(v) << (at & 63)
	if at&63+e.k > 64 {
		value[at>>6+1] ^= uint64(v) >> (64 - at&63)
	}
}

func (e *bitseq) isFilled(s []uint64, p int) bool { return s[p>>6]>>(p&63)&1 != 0 }

func (e *bitseq) Mask(s, mask []uint64) {
	clear(mask[:env.MaskWords(e.Actions())])
	for p := range e.positions {
		if !e.isFilled(s, p) {
			bitset.SetRange(mask, p<<e.k, 1<<e.k)
		}
	}
}

func (e *bitseq) Step(s []uint64, a int) int {
	p := a >> e.k
	s[p>>6] |= 1 << (p & 63)
	e.flipBits(s, p, a&(1<<e.k-1))
	return p
}

func (e *bitseq) BackwardMask(s, mask []uint64) { copy(mask, s[:e.filled]) }

func (e *bitseq) Parents(s []uint64) int { return bitset.Count(s[:e.filled]) }

func (e *bitseq) StepBack(s []uint64, p int) int {
	v := e.read(s, p)
	s[p>>6] &^= 1 << (p & 63)
	e.flipBits(s, p, v)
	return p<<e.k | v
}

func (e *bitseq) LogReward(x []uint64) float64 {
	return e.logReward[e.distance(x[e.filled:])]
}

func (e *bitseq) AppendFeatures(idx []int32, s []uint64) []int32 {
	for p := range e.positions {
		if e.isFilled(s, p) {
			idx = append(idx, int32(p<<e.k|e.read(s, p)))
		}
	}
	return idx
}

func (e *bitseq) AppendTerminalActions(actions []int, x []uint64) []int {
	for p := range e.positions {
		actions = append(actions, p<<e.k|e.read(x, p))
	}
	return actions
}

// Format writes the bits in order, as in "0110__10", with _ for the bits of empty words.
func (e *bitseq) Format(s []uint64) string {
	text := make([]byte, e.n)
	for j := range text {
		text[j] = '_'
		if e.isFilled(s, j/e.k) {
			text[j] = '0' + byte(s[e.filled+j>>6]>>(j&63)&1)
		}
	}
	return string(text)
}
