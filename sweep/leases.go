package sweep

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"gfnbench/results/disk"
)

// Several processes share a directory through leases. Each process has a file
// in workers/, which it touches while it lives; a lease is a hard link to that
// file in leases/, under the name of what is leased. Making a link is atomic on
// local and network file systems alike; locks are not. Where there are no hard
// links, the lease is a copy of the file, made exclusively.
//
// A lease of a process that died is taken over: at once where that was on this
// host, and elsewhere once its file was not touched for a while, by the clock of
// the one who looks. A task that a batch system started again takes over from its
// earlier self at once: the system has given that up, though it may still run
// somewhere. A lease keeps work from being done twice, and no more: were
// two processes to hold one, their results would be the same, and the first
// would stand.
type leases struct {
	fsys  disk.FS
	dir   string
	me    owner
	stale time.Duration

	beat    sync.WaitGroup
	stop    chan struct{}
	seen    map[string]sighting // of the workers' files
	changed time.Time           // of workers/, when last looked at

	mu   sync.Mutex
	held map[string]bool // names
}

// staleAfter is how long a process of another host may be silent.
const staleAfter = 2 * time.Minute

// An owner is the process that holds a lease.
type owner struct {
	name    string // of its file in workers/
	machine string // where its number counts
	pid     int
	since   int64 // start, Unix time
	host    string
	task    Task
}

// A Task identifies a process within a batch system. The zero Task is none.
type Task struct {
	Name     string // the same however often the system starts it
	Restarts int    // how often it did
}

// supersedes reports whether a task is a later start of another.
func (t Task) supersedes(o Task) bool {
	return t.Name != "" && t.Name == o.Name && t.Restarts > o.Restarts
}

// A sighting is when a worker's file was first seen as it is.
type sighting struct {
	touched time.Time
	at      time.Time
	moved   bool // it was touched since it was first seen
}

func (o owner) String() string {
	task := o.task.Name
	if task == "" {
		task = "-"
	}
	return fmt.Sprintf("%s %s %d %d %s %s %d\n", o.name, o.machine, o.pid, o.since, o.host, task, o.task.Restarts)
}

func parseOwner(b []byte) (o owner, ok bool) {
	n, err := fmt.Sscanf(string(b), "%s %s %d %d %s %s %d\n", &o.name, &o.machine, &o.pid, &o.since, &o.host, &o.task.Name, &o.task.Restarts)
	if o.task.Name == "-" {
		o.task = Task{}
	}
	return o, n == 7 && err == nil
}

// newLeases registers this process in a directory.
func newLeases(fsys disk.FS, dir, host string, task Task, stale time.Duration) (*leases, error) {
	if host == "" {
		host = "-"
	}
	if stale == 0 {
		stale = staleAfter
	}
	l := &leases{fsys: fsys, dir: dir, stale: stale, stop: make(chan struct{}), seen: map[string]sighting{}, held: map[string]bool{}}
	l.me = owner{name: fmt.Sprintf("%016x", rand.Uint64()), machine: machineID(), pid: os.Getpid(), since: time.Now().Unix(), host: host, task: task}
	for _, d := range []string{leasesDir, workersDir} {
		if err := disk.MkdirAll(fsys, filepath.Join(dir, d)); err != nil {
			return nil, err
		}
	}
	if err := l.register(); err != nil {
		return nil, err
	}
	l.forgetDead()
	l.beat.Go(l.heartbeat)
	return l, nil
}

func (l *leases) worker(name string) string { return filepath.Join(l.dir, workersDir, name) }

func (l *leases) register() error {
	return disk.WriteFile(l.fsys, l.worker(l.me.name), func(w io.Writer) error {
		_, err := io.WriteString(w, l.me.String())
		return err
	})
}

func (l *leases) heartbeat() {
	t := time.NewTicker(l.stale / 8)
	defer t.Stop()
	for {
		select {
		case <-l.stop:
			return
		case now := <-t.C:
			_ = l.fsys.Touch(l.worker(l.me.name), now) // if it fails, others may take over
		}
	}
}

// close releases what is still held, and ends the registration.
func (l *leases) close() {
	close(l.stop)
	l.beat.Wait()
	for _, name := range slices.Collect(maps.Keys(l.held)) {
		l.release(name)
	}
	_ = l.fsys.Remove(l.worker(l.me.name)) // what is left is seen to be dead
}

