package lease

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"gfnbench/results/disk"
	"gfnbench/results/process"
)

const (
	// Folder is the folder, within the directory, of leases on cells.
	Folder = "leases"
	// Workers is the folder, within the directory, of records.
	Workers = "workers"

	// Period is how long a token must stay unchanged before its holder counts as
	// dead.
	Period = 2 * time.Minute
	// damagedPeriod is the same for a lease whose text is damaged.
	damagedPeriod = 2 * time.Second
)

// A State is what a watcher knows about the holder of a lease.
type State int

// The states.
const (
	Unseen State = iota // it has not been watched long enough to tell
	Alive               // its process runs here, or it renewed its record while it was being watched
	Dead                // its lease may be taken over
)

// A Watcher judges which holders of a directory's leases are alive. It remembers
// the tokens it has seen, so the longer it is used, the more it knows. It is
// safe for concurrent use.
type Watcher struct {
	fsys   disk.FS
	dir    string
	period time.Duration

	mu   sync.Mutex
	seen map[string]observation // by path
}

// An observation is what a file looked like, and since when.
type observation struct {
	token   string
	since   time.Time // has the monotonic clock
	changed bool      // it looked different before
}

// Watch returns a watcher of the directory. A period of 0 means [Period].
func Watch(fsys disk.FS, dir string, period time.Duration) *Watcher {
	if period == 0 {
		period = Period
	}
	return &Watcher{fsys: fsys, dir: dir, period: period, seen: map[string]observation{}}
}

// Look returns who holds a lease, and whether that holder is alive. The owner
// is empty if the lease's text is damaged. The error wraps fs.ErrNotExist if
// nobody holds it.
func (w *Watcher) Look(name string) (Owner, State, error) {
	text, err := disk.Read(w.fsys, w.lease(name))
	if err != nil {
		return Owner{}, Dead, err
	}
	o, f := parse(text)
	if text, err := disk.Read(w.fsys, w.record(o.Name)); f == current && err == nil {
		if now, f := parse(text); f == current {
			o.Renewed, o.Note = now.Renewed, now.Note
		}
	}
	return o, w.state(name, &o, f), nil
}

// lease returns the path of a lease: its name, relative to the directory.
func (w *Watcher) lease(name string) string { return filepath.Join(w.dir, name) }

// record returns the path of an owner's record.
func (w *Watcher) record(owner string) string { return filepath.Join(w.dir, Workers, owner) }

// state judges the holder of a lease.
func (w *Watcher) state(name string, o *Owner, f format) State {
	switch f {
	case damaged:
		return w.watch(w.lease(name), min(w.period, damagedPeriod), false)
	case lockFile:
		return w.watch(w.lease(name), w.period, true)
	}
	if o.Process.Here() {
		if o.Process == process.Self() && !here.has(o.Name) || o.Process.Dead() {
			return Dead
		}
	}
	s := w.watch(w.record(o.Name), w.period, f == touched)
	if s == Unseen && o.Process.Here() {
		return Alive
	}
	return s
}

// watch compares a file with what it was before.
func (w *Watcher) watch(path string, period time.Duration, withTime bool) State {
	token, err := w.token(path, withTime)
	if errors.Is(err, fs.ErrNotExist) {
		return Dead
	}
	if err != nil {
		return Unseen // it cannot be read at the moment
	}
	return w.compare(path, token, period)
}

// compare notes the token of a file. If it has not changed for longer than the
// period, whoever should renew it is dead.
func (w *Watcher) compare(path, token string, period time.Duration) State {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	o, ok := w.seen[path]
	if !ok || o.token != token {
		o = observation{token: token, since: now, changed: ok}
		w.seen[path] = o
	}
	switch {
	case now.Sub(o.since) > period:
		return Dead
	case o.changed:
		return Alive
	}
	return Unseen
}

// token returns the part of a file that changes when its holder renews it.
func (w *Watcher) token(path string, withTime bool) (string, error) {
	text, err := disk.Read(w.fsys, path)
	if err != nil || !withTime {
		return string(text), err
	}
	info, err := w.fsys.Stat(path)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s%d", text, info.ModTime().UnixNano()), nil
}

// Leases returns the names in a folder of leases, such as [Folder]. A missing
// folder has none.
func (w *Watcher) Leases(folder string) ([]string, error) {
	entries, err := w.fsys.ReadDir(filepath.Join(w.dir, folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if !disk.IsTemp(e.Name()) {
			names = append(names, filepath.Join(folder, e.Name()))
		}
	}
	return names, err
}
