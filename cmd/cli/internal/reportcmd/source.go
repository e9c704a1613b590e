package reportcmd

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/report"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A source says which results to read, and where the report goes: the flags
// that all subcommands share.
type source struct {
	filter    []string
	suite     string
	output    string
	hidden    bool
	keepGoing bool
	quiet     bool

	intoFolder bool     // -o may be a folder
	refused    []string // why files were left out
	named      string   // the suite file among the arguments, which counts, not its copy in the results
	newest     string   // the directory that was chosen because none is named
}

func (s *source) flags(c *cobra.Command) {
	f := c.Flags()
	command.FilterFlag(c, &s.filter)
	f.StringVar(&s.suite, "suite", "", "take tables, claims and figures from this `SUITE`")
	f.StringVarP(&s.output, "output", "o", "", "write to `FILE` instead of standard output")
	f.BoolVar(&s.hidden, "hidden", false, "show results outside of the suite's plan too")
	f.BoolVarP(&s.keepGoing, "keep-going", "k", false, "name damaged files and report the rest")
	command.QuietFlag(c, &s.quiet)
}

// emptyWords are the flags that may have an empty value.
var emptyWords = []string{"base", "panels", "lines"}

// refuseEmpty refuses empty words, which a variable of the shell that is not set
// leaves behind.
func refuseEmpty(c *cobra.Command, args []string) (err error) {
	if slices.Contains(args, "") {
		return usage.Errorf("there is an empty argument: leave it out, or name results or what the suite declares")
	}
	c.Flags().Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		if empty := len(values) == 0 || slices.Contains(values, ""); empty && !slices.Contains(emptyWords, f.Name) && err == nil {
			err = usage.Errorf("--%s has an empty value: leave it out, or give one", f.Name)
		}
	})
	return err
}

// load reads the directories among the arguments and returns the others. Where
// none is a directory it reads the newest, which announce then says.
func (s *source) load(c *cobra.Command, args []string) (*report.Sweep, []string, error) {
	var dirs, names []string
	for _, arg := range args {
		dir, ok, err := locate(arg)
		switch {
		case err != nil:
			return nil, nil, err
		case ok:
			dirs = append(dirs, dir)
			if s.named == "" && filepath.Ext(arg) == ".toml" {
				s.named = arg
			}
		default:
			names = append(names, arg)
		}
	}
	if len(dirs) == 0 {
		dir, err := report.Newest()
		if err != nil && len(names) > 0 {
			err = report.NoSuchDir(names[0])
		}
		if err != nil {
			return nil, nil, err
		}
		s.newest = dir
		dirs = []string{dir}
	}
	sweep, err := s.read(c, dirs)
	if errors.Is(err, usage.ErrNoMatch) {
		s.announce(c) // what does not match depends on it
	}
	return sweep, names, err
}

// announce says which directory is read where none was named. It is for the time
// when nothing is found to be mistyped any more.
func (s *source) announce(c *cobra.Command) {
	if s.newest != "" && !s.quiet {
		fmt.Fprintln(c.ErrOrStderr(), "report: reading", s.newest)
	}
}

// loadDirs is load where every argument is a directory.
func (s *source) loadDirs(c *cobra.Command, args []string) (*report.Sweep, error) {
	sweep, names, err := s.load(c, args)
	if err == nil && len(names) > 0 {
		err = report.NoSuchDir(names[0])
	}
	if err == nil {
		s.announce(c)
	}
	return sweep, err
}

// locate finds the results that a word names: as results.Locate does, or those of
// a suite file. The error says that a suite has none.
func locate(arg string) (dir string, ok bool, err error) {
	if dir, ok := results.Locate(arg); ok {
		return dir, true, nil
	}
	if info, err := os.Stat(arg); err != nil || info.IsDir() || filepath.Ext(arg) != ".toml" {
		return "", false, nil
	}
	suite, err := suites.Read(arg)
	if err != nil {
		return "", false, err
	}
	if dir, ok := results.Locate(filepath.Join(results.Runs, suite.Name)); ok {
		return dir, true, nil
	}
	return "", false, report.NoSuchDir(arg)
}

// read reads directories and applies the filters.
func (s *source) read(c *cobra.Command, dirs []string) (*report.Sweep, error) {
	if err := s.checkOutput(dirs); err != nil {
		return nil, err
	}
	sweep, err := report.Load(report.Options{Hidden: s.hidden, KeepGoing: s.keepGoing, Suite: cmp.Or(s.suite, s.named)}, dirs...)
	if err != nil {
		return nil, begun(dirs, err)
	}
	for _, err := range sweep.Refused {
		if text := err.Error(); !slices.Contains(s.refused, text) { // claims may read twice
			fmt.Fprintln(c.ErrOrStderr(), "report:", text)
			s.refused = append(s.refused, text)
		}
	}
	return sweep.Filter(s.filter)
}

// begun explains an error by a directory that holds a suite and nothing else.
func begun(dirs []string, err error) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, dir := range dirs {
		if _, err := os.Stat(filepath.Join(dir, "suite.toml")); err == nil && !results.HasResults(dir) {
			return usage.Errorf("there are no results in %s yet: `sweep run %s` makes them", dir, dir)
		}
	}
	return err
}
