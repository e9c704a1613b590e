package reportcmd

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/cmd/cli/internal/place"
	"gfnbench/report"
	"gfnbench/usage"
)

// A source says which results to read and where the report goes: the flags that
// all subcommands share.
type source struct {
	filter    []string
	suite     string
	output    string
	hidden    bool
	keepGoing bool
	quiet     bool

	intoFolder bool     // -o may be a folder
	finals     bool     // leave the curves on disk
	refused    []string // why files were left out
	named      string   // the suite file among the arguments, which is used instead of its copy in the results
	newest     string   // the directory chosen because none is named
}

func (s *source) flags(c *cobra.Command) {
	f := c.Flags()
	command.FilterFlag(c, &s.filter)
	f.StringVar(&s.suite, "suite", "", "take tables, claims and figures from this `SUITE`")
	f.StringVarP(&s.output, "output", "o", "", "write to `FILE` instead of standard output")
	f.BoolVar(&s.hidden, "hidden", false, "also show results outside the suite's plan")
	f.BoolVarP(&s.keepGoing, "keep-going", "k", false, "name damaged files and report the rest")
	command.QuietFlag(c, &s.quiet)
}

// emptyWords are the flags that may have an empty value.
var emptyWords = []string{"base", "panels", "lines"}

// refuseEmpty rejects empty words, which an unset shell variable leaves behind.
func refuseEmpty(c *cobra.Command, args []string) (err error) {
	if slices.Contains(args, "") {
		return usage.Errorf("an argument is empty: leave it out, or name results or something the suite declares")
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

// load reads the directories among the arguments and returns the other
// arguments. If none is a directory it reads the newest, which announce then
// reports.
func (s *source) load(c *cobra.Command, args []string) (*report.Sweep, []string, error) {
	var dirs, names []string
	for _, arg := range args {
		dir, err := place.Results(arg)
		switch {
		case err != nil:
			return nil, nil, err
		case dir != "":
			dirs = append(dirs, dir)
			if s.named == "" && filepath.Ext(arg) == ".toml" {
				s.named = arg
			}
		default:
			names = append(names, arg)
		}
	}
	if len(dirs) == 0 {
		dir, err := place.Newest(true)
		if err != nil && len(names) > 0 {
			err = place.NoSuchDir(names[0])
		}
		if err != nil {
			return nil, nil, err
		}
		s.newest = dir
		dirs = []string{dir}
	}
	sweep, err := s.read(c, dirs)
	if errors.Is(err, usage.ErrNoMatch) {
		s.announce(c) // what does not match depends on the directory
	}
	return sweep, names, err
}

// announce says which directory is read if none was named. Call it once no more
// mistyped words can be found.
func (s *source) announce(c *cobra.Command) {
	if s.newest != "" && !s.quiet {
		fmt.Fprintln(c.ErrOrStderr(), "report: reading", s.newest)
	}
}

// loadDirs loads arguments that are all directories.
func (s *source) loadDirs(c *cobra.Command, args []string) (*report.Sweep, error) {
	sweep, names, err := s.load(c, args)
	if err == nil && len(names) > 0 {
		err = place.NoSuchDir(names[0])
	}
	if err == nil {
		s.announce(c)
	}
	return sweep, err
}

// read reads directories and applies the filters.
func (s *source) read(c *cobra.Command, dirs []string) (*report.Sweep, error) {
	if err := s.checkOutput(dirs); err != nil {
		return nil, err
	}
	for _, dir := range dirs {
		if err := place.Begun(dir); err != nil {
			return nil, err
		}
	}
	sweep, err := report.Load(report.Options{Hidden: s.hidden, KeepGoing: s.keepGoing, Suite: cmp.Or(s.suite, s.named), Finals: s.finals}, dirs...)
	if err != nil {
		return nil, err
	}
	command.SeenOf(c.Context()).Add(sweep.Set.Conflicts, dirs...)
	for _, err := range sweep.Refused {
		if text := err.Error(); !slices.Contains(s.refused, text) { // claims may read the directory twice
			fmt.Fprintln(c.ErrOrStderr(), "report:", text)
			s.refused = append(s.refused, text)
		}
	}
	return sweep.Filter(s.filter)
}
