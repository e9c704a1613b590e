package sweepcmd

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/sweep"
	"gfnbench/usage"
)

func (a *app) sampleCommand() *cobra.Command {
	s := sweep.Samples{}
	var output string
	var anonymous bool
	c := &cobra.Command{
		Use:   "sample CELL [DIR]",
		Short: "Draw from a kept network of a cell",
		Long: "Draw from a kept network of a cell, without exploration, and write the samples as Parquet:\nterminal state or coordinates, with log p_F, log p_B and log r in nats.\nThe suite keeps networks where it has [keep]. CELL is an id or the beginning of one. By default\nDIR is the newest one under runs/. Equal requests give equal rows on every machine, and fewer\nsamples are the first of more.\n\n" +
			"Exit codes: 0 the file is written, 1 an error of the program or the machine, 2 wrong usage, no such cell, or no network of it.",
		Example:           "  sweep sample 6e2cdee3 -n 1000\n  sweep sample 6e2cdee3 quickstart --policy final -o samples.parquet",
		Args:              aCell,
		ValidArgsFunction: completeCell,
		RunE: func(_ *cobra.Command, args []string) error {
			if s.N < 1 {
				return usage.Errorf("-n %d: expected at least 1", s.N)
			}
			p, err := a.planOf(args[1:], false)
			if err != nil {
				return err
			}
			s.Cell = args[0]
			return a.sample(p, s, output, sweep.Options{Anonymous: anonymous, Command: a.commandLine()})
		},
	}
	c.Flags().IntVarP(&s.N, "number", "n", 1000, "draw `N` samples")
	c.Flags().StringVar(&s.Policy, "policy", "", "draw from the network of that `NAME`: final, best or a number of steps (default the last)")
	c.Flags().IntVar(&s.Seed, "seed", 0, "use `SEED` for the samples")
	c.Flags().StringVarP(&output, "output", "o", "", "write to `FILE`, - for standard output (default samples-CELL.parquet)")
	c.Flags().BoolVar(&anonymous, "anonymous", false, "leave host and user out of the file")
	command.QuietFlag(c, &a.quiet)
	return c
}

// sample writes samples to a file, whose name it prints, or to standard output.
func (a *app) sample(p *sweep.Plan, s sweep.Samples, output string, o sweep.Options) error {
	r, err := sweep.Inspect(p, s.Cell)
	if err != nil {
		return err
	}
	if s.Cell = r.ID; output == "" {
		output = "samples-" + r.ID + ".parquet"
	}
	if output == "-" {
		if f, ok := a.stdout.(interface{ Fd() uintptr }); ok && term.IsTerminal(int(f.Fd())) {
			return usage.Errorf("a Parquet file cannot go to the terminal: name a file with -o")
		}
		var b bytes.Buffer
		if err := sweep.Sample(p, s, &b, o); err != nil {
			return err
		}
		_, err := a.stdout.Write(b.Bytes())
		return err
	}
	if results.IsSweep(filepath.Dir(output)) {
		return usage.Errorf("-o %s is in a directory of results: name a file elsewhere", usage.QuotePath(output))
	}
	if err := disk.WriteFile(disk.OS, output, func(w io.Writer) error { return sweep.Sample(p, s, w, o) }); err != nil {
		return err
	}
	if !a.quiet {
		fmt.Fprintln(a.stdout, usage.Quote(output))
	}
	return nil
}
