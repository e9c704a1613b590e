package phylo

import (
	"math/bits"
	"slices"
)

// A forest's code lists the clades of its internal nodes in ascending order,
// then zeros. A node's clade is numerically larger than its descendants', so
// children come before their parents.

// internalNodes returns the number of clades in a code.
func internalNodes(code []uint64) int {
	k := len(code)
	for k > 0 && code[k-1] == 0 {
		k--
	}
	return k
}

// smallestLeaf returns the lowest leaf of a clade.
func smallestLeaf(clade uint64) int { return bits.TrailingZeros64(clade) }

// rootOf returns the clade of the root above leaf i.
func rootOf(code []uint64, i int) uint64 {
	for k := internalNodes(code) - 1; k >= 0; k-- {
		if code[k]>>i&1 != 0 {
			return code[k]
		}
	}
	return 1 << i
}

// rootLeaves returns the smallest leaves of all roots of a forest on n leaves, and of
// those roots that are joins, as masks.
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

// allLeaves returns the clade of n leaves.
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

// childrenOf splits the clade of an internal node. The first child is the largest clade
// below it that has its smallest leaf.
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
