package reportcmd

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/place"
	"gfnbench/report"
	"gfnbench/report/claims"
	"gfnbench/report/figure"
	"gfnbench/report/sheet"
	"gfnbench/suites"
	"gfnbench/usage"
)

func claimsCommand() *cobra.Command {
	var s source
	var f form
	c := &cobra.Command{
		Use:   "claims [DIR...] [CLAIM...]",
		Short: "Test the claims of the suite on the results",
		Long: `Test the claims of the suite, or only those named, on the results. For a suite
without claims, test those of the shipped suite claims. As svg, png or pdf, draw the
estimates with their intervals below each other: a forest plot.

Exit codes: 5 if a claim is contradicted, 6 if one is inconclusive, underpowered or
not run.`,
		Example: "  report claims neurips24\n  report claims my --suite my.toml --json\n  report claims neurips24 -o forest.svg",
		RunE:    func(c *cobra.Command, args []string) error { return s.judge(c, args, &f) },
	}
	s.flags(c)
	f.flags(c, "markdown", append(withJSON(sheet.Formats), figure.Formats...)...)
	return c
}

// judge prints the verdicts on claims, and ends with their exit code.
func (s *source) judge(c *cobra.Command, args []string, f *form) error {
	if err := f.choose(c, s.output); err != nil {
		return err
	}
	sweep, ids, err := s.load(c, args)
	if err != nil {
		return err
	}
	fromShipped := s.suite == "" && (sweep.Suite == nil || len(sweep.Suite.Claims) == 0)
	if fromShipped {
		if sweep, err = s.shippedClaims(c, sweep.Dirs); err != nil {
			return notRun(ids, err)
		}
	}
	list, err := claims.Judge(sweep, ids...)
	if err != nil {
		return notRun(ids, err)
	}
	s.announce(c)
	if fromShipped && !s.quiet {
		fmt.Fprintln(c.ErrOrStderr(), "report: the suite has no claims: testing those of the suite claims")
	}
	if err := s.write(c, func(w io.Writer) error { return writeClaims(w, s, c, f.format, sweep, list) }); err != nil {
		return err
	}
	s.sayUntrained(c, sweep, list)
	if code := claims.ExitCode(list); code != 0 {
		return outcome(code)
	}
	return nil
}

// writeClaims writes the outcomes of claims as a table, or draws them.
func writeClaims(w io.Writer, s *source, c *cobra.Command, format string, sweep *report.Sweep, list []*claims.Result) error {
	if !slices.Contains(figure.Formats, format) {
		return claims.Write(w, s.reportForm(c, format), sweep, list)
	}
	spec := &suites.Figure{Name: "claims", Title: "Claims", Kind: suites.FigureOfClaims}
	if sweep.Title != "" {
		spec.Title += ": " + sweep.Title
	}
	f, err := figure.Forest(spec, list)
	if err != nil {
		return err
	}
	return figure.Write(w, f, format, figure.NeurIPS)
}

// shippedClaims reads the results through the suite that has the paper's claims.
func (s *source) shippedClaims(c *cobra.Command, dirs []string) (*report.Sweep, error) {
	s.suite = "claims"
	sweep, err := s.read(c, dirs)
	if err != nil {
		return nil, err
	}
	if sweep.Foreign {
		return nil, usage.Errorf("the suite of %s has no claims, and those of the suite claims are about other cells: give a suite with --suite", dirs[0])
	}
	return sweep, nil
}

// sayUntrained says what trains the cells that claims lack, unless a filter left
// them out.
func (s *source) sayUntrained(c *cobra.Command, sweep *report.Sweep, list []*claims.Result) {
	untrained := 0
	for _, claim := range list {
		if claim.Verdict == claims.NotRun && claim.Untrained() {
			untrained++
		}
	}
	if untrained > 0 && !s.quiet && len(s.filter) == 0 {
		fmt.Fprintf(c.ErrOrStderr(), "report: results are missing for %d of %d claims: `sweep run %s` trains them\n", untrained, len(list), cmp.Or(s.suite, sweep.Dirs[0]))
	}
}

// notRun returns the error for a word that is not a claim. It is a different one if
// the word names a suite without results.
func notRun(words []string, err error) error {
	for _, word := range words {
		if missing := place.NotRun(word); missing != nil {
			return missing
		}
	}
	return err
}

// An outcome is an exit code that is not an error of the program: the output
// has said why.
type outcome int

// Error names the code.
func (o outcome) Error() string { return fmt.Sprintf("exit code %d", int(o)) }
