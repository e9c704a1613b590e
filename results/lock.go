package results

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"gfnbench/results/disk"
)

// The lock on compaction is a file that its holder made and touches while it
// works: no lock of the operating system's, which network file systems do not
// all keep. It is stale when its holder is a dead process of this host, or has
// not touched it for a while.
//
// A holder that was only slow, and whose lock was taken over, must not replace
// the Parquet files with older ones. So whoever takes the lock first removes the
// temporary files of earlier holders, and a holder checks its lock between
// writing its temporary files and renaming them: a rename after the takeover
// finds no file.
const (
	lockFile      = "compact.lock"
	lockStale     = 10 * time.Minute
	lockHeartbeat = time.Minute
	lockWritten   = time.Second // an empty lock this old was never completed
)

// ErrBusy says that another process is compacting the directory.
var ErrBusy = errors.New("another process is compacting the directory")

// holding are the tokens of the locks that this process holds.
var holding sync.Map

var errLockLost = errors.New("another process took over the compaction; nothing is lost")

type lock struct {
	fsys  disk.FS
	path  string
	token string
	stop  chan struct{}
}

// Lock takes the lock file at path, which is like that of compaction, and
// returns what releases it. While another process holds it, Lock waits, and
// gives up with [ErrBusy].
func Lock(path string, wait time.Duration) (release func(), err error) {
	l, err := waitFor(wait, func() (*lock, error) { return acquireFile(disk.OS, path) })
	if err != nil {
		return nil, err
	}
	return l.release, nil
}

// waitFor takes a lock as soon as nobody else has it.
func waitFor(wait time.Duration, take func() (*lock, error)) (*lock, error) {
	deadline := time.Now().Add(wait)
	l, err := take()
	for errors.Is(err, ErrBusy) && time.Now().Before(deadline) {
		time.Sleep(20 * time.Millisecond)
		l, err = take()
	}
	return l, err
}

// acquire takes the lock of a directory, or returns ErrBusy.
func acquire(fsys disk.FS, dir string) (*lock, error) {
	return acquireFile(fsys, filepath.Join(dir, lockFile))
}

// acquireFile is acquire for a lock of another name.
func acquireFile(fsys disk.FS, path string) (*lock, error) {
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	l := &lock{fsys, path, fmt.Sprintf("%s %d %016x\n", host, os.Getpid(), rand.Uint64()), make(chan struct{})}
	if err := l.create(); errors.Is(err, fs.ErrExist) {
		if err := l.takeOver(host); err != nil {
			return nil, err
		}
		if err := l.create(); errors.Is(err, fs.ErrExist) {
			return nil, ErrBusy
		} else if err != nil {
			return nil, fmt.Errorf("locking %s: %w", l.path, err)
		}
	} else if err != nil {
		return nil, fmt.Errorf("locking %s: %w", l.path, err)
	}
	go l.heartbeat()
	return l, nil
}

func (l *lock) create() error {
	f, err := l.fsys.Create(l.path)
	if err != nil {
		return err
	}
	holding.Store(l.token, true)
	_, err = f.Write([]byte(l.token))
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		holding.Delete(l.token)
		_ = l.fsys.Remove(l.path) // an empty lock soon counts as stale
	}
	return err
}

// takeOver removes a stale lock, or returns ErrBusy.
func (l *lock) takeOver(host string) error {
	info, err := l.fsys.Stat(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	seen, err := disk.Read(l.fsys, l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	age := time.Since(info.ModTime())
	if age < lockStale && !(len(seen) == 0 && age > lockWritten) && !deadHolder(string(seen), host) {
		return ErrBusy
	}
	aside := filepath.Join(filepath.Dir(l.path), fmt.Sprintf(".tmp-%016x-%s", rand.Uint64(), filepath.Base(l.path)))
	if err := l.fsys.Rename(l.path, aside); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("taking over %s: %w", l.path, err)
	}
	taken, err := disk.Read(l.fsys, aside)
	_ = l.fsys.Remove(aside)
	if err == nil && string(taken) != string(seen) {
		return ErrBusy // it was another's, live: that one finds its lock gone and gives up
	}
	return err
}

// compacting reports whether a process that may be alive holds the lock.
func compacting(fsys disk.FS, dir string) bool {
	token, err := disk.Read(fsys, filepath.Join(dir, lockFile))
	if err != nil {
		return false
	}
	host, err := os.Hostname()
	return err != nil || !deadHolder(string(token), host)
}

// deadHolder reports whether the lock's holder is a process of this host that
// runs no more.
func deadHolder(token, host string) bool {
	var h, nonce string
	var pid int
	if _, err := fmt.Sscanf(token, "%s %d %s", &h, &pid, &nonce); err != nil || h != host || pid <= 0 {
		return false
	}
	if pid == os.Getpid() {
		_, ours := holding.Load(token)
		return !ours // one that could not be removed, or of an earlier process of this number
	}
	return disk.ProcessDead(pid)
}

func (l *lock) heartbeat() {
	t := time.NewTicker(lockHeartbeat)
	defer t.Stop()
	for {
		select {
		case <-l.stop:
			return
		case now := <-t.C:
			_ = l.fsys.Touch(l.path, now) // if it fails, the lock may become stale
		}
	}
}

// held reports whether the lock is still this holder's.
func (l *lock) held() error {
	b, err := disk.Read(l.fsys, l.path)
	if err == nil && string(b) == l.token {
		return nil
	}
	return errLockLost
}

func (l *lock) release() {
	close(l.stop)
	defer holding.Delete(l.token)
	if l.held() == nil {
		_ = l.fsys.Remove(l.path) // a lock left behind becomes stale
	}
}

// fence removes the temporary files of earlier holders.
func (l *lock) fence() error {
	dir := filepath.Dir(l.path)
	entries, err := l.fsys.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !disk.IsTemp(e.Name()) || !strings.HasSuffix(e.Name(), ".parquet") {
			continue
		}
		if err := l.fsys.Remove(filepath.Join(dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing what a compaction left behind: %w", err)
		}
	}
	return nil
}
