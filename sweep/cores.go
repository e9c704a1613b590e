package sweep

import (
	"runtime"
	"sync/atomic"

	"gfnbench/gfn"
)

// cores lends the cores of workers that have nothing left to train to the cells that are
// still training. Results do not depend on it but times do, so timing.parquet records how
// many threads a cell had.
type cores struct {
	all     int          // that the run may use
	working atomic.Int32 // workers that are not done
}

// begin starts with one core for each worker, or as many as the machine has.
func (c *cores) begin(options, workers int) {
	c.all = min(options, runtime.GOMAXPROCS(0))
	c.working.Store(int32(workers))
}

// share returns the number of threads that a cell may use.
func (c *cores) share() int {
	if n := c.working.Load(); n > 0 {
		return max(1, c.all/int(n))
	}
	return 1
}

// A lent records what a cell has borrowed.
type lent struct {
	threads int     // now; 0 before the first step
	steps   float64 // thread-steps taken
	from    int     // step at which counting began
}

// borrow gives the run as many threads as it may have.
func (a *attempt) borrow(c *cores) {
	own, ok := a.trainer.(*gfn.Trainer)
	if !ok {
		return
	}
	a.lent.count(own.StepsTaken())
	if n := c.share(); n != a.lent.threads {
		own.SetThreads(n)
		a.lent.threads = n
	}
}

// count counts the thread-steps since it was last called.
func (l *lent) count(step int) {
	l.steps += float64((step - l.from) * l.threads)
	l.from = step
}

// mean returns the average number of threads of a step, or 0 if it was one throughout.
func (l *lent) mean(first, last int) float64 {
	if last <= first || l.steps == float64(last-first) {
		return 0
	}
	return l.steps / float64(last-first)
}
