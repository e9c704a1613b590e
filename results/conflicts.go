package results

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"gfnbench/results/disk"
	"gfnbench/results/lease"
)

// Standing returns the files in a directory's folder of conflicts. Each holds
// another result for a cell than the one that stands. It returns none if there
// is no conflict.
func Standing(dir string) ([]string, error) { return standing(disk.OS, dir) }

func standing(fsys disk.FS, dir string) (files []string, err error) {
	folder := filepath.Join(dir, conflictsDir)
	if info, err := fsys.Stat(folder); err != nil || !info.IsDir() {
		return nil, nil // a merged file has none
	}
	entries, err := fsys.ReadDir(folder)
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			files = append(files, filepath.Join(folder, e.Name()))
		}
	}
	return files, err
}

// Settle ends the conflicts of a directory. It keeps the results that stand or,
// if rerun is set, forgets them so that a run trains those cells again. It
// returns the cells, and the folder to which the conflicting files moved.
func (d *Dir) Settle(rerun bool) (cells []string, aside string, err error) {
	err = d.locked(compactWait, func(l *lease.Lock) error {
		if err := d.compact(l); err != nil {
			if _, conflict := errors.AsType[*ConflictError](err); !conflict {
				return err
			}
		}
		cells, aside, err = d.settle(l, rerun)
		return err
	})
	return cells, aside, err
}

func (d *Dir) settle(l *lease.Lock, rerun bool) (cells []string, aside string, err error) {
	files, err := standing(d.fsys, d.path)
	if err != nil || len(files) == 0 {
		return nil, "", err
	}
	s, err := d.Read()
	if err != nil {
		return nil, "", err
	}
	for _, path := range files {
		runs, _, err := readChunk(d.fsys, path)
		if err != nil {
			continue // it says nothing about any cell
		}
		for i := range runs {
			if first := s.Find(runs[i].ID); first != nil && first.Status.Complete() && runs[i].Status.Complete() && !first.Agrees(&runs[i]) {
				cells = append(cells, runs[i].ID)
			}
		}
	}
	slices.Sort(cells)
	cells = slices.Compact(cells)
	if rerun && len(cells) > 0 {
		if err := d.remove(l, cells); err != nil {
			return nil, "", err
		}
	}
	aside = d.aside()
	if err := disk.MkdirAll(d.fsys, aside); err != nil {
		return nil, "", err
	}
	for _, path := range files {
		if err := d.fsys.Rename(path, filepath.Join(aside, filepath.Base(path))); err != nil {
			return nil, "", err
		}
	}
	return cells, aside, errors.Join(disk.SyncDir(d.fsys, aside), disk.SyncDir(d.fsys, filepath.Join(d.path, conflictsDir)))
}

// aside returns a new folder for files that are set aside.
func (d *Dir) aside() string { return filepath.Join(d.path, damagedDir, newCompactionID()[:8]) }
