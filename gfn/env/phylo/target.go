package phylo

import (
	"fmt"
	"math"

	"gfnbench/gfn/env"
	"gfnbench/gfn/stream"
)

// maxEnumeratedLeaves bounds the species for which all trees, at most 2,027,025, are
// summed for log Z and target samples.
const maxEnumeratedLeaves = 9

// treeCount returns the number of rooted binary trees on n leaves, (2n-3)!!.
func treeCount(n int) float64 {
	count := 1.0
	for k := 3; k <= n; k++ {
		count *= float64(2*k - 3)
	}
	return count
}

// forestCount returns the number of forests of rooted binary trees on n leaves, the
// Bessel polynomial y_{n-1}(1): 1, 2, 7, 37, 266, 2431, 27007 (OEIS A001515).
func forestCount(n int) float64 {
	before, count := 1.0, 1.0
	for k := 2; k <= n; k++ {
		before, count = count, float64(float64(2*k-3)*count)+before
	}
	return count
}

// Capabilities returns what enumeration makes possible.
func (e *phylo) Capabilities() env.Capabilities {
	c := env.Capabilities{LogZ: env.Yes(), States: forestCount(e.leaves), Terminals: treeCount(e.leaves)}
	c.Enumerable = env.Enumerable(c.States)
	if e.leaves > maxEnumeratedLeaves {
		c.LogZ = env.No(fmt.Sprintf("%d species have %.4g trees, too many to sum", e.leaves, c.Terminals))
	}
	c.TargetSamples = c.LogZ
	return c
}

// LogZ returns the log of the summed likelihoods of all trees.
func (e *phylo) LogZ() float64 {
	if e.leaves > maxEnumeratedLeaves {
		return math.NaN()
	}
	return e.target.LogZ()
}

// Kept returns the size of the log rewards and of their sums, for each tree.
func (e summedPhylo) Kept() float64 { return 16 * treeCount(e.leaves) }

// summedPhylo is an instance with few enough trees for exact samples.
type summedPhylo struct{ *phylo }

// SampleTarget writes a tree drawn from the posterior.
func (e summedPhylo) SampleTarget(rng *stream.Stream, x []uint64) {
	rankedTree(e.target.Sample(rng), e.leaves, x)
}

// rankedLogReward returns the log reward as a function of a tree's rank. Only one
// goroutine may use it.
func (e *phylo) rankedLogReward() func(rank int) float64 {
	x := make([]uint64, e.Words())
	return func(rank int) float64 {
		rankedTree(rank, e.leaves, x)
		return e.rewards.ranked(rank, x)
	}
}

// rankedTree writes the code of tree number rank, 0 to (2n-3)!! - 1. Leaf k is inserted
// above one of the 2k-1 nodes of the tree on the leaves before it; the rank's digits, in
// bases 1, 3, 5, ..., say which.
func rankedTree(rank, n int, code []uint64) {
	clear(code)
	code[0] = 3
	for k := 2; k < n; k++ {
		digit := rank % (2*k - 1)
		rank /= 2*k - 1
		above := uint64(1) << digit // a leaf, or the digit-k'th clade
		if digit >= k {
			above = code[digit-k]
		}
		insertLeaf(code, k, above)
	}
}

// rankOf returns the rank of a tree on n leaves: it takes the leaves off again, the last
// one first.
func rankOf(code []uint64, n int) int {
	var clades [maxEnumeratedLeaves - 1]uint64 // of the tree that is left, in no order
	m := copy(clades[:], code)
	var digits [maxEnumeratedLeaves]int
	for k := n - 1; k >= 2; k-- {
		leaf := uint64(1) << k
		parent := 0
		for i, c := range clades[:m] {
			if c&leaf != 0 && (clades[parent]&leaf == 0 || c < clades[parent]) {
				parent = i
			}
		}
		above := clades[parent] &^ leaf
		m--
		clades[parent] = clades[m]
		below := 0
		for i, c := range clades[:m] {
			clades[i] = c &^ leaf
			if clades[i] < above {
				below++
			}
		}
		if digits[k] = k + below; above&(above-1) == 0 {
			digits[k] = smallestLeaf(above)
		}
	}
	rank := 0
	for k := n - 1; k >= 2; k-- {
		rank = rank*(2*k-1) + digits[k]
	}
	return rank
}

// insertLeaf puts leaf k on the branch above a clade of a tree without it.
func insertLeaf(code []uint64, k int, above uint64) {
	leaf := uint64(1) << k
	nodes := internalNodes(code)
	// Adding leaf k makes its clades larger than all without it and keeps their order, so
	// the code is sorted by group.
	var with [maxLeaves]uint64
	m, kept := 0, 0
	for _, c := range code[:nodes] {
		if c != above && c&above == above {
			with[m] = c | leaf
			m++
		} else {
			code[kept] = c
			kept++
		}
	}
	code[kept] = above | leaf
	copy(code[kept+1:], with[:m])
}
