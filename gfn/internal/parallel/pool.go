// Package parallel splits ranges of independent work over a few goroutines that stay
// ready between calls. A training step has many pieces of some ten microseconds, too
// short to start goroutines for. Once a pool is made, nothing allocates.
package parallel

import (
	"runtime"
	"sync/atomic"
)

// A Pool runs work on its caller's goroutine and its helpers. Only one goroutine at a
// time may use it. A nil Pool has no helpers.
type Pool struct {
	helpers []*helper
}

// States of a helper. A helper parks after a while without work. Work that it has not
// begun, because another program has its processor, is taken back from it.
const (
	idle int32 = iota
	parked
	given
	busy
)

// helper is a goroutine of a pool. It does not refer to the pool, so that an unreachable
// pool can be collected and its helpers ended.
type helper struct {
	state  atomic.Int32
	wake   chan struct{}
	work   func(lo, hi int)
	lo, hi int

	_ [64]byte // keeps the states of two helpers in different cache lines
}

// New returns a pool of n goroutines, including the caller's, or nil for n < 2. Its
// helpers end when the pool is no longer reachable.
func New(n int) *Pool {
	if n < 2 {
		return nil
	}
	p := &Pool{}
	for range n - 1 {
		h := &helper{wake: make(chan struct{}, 1)}
		p.helpers = append(p.helpers, h)
		go h.run()
	}
	runtime.AddCleanup(p, func(helpers []*helper) {
		for _, h := range helpers {
			h.give(nil, 0, 0)
		}
	}, p.helpers)
	return p
}

// Do calls work concurrently on consecutive ranges lo ≤ i < hi that make up [0, n), and
// returns when all calls have returned. Ranges hold at least grain elements and begin at
// multiples of whole.
func (p *Pool) Do(n, grain int, work func(lo, hi int)) {
	parts := 1
	if p != nil {
		parts = min(len(p.helpers)+1, n/max(grain, whole))
	}
	if parts < 2 {
		work(0, n)
		return
	}
	bound := func(part int) int {
		if part == parts {
			return n
		}
		return (n*part/parts + whole/2) / whole * whole
	}
	for i, h := range p.helpers[:parts-1] {
		h.give(work, bound(i+1), bound(i+2))
	}
	work(0, bound(1))
	for _, h := range p.helpers[:parts-1] {
		h.finish()
	}
}

// whole is how many elements are not split: the rows of a tile of the matrix products.
// Layers of a batch often have a few dozen rows, so ranges that were cut at multiples of 16
// differed a lot in length.
const whole = 8

// give hands work to an idle helper; nil work ends it.
func (h *helper) give(work func(lo, hi int), lo, hi int) {
	h.work, h.lo, h.hi = work, lo, hi
	if h.state.Swap(given) == parked {
		h.wake <- struct{}{}
	}
}

// How often a state is polled before yielding: about ten microseconds for the caller and
// five hundred for a helper. Between the pieces of a training step a helper is idle for
// about a tenth of that, and waking a parked one takes as long as the piece. Parking
// earlier made steps a quarter slower.
const (
	callerSpins = 20_000
	helperSpins = 1_000_000
)

// finish returns when the helper's work is done: by the helper, or here if it has not begun.
// Either forgets the work, which may refer to the pool.
func (h *helper) finish() {
	if h.state.CompareAndSwap(given, idle) {
		h.work(h.lo, h.hi)
		h.work = nil
		return
	}
	for n := 0; h.state.Load() == busy; n++ {
		if n >= callerSpins {
			runtime.Gosched()
		}
	}
}

func (h *helper) run() {
	for {
		for n := 0; h.state.Load() != given || !h.state.CompareAndSwap(given, busy); n++ {
			if n >= helperSpins && h.state.CompareAndSwap(idle, parked) {
				<-h.wake
			}
		}
		if h.work == nil {
			return
		}
		h.work(h.lo, h.hi)
		h.work = nil
		h.state.Store(idle)
	}
}
