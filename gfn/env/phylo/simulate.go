package phylo

import (
	"math/bits"

	"gfnbench/gfn/env"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/stream"
)

const nucleotides = "ACGT"

// simulate draws a tree, uniform over the rooted binary ones, and an alignment along it.
// Each site starts with a uniform nucleotide at the root and changes on every branch
// according to the model of Jukes and Cantor.
func (e *phylo) simulate(species, sites int, branchLength float64, seed int) {
	rng := env.InstanceStream("phylo", seed)
	e.truth = make([]uint64, species-1)
	e.truth[0] = 3
	for k := 2; k < species; k++ {
		at := rng.IntN(2*k - 1)
		above := uint64(1) << at
		if at >= k {
			above = e.truth[at-k]
		}
		insertLeaf(e.truth, k, above)
	}
	same := 0.25 + float64(0.75*fmath.Exp(-4*branchLength/3))
	rows := make([][]byte, species)
	for range sites {
		e.simulateSite(rows, allLeaves(species), rng.IntN(4), same, rng)
	}
	for _, row := range rows {
		e.sequences = append(e.sequences, string(row))
	}
}

// simulateSite appends a nucleotide to the row of each leaf in a clade whose node has the
// given nucleotide.
func (e *phylo) simulateSite(rows [][]byte, clade uint64, nucleotide int, same float64, rng *stream.Stream) {
	if bits.OnesCount64(clade) == 1 {
		i := smallestLeaf(clade)
		rows[i] = append(rows[i], nucleotides[nucleotide])
		return
	}
	first, second := childrenOf(e.truth, clade)
	for _, child := range [2]uint64{first, second} {
		next := nucleotide
		if rng.Float64() >= same {
			next = (nucleotide + 1 + rng.IntN(3)) % 4
		}
		e.simulateSite(rows, child, next, same, rng)
	}
}
