package command

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gfnbench/cmd/cli/internal/place"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/metric"
	"gfnbench/suites"
)

// A Completion proposes words in the form that [cobra.Command] expects.
type Completion = func(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective)

// A SuiteOf returns the suite that a command line is about, or nil if it is not
// known yet.
type SuiteOf func(args []string) *suites.Suite

// Words completes one of a few words.
func Words(words ...string) Completion {
	return func(_ *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
		return beginning(word, words), cobra.ShellCompDirectiveNoFileComp
	}
}

// Lists completes words separated by commas.
func Lists(words func(args []string) []string) Completion {
	return func(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
		kept := word[:strings.LastIndexByte(word, ',')+1]
		return beginning(word, prefixed(kept, others(words(args), kept))), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

// Suites completes a suite: a shipped one, a directory under runs/, or a file.
// It proposes suite files here and, if the word matches nothing else, any file.
func Suites(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	words := slices.Concat(suites.Shipped(), place.Names(), place.Files("here"))
	slices.Sort(words)
	return beginning(word, slices.Compact(words)), cobra.ShellCompDirectiveDefault
}

// suiteFlag completes suites for a flag, whatever the arguments are.
func suiteFlag(c *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
	return Suites(c, nil, word)
}

// Dirs completes results directories, names under runs/ or paths, up to the
// given number of them.
func Dirs(most int) Completion {
	return func(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
		if len(args) >= most {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		names := slices.DeleteFunc(place.Names(), func(name string) bool {
			return slices.ContainsFunc(args, func(arg string) bool { return filepath.Base(arg) == name })
		})
		return beginning(word, names), cobra.ShellCompDirectiveDefault
	}
}

// ReadSuite is a [SuiteOf] that returns the suite of the first argument.
func ReadSuite(args []string) *suites.Suite {
	if len(args) == 0 {
		return nil
	}
	s, err := suites.ReadDir(place.Suite(args[0]))
	if err != nil {
		s, err = suites.Read(args[0])
	}
	if err != nil {
		return nil // completion cannot report an error
	}
	return s
}

// Filters completes KEY=VALUE of -f with the columns and values of the suite.
func Filters(suite SuiteOf) Completion {
	return func(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
		s := suite(args)
		key, values, ok := strings.Cut(word, "=")
		if !ok {
			return beginning(word, suffixed(columns(s), "=")), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		}
		before := values[:strings.LastIndexByte(values, ',')+1]
		return beginning(word, prefixed(key+"="+before, others(valuesOf(s, key), before))), cobra.ShellCompDirectiveNoFileComp
	}
}

// Settings completes KEY=VALUE of --set with the keys of the suite and their
// choices.
func Settings(suite SuiteOf) Completion {
	return func(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
		key, _, ok := strings.Cut(word, "=")
		if !ok {
			return beginning(word, suffixed(suites.Settable(suite(args)), "=")), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		}
		var words []string
		for _, k := range suites.RunKeys() {
			if k.Name == key {
				words = prefixed(key+"=", k.Choices)
			}
		}
		return beginning(word, words), cobra.ShellCompDirectiveNoFileComp
	}
}

// Columns completes columns of the results, separated by commas.
func Columns(suite SuiteOf) Completion {
	return Lists(func(args []string) []string { return columns(suite(args)) })
}

// columns lists the columns of the suite or, without one, of all suites.
func columns(s *suites.Suite) []string {
	var names []string
	if s == nil {
		names = []string{"environment", "seed"}
		for _, k := range slices.Concat(suites.AxisKeys(), suites.RunKeys()) {
			names = append(names, k.Name)
		}
		return names
	}
	for _, c := range s.Columns {
		names = append(names, c.Name)
	}
	return names
}

// valuesOf returns the values of a column in the suite's cells or, without a suite,
// the column's choices.
func valuesOf(s *suites.Suite, column string) []string {
	var values []string
	if s == nil {
		if column == "environment" {
			for _, k := range kinds.All {
				values = append(values, k.Name)
			}
		}
		for _, k := range slices.Concat(suites.AxisKeys(), suites.RunKeys()) {
			if k.Name == column {
				values = k.Choices
			}
		}
		return values
	}
	for _, c := range s.Cells {
		if v := c.Value(column); !v.IsNull() && !slices.Contains(values, suites.Format(v)) {
			values = append(values, suites.Format(v))
		}
	}
	return values
}

// others returns the words that are not in a comma-separated list.
func others(words []string, list string) []string {
	there := strings.Split(list, ",")
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(there, w) })
}

func beginning(word string, words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !strings.HasPrefix(w, word) })
}

func prefixed(prefix string, words []string) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = prefix + w
	}
	return list
}

func suffixed(words []string, suffix string) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = w + suffix
	}
	return list
}

// completeFlags completes the flags of the commands below c by their names,
// which have the same meaning everywhere.
func completeFlags(c *cobra.Command, suite SuiteOf) {
	completions := map[string]Completion{
		"filter": Filters(suite), "set": Settings(suite), "metric": Words(metric.Names()...), "suite": suiteFlag,
		"rows": Columns(suite), "columns": Columns(suite), "panels": Columns(suite), "lines": Columns(suite),
	}
	for _, sub := range c.Commands() {
		for flag, completion := range completions {
			if sub.Flags().Lookup(flag) != nil {
				_ = sub.RegisterFlagCompletionFunc(flag, completion) // the flag exists and has no completion yet
			}
		}
		sub.Flags().VisitAll(func(f *pflag.Flag) {
			if _, has := sub.GetFlagCompletionFunc(f.Name); !has && f.Name != "output" && len(f.Annotations) == 0 {
				_ = sub.RegisterFlagCompletionFunc(f.Name, cobra.NoFileCompletions) // the value is not a file
			}
		})
		if sub.ValidArgsFunction == nil && len(sub.ValidArgs) == 0 && !sub.HasSubCommands() {
			sub.ValidArgsFunction = cobra.NoFileCompletions
		}
		completeFlags(sub, suite)
	}
}