// forgetDead removes the files of processes of this host that died.
func (l *leases) forgetDead() {
	entries, _ := l.fsys.ReadDir(filepath.Join(l.dir, workersDir)) // what is left does no harm
	for _, e := range entries {
		b, _ := disk.Read(l.fsys, l.worker(e.Name()))
		if o, ok := parseOwner(b); ok && o.machine == l.me.machine && disk.ProcessDead(o.pid) {
			_ = l.fsys.Remove(l.worker(e.Name()))
		}
	}
}

// others reports whether other processes work on the directory, or did since
// the last call.
func (l *leases) others() bool {
	path := filepath.Join(l.dir, workersDir)
	info, err := l.fsys.Stat(path)
	if err != nil {
		return true
	}
	before := l.changed
	l.changed = info.ModTime()
	entries, err := l.fsys.ReadDir(path)
	return err != nil || len(entries) != 1 || !l.changed.Equal(before)
}

// claim takes a lease, and reports whether it is this process's now.
func (l *leases) claim(name string) (bool, error) {
	path := filepath.Join(l.dir, leasesDir, name)
	for range 2 {
		err := l.take(path)
		if err == nil {
			l.mu.Lock()
			l.held[name] = true
			l.mu.Unlock()
			return true, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return false, fmt.Errorf("leasing %s: %w", name, err)
		}
		if free, err := l.evict(path); !free || err != nil {
			return false, err
		}
	}
	return false, nil
}

// take makes the lease, which must not exist.
func (l *leases) take(path string) error {
	err := l.fsys.Link(l.worker(l.me.name), path)
	if errors.Is(err, fs.ErrNotExist) { // taken for dead, or the directory is gone
		if err := l.register(); err != nil {
			return err
		}
		err = l.fsys.Link(l.worker(l.me.name), path)
	}
	if errors.Is(err, fs.ErrExist) && l.mine(path) {
		return nil // a network file system did it twice
	}
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	f, err := l.fsys.Create(path)
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, l.me.String())
	return errors.Join(err, f.Close())
}

// evict removes the lease of a process that died.
func (l *leases) evict(path string) (free bool, err error) {
	b, err := disk.Read(l.fsys, path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if o, ok := parseOwner(b); ok && !l.dead(o) || !ok && !l.silent(path) {
		return false, nil
	}
	aside := filepath.Join(filepath.Dir(path), fmt.Sprintf(".tmp-%016x", rand.Uint64()))
	if err := l.fsys.Rename(path, aside); errors.Is(err, fs.ErrNotExist) {
		return true, nil
	} else if err != nil {
		return false, err
	}
	taken, err := disk.Read(l.fsys, aside)
	if err == nil && string(taken) != string(b) { // a live one's, made meanwhile: give it back
		_ = l.fsys.Link(aside, path) // at worst, its work is done twice
		_ = l.fsys.Remove(aside)
		return false, nil
	}
	return true, l.fsys.Remove(aside)
}

// dead reports whether the process is known to be gone, or given up.
func (l *leases) dead(o owner) bool {
	if o.machine == l.me.machine && disk.ProcessDead(o.pid) || l.me.task.supersedes(o.task) {
		return true
	}
	return l.silent(l.worker(o.name))
}

// lives reports whether the holder of a lease was seen to be at work: its process
// is on this host, or touched its file since that was first looked at.
func (l *leases) lives(name string) bool {
	b, err := disk.Read(l.fsys, filepath.Join(l.dir, leasesDir, name))
	o, ok := parseOwner(b)
	if err != nil || !ok || l.me.task.supersedes(o.task) {
		return false // released meanwhile, or being made
	}
	return o.machine == l.me.machine && !disk.ProcessDead(o.pid) || l.seen[l.worker(o.name)].moved
}

// silent reports whether a file is gone, or was not touched for long.
func (l *leases) silent(path string) bool {
	info, err := l.fsys.Stat(path)
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	s, ok := l.seen[path]
	if !ok || !s.touched.Equal(info.ModTime()) {
		l.seen[path] = sighting{info.ModTime(), time.Now(), ok}
		return false
	}
	return time.Since(s.at) > l.stale
}

// mine reports whether a lease is this process's.
func (l *leases) mine(path string) bool {
	b, err := disk.Read(l.fsys, path)
	return err == nil && string(b) == l.me.String()
}

// release gives a lease back.
func (l *leases) release(name string) {
	l.mu.Lock()
	delete(l.held, name)
	l.mu.Unlock()
	if path := filepath.Join(l.dir, leasesDir, name); l.mine(path) {
		_ = l.fsys.Remove(path) // what is left is seen to be dead
	}
}
