package sweep

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/results/lease"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A loss is a block that a process held when it died. Whoever takes over the
// lease of the dead process learns of it.
//
// If the process ran out of memory, the cells of the block are recorded as lost,
// and from then on the block runs last and alone; after a few such losses its
// first cell fails. A process that died of something else says nothing about its
// cells. Only after several losses without any progress do they too run last and
// alone, and they never fail, because a machine may be switched off often.
type loss struct {
	Memory int   `json:"memory"` // for want of memory
	Other  int   `json:"other"`  // for other reasons, since the last progress
	Step   int64 `json:"step"`   // step of the block's first open cell, by its checkpoint
}

const (
	lossesThatFail    = 3 // for want of memory
	lossesThatIsolate = 3 // for other reasons
)

// alone reports whether the block is to run last and alone.
func (l loss) alone() bool { return l.Memory > 0 || l.Other >= lossesThatIsolate }

// losses are kept in a folder of the directory, one file per block.
type losses struct {
	fsys disk.FS
	dir  string
}

func (l *losses) path(block string) string { return filepath.Join(l.dir, lossesDir, block) }

// read returns the losses of a block. A damaged file counts as none.
func (l *losses) read(block string) (x loss) {
	text, err := disk.Read(l.fsys, l.path(block))
	if err != nil || json.Unmarshal(text, &x) != nil {
		return loss{}
	}
	return x
}

func (l *losses) write(block string, x loss) error {
	if err := disk.MkdirAll(l.fsys, filepath.Join(l.dir, lossesDir)); err != nil {
		return err
	}
	return disk.WriteFile(l.fsys, l.path(block), func(w io.Writer) error { return json.NewEncoder(w).Encode(x) })
}

// forget removes the losses of a block that has ended, if it may have any.
func (l *losses) forget(b *block) {
	if b.lost {
		_ = l.fsys.Remove(l.path(b.name)) // leftovers do no harm
	}
}

// outOfMemory begins the messages of cells whose process ran out of memory.
const outOfMemory = "its process ran out of memory"

// lost counts the loss of a block by its dead holder. If the holder ran out of
// memory, lost records the open cells as lost, or the first one as failed once
// that has happened a few times.
func (r *runner) lost(b *block, holder *lease.Owner) error {
	var open []*suites.Cell
	for _, c := range b.cells {
		if r.missing(c) {
			open = append(open, c)
		}
	}
	if len(open) == 0 {
		return nil
	}
	x := r.losses.read(b.name)
	memory := ranOutOfMemory(r.options.FS, r.plan.Dir, holder)
	step := r.checkpointed(open[0])
	switch {
	case memory:
		x.Memory++
	case step > x.Step:
		x.Other = 1
	default:
		x.Other++
	}
	x.Step = step
	var runs []results.Run
	if memory {
		runs = r.lostRuns(open, &x)
	}
	b.lost = true
	if err := r.losses.write(b.name, x); err != nil || len(runs) == 0 {
		return err
	}
	if err := r.dir.Append(runs...); err != nil {
		return err
	}
	return r.follower.Update()
}

// lostRuns returns the cells of a block as lost. If there were enough losses, the
// first cell, which is the one that was trained if the block was alone, is
// failed.
func (r *runner) lostRuns(open []*suites.Cell, x *loss) []results.Run {
	var runs []results.Run
	for i, c := range open {
		t := r.task(c)
		run := results.Run{Cell: cellRow(c), Status: results.Lost, Step: 0, Timing: r.timing}
		run.Timing.Attempt, run.Timing.Start, run.Timing.End, run.Timing.FailedAfter = t.attempt, time.Now(), time.Now(), t.failedAfter
		run.Message = fmt.Sprintf("%s %s; it comes last and alone now", outOfMemory, times(x.Memory))
		if i == 0 && x.Memory >= lossesThatFail {
			run.Status = results.Failed
			run.Message = fmt.Sprintf("%s %s, at last while it was trained alone. %s", outOfMemory, times(x.Memory), r.trainer.advice(needOf(c).total()))
			r.progress.cell(c.ID, run.Status)
			r.progress.drop(int64(work(c)))
		}
		runs = append(runs, run)
	}
	if x.Memory >= lossesThatFail {
		x.Memory = 1 // counts for the next cell of the block
	}
	return runs
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// checkpointed returns the steps that a cell's checkpoint holds.
func (r *runner) checkpointed(c *suites.Cell) int64 {
	if k, err := readCheckpoint(r.options.FS, r.plan.Dir, c.ID); err == nil && k != nil {
		return k.Steps
	}
	return 0
}

// advice says what helps if memory runs out.
func (t *trainer) advice(bytes float64) string {
	left := ""
	if t.limit.Total > 0 {
		left = fmt.Sprintf(", and %s of %s are left: %s", Bytes(t.limit.Left), Bytes(t.limit.Total), t.limit.Name)
	}
	return fmt.Sprintf("It takes about %s%s. Make policy.hidden, batch or eval.max_states smaller, or give it more memory and run sweep retry %s", Bytes(bytes), left, usage.QuotePath(t.plan.Dir))
}
