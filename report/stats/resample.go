package stats

import (
	"slices"
	"sync"

	"gfnbench/gfn/stream"
)

// distinctResamples returns the number of different resamples of strata of the
// given sizes, the product of C(2n-1, n), or limit+1 if it is more than limit.
func distinctResamples(sizes []int, limit int) int {
	total := 1.0
	for _, n := range sizes {
		total *= binomial(2*n-1, n)
		if total > float64(limit) {
			return limit + 1
		}
	}
	return int(total)
}

// drawResamples calls visit with count random resamples of the indices of each
// stratum, each ascending: the order within a resample does not matter, and so
// equal resamples give the same bits. The draws depend on the key and sizes
// alone. The slices are reused between calls.
func drawResamples(key stream.Key, sizes []int, count int, visit func(indices [][]int)) {
	indices := identity(sizes)
	total := 0
	for _, n := range sizes {
		total += n
	}
	if total > mostKept/count {
		drawAnew(key, indices, count, visit)
		return
	}
	drawn := keptDraws(key, sizes, count)
	for range count {
		for _, stratum := range indices {
			for i := range stratum {
				stratum[i] = int(drawn[i])
			}
			drawn = drawn[len(stratum):]
		}
		visit(indices)
	}
}

// drawAnew draws into the indices, of which there are as many as there are seeds.
func drawAnew(key stream.Key, indices [][]int, count int, visit func(indices [][]int)) {
	s := key.Stream("bootstrap", 0)
	for range count {
		for _, stratum := range indices {
			for i := range stratum {
				stratum[i] = s.IntN(len(stratum))
			}
			slices.Sort(stratum)
		}
		visit(indices)
	}
}

// mostKept is how many indices are kept at most.
const mostKept = 1 << 22

// kept are the resamples drawn last: a report needs the same ones again and
// again.
var kept struct {
	sync.Mutex
	key   stream.Key
	sizes []int
	count int
	drawn []int32
}

// keptDraws are the indices of count resamples, one after the other. They must
// not be changed.
func keptDraws(key stream.Key, sizes []int, count int) []int32 {
	kept.Lock()
	defer kept.Unlock()
	if kept.drawn == nil || kept.key != key || kept.count != count || !slices.Equal(kept.sizes, sizes) {
		kept.key, kept.sizes, kept.count, kept.drawn = key, slices.Clone(sizes), count, nil
		drawAnew(key, identity(sizes), count, func(indices [][]int) {
			for _, stratum := range indices {
				for _, i := range stratum {
					kept.drawn = append(kept.drawn, int32(i))
				}
			}
		})
	}
	return kept.drawn
}

// everyResample calls visit with every distinct resample, each ascending, and
// its probability: the product over strata of n!/(k_1!…k_n!)/n^n, with k_i the
// times that observation i is in it. The slices are reused between calls.
func everyResample(sizes []int, visit func(indices [][]int, weight float64)) {
	indices := identity(sizes)
	var stratum func(t int, weight float64)
	stratum = func(t int, weight float64) {
		if t == len(sizes) {
			visit(indices, weight)
			return
		}
		n := sizes[t]
		// Filling place i with value v for the r-th time multiplies the number
		// of orders by (i+1)/r, and the probability by that over n.
		var fill func(i, least, repeats int, weight float64)
		fill = func(i, least, repeats int, weight float64) {
			if i == n {
				stratum(t+1, weight)
				return
			}
			for v := least; v < n; v++ {
				r := 1
				if i > 0 && v == least {
					r = repeats + 1
				}
				indices[t][i] = v
				fill(i+1, v, r, weight*float64(i+1)/float64(r*n))
			}
		}
		fill(0, 0, 0, weight)
	}
	stratum(0, 1)
}

// identity returns 0, 1, …, n-1 for each size n.
func identity(sizes []int) [][]int {
	indices := make([][]int, len(sizes))
	for t, n := range sizes {
		indices[t] = make([]int, n)
		for i := range indices[t] {
			indices[t][i] = i
		}
	}
	return indices
}
