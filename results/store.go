package results

import (
	"os"

	"gfnbench/results/disk"
)

// A Store gives access to runs in any order without keeping them in memory. It must be
// closed after use.
type Store struct{ s *spill }

// NewStore reads what [Read] reads and stores the runs for which keep returns true; keep
// may change them. Errors are those of Read. Many runs go to a scratch file in the
// system's folder for temporary files.
func NewStore(keep func(*Run) bool, dirs ...string) (*Store, error) {
	s := newSpill(disk.OS, space{spillAt, os.TempDir()})
	_, err := Scan(func(r *Run) error {
		if !keep(r) {
			return nil
		}
		return s.add([]Run{*r}, "")
	}, dirs...)
	if err == nil {
		err = s.sort()
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return &Store{s}, nil
}

// Find returns the run of a cell, or nil if there is none.
func (s *Store) Find(id string) (*Run, error) {
	i, ok := s.s.find(id)
	if !ok {
		return nil, nil
	}
	return s.s.load(s.s.entries[i])
}

// Close frees what the store uses.
func (s *Store) Close() { s.s.close() }
