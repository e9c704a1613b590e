package sweepcmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/cmd/cli/internal/place"
	"gfnbench/results"
	"gfnbench/sweep"
	"gfnbench/usage"
)

func (a *app) mendCommand() *cobra.Command {
	var anonymous bool
	c := &cobra.Command{
		Use:   "mend DIR",
		Short: "Make a directory readable whose files are damaged, missing or old",
		Long: "Make a directory readable whose files are damaged, missing, or older than those beside them.\nEvery cell is kept whose rows are whole and agree; a run trains the others again. Nothing is deleted: the files as they were go to DIR/damaged.\n\n" +
			"Exit codes: 0 the directory can be read, 1 an error of the program or the machine, 2 wrong usage or no results.",
		Example: "  sweep mend runs/my && sweep run runs/my",
		Args:    command.Exactly(1),

		ValidArgsFunction: command.Dirs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir, err := place.Sweep(args[0])
			if err != nil {
				return err
			}
			m, err := sweep.Mend(dir, sweep.Options{Anonymous: anonymous, Command: a.commandLine()})
			if err != nil {
				return err
			}
			return a.mended(dir, m)
		},
	}
	command.JSONFlag(c, &a.asJSON)
	c.Flags().BoolVar(&anonymous, "anonymous", false, "leave host and user out of the results")
	return c
}

// mended prints what was wrong, what is kept and what is lost.
func (a *app) mended(dir string, m *results.Mended) error {
	if a.asJSON {
		wrong := make([]string, len(m.Wrong))
		for i, err := range m.Wrong {
			wrong[i] = err.Error()
		}
		return command.JSON(a.stdout, map[string]any{"dir": dir, "wrong": wrong, "aside": m.Aside, "kept": m.Kept, "lost": append([]string{}, m.Lost...), "times_lost": m.Times})
	}
	if len(m.Wrong) == 0 {
		fmt.Fprintln(a.stdout, "there is nothing to mend in", usage.QuotePath(dir))
		return nil
	}
	for _, err := range m.Wrong {
		fmt.Fprintln(a.stdout, err)
	}
	fmt.Fprintf(a.stdout, "kept %s; the files as they were are in %s\n", command.Plural(m.Kept, "cell"), usage.QuotePath(m.Aside))
	if m.Times > 0 {
		fmt.Fprintf(a.stdout, "the time that %s took is lost\n", command.Plural(m.Times, "cell"))
	}
	if n := len(m.Lost); n > 0 {
		fmt.Fprintf(a.stdout, "lost %s, such as %s\n", command.Plural(n, "cell"), m.Lost[0])
	}
	fmt.Fprintf(a.stdout, "sweep run %s trains what is missing\n", usage.QuotePath(dir))
	return nil
}
