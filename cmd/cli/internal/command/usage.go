package command

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gfnbench/suites"
	"gfnbench/suites/document"
	"gfnbench/sweep"
)

// A UsageError is a command line that cannot be understood.
type UsageError struct{ Err error }

// Error is the message.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *UsageError) Unwrap() error { return e.Err }

// Usagef is a *UsageError with the formatted message.
func Usagef(format string, args ...any) error { return &UsageError{fmt.Errorf(format, args...)} }

// Exactly wants n arguments, which the command's use describes.
func Exactly(n int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return Usagef("%s needs %s, not %d: usage: %s", c.Name(), Plural(n, "argument"), len(args), c.UseLine())
		}
		return nil
	}
}

// AtMost wants n arguments or fewer.
func AtMost(n int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) > n {
			return Usagef("%s takes at most %s, not %d: usage: %s", c.Name(), Plural(n, "argument"), len(args), c.UseLine())
		}
		return nil
	}
}

// unknownCommand names the nearest subcommand.
func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return Usagef("unknown command %q%s: see %s --help", args[0], suites.DidYouMean(args[0], subcommands(c)), c.CommandPath())
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
			return Usagef("%s %s: expected %s", flagName(wrong.GetFlag()), sweep.Quote(wrong.GetValue()), expected)
		}
	}
	unknown, ok := strings.CutPrefix(err.Error(), "unknown flag: ")
	if !ok {
		return Usagef("%w: see %s --help", err, c.CommandPath())
	}
	name := strings.TrimPrefix(unknown, "--")
	if c.Flags().Lookup("set") != nil && slices.ContainsFunc(suites.RunKeys(), func(k *suites.Key) bool { return k.Name == name }) {
		return Usagef("unknown flag %s: settings are given by --set %s=VALUE", unknown, name)
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, "--"+f.Name)
		}
	})
	return Usagef("unknown flag %s%s: see %s --help", unknown, suites.DidYouMean(unknown, names), c.CommandPath())
}

// flagValues are what flags of a type take.
var flagValues = map[string]string{"int": "a whole number", "float64": "a number", "bool": "true or false"}

// flagName is how a flag is typed, where it can be in short.
func flagName(f *pflag.Flag) string {
	if f.Shorthand != "" {
		return "-" + f.Shorthand
	}
	return "--" + f.Name
}

// Message is an error as it is printed.
func Message(err error) string {
	if ps, ok := errors.AsType[document.Problems](err); ok && err.Error() == ps.Error() {
		return fmt.Sprintf("the suite has %s\n%s", Plural(len(ps), "problem"), ps.Error())
	}
	return err.Error()
}
