package results

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"gfnbench/results/disk"
	"gfnbench/results/lease"
)

// lockFile is the lease on compaction. A holder that was merely slow, and whose
// lease was taken over, must not replace the Parquet files with older ones. So
// whoever takes over first removes the temporary files of earlier holders, and a
// holder checks its lease between writing its temporary files and renaming them:
// after a takeover the rename finds no file.
const lockFile = "compact.lock"

// ErrBusy says that another process is compacting the directory.
var ErrBusy = errors.New("another process is compacting the directory")

// compactWait is how long a compaction waits for another process to finish one.
const compactWait = 15 * time.Minute

// locked waits for the lease on compaction and calls f with it. If it loses the
// lease to another process on the way, it begins again.
func (d *Dir) locked(wait time.Duration, f func(*lease.Lock) error) error {
	deadline := time.Now().Add(wait)
	for {
		lost, err := d.lockedOnce(time.Until(deadline), f)
		if !lost || time.Now().After(deadline) {
			return err
		}
	}
}

// lockedOnce does what locked does, once. It reports whether f failed and the
// lease was lost.
func (d *Dir) lockedOnce(wait time.Duration, f func(*lease.Lock) error) (lost bool, err error) {
	l, err := d.watcher.Lock(lockFile, wait)
	if errors.Is(err, lease.ErrBusy) {
		return false, fmt.Errorf("%s: %w", d.path, ErrBusy)
	}
	if err != nil {
		return false, err
	}
	defer l.Release()
	if err := d.fence(); err != nil {
		return false, err
	}
	if err = f(l); err != nil {
		lost = errors.Is(l.Held(), lease.ErrLost)
	}
	return lost, err
}

// fence removes the temporary files of earlier holders.
func (d *Dir) fence() error {
	for folder, ending := range map[string]string{d.path: ".parquet", filepath.Join(d.path, journalDir): scratchName} {
		entries, err := d.fsys.ReadDir(folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, e := range entries {
			if !disk.IsTemp(e.Name()) || !strings.HasSuffix(e.Name(), ending) {
				continue
			}
			if err := d.fsys.Remove(filepath.Join(folder, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("removing what a compaction left behind: %w", err)
			}
		}
	}
	return nil
}

// compacting reports whether a process that may be alive is compacting the
// directory.
func compacting(w *lease.Watcher) bool {
	_, state, err := w.Look(lockFile)
	return err == nil && state != lease.Dead
}
