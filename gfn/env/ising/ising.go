// Package ising is the environment of the Ising model on a torus. Spins are set one at a
// time, in any order.
package ising

import (
	"math"
	"math/bits"
	"sync"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/internal/bitset"
	"gfnbench/gfn/env/internal/combin"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// References:
//
//	Zhang et al.: Generative flow networks for discrete probabilistic modeling.
//	ICML 2022 (spins assigned in any order).
//	Kaufman: Crystal statistics II. Partition function evaluated by spinor
//	analysis. Physical Review 76 (1949).

// Kind is the Ising model on a torus.
var Kind = &env.Kind{
	Name:  "ising",
	Label: "Ising",
	Doc:   "spins on a square torus, set one at a time in any order; log reward: beta coupling Σ s_i s_j over the bonds",
	Params: []param.Param{
		{Name: "side", Type: param.Int, Default: param.Of(4), Range: param.Between(2, 64), Doc: "sites along each side, N; the torus has N^2 sites and 2 N^2 bonds"},
		{Name: "beta", Type: param.Float, Default: param.Of(0.4), Range: param.Between(0, 10), Doc: "inverse temperature; critical at 0.4407 for coupling 1. A matrix J = sigma A with log r = x'Jx, A the torus's adjacency, counts each bond twice: beta = 2 sigma"},
		{Name: "coupling", Type: param.Float, Default: param.Of(1.0), Range: param.Between(-1, 1), Doc: "energy J of a bond: -J where its spins agree; below 0 neighbours repel"},
	},
	Order: env.Order{
		State:    "byte i is 1 where site i is down, byte sites + i where it is up; neither where it is not set",
		Forward:  "the number of the byte: set that site, which is not set; terminal when all are set",
		Backward: "i: unset site i",
	},
	Revision: 1,
	Policies: []string{"mlp"},
	Small:    param.Values{"side": param.Of(2)},
	New:      newIsing,
}

// ising has N² sites, row after row. Each site is bound to the next in its row and in its
// column, around the torus, which makes 2N² bonds. On the 2 × 2 torus each pair of
// neighbours therefore has two bonds.
//
// A code has a bit for every site that is set, followed by a bit for every spin that is
// up. Forward action i sets site i down, N² + i sets it up; backward action i clears it.
type ising struct {
	side, sites int
	half        int       // words in each part of a code
	logReward   []float64 // by number of bonds whose spins differ
	transfer    func() *transferMatrix
	logZ        func() float64
}

// sampledIsing is small enough for exact samples.
type sampledIsing struct{ *ising }

// maxTransferSide bounds the 2^N row states of the transfer matrix.
const maxTransferSide = 12

func newIsing(p param.Values) (env.Environment, error) {
	e := &ising{side: p.Int("side")}
	e.sites = e.side * e.side
	e.half = env.MaskWords(e.sites)
	strength := p.Float("beta") * p.Float("coupling")
	e.logReward = make([]float64, 2*e.sites+1)
	for differ := range e.logReward {
		e.logReward[differ] = strength * float64(2*e.sites-2*differ)
	}
	if e.side > maxTransferSide {
		e.logZ = sync.OnceValue(func() float64 { return kaufmanLogZ(e.side, strength) })
		return e, nil
	}
	e.transfer = sync.OnceValue(func() *transferMatrix { return newTransferMatrix(e.side, strength) })
	e.logZ = func() float64 { return e.transfer().logZ }
	return sampledIsing{e}, nil
}

func (e *ising) Kind() string { return Kind.Name }

func (e *ising) Capabilities() env.Capabilities {
	states := combin.Power(3, e.sites)
	c := env.Capabilities{
		Enumerable:    env.Enumerable(states),
		LogZ:          env.Yes(),
		TargetSamples: env.Yes(),
		States:        states,
		Terminals:     combin.Power(2, e.sites),
	}
	if e.side > maxTransferSide {
		c.TargetSamples = env.No("the transfer matrix is too large beyond side 12")
		if !kaufmanApplies(e.side, e.logReward[0]) {
			c.LogZ = env.No("the transfer matrix is too large beyond side 12, and Kaufman's formula needs an even side where neighbours repel")
		}
	}
	return c
}

// LogZ uses the transfer matrix or, if that is too large, Kaufman's formula.
func (e *ising) LogZ() float64 {
	if !e.Capabilities().LogZ.OK {
		return math.NaN()
	}
	return e.logZ()
}

func (e *ising) Instance() []env.Field { return nil }

// SampleTarget draws the first row and then one row after another.
func (e sampledIsing) SampleTarget(rng *stream.Stream, x []uint64) {
	clear(x)
	bitset.SetRange(x, 0, e.sites)
	up := x[e.half:]
	for r, row := range e.transfer().sample(rng) {
		at := r * e.side
		up[at>>6] |= uint64(row) << (at & 63)
		if at&63+e.side > 64 {
			up[at>>6+1] |= uint64(row) >> (64 - at&63)
		}
	}
}

func (e *ising) Words() int           { return 2 * e.half }
func (e *ising) Actions() int         { return 2 * e.sites }
func (e *ising) BackwardActions() int { return e.sites }
func (e *ising) MaxSteps() int        { return e.sites }
func (e *ising) Features() int        { return 2 * e.sites }
func (e *ising) Reset(s []uint64)     { clear(s) }

func (e *ising) Terminal(s []uint64) bool { return e.Parents(s) == e.sites }

func (e *ising) Mask(s, mask []uint64) {
	clear(mask[:env.MaskWords(2*e.sites)])
	for w, set := range s[:e.half] {
		free := ^set
		if w == e.half-1 {
			free &= ^uint64(0) >> (-e.sites & 63)
		}
		mask[w] |= free
		orAt(mask, w<<6+e.sites, free)
	}
}

// orAt sets the bits of v, starting at bit at.
func orAt(words []uint64, at int, v uint64) {
	words[at>>6] |= v << (at & 63)
	if high := v >> (63 - at&63) >> 1; high != 0 {
		words[at>>6+1] |= high
	}
}

func (e *ising) Step(s []uint64, a int) int {
	i := a
	if a >= e.sites {
		i = a - e.sites
		s[e.half+i>>6] |= 1 << (i & 63)
	}
	s[i>>6] |= 1 << (i & 63)
	return i
}

func (e *ising) BackwardMask(s, mask []uint64) { copy(mask, s[:e.half]) }

func (e *ising) Parents(s []uint64) int { return bitset.Count(s[:e.half]) }

func (e *ising) StepBack(s []uint64, i int) int {
	bit := uint64(1) << (i & 63)
	s[i>>6] &^= bit
	if up := &s[e.half+i>>6]; *up&bit != 0 {
		*up &^= bit
		return i + e.sites
	}
	return i
}

// row returns the spins of row r, up to 64 of them.
func (e *ising) row(up []uint64, r int) uint64 {
	at := r * e.side
	v := up[at>>6] >> (at & 63)
	if at&63+e.side > 64 {
		v |= up[at>>6+1] << (64 - at&63)
	}
	return v & (^uint64(0) >> (64 - e.side))
}

func (e *ising) LogReward(x []uint64) float64 {
	up := x[e.half:]
	differ := 0
	above := e.row(up, e.side-1)
	for r := range e.side {
		row := e.row(up, r)
		rotated := (row>>1 | row<<(e.side-1)) & (^uint64(0) >> (64 - e.side))
		differ += bits.OnesCount64(row^rotated) + bits.OnesCount64(row^above)
		above = row
	}
	return e.logReward[differ]
}

func (e *ising) AppendFeatures(idx []int32, s []uint64) []int32 {
	for w, set := range s[:e.half] {
		for down := set &^ s[e.half+w]; down != 0; down &= down - 1 {
			idx = append(idx, int32(w<<6|bits.TrailingZeros64(down)))
		}
	}
	for w, up := range s[e.half : 2*e.half] {
		for ; up != 0; up &= up - 1 {
			idx = append(idx, int32(e.sites+(w<<6|bits.TrailingZeros64(up))))
		}
	}
	return idx
}

func (e *ising) AppendTerminalActions(actions []int, x []uint64) []int {
	for w, up := range x[e.half : 2*e.half] {
		for down := x[w] &^ up; down != 0; down &= down - 1 {
			actions = append(actions, w<<6|bits.TrailingZeros64(down))
		}
	}
	for _, i := range bitset.AppendOnes(nil, x[e.half:2*e.half]) {
		actions = append(actions, e.sites+i)
	}
	return actions
}

// Format writes the rows as in "+-/.+", with a dot for a spin that is not set.
func (e *ising) Format(s []uint64) string {
	var text []byte
	for i := range e.sites {
		if i > 0 && i%e.side == 0 {
			text = append(text, '/')
		}
		set, up := s[i>>6]>>(i&63)&1, s[e.half+i>>6]>>(i&63)&1
		text = append(text, ".-+"[set+up])
	}
	return string(text)
}
