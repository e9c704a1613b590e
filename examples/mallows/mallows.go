// Package mallows is an example of an environment from outside the program: rankings of n
// items, in the model of Mallows. docs/extending.md explains it.
package mallows

import (
	"fmt"
	"strings"

	"gfnbench/gfn/env"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// References:
//
//	Mallows: Non-null ranking models. Biometrika 44 (1957).
//	Fligner, Verducci: Distance based ranking models. JRSS B 48 (1986) (the
//	normalising constant, and sampling item by item).

// Kind describes the environment to suites and the library. Register it with
//
//	kinds.All = append(kinds.All, mallows.Kind)
//
// or, in a file of package kinds itself, by its line in kinds.go.
var Kind = &env.Kind{
	Name: "mallows",
	Doc:  "rankings, one item appended at a time; log reward: -theta times the pairs of items out of order",
	Params: []param.Param{
		{Name: "items", Type: param.Int, Default: param.Of(6), Range: param.Between(2, 15), Doc: "number of items to rank"},
		{Name: "theta", Type: param.Float, Default: param.Of(0.5), Range: param.Between(0, 100), Doc: "concentration around the order 0, 1, 2, ...; 0 is uniform"},
	},
	Revision: 1,
	Policies: []string{"mlp"},
	New:      newMallows,
}

// mallows is a tree: a state is the ranking so far, and its only parent is that ranking
// without its last item. The code is one word with four bits per rank: item+1, lowest
// rank first, or 0 if the rank has no item yet.
type mallows struct {
	items int
	theta float64
}

func newMallows(p param.Values) (env.Environment, error) {
	return &mallows{items: p.Int("items"), theta: p.Float("theta")}, nil
}

func (e *mallows) Kind() string { return Kind.Name }

func (e *mallows) Instance() []env.Field { return nil }

func (e *mallows) Capabilities() env.Capabilities {
	states, layer := 1.0, 1.0
	for i := range e.items {
		layer *= float64(e.items - i)
		states += layer
	}
	c := env.Capabilities{Enumerable: env.Yes(), LogZ: env.Yes(), TargetSamples: env.Yes(), States: states, Terminals: layer}
	if states > env.MaxEnumerable {
		c.Enumerable = env.No(fmt.Sprintf("%d items have %.4g rankings", e.items, layer))
	}
	return c
}

// logStage returns the logarithm of 1 + q + ... + q^(k-1) with q = exp(-theta), the sum
// over the choices of the next item when k are left.
func (e *mallows) logStage(k int) float64 {
	sum := 0.0
	for i := range k {
		sum += fmath.Exp(-float64(e.theta * float64(i)))
	}
	return fmath.Log(sum)
}

// LogZ returns the product over stages: choosing the i-th smallest of the items that are
// left puts i pairs out of order, whatever is chosen afterwards.
func (e *mallows) LogZ() float64 {
	sum := 0.0
	for k := 1; k <= e.items; k++ {
		sum += e.logStage(k)
	}
	return sum
}

// SampleTarget draws item by item.
func (e *mallows) SampleTarget(rng *stream.Stream, x []uint64) {
	e.Reset(x)
	for k := e.items; k > 0; k-- {
		u, i := rng.Float64()*fmath.Exp(e.logStage(k)), 0
		for ; i < k-1; i++ {
			if u -= fmath.Exp(-float64(e.theta * float64(i))); u < 0 {
				break
			}
		}
		e.Step(x, e.smallest(x, i))
	}
}

// smallest returns the i-th smallest item that is not ranked yet.
func (e *mallows) smallest(s []uint64, i int) int {
	ranked := e.ranked(s)
	for item := range e.items {
		if ranked>>item&1 == 0 {
			if i == 0 {
				return item
			}
			i--
		}
	}
	return -1
}

// at returns the item of a rank, or -1 if there is none yet.
func at(s []uint64, rank int) int { return int(s[0]>>(4*rank)&15) - 1 }

// ranked returns the set of items that have a rank, and length their number.
func (e *mallows) ranked(s []uint64) (set uint64) {
	for rank := range e.length(s) {
		set |= 1 << at(s, rank)
	}
	return set
}

func (e *mallows) length(s []uint64) int {
	n := 0
	for n < e.items && at(s, n) >= 0 {
		n++
	}
	return n
}

func (e *mallows) Words() int               { return 1 }
func (e *mallows) Actions() int             { return e.items }
func (e *mallows) BackwardActions() int     { return 1 }
func (e *mallows) MaxSteps() int            { return e.items }
func (e *mallows) Reset(s []uint64)         { s[0] = 0 }
func (e *mallows) Terminal(s []uint64) bool { return e.length(s) == e.items }

// Mask allows every item that has no rank yet.
func (e *mallows) Mask(s, mask []uint64) { mask[0] = (1<<e.items - 1) &^ e.ranked(s) }

func (e *mallows) Step(s []uint64, a int) int {
	s[0] |= uint64(a+1) << (4 * e.length(s))
	return 0
}

func (e *mallows) BackwardMask(s, mask []uint64) { mask[0] = uint64(e.Parents(s)) }

func (e *mallows) Parents(s []uint64) int { return min(e.length(s), 1) }

func (e *mallows) StepBack(s []uint64, _ int) int {
	last := e.length(s) - 1
	item := at(s, last)
	s[0] &^= 15 << (4 * last)
	return item
}

// LogReward returns -theta times the number of pairs out of order (Kendall's
// distance to 0, 1, 2, ...).
func (e *mallows) LogReward(x []uint64) float64 {
	inversions := 0
	for j := range e.items {
		for i := range j {
			if at(x, i) > at(x, j) {
				inversions++
			}
		}
	}
	return -float64(e.theta * float64(inversions))
}

func (e *mallows) Features() int { return e.items * e.items }

// AppendFeatures appends a one-hot of the item for each rank that is taken.
func (e *mallows) AppendFeatures(idx []int32, s []uint64) []int32 {
	for rank := range e.length(s) {
		idx = append(idx, int32(rank*e.items+at(s, rank)))
	}
	return idx
}

// Format returns a ranking as text, such as "2>0>1".
func (e *mallows) Format(s []uint64) string {
	items := make([]string, e.length(s))
	for rank := range items {
		items[rank] = fmt.Sprint(at(s, rank))
	}
	return strings.Join(items, ">")
}
