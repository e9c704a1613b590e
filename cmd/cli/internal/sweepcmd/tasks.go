package sweepcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/sweep"
	"gfnbench/sweep/cluster"
	"gfnbench/sweep/slurm"
	"gfnbench/usage"
)

// tasks returns what the batch system knows about a submitted sweep, and what
// that means for the missing cells. It returns nil if nothing was submitted or
// the system cannot be asked.
func (a *app) tasks(ctx context.Context, s *sweep.Status) ([]cluster.Task, *cluster.Census, error) {
	engine, record, err := engineOf(s.Dir)
	if record == nil || err != nil {
		return nil, nil, err
	}
	if !slurm.Available() {
		a.note("squeue is not on the PATH: the tasks of the cluster are not listed")
		return nil, nil, nil
	}
	tasks, err := cluster.State(ctx, engine, record)
	if err != nil {
		// What the directory says is useful even without the tasks.
		a.note("the tasks of the cluster are not listed: %v", err)
		return nil, nil, nil
	}
	open := slices.Clone(s.Open)
	for _, h := range s.Held {
		if !h.Lost { // held by a task or by a worker that joined
			open = slices.DeleteFunc(open, func(cell string) bool { return slices.Contains(h.Cells, cell) })
		}
	}
	census, err := record.Count(s.Dir, open, tasks)
	return tasks, &census, err
}

// printTasks counts the cells that wait or are lost, lists running tasks, and
// counts the others by job and detail.
func printTasks(out io.Writer, dir string, tasks []cluster.Task, census *cluster.Census) error {
	type group struct{ job, state, detail string }
	counts, order := map[group]int{}, []group{}
	w := command.NewTable(out)
	if census != nil {
		if n := census.Queued + census.Running; n > 0 {
			fmt.Fprintf(w, "queued\t%d in tasks that are queued, %d in tasks that run\n", census.Queued, census.Running)
		}
		if len(census.Lost) > 0 {
			fmt.Fprintf(w, "lost\t%s: the tasks are gone; sweep retry %s submits them again\n", cellList(census.Lost), usage.QuotePath(dir))
		}
	}
	for _, t := range tasks {
		if t.State == cluster.Running {
			fmt.Fprintf(w, "task %s\t%s on %s, since %s\n", taskName(t), t.Detail, orDash(t.Node), t.Since.Format(time.DateTime))
			continue
		}
		g := group{t.Job, t.State, t.Detail}
		if counts[g] == 0 {
			order = append(order, g)
		}
		counts[g]++
	}
	for _, g := range order {
		fmt.Fprintf(w, "job %s\t%s %s (%s)\n", g.job, command.Plural(counts[g], "task"), g.state, g.detail)
	}
	return w.Flush()
}

func taskName(t cluster.Task) string {
	if t.Index < 0 {
		return t.Job
	}
	return fmt.Sprintf("%s_%d", t.Job, t.Index)
}

// taskLog returns the path of the output of the task that was last submitted for
// a cell, and its last lines, or "" if none was submitted.
func taskLog(dir, cell string) (path, tail string, err error) {
	_, record, err := engineOf(dir)
	if record == nil || err != nil {
		return "", "", err
	}
	job, index, err := record.Find(dir, cell)
	if job == nil || err != nil {
		return "", "", err
	}
	path = slurm.LogPath(job, index)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, "", nil // it has not started
	}
	const most = 10
	lines := strings.SplitAfter(string(b), "\n")
	return path, strings.Join(lines[max(0, len(lines)-most-1):], ""), err
}
