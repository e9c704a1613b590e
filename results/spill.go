package results

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"iter"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"gfnbench/results/disk"
)

// A space says how many bytes of encoded runs a spill keeps in memory, and in which
// folder it makes a scratch file if there are more.
type space struct {
	bytes  int64
	folder string
}

// spillAt is the number of bytes that programs keep in memory; tests use fewer.
const spillAt = 32 << 20

// A spill sorts runs without keeping all of them in memory. It encodes them as the
// journal does, in a scratch file if there are many, and remembers the place of each.
type spill struct {
	fsys    disk.FS
	space   space
	entries []spilled
	sources []string // files that the runs came from
	size    int64    // bytes of all runs
	memory  []byte   // the encoded runs while there is no file
	file    *scratch
	encoder encoder
}

// spilled is the place of a run.
type spilled struct {
	key    uint64 // its cell's id, a hexadecimal number
	at     int64
	size   int32
	source int32
}

// A scratch is the scratch file of a spill.
type scratch struct {
	path    string
	out     disk.File
	w       *bufio.Writer
	in      disk.ReadFile
	removed bool
}

// sourced is a run with the file that it came from.
type sourced struct {
	run  *Run
	path string
}

func newSpill(fsys disk.FS, room space) *spill { return &spill{fsys: fsys, space: room} }

// keyOf returns a number that sorts like the ids of cells.
func keyOf(id string) uint64 {
	key, _ := strconv.ParseUint(id, 16, 64) // ids are checked when runs are read
	return key
}

// add adds runs from one file.
func (s *spill) add(runs []Run, path string) error {
	if n := len(s.sources); n == 0 || s.sources[n-1] != path {
		s.sources = append(s.sources, path)
	}
	for i := range runs {
		s.encoder.b = s.encoder.b[:0]
		s.encoder.run(&runs[i])
		b := s.encoder.b
		if len(b) > math.MaxInt32 {
			return refuse(path, errors.New("it has a run of more than 2 GiB"))
		}
		s.entries = append(s.entries, spilled{keyOf(runs[i].ID), s.size, int32(len(b)), int32(len(s.sources) - 1)})
		s.size += int64(len(b))
		if err := s.write(b); err != nil {
			return err
		}
	}
	return nil
}

func (s *spill) write(b []byte) error {
	if s.file == nil && s.size <= s.space.bytes {
		s.memory = append(s.memory, b...)
		return nil
	}
	if s.file == nil {
		f, err := newScratch(s.fsys, s.space.folder)
		if err != nil {
			return err
		}
		s.file = f
		if err := s.file.write(s.memory); err != nil {
			return err
		}
		s.memory = nil
	}
	return s.file.write(b)
}

// sort ends the adding. Runs of one cell stay in the order in which they were added.
func (s *spill) sort() error {
	slices.SortStableFunc(s.entries, func(a, b spilled) int { return cmp.Compare(a.key, b.key) })
	if s.file == nil {
		return nil
	}
	if err := s.file.w.Flush(); err != nil {
		return disk.Explain(s.file.path, err)
	}
	return nil
}

// find returns the index of the first run of a cell. It must be called after sort.
func (s *spill) find(id string) (at int, ok bool) {
	return slices.BinarySearchFunc(s.entries, keyOf(id), func(e spilled, key uint64) int { return cmp.Compare(e.key, key) })
}

// runs yields the runs in ascending order of cell id. It must be called after sort.
func (s *spill) runs() iter.Seq2[sourced, error] {
	return func(yield func(sourced, error) bool) {
		for _, e := range s.entries {
			run, err := s.load(e)
			if !yield(sourced{run, s.sources[e.source]}, err) || err != nil {
				return
			}
		}
	}
}

// load decodes a run.
func (s *spill) load(e spilled) (*Run, error) {
	b := make([]byte, e.size)
	if s.file == nil {
		copy(b, s.memory[e.at:])
	} else if _, err := s.file.in.ReadAt(b, e.at); err != nil && err != io.EOF {
		return nil, err
	}
	d := decoder{b: b, room: math.MaxInt64}
	run := d.run(&current)
	return &run, d.err
}

// close frees what the spill uses.
func (s *spill) close() {
	if s.file == nil {
		return
	}
	_, _ = s.file.out.Close(), s.file.in.Close() // their content is no longer needed
	if !s.file.removed {
		_ = s.fsys.Remove(s.file.path) // the next compaction removes it
	}
}

// scratchName is the end of the names of scratch files.
const scratchName = "sorted"

// newScratch makes a scratch file in a folder. It removes the file's name at once if the
// system allows that, so a killed process leaves nothing behind.
func newScratch(fsys disk.FS, dir string) (*scratch, error) {
	path := disk.TempPath(filepath.Join(dir, scratchName))
	out, err := fsys.Create(path)
	if err != nil {
		return nil, disk.Explain(path, err)
	}
	s := &scratch{path: path, out: out, w: bufio.NewWriterSize(out, 256<<10)}
	if s.in, err = fsys.Open(path); err != nil {
		_ = out.Close() // the file is of no use
		_ = fsys.Remove(path)
		return nil, err
	}
	s.removed = fsys.Remove(path) == nil
	return s, nil
}

func (s *scratch) write(b []byte) error {
	if _, err := s.w.Write(b); err != nil {
		return disk.Explain(s.path, err)
	}
	return nil
}
