package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"gfnbench/cmd/internal/command"
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

	refused bool // files were left out
}

func (s *source) flags(c *cobra.Command) {
	f := c.Flags()
	command.FilterFlag(c, &s.filter)
	f.StringVar(&s.suite, "suite", "", "take tables, claims and figures from this `SUITE`")
	f.StringVarP(&s.output, "output", "o", "", "write to `FILE` instead of standard output")
	f.BoolVar(&s.all, "all", false, "show results outside of the suite's plan too")
	f.BoolVarP(&s.keepGoing, "keep-going", "k", false, "name damaged files and report the rest")
	command.QuietFlag(c, &s.quiet)
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
	sweep, err := s.read(c, dirs)
	return sweep, names, err
}

// loadDirs is load where every argument is a directory.
func (s *source) loadDirs(c *cobra.Command, args []string) (*report.Sweep, error) {
	sweep, names, err := s.load(c, args)
	if err == nil && len(names) > 0 {
		err = report.NoSuchDir(names[0])
	}
	return sweep, err
}

// read reads directories and applies the filters.
func (s *source) read(c *cobra.Command, dirs []string) (*report.Sweep, error) {
	sweep, err := report.Load(report.Options{All: s.all, KeepGoing: s.keepGoing, Suite: s.suite}, dirs...)
	if err != nil {
		return nil, err
	}
	for _, err := range sweep.Refused {
		fmt.Fprintln(c.ErrOrStderr(), "report:", err)
	}
	s.refused = len(sweep.Refused) > 0
	return sweep.Filter(s.filter)
}

// write calls f with the file of -o, or standard output. Where files were left
// out, it ends with the exit code of an error, although the rest is written.
func (s *source) write(c *cobra.Command, f func(io.Writer) error) error {
	if err := s.writeAll(c, f); err != nil || !s.refused {
		return err
	}
	return outcome(exitInternal)
}

func (s *source) writeAll(c *cobra.Command, f func(io.Writer) error) error {
	if s.output == "" || s.output == "-" {
		return f(c.OutOrStdout())
	}
	return s.writeFile(s.output, f)
}

func (s *source) writeFile(path string, f func(io.Writer) error) (err error) {
	file, err := os.Create(path)
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
