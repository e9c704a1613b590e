package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gfnbench/suites"
	"gfnbench/suites/document"
	"gfnbench/suites/plain"
	"gfnbench/usage"
)

// CheckWords rejects control characters anywhere on a command line: in paths,
// names, filters and the values of flags. The error is a *usage.Error.
func CheckWords(args []string) error {
	for _, a := range args {
		if err := plain.Line(a); err != nil {
			return usage.Errorf("%q cannot be used: %w", a, err)
		}
	}
	return nil
}

// Exactly requires n arguments, which the command's use line describes.
func Exactly(n int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return usage.Errorf("%s needs %s, not %d: usage: %s", c.Name(), Plural(n, "argument"), len(args), c.UseLine())
		}
		return nil
	}
}

// AtMost requires n arguments or fewer.
func AtMost(n int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) > n {
			return usage.Errorf("%s takes at most %s, not %d: usage: %s", c.Name(), Plural(n, "argument"), len(args), c.UseLine())
		}
		return nil
	}
}

// unknownCommand names the nearest subcommand.
func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usage.Errorf("unknown command %q%s: see %s --help", args[0], usage.DidYouMean(args[0], subcommands(c)), c.CommandPath())
}

func subcommands(c *cobra.Command) []string {
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return names
}

// flagError names the nearest flag, and what a flag takes.
func flagError(c *cobra.Command, err error) error {
	if wrong, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		if expected := flagValues[wrong.GetFlag().Value.Type()]; expected != "" {
			return usage.Errorf("%s %s: expected %s", flagName(wrong.GetFlag()), usage.Quote(wrong.GetValue()), expected)
		}
	}
	typed, ok := unknownFlag(err)
	if !ok {
		return usage.Errorf("%w: see %s --help", err, c.CommandPath())
	}
	name := strings.TrimLeft(typed, "-")
	if c.Flags().Lookup("set") != nil && slices.ContainsFunc(suites.RunKeys(), func(k *suites.Key) bool { return k.Name == name }) {
		return usage.Errorf("unknown flag %s: give settings with --set %s=VALUE", typed, name)
	}
	return usage.Errorf("unknown flag %s%s: see %s --help", typed, suggestFlag(c, name), c.CommandPath())
}

// unknownFlag returns the flag that an error says is unknown.
func unknownFlag(err error) (typed string, ok bool) {
	if typed, ok = strings.CutPrefix(err.Error(), "unknown flag: "); ok {
		return typed, true
	}
	typed, ok = strings.CutPrefix(err.Error(), "unknown shorthand flag: ")
	_, typed, _ = strings.Cut(typed, " in ")
	return typed, ok
}

// suggestFlag says what the name of an unknown flag corresponds to here: a flag
// that other programs call by that name, or the nearest one.
func suggestFlag(c *cobra.Command, name string) string {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	for _, e := range elsewhere {
		if slices.Contains(e.names, name) && (e.flag == "" || slices.Contains(names, e.flag)) {
			return " (" + e.here + ")"
		}
	}
	if hint := usage.DidYouMean(name, names); hint != "" {
		return strings.Replace(hint, `"`, `"--`, 1)
	}
	return ""
}

// elsewhere lists flags of other programs and what replaces them here.
var elsewhere = []struct {
	names []string
	flag  string // the command must have this flag; "" means any command
	here  string
}{
	{[]string{"workers", "threads", "parallel", "num-workers", "procs", "n"}, "jobs", "-j N trains N cells at a time"},
	{[]string{"dir", "directory", "out-dir", "outdir"}, "output", "-o DIR names the directory of the results"},
	{[]string{"n", "number"}, "sample", "--sample K takes K cells"},
	{[]string{"dry-run", "dry", "n"}, "jobs", "sweep plan SUITE shows what would run"},
	{[]string{"resume", "continue", "restart"}, "", "sweep run resumes: give the same command again"},
	{[]string{"verbose", "v", "debug"}, "", "sweep logs CELL says what happened to a cell"},
}

// flagValues says what flags of a type take.
var flagValues = map[string]string{"int": "a whole number", "float64": "a number", "bool": "true or false"}

// flagName returns how a flag is typed, in its short form if it has one.
func flagName(f *pflag.Flag) string {
	if f.Shorthand != "" {
		return "-" + f.Shorthand
	}
	return "--" + f.Name
}

// Message returns the text of an error as it is printed.
func Message(err error) string {
	if ps, ok := errors.AsType[document.Problems](err); ok && err.Error() == ps.Error() {
		return fmt.Sprintf("the suite has %s\n%s", Plural(len(ps), "problem"), ps.Error())
	}
	return err.Error() + notFolder(err)
}

// notFolder says what stands where an error wanted a folder, and what to do.
func notFolder(err error) string {
	failed, ok := errors.AsType[*fs.PathError](err)
	if !ok || !errors.Is(err, syscall.ENOTDIR) {
		return ""
	}
	for path := filepath.Clean(failed.Path); ; path = filepath.Dir(path) {
		if info, err := os.Stat(path); err == nil {
			if info.IsDir() {
				return "" // it has become one
			}
			return fmt.Sprintf(" (%s is no folder: move it away)", usage.QuotePath(path))
		}
		if path == filepath.Dir(path) {
			return ""
		}
	}
}
