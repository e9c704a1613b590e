package sweep

import (
	"context"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"sync"

	"gfnbench/gfn"
	"gfnbench/sweep/machine"
)

// A room is the memory that cells may take together. A cell starts once there
// is room for what it needs or, however large it is, when no other cell is
// being trained.
type room struct {
	limit machine.Limit // zero if not known; cells then start freely
	size  float64       // bytes for cells

	mu      sync.Mutex
	changed *sync.Cond
	used    float64 // by cells being trained
	shared  float64 // by instances, once their first cell has started
	trained int     // cells
	alone   bool    // the cell being trained is alone
	known   map[*gfn.Instance]bool
	before  int64 // limit of Go's memory
}

// usable is the share of the memory left for which cells may be planned. Beyond
// it Go collects its garbage harder.
const usable = 0.9

// newRoom makes a room of what a limit leaves.
func newRoom(l machine.Limit, known bool) *room {
	r := &room{size: math.Inf(1), known: map[*gfn.Instance]bool{}, before: math.MaxInt64}
	r.changed = sync.NewCond(&r.mu)
	if !known {
		return r
	}
	r.limit, r.size = l, usable*l.Left
	if os.Getenv("GOMEMLIMIT") == "" {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		r.before = debug.SetMemoryLimit(int64(float64(m.Sys-m.HeapReleased) + r.size))
	}
	return r
}

// close restores Go's memory limit.
func (r *room) close() {
	if r.before != math.MaxInt64 || r.limit.Total > 0 && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(r.before)
	}
}

// A place is what a cell takes up in a room.
type place struct {
	room *room
	own  float64
}

// take waits until there is room for a cell or, if it is to be alone, until no
// other is being trained. It returns nil if ctx ended first.
func (r *room) take(ctx context.Context, in *gfn.Instance, n need, alone bool) *place {
	defer context.AfterFunc(ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.changed.Broadcast()
	})()
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		shared := 0.0
		if !r.known[in] {
			shared = n.shared
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case r.trained == 0, !alone && !r.alone && r.used+n.own+r.shared+shared <= r.size:
			r.known[in], r.alone = true, alone
			r.trained, r.used, r.shared = r.trained+1, r.used+n.own, r.shared+shared
			return &place{r, n.own}
		}
		r.changed.Wait()
	}
}

// empty waits until no cell is being trained, or ctx is done.
func (r *room) empty(ctx context.Context) {
	if p := r.take(ctx, nil, need{}, true); p != nil {
		p.leave()
	}
}

// leave gives a place back.
func (p *place) leave() {
	p.room.mu.Lock()
	defer p.room.mu.Unlock()
	p.room.trained, p.room.used, p.room.alone = p.room.trained-1, p.room.used-p.own, false
	p.room.changed.Broadcast()
}
