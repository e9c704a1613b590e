package reportcmd

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/usage"
)

// A form is the format of a command's output: from --format or --json, or
// implied by the name of the file.
type form struct {
	format string
	asJSON bool
	known  []string
}

// flags adds --format, with its default, and --json.
func (f *form) flags(c *cobra.Command, standard string, known ...string) {
	f.known = known
	c.Flags().StringVar(&f.format, "format", standard, "write `FORMAT`, one of "+strings.Join(known, ", ")+"; by default the format that the name of -o implies, else "+standard+onTerminal(known))
	c.Flags().Lookup("format").DefValue = "" // the usage already says it
	if slices.Contains(known, "json") {
		command.JSONFlag(c, &f.asJSON)
	}
	_ = c.RegisterFlagCompletionFunc("format", command.Words(known...)) // the flag is there
}

// onTerminal returns what the help says about a terminal.
func onTerminal(known []string) string {
	if slices.Contains(known, "text") {
		return ", and text on a terminal"
	}
	return ""
}

// choose sets the format, given where the output goes. The error is a
// *usage.Error if the format is unknown or the flags contradict each other.
func (f *form) choose(c *cobra.Command, output string) error {
	given := c.Flags().Changed("format")
	switch {
	case given && !slices.Contains(f.known, f.format):
		return f.unknown(f.format)
	case given && f.asJSON && f.format != "json":
		return usage.Errorf("--json and --format %s contradict each other: give one of them", f.format)
	case f.asJSON:
		f.format, given = "json", true
	}
	named := formatOf(output)
	switch ext := filepath.Ext(output); {
	case named == "" && ext != "" && !given && !toStdout(output) && !ofProcess(output):
		return usage.Errorf("-o %s: the name %s implies no format: give one with --format, one of %s", output, ext, strings.Join(f.known, ", "))
	case named == "" && !given && toStdout(output) && slices.Contains(f.known, "text") && command.OutputWidth(c.OutOrStdout()) > 0:
		f.format = "text" // text is for reading; Markdown is for files and pipes
	case named == "":
	case given && named != f.format:
		return usage.Errorf("-o %s implies the format %s, but %s is asked for: change one of them", output, named, f.format)
	case !slices.Contains(f.known, named):
		return usage.Errorf("%s does not write %s, which the name -o %s implies: it writes %s", c.CommandPath(), named, output, strings.Join(f.known, ", "))
	default:
		f.format = named
	}
	return nil
}

// unknown returns the error for an unknown format. It understands extensions; tex
// does not mean text.
func (f *form) unknown(format string) error {
	near := cmp.Or(formatOf("."+format), format)
	return usage.Errorf("there is no format %q%s: choose one of %s", format, usage.DidYouMean(near, f.known), strings.Join(f.known, ", "))
}

// withJSON adds JSON to formats.
func withJSON(formats []string) []string { return append(slices.Clone(formats), "json") }

// extensions maps the extensions of files to formats.
var extensions = map[string]string{
	".md": "markdown", ".markdown": "markdown", ".txt": "text", ".tex": "latex", ".csv": "csv", ".json": "json", ".html": "html", ".htm": "html",
	".svg": "svg", ".png": "png", ".pdf": "pdf", ".parquet": "parquet",
}

// formatOf returns the format that the name of a file implies, or "" if it
// implies none.
func formatOf(path string) string { return extensions[strings.ToLower(filepath.Ext(path))] }
