package phylo

import (
	"math"
	"sort"
	"sync"

	"gfnbench/gfn/fmath"
	"gfnbench/gfn/stream"
)

// enumeratedTarget is the distribution r/Z over terminal states that can be numbered. It
// sums their rewards on first use. It is safe for concurrent use.
type enumeratedTarget struct {
	count     int                    // number of terminal states
	logWeight func(rank int) float64 // log r of each, called by one goroutine

	once       sync.Once
	logZ       float64
	cumulative []float64 // sums of r/max r
}

func (t *enumeratedTarget) sum() {
	t.cumulative = make([]float64, t.count)
	top := math.Inf(-1)
	for i := range t.cumulative {
		t.cumulative[i] = t.logWeight(i)
		top = max(top, t.cumulative[i])
	}
	total := 0.0
	for i, lw := range t.cumulative {
		total += fmath.Exp(lw - top)
		t.cumulative[i] = total
	}
	t.logZ = top + fmath.Log(total)
}

// LogZ returns the log of the summed rewards.
func (t *enumeratedTarget) LogZ() float64 {
	t.once.Do(t.sum)
	return t.logZ
}

// Sample draws a terminal state's number by inversion.
func (t *enumeratedTarget) Sample(rng *stream.Stream) int {
	t.once.Do(t.sum)
	total := t.cumulative[t.count-1]
	u := min(rng.Float64()*total, math.Nextafter(total, 0))
	return sort.Search(t.count, func(i int) bool { return t.cumulative[i] > u })
}
