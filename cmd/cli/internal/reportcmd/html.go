package reportcmd

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/report/page"
	"gfnbench/usage"
)

func htmlCommand() *cobra.Command {
	s := source{intoFolder: true}
	var o page.Options
	var asJSON bool
	c := &cobra.Command{
		Use:   "html [DIR...]",
		Short: "Write the whole report as one web page",
		Long: `Write the whole report as one self-contained HTML file that connects to nothing:
tables you can sort and filter, figures that show their values and whose lines you
can switch on and off, claims with their evidence, failures, every cell, the settings
and the suite. It is report.html in the folder of the results by default, and its
path is printed; -o - writes to standard output.`,
		Example: "  report html\n  report html neurips24 -o report.html",
		RunE:    func(c *cobra.Command, args []string) error { return s.writePage(c, args, o, asJSON) },
	}
	s.flags(c)
	c.Flags().Lookup("output").Usage = "write to `FILE`, or into this folder; - for standard output"
	c.Flags().BoolVar(&o.Densities, "densities", false, "also draw densities, for which runs are trained again")
	c.Flags().BoolVar(&asJSON, "json", false, "print the path as JSON")
	return c
}

// writePage writes the page where it belongs and prints its path.
func (s *source) writePage(c *cobra.Command, args []string, o page.Options, asJSON bool) error {
	f := form{format: "html", known: []string{"html"}}
	if err := f.choose(c, s.output); err != nil {
		return err
	}
	if err := s.checkPaths(asJSON); err != nil {
		return err
	}
	sweep, err := s.loadDirs(c, args)
	if err != nil {
		return err
	}
	if !s.quiet {
		o.Progress = func(text string) { fmt.Fprintln(c.ErrOrStderr(), "report:", text) }
	}
	p, err := page.Make(sweep, o)
	if err != nil {
		return err
	}
	write := func(w io.Writer) error { return page.Write(w, p) }
	if s.output != "" && s.toStdout() {
		return s.write(c, write)
	}
	var path string
	if s.output == "" {
		path, err = writeInside(resultsFolder(sweep.Dirs[0]), "report.html", write)
	} else if path, err = s.target(sweep.Name + ".html"); err == nil {
		err = writeFile(path, write)
	}
	if err != nil {
		return err
	}
	return s.wrote(c, asJSON, map[string]string{"path": path}, path)
}

// checkPaths rejects JSON of paths if there will be none.
func (s *source) checkPaths(asJSON bool) error {
	if asJSON && s.output != "" && s.toStdout() {
		return usage.Errorf("--json prints the paths of what is written, but with -o %s there are none: leave one of them out", s.output)
	}
	return nil
}

// wrote prints the path of what was written, or JSON with it. If files were
// left out, it ends with the exit code of an error.
func (s *source) wrote(c *cobra.Command, asJSON bool, object any, path string) error {
	if asJSON {
		if err := command.JSON(c.OutOrStdout(), object); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(c.OutOrStdout(), path)
	}
	if len(s.refused) > 0 {
		return outcome(exitInternal)
	}
	return nil
}
