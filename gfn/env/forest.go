package env

import (
	"math/bits"
	"slices"
)

// A Forest environment grows forests of rooted binary trees on labelled leaves
// by joining two roots at a time. A clade is the set of leaves below a node, a
// mask with bit i for leaf i; a forest is known by the clades of its internal
// nodes.
type Forest interface {
	Discrete

	// Leaves is the number of leaves, at most 64.
	Leaves() int

	// AppendRoots appends the clades of the roots of s, in order of their
	// smallest leaves; a leaf that was never joined is a root too.
	AppendRoots(roots, s []uint64) []uint64

	// Children returns the two children of an internal node's clade, the one
	// with the smallest leaf first. A child with one bit is a leaf.
	Children(s []uint64, clade uint64) (first, second uint64)

	// Join is the forward action that joins the roots whose smallest leaves are
	// i and j, i < j. The backward action that dissolves a root is its smallest
	// leaf.
	Join(i, j int) int
}

// A forest's code lists the clades of its internal nodes in ascending order,
// then zeros. A node's clade is numerically larger than its descendants', so
// children come before their parents.

// internalNodes is the number of clades in a code.
func internalNodes(code []uint64) int {
	k := len(code)
	for k > 0 && code[k-1] == 0 {
		k--
	}
	return k
}

// smallestLeaf is the lowest leaf of a clade.
func smallestLeaf(clade uint64) int { return bits.TrailingZeros64(clade) }

// rootOf is the clade of the root above leaf i.
func rootOf(code []uint64, i int) uint64 {
	for k := internalNodes(code) - 1; k >= 0; k-- {
		if code[k]>>i&1 != 0 {
			return code[k]
		}
	}
	return 1 << i
}

// rootLeaves returns the smallest leaves of all roots of a forest on n leaves,
// and of those roots that are joins.
func rootLeaves(code []uint64, n int) (roots, joins uint64) {
	var covered uint64
	for k := internalNodes(code) - 1; k >= 0; k-- {
		if c := code[k]; c&covered == 0 {
			covered |= c
			joins |= c & -c
		}
	}
	return joins | allLeaves(n)&^covered, joins
}

// allLeaves is the clade of n leaves.
func allLeaves(n int) uint64 { return ^uint64(0) >> (64 - n) }

// insertClade adds a clade to a code with room for it.
func insertClade(code []uint64, clade uint64) {
	k := internalNodes(code)
	for ; k > 0 && code[k-1] > clade; k-- {
		code[k] = code[k-1]
	}
	code[k] = clade
}

// removeClade takes a clade out of a code that has it.
func removeClade(code []uint64, clade uint64) {
	k := slices.Index(code, clade)
	copy(code[k:], code[k+1:])
	code[len(code)-1] = 0
}

// childrenOf splits an internal node's clade: below it, the largest clade with
// its smallest leaf is the first child.
func childrenOf(code []uint64, clade uint64) (first, second uint64) {
	first = clade & -clade
	for k := internalNodes(code) - 1; k >= 0; k-- {
		if c := code[k]; c < clade && c&first != 0 {
			first = c
			break
		}
	}
	return first, clade &^ first
}
