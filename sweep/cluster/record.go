package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"

	"gfnbench/results/disk"
	"gfnbench/suites"
	"gfnbench/sweep"
)

// Names within a sweep directory.
const (
	folder     = "cluster"
	recordFile = "submissions.json"
	lockFile   = "submit.lock"
	logs       = "logs"
)

// Logs returns the folder with the output of the tasks of a sweep.
func Logs(dir string) string { return filepath.Join(dir, folder, logs) }

// A Record is what a sweep directory remembers about submissions.
type Record struct {
	Engine string       `json:"engine"` // its name
	Slurm  suites.Slurm `json:"slurm"`  // what was asked for
	Jobs   []Job        `json:"jobs"`   // in the order of submission
}

// ReadRecord reads the record of a sweep directory. It returns nil if nothing
// was ever submitted from it.
func ReadRecord(dir string) (*Record, error) {
	path := filepath.Join(dir, folder, recordFile)
	b, err := disk.Read(disk.OS, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r := &Record{}
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("%s is damaged: %w", path, err)
	}
	for i := range r.Jobs {
		j := &r.Jobs[i]
		if j.Dir, err = filepath.Abs(dir); err != nil {
			return nil, err
		}
		if j.Merge {
			continue
		}
		if j.Indices, err = parseRanges(j.Range); err != nil {
			return nil, fmt.Errorf("%s is damaged: %w", path, err)
		}
	}
	return r, nil
}

// write keeps the record in a sweep directory.
func (r *Record) write(dir string) error {
	return disk.WriteFile(disk.OS, filepath.Join(dir, folder, recordFile), func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	})
}

// ids returns the numbers of the jobs.
func (r *Record) ids() (ids []string) {
	for i := range r.Jobs {
		ids = append(ids, r.Jobs[i].ID)
	}
	return ids
}

// Filter returns the filter of the last submission.
func (r *Record) Filter() []string {
	for i := len(r.Jobs) - 1; i >= 0; i-- {
		if !r.Jobs[i].Merge {
			return r.Jobs[i].Filter
		}
	}
	return nil
}

// Find returns the job and the index of the task that was last submitted for a cell,
// or nil if none was.
func (r *Record) Find(dir, cell string) (*Job, int, error) {
	find, err := r.finder(dir)
	if err != nil {
		return nil, 0, err
	}
	j, index := find(cell)
	return j, index, nil
}

// finder returns a function like Find for many cells. The number of shards and the
// filters may differ between submissions.
func (r *Record) finder(dir string) (func(cell string) (*Job, int), error) {
	shards := map[string]map[string]int{} // shards of the cells, by division
	division := func(j *Job) string { return fmt.Sprintf("%d %q %s", j.Shards, j.Filter, j.Role) }
	for i := range r.Jobs {
		j := &r.Jobs[i]
		if shards[division(j)] != nil {
			continue
		}
		p, err := sweep.Load(dir, "", sweep.Selection{Filter: j.Filter, Role: j.Role})
		if err != nil {
			return nil, err
		}
		shards[division(j)] = p.Shards(j.Shards)
	}
	return func(cell string) (*Job, int) {
		for i := len(r.Jobs) - 1; i >= 0; i-- {
			j := &r.Jobs[i]
			shard, ok := shards[division(j)][cell]
			if _, has := slices.BinarySearch(j.Indices, shard-1-j.Offset); ok && has {
				return j, shard - 1 - j.Offset
			}
		}
		return nil, 0
	}, nil
}
