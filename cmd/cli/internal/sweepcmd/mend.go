package sweepcmd

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/cmd/cli/internal/place"
	"gfnbench/sweep"
	"gfnbench/usage"
)

func (a *app) mendCommand() *cobra.Command {
	var anonymous bool
	var conflicts string
	c := &cobra.Command{
		Use:   "mend DIR",
		Short: "Repair a directory whose files are damaged, missing or too old",
		Long: "Repair a directory in which files are damaged, missing, or older than those beside them.\nIt keeps every cell whose rows are complete and agree; a run trains the others again. Nothing is deleted: the original files go to DIR/damaged.\n--conflicts settles cells with two different results: keep keeps the one that stands; rerun forgets both, and a run trains the cell again.\n\n" +
			"Exit codes: 0 the directory can be read, 1 an error of the program or the machine, 2 wrong usage or no results, 8 results are in conflict.",
		Example: "  sweep mend runs/my && sweep run runs/my\n  sweep mend runs/my --conflicts rerun && sweep run runs/my",
		Args:    command.Exactly(1),

		ValidArgsFunction: command.Dirs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if !slices.Contains([]string{"", "keep", "rerun"}, conflicts) {
				return usage.Errorf("--conflicts %s: expected keep or rerun%s", usage.Quote(conflicts), usage.DidYouMean(conflicts, []string{"keep", "rerun"}))
			}
			dir, err := place.Sweep(args[0])
			if err != nil {
				return err
			}
			a.seen.Add(nil, dir)
			m, err := sweep.Mend(dir, conflicts, sweep.Options{Anonymous: anonymous, Command: a.commandLine()})
			if m == nil {
				return err
			}
			return errors.Join(a.mended(dir, m), err)
		},
	}
	command.JSONFlag(c, &a.asJSON)
	c.Flags().StringVar(&conflicts, "conflicts", "", "settle conflicts: `HOW` is keep or rerun")
	c.Flags().BoolVar(&anonymous, "anonymous", false, "leave host and user out of the results")
	return c
}

// mended prints what was wrong, what is kept and what is lost.
func (a *app) mended(dir string, m *sweep.Mended) error {
	if a.asJSON {
		wrong := make([]string, len(m.Wrong))
		for i, err := range m.Wrong {
			wrong[i] = err.Error()
		}
		return command.JSON(a.stdout, map[string]any{"dir": dir, "wrong": wrong, "aside": m.Aside, "kept": m.Kept, "lost": append([]string{}, m.Lost...), "times_lost": m.Times, "settled": append([]string{}, m.Settled...), "policies": append([]string{}, m.Policies...)})
	}
	if len(m.Settled) > 0 {
		fmt.Fprintf(a.stdout, "%s no longer in conflict; the rejected results are in %s\n", command.Plural(len(m.Settled), "cell"), usage.QuotePath(m.Others))
	}
	if n := len(m.Policies); n > 0 {
		fmt.Fprintf(a.stdout, "the kept networks of %s, such as %s, are missing or altered; sweep retry %s --unkept trains them again\n", command.Plural(n, "cell"), m.Policies[0], usage.QuotePath(dir))
	}
	if len(m.Wrong) == 0 && m.Others == "" && len(m.Policies) > 0 {
		return nil
	}
	if len(m.Wrong) == 0 && m.Others == "" {
		fmt.Fprintln(a.stdout, "nothing to mend in", usage.QuotePath(dir))
		return nil
	}
	for _, err := range m.Wrong {
		fmt.Fprintln(a.stdout, err)
	}
	if len(m.Wrong) > 0 {
		a.lost(m)
	}
	fmt.Fprintf(a.stdout, "sweep run %s trains what is missing\n", usage.QuotePath(dir))
	return nil
}

// lost prints what mending kept and lost.
func (a *app) lost(m *sweep.Mended) {
	if m.Aside != "" {
		fmt.Fprintf(a.stdout, "kept %s; the original files are in %s\n", command.Plural(m.Kept, "cell"), usage.QuotePath(m.Aside))
	}
	if m.Times > 0 {
		fmt.Fprintf(a.stdout, "the time that %s took is lost\n", command.Plural(m.Times, "cell"))
	}
	if n := len(m.Lost); n > 0 {
		fmt.Fprintf(a.stdout, "lost %s, such as %s\n", command.Plural(n, "cell"), m.Lost[0])
	}
}
