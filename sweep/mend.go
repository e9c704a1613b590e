package sweep

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"time"

	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/suites"
)

// Mended says what [Mend] did.
type Mended struct {
	results.Mended
	Settled []string // cells that are no longer in conflict
	Others  string   // folder with the rejected results of these; "" if there was no conflict

	Policies []string // cells whose kept networks are missing or not those that were written; the files have .damaged behind their names
}

// Mend makes a sweep directory readable if files, including its suite, are damaged,
// missing or older than the others, as results.Dir.Mend does. It then resolves conflicts:
// "keep" keeps the current results, "rerun" forgets them, and "" leaves the conflicts. If
// one of the suite's files is damaged and cannot be restored, it returns that error with
// what it did.
func Mend(dir, conflicts string, o Options) (*Mended, error) {
	if o.FS == nil {
		o.FS = disk.OS
	}
	damaged, suiteErr := mendSuite(o.FS, dir)
	d, err := results.Create(dir, results.Options{FS: o.FS, Provenance: provenance(o.Anonymous, o.Command, "", time.Now())})
	if err != nil {
		return nil, err
	}
	m, err := d.Mend()
	if err != nil {
		return nil, err
	}
	all := &Mended{Mended: *m}
	if damaged != nil {
		all.Wrong = append(all.Wrong, damaged)
	}
	all.Policies, err = mendPolicies(o.FS, dir)
	if err != nil {
		return all, err
	}
	if conflicts != "" {
		all.Settled, all.Others, err = d.Settle(conflicts == "rerun")
	}
	if err == nil {
		err = suiteErr
	}
	return all, err
}

// mendPolicies sets files of networks aside that are not those that the cells wrote, and
// returns the cells that lack theirs.
func mendPolicies(fsys disk.FS, dir string) (lacking []string, err error) {
	set, err := read(dir)
	if err != nil {
		return nil, err
	}
	for i := range set.Runs {
		run := &set.Runs[i]
		if run.Timing.Policy == "" {
			continue
		}
		if _, err := readPolicyFile(fsys, dir, run); err == nil {
			continue
		}
		lacking = append(lacking, run.ID)
		path := PolicyPath(dir, run.ID)
		if err := fsys.Rename(path, path+".damaged"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return lacking, err
		}
	}
	return lacking, nil
}

// mendSuite restores the suite of a directory from its Parquet files, if it is
// damaged, and returns what was wrong with it. The error is a *suites.SumError if
// they do not have it, or if another of the suite's files is damaged.
func mendSuite(fsys disk.FS, dir string) (wrong, err error) {
	_, err = suites.ReadDir(dir)
	damaged, ok := errors.AsType[*suites.SumError](err)
	if !ok {
		return nil, nil // another problem of the suite does not concern the files
	}
	sums, err := suites.ReadSums(dir)
	if err != nil || damaged.Name != suiteFile {
		return nil, damaged
	}
	for _, text := range results.RecordedSuites(dir) {
		if !slices.Contains(sums[suiteFile], suites.SumOf([]byte(text))) {
			continue
		}
		path := filepath.Join(dir, suiteFile)
		bad, err := disk.Read(fsys, path)
		if err == nil {
			err = writeInput(fsys, path+".damaged", bad)
		}
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			err = writeInput(fsys, path, []byte(text))
		}
		return fmt.Errorf("%s %s; it is restored, and is as it was in %s.damaged", path, damaged.What, path), err
	}
	return nil, damaged
}
