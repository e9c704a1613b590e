package sweepcmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/suites"
	"gfnbench/sweep"
	"gfnbench/usage"
)

func (a *app) trainerCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "trainer",
		Short:   "Manage programs that train cells instead of this one",
		Long:    "Manage programs that train cells instead of this one: [trainer.NAME] in a suite.\ndocs/trainers.md says how to write one.",
		Example: "  sweep trainer check ./my_trainer\n  sweep trainer trust my.toml",
	}
	c.AddCommand(a.trustCommand(), a.trainerCheckCommand())
	return c
}

func (a *app) trustCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "trust SUITE|DIR",
		Short: "Allow the programs that a suite names to run",
		Long: "Allow the programs that a suite names to run, and list them.\n\n" +
			"A suite that names a program can run anything: sweep run, retry, verify and submit run the program only if you trust it. Your configuration keeps that trust, under a hash of the command and the files that the suite names; if one of them changes, give it again. Other commands never run the program.",
		Example: "  sweep trainer trust my.toml\n  sweep run my.toml",
		Args:    command.Exactly(1),

		ValidArgsFunction: command.Suites,
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := a.load(args[0])
			if err != nil {
				return err
			}
			if len(p.Suite.Trainers) == 0 {
				return usage.Errorf("%s names no program: there is nothing to trust", usage.Quote(args[0]))
			}
			for _, t := range p.Suite.Trainers {
				path, err := trustPath(t.Hash())
				if err == nil {
					err = os.MkdirAll(filepath.Dir(path), 0o700)
				}
				if err == nil {
					err = os.WriteFile(path, []byte(runs(t)+"\n"), 0o600)
				}
				if err != nil {
					return err
				}
				fmt.Fprintf(a.stdout, "trusted: %s\n", runs(t))
			}
			return nil
		},
	}
}

// runs says what a trainer would run.
func runs(t *suites.Trainer) string {
	words := make([]string, len(t.Command))
	for i, w := range t.Command {
		words[i] = usage.Quote(w)
	}
	text := fmt.Sprintf("trainer %s runs %s", t.Name, strings.Join(words, " "))
	if len(t.Files) > 0 {
		names := make([]string, len(t.Files))
		for i, f := range t.Files {
			names[i] = usage.QuotePath(f.Name)
		}
		text += " with " + strings.Join(names, ", ")
	}
	return text + ", SHA-256 " + t.Hash()[:16]
}

// trustPath returns the file whose existence marks the hash as trusted.
func trustPath(hash string) (string, error) {
	config, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("trust cannot be stored, so use --trust: %w", err)
	}
	return filepath.Join(config, "gfnbench", "trusted", hash), nil
}

// isTrusted reports whether the hash was trusted by sweep trainer trust.
func isTrusted(hash string) (bool, error) {
	path, err := trustPath(hash)
	if err != nil {
		return false, nil // nothing can have been trusted
	}
	_, err = os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// allow says what programs a plan's cells would run. It returns the programs' hashes, or
// an error if some are not trusted.
func (a *app) allow(p *sweep.Plan) (hashes []string, err error) {
	var refused []string
	for _, t := range p.Suite.Programs(p.Cells) {
		ok, err := isTrusted(t.Hash())
		if err != nil {
			return nil, err
		}
		if ok || a.trust {
			hashes = append(hashes, t.Hash())
			a.note("%s", runs(t))
		} else {
			refused = append(refused, runs(t))
		}
	}
	if len(refused) > 0 {
		return nil, usage.Errorf("the suite names programs that are not trusted:\n  %s\nread them first; then sweep trainer trust SUITE, or --trust for this once", strings.Join(refused, "\n  "))
	}
	return hashes, nil
}

func (a *app) trustFlag(c *cobra.Command) {
	c.Flags().BoolVar(&a.trust, "trust", false, "run the programs that the suite names even if they are not trusted")
}
