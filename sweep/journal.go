package sweep

import (
	"errors"
	"sync"
	"time"

	"gfnbench/results"
)

// A journal records finished runs. Runs that finish while a batch is being
// written form the next batch, so tiny cells share the cost of a write.
type journal struct {
	dir  *results.Dir
	fail func(error) // called once, at the first write that fails

	mu      sync.Mutex
	pending []entry
	err     error
	wake    chan struct{}
	closing bool

	conflicts []results.Conflict // conflicts found on the way
	done      chan struct{}
}

// An entry is a run, if any, and what to do once it is on stable storage.
type entry struct {
	run   *results.Run
	after func()
}

// gather is how long the journal waits for more runs before it writes.
const gather = 50 * time.Millisecond

func newJournal(dir *results.Dir, fail func(error)) *journal {
	j := &journal{dir: dir, fail: fail, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go j.write()
	return j
}

// add records a run soon and then calls after, unless writing fails.
func (j *journal) add(run results.Run, after func()) {
	j.put(entry{&run, after})
}

// flushed calls after once everything added so far is recorded.
func (j *journal) flushed(after func()) { j.put(entry{nil, after}) }

func (j *journal) put(e entry) {
	j.mu.Lock()
	j.pending = append(j.pending, e)
	j.mu.Unlock()
	j.notify()
}

func (j *journal) notify() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// close writes what is left, and returns the first error.
func (j *journal) close() error {
	j.mu.Lock()
	j.closing = true
	j.mu.Unlock()
	j.notify()
	<-j.done
	return j.err
}

func (j *journal) write() {
	defer close(j.done)
	for range j.wake {
		j.mu.Lock()
		closing := j.closing
		j.mu.Unlock()
		if !closing {
			time.Sleep(gather)
		}
		j.flush()
		if closing {
			return
		}
	}
}

// flush writes what is pending. After an error it writes nothing more: a full
// disk would accept only the smaller batches, in any order.
func (j *journal) flush() {
	j.mu.Lock()
	batch := j.pending
	j.pending = nil
	j.mu.Unlock()
	if j.err != nil || len(batch) == 0 {
		return
	}
	var runs []results.Run
	for _, e := range batch {
		if e.run != nil {
			runs = append(runs, *e.run)
		}
	}
	err := j.dir.Append(runs...)
	if err == nil {
		for _, e := range batch {
			e.after()
		}
		err = j.dir.Maintain()
		if c, ok := errors.AsType[*results.ConflictError](err); ok {
			j.conflicts, err = append(j.conflicts, c.Conflicts...), nil
		}
	}
	if err != nil {
		j.err = err
		j.fail(err)
	}
}
