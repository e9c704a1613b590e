package sweep

import (
	"context"
	"math"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gfnbench/gfn"
	"gfnbench/sweep/machine"
)

// Whatever cells need, no more are trained than fit, but always at least one. A cell that
// must be alone is alone, and every cell gets its turn.
func TestRoom(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newRoom(machine.Limit{}, false)
		r.size = rapid.SampledFrom([]float64{100, math.Inf(1)}).Draw(rt, "size")
		instances := []*gfn.Instance{{}, {}}
		type cell struct {
			n     need
			in    int
			alone bool
		}
		cells := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) cell {
			return cell{need{own: rapid.Float64Range(0, 150).Draw(t, "own"), shared: rapid.Float64Range(0, 50).Draw(t, "shared")}, rapid.IntRange(0, 1).Draw(t, "instance"), rapid.IntRange(0, 5).Draw(t, "alone") == 0}
		}), 1, 12).Draw(rt, "cells")
		places := make(chan *place)
		var workers sync.WaitGroup
		for range 3 {
			workers.Go(func() {
				for p := range places {
					r.mu.Lock()
					if r.trained > 1 && r.used+r.shared > r.size {
						t.Errorf("%d cells take %v and their instances %v of %v", r.trained, r.used, r.shared, r.size)
					}
					if r.alone && r.trained > 1 {
						t.Error("a cell that is to be alone has company")
					}
					r.mu.Unlock()
					p.leave()
				}
			})
		}
		for _, c := range cells {
			places <- r.take(context.Background(), instances[c.in], c.n, c.alone)
		}
		close(places)
		workers.Wait()
		if r.trained != 0 || r.used > 1e-6 || r.used < -1e-6 {
			rt.Errorf("%d cells and %v bytes are left", r.trained, r.used)
		}
	})
}

// A waiting cell gives up when the context ends.
func TestRoomIsLeftWaiting(t *testing.T) {
	r := newRoom(machine.Limit{Total: 20 << 30, Left: 10 << 30}, true)
	defer r.close()
	first := r.take(context.Background(), nil, need{own: r.size}, false)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if p := r.take(ctx, nil, need{own: 1}, false); p != nil {
		t.Error("there was no room")
	}
	first.leave()
	if p := r.take(context.Background(), nil, need{own: 1}, false); p == nil {
		t.Error("there is room")
	}
}
