package phylo

import "math/bits"

// maxCladeFeatures bounds the leaves for which every clade is a feature; there are 2^16 -
// 17 of them.
const maxCladeFeatures = 16

// Leaves returns the number of species.
func (e *phylo) Leaves() int { return e.leaves }

// Words returns the number of joins; a code holds one clade for each.
func (e *phylo) Words() int { return e.leaves - 1 }

// Actions returns the number of pairs of leaves.
func (e *phylo) Actions() int { return len(e.pairs) }

// BackwardActions returns the number of leaves; its smallest leaf identifies a root.
func (e *phylo) BackwardActions() int { return e.leaves }

// MaxSteps returns the number of joins.
func (e *phylo) MaxSteps() int { return e.leaves - 1 }

// Reset writes the forest of single leaves.
func (e *phylo) Reset(s []uint64) { clear(s) }

// Terminal reports whether the forest is one tree.
func (e *phylo) Terminal(s []uint64) bool { return s[len(s)-1] != 0 }

// Join returns the action that joins the roots with smallest leaves i < j.
func (e *phylo) Join(i, j int) int { return i*(2*e.leaves-i-1)/2 + j - i - 1 }

// Mask allows every pair of roots.
func (e *phylo) Mask(s, mask []uint64) {
	clear(mask)
	roots, _ := rootLeaves(s, e.leaves)
	for ; roots != 0; roots &= roots - 1 {
		i := bits.TrailingZeros64(roots)
		for rest := roots & (roots - 1); rest != 0; rest &= rest - 1 {
			a := e.Join(i, bits.TrailingZeros64(rest))
			mask[a>>6] |= 1 << (a & 63)
		}
	}
}

// Step joins two roots.
func (e *phylo) Step(s []uint64, a int) (back int) {
	i, j := int(e.pairs[a][0]), int(e.pairs[a][1])
	insertClade(s, rootOf(s, i)|rootOf(s, j))
	return i
}

// BackwardMask allows every root that is a join.
func (e *phylo) BackwardMask(s, mask []uint64) { _, mask[0] = rootLeaves(s, e.leaves) }

// Parents returns the number of roots that are joins.
func (e *phylo) Parents(s []uint64) int {
	_, joins := rootLeaves(s, e.leaves)
	return bits.OnesCount64(joins)
}

// StepBack dissolves the root with smallest leaf b.
func (e *phylo) StepBack(s []uint64, b int) (forward int) {
	root := rootOf(s, b)
	removeClade(s, root)
	return e.Join(b, smallestLeaf(root&^rootOf(s, b)))
}

// LogReward returns the log likelihood of the alignment given the tree.
func (e *phylo) LogReward(x []uint64) float64 {
	if e.leaves > maxEnumeratedLeaves {
		return e.model.logLikelihood(x)
	}
	return e.rewards.of(x)
}

// AppendRoots appends the clades of the roots in order of their smallest leaves.
func (e *phylo) AppendRoots(roots, s []uint64) []uint64 {
	smallest, _ := rootLeaves(s, e.leaves)
	for ; smallest != 0; smallest &= smallest - 1 {
		roots = append(roots, rootOf(s, bits.TrailingZeros64(smallest)))
	}
	return roots
}

// Children splits the clade of an internal node.
func (e *phylo) Children(s []uint64, clade uint64) (first, second uint64) {
	return childrenOf(s, clade)
}

// Features returns the number of clades with at least two leaves. Above 16 leaves it
// returns the number of pairs of leaves times the number of sizes of the smallest clade
// around a pair.
func (e *phylo) Features() int {
	if e.leaves > maxCladeFeatures {
		return len(e.pairs) * (e.leaves - 1)
	}
	return 1<<e.leaves - e.leaves - 1
}

// AppendFeatures appends the forest's clades, each numbered among all masks with at least
// two bits. Above 16 leaves it appends, for each pair of leaves of one tree, the size of
// the smallest clade around them. These sizes determine the forest, since they grow from
// a node to its parent.
func (e *phylo) AppendFeatures(idx []int32, s []uint64) []int32 {
	clades := s[:internalNodes(s)]
	if e.leaves > maxCladeFeatures {
		return e.appendPairs(idx, clades)
	}
	for _, c := range clades {
		// Not counted below c are 0 and one power of two for each bit of its length.
		idx = append(idx, int32(c)-1-int32(bits.Len64(c)))
	}
	return idx
}

func (e *phylo) appendPairs(idx []int32, clades []uint64) []int32 {
	for i := range e.leaves {
		var size [maxLeaves]int // of the smallest clade around i and j
		around := uint64(1) << i
		for _, c := range clades {
			if c>>i&1 == 0 {
				continue
			}
			for gained := c &^ around; gained != 0; gained &= gained - 1 {
				size[bits.TrailingZeros64(gained)] = bits.OnesCount64(c)
			}
			around = c
		}
		for j := i + 1; j < e.leaves; j++ {
			if size[j] > 0 {
				idx = append(idx, int32(e.Join(i, j)*(e.leaves-1)+size[j]-2))
			}
		}
	}
	return idx
}
