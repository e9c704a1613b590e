package sweep

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A Record is what a directory knows about one cell.
type Record struct {
	ID      string       // of the cell
	Cell    *suites.Cell // nil if not in the suite
	Run     *results.Run // nil: none
	Resumes int64        // steps that its checkpoint holds; -1 if it has none

	SoFar  []results.Point // evaluations that its checkpoint holds
	Holder *Held           // nil: none
}

// Inspect finds a cell by its id, or by the beginning of it, in the plan's whole
// suite and directory. It writes nothing. The error is a *usage.Error if no cell or
// more than one matches; other errors are those of results.Read, except for a
// missing directory. If only the holder of the cell cannot be read, the error comes
// with a record.
func Inspect(p *Plan, prefix string) (*Record, error) {
	set, err := results.Read(p.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		set, err = &results.Set{}, nil
	}
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	r := &Record{Resumes: -1}
	for _, c := range p.Suite.Cells {
		if strings.HasPrefix(c.ID, prefix) {
			found[c.ID], r.ID, r.Cell = true, c.ID, c
		}
	}
	for i := range set.Runs {
		if run := &set.Runs[i]; strings.HasPrefix(run.ID, prefix) {
			found[run.ID], r.ID = true, run.ID
		}
	}
	switch len(found) {
	case 0:
		return nil, usage.Errorf("there is no cell %q in %s: sweep status lists those that failed, and runs.parquet all", prefix, usage.QuotePath(p.Dir))
	case 1:
	default:
		return nil, usage.Errorf("%d cells of %s begin with %q: give more of the id", len(found), usage.QuotePath(p.Dir), prefix)
	}
	r.Run = set.Find(r.ID)
	if c, err := lookCheckpoint(disk.OS, p.Dir, r.ID); err == nil && c != nil {
		for i := range c.Rows {
			r.SoFar = append(r.SoFar, point(&c.Rows[i]))
		}
		r.Resumes = c.Steps
	}
	holders, err := held(p, map[string]bool{r.ID: true})
	if len(holders) > 0 {
		r.Holder = &holders[0]
	}
	return r, err
}

// Why says what state the cell is in, and what would change it.
func (r *Record) Why(dir string) string {
	dir = usage.QuotePath(dir)
	switch {
	case r.Holder != nil && !r.Holder.Lost:
		return fmt.Sprintf("process %d on %s holds it, since %s", r.Holder.PID, r.Holder.Host, r.Holder.Since.Format(time.DateTime))
	case r.Cell == nil:
		return "it is not in the suite as this program reads it: another version of the suite, or another revision of an algorithm, made it; it is kept and hidden"
	case r.Cell.Undecided:
		return "it stands for a test of its arm, whose setting is not chosen yet: the cells that tune come first"
	case r.Run == nil && r.Holder != nil:
		return fmt.Sprintf("the process that held it died; sweep run %s takes it over", dir)
	case r.Run == nil:
		return fmt.Sprintf("it was not run yet; sweep run %s does", dir)
	}
	switch r.Run.Status {
	case results.Failed, results.Timeout:
		return fmt.Sprintf("%s; sweep retry %s runs it again", r.Run.Message, dir)
	case results.Interrupted, results.Lost:
		return fmt.Sprintf("it stopped at step %d; sweep run %s continues", r.Run.Step, dir)
	case results.Diverged:
		return fmt.Sprintf("%s; that is its result", r.Run.Message)
	case results.Pruned:
		return fmt.Sprintf("it stopped after step %d, a rung of [tune]: other settings were better over the tuning seeds, or the rung is not decided yet", r.Run.Step-1)
	}
	return "it was trained to its last step"
}
