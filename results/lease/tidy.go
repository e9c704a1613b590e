package lease

import (
	"fmt"
	"path/filepath"

	"gfnbench/results/disk"
	"gfnbench/results/process"
)

// patience is for how many periods a temporary file must stay unchanged before
// its writer counts as dead, if nothing else is known about the writer. Nobody
// waits for it, and a write to a server that restarts may take long.
const patience = 10

// RemoveTemps removes the temporary files of dead processes from folders of the
// directory. Files that cannot be removed do no harm.
func (w *Watcher) RemoveTemps(folders ...string) {
	for _, folder := range folders {
		entries, _ := w.fsys.ReadDir(filepath.Join(w.dir, folder)) // it may be missing
		for _, e := range entries {
			path := filepath.Join(w.dir, folder, e.Name())
			if disk.IsTemp(e.Name()) && w.abandoned(path) {
				_ = w.fsys.Remove(path) // does no harm
			}
		}
	}
}

// abandoned reports whether the writer of a temporary file is dead.
func (w *Watcher) abandoned(path string) bool {
	id, ok := disk.TempWriter(filepath.Base(path))
	if ok && id.Here() {
		return id.Dead()
	}
	info, err := w.fsys.Stat(path)
	if err != nil {
		return false
	}
	return w.compare(path, fmt.Sprint(info.Size()), patience*w.period) == Dead
}

// RemoveRecords removes the records of dead holders. Their leases, if any,
// still count as leases of dead holders.
func (w *Watcher) RemoveRecords() {
	entries, _ := w.fsys.ReadDir(filepath.Join(w.dir, Workers)) // it may be missing
	for _, e := range entries {
		path := w.record(e.Name())
		text, err := disk.Read(w.fsys, path)
		o, f := parse(text)
		if err != nil || o.Name != e.Name() || o.Process == process.Self() {
			continue
		}
		if w.state("", &o, f) == Dead {
			_ = w.fsys.Remove(path) // does no harm
		}
	}
}
