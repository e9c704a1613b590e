package results

import (
	"fmt"
	"slices"

	"gfnbench/results/disk"
)

// A depth determines how much of a directory is read.
type depth int

const (
	whole   depth = iota // everything
	finals               // only the last evaluation of curves, and no measurements
	states               // ids, statuses, messages and times only
	footers              // no rows at all
)

// trim removes from a run what the depth does not read.
func (d depth) trim(r *Run) {
	switch d {
	case finals:
		r.Curve, r.Variance = r.Curve[max(0, len(r.Curve)-1):], nil
	case states:
		*r = Run{Cell: Cell{ID: r.ID}, Status: r.Status, Step: r.Step, Message: r.Message, Timing: r.Timing}
	}
}

// ReadStates reads only the ids, statuses, steps, messages and times of the cells of
// sweep directories, which takes little time and memory however large they are. It does
// not look for conflicts. Of files with other rows it reads only the footers, so it does
// not notice damage to their rows.
func ReadStates(dirs ...string) (*Set, error) { return read(disk.OS, states, dirs) }

// stateColumns are the columns of runs.parquet that states reads.
var stateColumns = append(slices.Clone(runColumns), messageColumn)

// states reads what the depth states includes.
func (s *snapshot) states(o openedTables) error {
	r := o[runsTable]
	if r == nil {
		return nil
	}
	names := []string{"cell"}
	for i := range stateColumns {
		names = append(names, stateColumns[i].Name)
	}
	err := r.each(names, func(g *rowGroup) error {
		first := len(s.runs)
		if err := r.holds(first + g.rows); err != nil {
			return err
		}
		s.runs = append(s.runs, make([]Run, g.rows)...)
		group := s.runs[first:]
		for row, id := range g.columns["cell"].Strings {
			group[row].ID = id
		}
		take(g, stateColumns, func(row int) *Run { return &group[row] })
		for i := range group {
			if !validID(group[i].ID) || !group[i].Status.valid() {
				return fmt.Errorf("row %d is not a run: cell %q, status %q", first+i, group[i].ID, group[i].Status)
			}
		}
		return nil
	})
	if t := o[timingTable]; err == nil && t != nil {
		err = decodeTiming(t, s.runs)
	}
	return err
}
