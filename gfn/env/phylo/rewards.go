package phylo

import (
	"math"
	"sync"
	"sync/atomic"
)

// treeRewards holds the log reward of every tree by rank, each computed when it is first
// asked for. A run that samples thousands of batches from ten thousand trees then prunes
// each tree once. All runs in an instance share it, and it is safe for concurrent use.
type treeRewards struct {
	compute func(x []uint64) float64
	leaves  int
	bits    func() []atomic.Uint64 // of log r; 0 until known
}

func newTreeRewards(leaves int, compute func(x []uint64) float64) treeRewards {
	return treeRewards{
		compute: compute,
		leaves:  leaves,
		bits:    sync.OnceValue(func() []atomic.Uint64 { return make([]atomic.Uint64, int(treeCount(leaves))) }),
	}
}

// of returns the log reward of a tree.
func (r *treeRewards) of(x []uint64) float64 { return r.ranked(rankOf(x, r.leaves), x) }

// ranked returns the log reward of a tree whose rank is known. A log reward of 0 has no
// bits and is computed every time.
func (r *treeRewards) ranked(rank int, x []uint64) float64 {
	at := &r.bits()[rank]
	if b := at.Load(); b != 0 {
		return math.Float64frombits(b)
	}
	l := r.compute(x)
	at.Store(math.Float64bits(l))
	return l
}
