package bitseq

import (
	"fmt"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/internal/combin"
)

// partition groups the n positions of bit sequences by the modes' bits there, relative to
// the first mode. The distances of a sequence to the modes depend only on the number of
// bits in each group that differ from the first mode. The histogram of distances to the
// nearest mode is therefore a sum over these numbers. With one mode its terms are
// binomial coefficients, and there are never more terms than sequences.
type partition struct {
	n      int
	modes  int
	size   []int    // of each group
	differ [][]bool // by group and mode: whether the mode differs from the first there
	work   float64  // terms × modes
}

// maxHistogramWork takes a fraction of a second.
const maxHistogramWork = 1 << 28

func newPartition(modes [][]uint64, n int) partition {
	p := partition{n: n, modes: len(modes)}
	group := map[string]int{}
	for j := range n {
		differ := make([]bool, len(modes))
		name := make([]byte, len(modes))
		for m := range modes {
			bit := (modes[m][j>>6] ^ modes[0][j>>6]) >> (j & 63) & 1
			differ[m], name[m] = bit != 0, byte(bit)
		}
		g, ok := group[string(name)]
		if !ok {
			g = len(p.size)
			group[string(name)] = g
			p.size = append(p.size, 0)
			p.differ = append(p.differ, differ)
		}
		p.size[g]++
	}
	p.work = float64(len(modes))
	for _, size := range p.size {
		p.work *= float64(size + 1)
	}
	return p
}

// capability returns the capability of computing log Z.
func (p *partition) capability() env.Capability {
	if p.work > maxHistogramWork {
		return env.No(fmt.Sprintf("the histogram of distances to %d modes of %d bits takes %.3g operations, more than %d", p.modes, p.n, p.work, maxHistogramWork))
	}
	return env.Yes()
}

// histogram counts the sequences at each distance 0..n from the nearest mode,
// exactly below 2^53.
func (p *partition) histogram() []float64 {
	counts := make([]float64, p.n+1)
	choose := make([][]float64, len(p.size))
	distance := make([][]int, len(p.size)+1)
	for g, size := range p.size {
		choose[g] = combin.Binomials(size, size)
		distance[g] = make([]int, p.modes)
	}
	distance[len(p.size)] = make([]int, p.modes)
	var visit func(g int, ways float64)
	visit = func(g int, ways float64) {
		from := distance[g]
		if g == len(p.size) {
			least := from[0]
			for _, d := range from[1:] {
				least = min(least, d)
			}
			counts[least] += ways
			return
		}
		to := distance[g+1]
		for flips := range p.size[g] + 1 {
			for m, differ := range p.differ[g] {
				if differ {
					to[m] = from[m] + p.size[g] - flips
				} else {
					to[m] = from[m] + flips
				}
			}
			visit(g+1, ways*choose[g][flips])
		}
	}
	visit(0, 1)
	return counts
}
