package sweepcmd

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/results"
	"gfnbench/sweep"
	"gfnbench/sweep/cluster"
	"gfnbench/usage"
)

func (a *app) statusCommand() *cobra.Command {
	var watch bool
	c := &cobra.Command{
		Use:     "status [DIR]",
		Short:   "Show the progress of a sweep",
		Long:    "Show the progress of a sweep.\nBy default DIR is the one under runs/ whose results changed last.\nWith --watch, it is shown again whenever it has changed, until every cell has ended or ctrl-C.",
		Example: "  sweep status\n  sweep status quickstart\n  sweep status runs/my --json",
		Args:    command.AtMost(1),

		ValidArgsFunction: command.Dirs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if watch {
				ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt)
				defer stop()
				return a.watch(ctx, args)
			}
			_, err := a.status(c.Context(), args)
			return err
		},
	}
	c.Flags().BoolVarP(&watch, "watch", "w", false, "show it again and again")
	a.selectionFlags(c)
	command.JSONFlag(c, &a.asJSON)
	command.QuietFlag(c, &a.quiet)
	return c
}

// watching is the time between two looks at a sweep that is watched.
const watching = 2 * time.Second

// watch prints the progress of a sweep until every cell has ended: on a terminal in place
// of the time before, and elsewhere whenever it has changed.
func (a *app) watch(ctx context.Context, args []string) error {
	out, last := a.stdout, ""
	defer func() { a.stdout = out }()
	f, ok := out.(interface{ Fd() uintptr })
	inPlace := ok && term.IsTerminal(int(f.Fd())) && isTerminal(a.drawn)
	for {
		var b strings.Builder
		a.stdout = &b
		s, err := a.status(ctx, args)
		if text := b.String(); text != last {
			if inPlace {
				fmt.Fprint(a.drawn, "\033[H\033[2J")
			} else if last != "" && !a.asJSON {
				fmt.Fprintln(out)
			}
			fmt.Fprint(out, text)
			last = text
		}
		if err != nil || len(s.Open) == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(watching):
		}
	}
}

// status prints the progress of a sweep, with its tasks on a cluster.
func (a *app) status(ctx context.Context, args []string) (*sweep.Status, error) {
	p, err := a.planOf(args, false)
	if err != nil {
		return nil, err
	}
	s, err := sweep.ReadStatus(p)
	if err != nil {
		return nil, err
	}
	a.seen.Add(s.Conflicts)
	tasks, census, err := a.tasks(ctx, s)
	if err != nil {
		return nil, err
	}
	if a.asJSON {
		return s, command.JSON(a.stdout, struct {
			*sweep.Status
			Cluster *cluster.Census `json:"cluster,omitempty"` // of a submitted sweep
			Tasks   []cluster.Task  `json:"tasks,omitempty"`
		}{s, census, tasks})
	}
	if err := printStatus(a.stdout, s); err != nil {
		return nil, err
	}
	return s, printTasks(a.stdout, s.Dir, tasks, census)
}

func printStatus(out io.Writer, s *sweep.Status) error {
	w := command.NewTable(out)
	fmt.Fprintf(w, "%s\t%s in %s\n", s.Suite, command.Plural(s.Cells, "cell"), usage.Quote(s.Dir))
	for _, status := range results.Statuses() {
		if n := s.Statuses[status]; n > 0 {
			fmt.Fprintf(w, "%s\t%d\n", status, n)
		}
	}
	printPhases(w, s.Tuning, s.Test)
	if s.NotRun > 0 {
		fmt.Fprintf(w, "not run\t%d\n", s.NotRun)
	}
	for _, line := range hiddenLines(s.Hidden) {
		fmt.Fprintf(w, "hidden\t%s\n", line)
	}
	for i := range s.Held {
		printHeld(w, &s.Held[i])
	}
	if s.CellsPerHour > 0 {
		fmt.Fprintf(w, "speed\t%s cells per hour\n", sweep.Rate(s.CellsPerHour))
	}
	if s.TrajectoriesPerSecond > 0 {
		fmt.Fprintf(w, "training\t%s trajectories per second and worker\n", sweep.Rate(s.TrajectoriesPerSecond))
	}
	if s.SecondsLeft > 0 {
		fmt.Fprintf(w, "time left\tabout %s\n", sweep.Duration(s.SecondsLeft))
	}
	for _, f := range s.Failures {
		fmt.Fprintf(w, "%s\t%s: %s\n", f.Status, cellList(f.Cells), strings.ReplaceAll(f.Message, "\n", " "))
	}
	return w.Flush()
}

// printHeld says what a process is doing: which cells it is training, and how
// many others it has claimed.
func printHeld(w io.Writer, h *sweep.Held) {
	state, seen := "running", ""
	switch {
	case h.Lost:
		state = "lost"
	case h.Silent(time.Now()):
		state, seen = "silent", fmt.Sprintf(", last seen %s", h.Seen.Format(time.DateTime))
	}
	who := fmt.Sprintf("process %d on %s, since %s%s", h.PID, h.Host, h.Since.Format(time.DateTime), seen)
	var trained []string
	for _, id := range h.Cells {
		if step, ok := h.Training[id]; ok {
			trained = append(trained, fmt.Sprintf("%s at step %d", id, step))
		}
	}
	if len(trained) == 0 || h.Lost {
		fmt.Fprintf(w, "%s\t%s: %s\n", state, who, cellList(h.Cells))
		return
	}
	fmt.Fprintf(w, "%s\t%s: %s", state, who, cellList(trained))
	if n := len(h.Cells) - len(trained); n > 0 {
		fmt.Fprintf(w, "; it has claimed %d more", n)
	}
	fmt.Fprintln(w)
}

// cellList names some cells and counts the others.
func cellList(ids []string) string {
	const most = 3
	if len(ids) <= most {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %s", strings.Join(ids[:most], ", "), fmt.Sprintf("%d more", len(ids)-most))
}
