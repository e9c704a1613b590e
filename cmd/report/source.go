package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"gfnbench/report"
)

// A source says which results to read, and where the report goes: the flags
// that all subcommands share.
type source struct {
	filter    []string
	suite     string
	output    string
	all       bool
	keepGoing bool
	quiet     bool
}

func (s *source) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVarP(&s.filter, "filter", "f", nil, "only cells with `key=value,...`; a cell must match all")
	f.StringVar(&s.suite, "suite", "", "take tables, claims and figures from this `SUITE`")
	f.StringVarP(&s.output, "output", "o", "", "write to `FILE` instead of standard output")
	f.BoolVar(&s.all, "all", false, "show results outside of the suite's plan too")
	f.BoolVarP(&s.keepGoing, "keep-going", "k", false, "name damaged files and report the rest")
	f.BoolVarP(&s.quiet, "quiet", "q", false, "nothing on standard error but errors")
}

// load reads the directories among the arguments and returns the others.
func (s *source) load(c *cobra.Command, args []string) (*report.Sweep, []string, error) {
	var dirs, names []string
	for _, arg := range args {
		if dir, ok := report.Locate(arg); ok {
			dirs = append(dirs, dir)
		} else {
			names = append(names, arg)
		}
	}
	if len(dirs) == 0 {
		if len(names) > 0 {
			if _, err := report.Newest(); err != nil {
				return nil, nil, report.NoSuchDir(names[0])
			}
		}
		dir, err := report.Newest()
		if err != nil {
			return nil, nil, err
		}
		if !s.quiet {
			fmt.Fprintln(c.ErrOrStderr(), "report: reading", dir)
		}
		dirs = []string{dir}
	}
	sweep, err := s.read(dirs)
	return sweep, names, err
}

// read reads directories and applies the filters.
func (s *source) read(dirs []string) (*report.Sweep, error) {
	sweep, err := report.Load(report.Options{All: s.all, KeepGoing: s.keepGoing, Suite: s.suite}, dirs...)
	if err != nil {
		return nil, err
	}
	return sweep.Filter(s.filter)
}

// write calls f with the file of -o, or standard output.
func (s *source) write(c *cobra.Command, f func(io.Writer) error) (err error) {
	if s.output == "" || s.output == "-" {
		return f(c.OutOrStdout())
	}
	file, err := os.Create(s.output)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := file.Close(); err == nil {
			err = closeErr
		}
	}()
	return f(file)
}
