package command

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"gfnbench/sweep"
)

// Version and Released describe the release that the code belongs to, as in
// CITATION.cff.
const (
	Version  = "0.1.0"
	Released = "2026-11-28"
)

// revisionLength is how much of a commit's name identifies it.
const revisionLength = 12

// version returns what --version prints after the name of the program.
func version() string {
	return fmt.Sprintf("%s, revision %s, %s %s/%s", Version, revision(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// revision returns the revision that results carry, with a commit's name cut short, and whether
// files have been changed since.
func revision() string {
	commit, _, dirty := strings.Cut(sweep.Environment(true).Get("revision"), "-dirty")
	if len(commit) == 40 { // a git hash; otherwise a module version
		commit = commit[:revisionLength]
	}
	if dirty {
		commit += "-dirty"
	}
	return commit
}

func versionCommand(program string) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "version",
		Short:   "Print the version of the program",
		Example: fmt.Sprintf("  %[1]s version\n  %[1]s version --json", program),
		Args:    Exactly(0),

		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			w := c.OutOrStdout()
			if !asJSON {
				_, err := fmt.Fprintf(w, "%s %s\n", program, version())
				return err
			}
			commit, dirty := strings.CutSuffix(sweep.Environment(true).Get("revision"), "-dirty")
			return JSON(w, struct {
				Program  string `json:"program"`
				Version  string `json:"version"`
				Revision string `json:"revision"`
				Dirty    bool   `json:"dirty"` // files were changed since
				Go       string `json:"go"`
				OS       string `json:"os"`
			}{program, Version, commit, dirty, runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH})
		},
	}
	JSONFlag(c, &asJSON)
	return c
}
