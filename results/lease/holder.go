package lease

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"gfnbench/results/disk"
	"gfnbench/results/process"
)

// A Holder is this process as a holder of leases. It is safe for concurrent use.
type Holder struct {
	w        *Watcher
	self     Owner
	renewing sync.WaitGroup
	stop     chan struct{}

	mu       sync.Mutex
	renewals int
	held     map[string]bool // by name
	note     func() string   // describes its work; nil if it says nothing
}

// holders are the names of the holders in this process.
type holders struct{ names sync.Map }

func (h *holders) has(name string) bool {
	_, ok := h.names.Load(name)
	return ok
}

var here holders

// Join makes this process a holder: it writes a record, and renews it until
// Close. The host is shown to readers and may be empty.
func (w *Watcher) Join(host string, task Task) (*Holder, error) {
	h := &Holder{w: w, stop: make(chan struct{}), held: map[string]bool{}}
	h.self = Owner{Name: fmt.Sprintf("%016x", rand.Uint64()), Process: process.Self(), Since: time.Now(), Host: host, Task: task}
	for _, folder := range []string{Workers, Folder} {
		if err := w.mkdir(folder); err != nil {
			return nil, err
		}
	}
	if err := h.renew(); err != nil {
		return nil, err
	}
	here.names.Store(h.self.Name, true)
	h.renewing.Go(func() {
		Repeat(w.period/8, h.stop, func() { _ = h.renew() }) // if it keeps failing, others take over
	})
	return h, nil
}

// Describe makes the holder say with each renewal, in one line, what it is
// working on.
func (h *Holder) Describe(note func() string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.note = note
}

// Name returns the name of the holder's record.
func (h *Holder) Name() string { return h.self.Name }

// mkdir makes a folder in the directory, which must exist.
func (w *Watcher) mkdir(folder string) error {
	path := filepath.Join(w.dir, folder)
	if _, err := w.fsys.Stat(path); err == nil {
		return nil
	}
	if err := w.fsys.Mkdir(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// renew replaces the record by one with another token. It need not be durable:
// after a power cut its holder is dead.
func (h *Holder) renew() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.renewals++
	h.self.Renewed = time.Now()
	if h.note != nil {
		h.self.Note = h.note()
	}
	path := h.w.record(h.self.Name)
	temp := disk.TempPath(path)
	err := h.create(temp)
	if err == nil {
		err = h.w.fsys.Rename(temp, path)
	}
	if err != nil {
		_ = h.w.fsys.Remove(temp) // others do, where it stays
		return disk.Explain(path, err)
	}
	return nil
}

// create writes the record to a file that must not exist.
func (h *Holder) create(path string) error {
	f, err := h.w.fsys.Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(recordOf(&h.self, h.renewals))
	return errors.Join(err, f.Close())
}

// Repeat calls do at every tick until stop is closed.
func Repeat(tick time.Duration, stop <-chan struct{}, do func()) {
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		select {
		case <-stop:
			return
		case <-t.C:
			do()
		}
	}
}

// Close gives back what is still held, and stops the renewals.
func (h *Holder) Close() {
	close(h.stop)
	h.renewing.Wait()
	h.mu.Lock()
	names := slices.Collect(maps.Keys(h.held))
	h.mu.Unlock()
	for _, name := range names {
		h.Release(name)
	}
	here.names.Delete(h.self.Name)
	_ = h.w.fsys.Remove(h.w.record(h.self.Name)) // what is left is seen to be dead
}

// Claim takes a lease, if necessary from a dead holder, and reports whether this
// holder now has it. from is the dead holder, if there was one. It is empty if
// the lease was damaged, and nil if a later start of a task took over from an
// earlier one.
func (h *Holder) Claim(name string) (ok bool, from *Owner, err error) {
	for range 2 {
		err := h.take(name)
		if err == nil {
			h.mu.Lock()
			h.held[name] = true
			h.mu.Unlock()
			return true, from, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return false, nil, fmt.Errorf("leasing %s: %w", h.w.lease(name), err)
		}
		var free bool
		if from, free, err = h.evict(name); !free || err != nil {
			return false, nil, err
		}
	}
	return false, nil, nil
}

// take makes the lease, which must not exist.
func (h *Holder) take(name string) error {
	path := h.w.lease(name)
	link := func() error { return h.w.fsys.Link(h.w.record(h.self.Name), path) }
	err := link()
	if errors.Is(err, fs.ErrNotExist) { // others took this process for dead and removed the record
		if err := h.renew(); err != nil {
			return err
		}
		err = link()
	}
	if errors.Is(err, fs.ErrExist) && h.Holds(name) {
		return nil // a network file system made the link twice
	}
	if err == nil || errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	h.mu.Lock() // there are no hard links
	defer h.mu.Unlock()
	return h.create(path)
}

// evict removes the lease of a dead holder, and returns that holder.
func (h *Holder) evict(name string) (from *Owner, free bool, err error) {
	path := h.w.lease(name)
	text, err := disk.Read(h.w.fsys, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	o, f := parse(text)
	if h.w.state(name, &o, f) == Dead {
		from = &o
	}
	if later := h.self.Task.supersedes(o.Task); later {
		from = nil
	} else if from == nil {
		return nil, false, nil
	}
	aside := disk.TempPath(path)
	if err := h.w.fsys.Rename(path, aside); errors.Is(err, fs.ErrNotExist) {
		return nil, true, nil
	} else if err != nil {
		return nil, false, fmt.Errorf("taking over %s: %w", path, err)
	}
	taken, err := disk.Read(h.w.fsys, aside)
	if err == nil && string(taken) != string(text) { // the lease of a living holder, made meanwhile: give it back
		_ = h.w.fsys.Link(aside, path) // at worst its holder finds it gone
		_ = h.w.fsys.Remove(aside)     // others do, where it stays
		return nil, false, nil
	}
	return from, true, h.w.fsys.Remove(aside)
}

// Lives reports whether some other process is known to be alive and to hold a
// lease.
func (h *Holder) Lives(name string) bool {
	o, s, err := h.w.Look(name)
	return err == nil && s == Alive && !h.self.Task.supersedes(o.Task)
}

// Holds reports whether this holder has a lease.
func (h *Holder) Holds(name string) bool {
	text, err := disk.Read(h.w.fsys, h.w.lease(name))
	if err != nil {
		return false
	}
	o, _ := parse(text)
	return o.Name == h.self.Name
}

// Release gives a lease back.
func (h *Holder) Release(name string) {
	h.mu.Lock()
	delete(h.held, name)
	h.mu.Unlock()
	if h.Holds(name) {
		_ = h.w.fsys.Remove(h.w.lease(name)) // what is left is seen to be dead
	}
}
