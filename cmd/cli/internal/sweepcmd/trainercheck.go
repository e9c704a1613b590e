package sweepcmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/gfn/param"
	"gfnbench/suites"
	"gfnbench/sweep"
	"gfnbench/trainer"
	"gfnbench/trainer/conformance"
	"gfnbench/usage"
)

// conformanceFlags are the flags of trainer check.
type conformanceFlags struct {
	environments, objectives []string
	samples                  int
	timeout                  time.Duration
}

func (a *app) trainerCheckCommand() *cobra.Command {
	o := &conformanceFlags{}
	c := &cobra.Command{
		Use:   "check [flags] COMMAND [ARGUMENT]...",
		Short: "Check that a trainer does what it says",
		Long: "Check that a trainer does what it says: run COMMAND here, and hold what it answers against what this program computes, in small instances of the environments that it offers. Flags stand before COMMAND.\n\n" +
			"One line for each check says whether it passed, failed, or needs a message that the trainer does not offer; what was wrong and where; and the likely bug. A check of samples fails a correct trainer once in 10,000,000 times at most, the others never. docs/trainers.md describes the checks.\n\n" +
			"Exit codes: 0 no check failed, 1 an error of the program or the machine, 2 wrong usage, 3 some checks failed, 4 interrupted.",
		Example: "  sweep trainer check ./my_trainer\n  sweep trainer check --environment hypergrid --json ./my_trainer",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage.Errorf("check needs the command of a trainer: usage: %s", c.UseLine())
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveDefault
		},
		RunE: func(c *cobra.Command, args []string) error { return a.trainerCheck(c.Context(), o, args) },
	}
	f := c.Flags()
	f.SetInterspersed(false) // flags after COMMAND belong to it
	f.StringSliceVar(&o.environments, "environment", nil, "check these environments `NAMES` only, separated by commas")
	f.StringSliceVar(&o.objectives, "objective", nil, "check these objectives `NAMES` only, separated by commas")
	f.IntVar(&o.samples, "samples", 10_000, "draw `N` trajectories for each test of samples")
	f.DurationVar(&o.timeout, "timeout", 10*time.Minute, "give up after this `TIME` without an answer")
	command.JSONFlag(c, &a.asJSON)
	return c
}

// trainerCheck checks a trainer and prints the results.
func (a *app) trainerCheck(ctx context.Context, o *conformanceFlags, args []string) error {
	if o.samples < 1000 {
		return usage.Errorf("--samples %d: expected at least 1000", o.samples)
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	var list []conformance.Result
	counts, checked := map[string]int{}, false
	hello, err := conformance.Run(ctx, conformance.Options{
		Open: func(ctx context.Context) (*trainer.Session, error) {
			return trainer.Open(ctx, trainer.Command{Args: args, Timeout: o.timeout}, "gfnbench "+command.Version)
		},
		Cell: func(environment, objective string, set param.Values) (conformance.Cell, error) {
			return suites.SmallCell(environment, objective, set)
		},
		Environments: o.environments, Objectives: o.objectives, Samples: o.samples, Settings: settingNames(),
		Report: func(r conformance.Result) {
			list, checked = append(list, r), checked || r.Case != ""
			if counts[r.Status]++; !a.asJSON {
				fmt.Fprintln(a.stdout, checkLine(r))
			}
		},
	})
	switch {
	case ctx.Err() != nil:
		return sweep.ErrInterrupted
	case err != nil:
		return err
	case !checked && counts[conformance.Failed] == 0:
		return usage.Errorf("the trainer has the environments %s and the objectives %s: nothing of that was to be checked", strings.Join(hello.Environments, ", "), strings.Join(hello.Objectives, ", "))
	}
	if a.asJSON {
		err = command.JSON(a.stdout, map[string]any{"trainer": hello.Name, "version": hello.Version, "checks": list})
	} else {
		fmt.Fprintf(a.stdout, "%s of %s: %d passed, %d failed, %d not offered\n", command.Plural(len(list), "check"), cmp.Or(strings.TrimSpace(hello.Name+" "+hello.Version), "a trainer"),
			counts[conformance.Passed], counts[conformance.Failed], counts[conformance.NotOffered])
	}
	if counts[conformance.Failed] > 0 {
		err = errors.Join(err, errFailed)
	}
	return err
}

// settingNames lists the settings that a trainer can declare to follow.
func settingNames() (names []string) {
	for _, k := range suites.RunKeys() {
		names = append(names, k.Name)
	}
	return names
}

// checkLine writes a result as one line.
func checkLine(r conformance.Result) string {
	text := fmt.Sprintf("%-11s  %-22s  %-13s  %s", r.Status, r.Case, r.Check, r.What)
	if r.Hint != "" {
		text += "; likely: " + r.Hint
	}
	return strings.TrimRight(text, " ")
}
