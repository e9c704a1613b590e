package sweepcmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/gfn/param"
	"gfnbench/suites"
	"gfnbench/usage"
)

func (a *app) listCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "list [KIND] [NAME]",
		Short:   "List what suites can name, and the shipped suites",
		Long:    "List what suites can name, and the shipped suites. KIND is one of " + strings.Join(listNames(), ", ") + ". With a NAME, describe that one: an environment or an objective with its parameters, their types, defaults and ranges.",
		Example: "  sweep list metrics\n  sweep list environments hypergrid\n  sweep list objectives --json",
		Args:    command.AtMost(2),

		ValidArgsFunction: completeListed,
		RunE:              func(_ *cobra.Command, args []string) error { return a.list(args) },
	}
	command.JSONFlag(c, &a.asJSON)
	return c
}

// completeListed completes the name of a listing, and then a name in it.
func completeListed(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	var words []string
	switch len(args) {
	case 0:
		words = listNames()
	case 1:
		if l, err := listed(args[0]); err == nil {
			words = l.names()
		}
	}
	words = slices.DeleteFunc(words, func(w string) bool { return !strings.HasPrefix(w, word) })
	return words, cobra.ShellCompDirectiveNoFileComp
}

// list prints all listings, one of them, or one item of it.
func (a *app) list(args []string) error {
	if len(args) == 0 {
		return a.listAll()
	}
	l, err := listed(args[0])
	switch {
	case err != nil:
		return err
	case len(args) == 2:
		return a.describe(l, args[1])
	case a.asJSON:
		return command.JSON(a.stdout, l.records())
	}
	return a.printListing(l)
}

// listAll prints every listing under its name.
func (a *app) listAll() error {
	all := map[string]any{}
	for i, name := range listNames() {
		l, err := listed(name)
		if err != nil {
			return err
		}
		if a.asJSON {
			all[strings.ReplaceAll(name, "-", "_")] = l.records()
			continue
		}
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		fmt.Fprintln(a.stdout, name)
		if err := a.printListing(l); err != nil {
			return err
		}
	}
	if a.asJSON {
		return command.JSON(a.stdout, all)
	}
	return nil
}

func (a *app) printListing(l *listing) error {
	w := command.NewTable(a.stdout)
	if l.heads != nil {
		fmt.Fprintln(w, strings.Join(l.heads, "\t"))
	}
	for _, it := range l.items {
		fmt.Fprintln(w, strings.Join(append([]string{it.name}, it.cells...), "\t"))
	}
	return w.Flush()
}

// describe prints one item: its facts, and the parameters that it declares.
func (a *app) describe(l *listing, name string) error {
	i := slices.Index(l.names(), name)
	if i < 0 {
		return usage.Errorf("%s has no %q%s", "sweep list "+l.name, name, usage.Suggest(name, l.names()))
	}
	it := l.items[i]
	if a.asJSON {
		return command.JSON(a.stdout, it.record)
	}
	w := command.NewTable(a.stdout)
	fmt.Fprintf(w, "name\t%s\n", it.name)
	for _, f := range it.facts {
		if f.text != "" {
			fmt.Fprintf(w, "%s\t%s\n", f.name, f.text)
		}
	}
	if err := w.Flush(); err != nil || len(it.params) == 0 {
		return err
	}
	fmt.Fprintln(a.stdout)
	fmt.Fprintln(w, "PARAMETER\tTYPE\tDEFAULT\tRANGE\tMEANING")
	for _, p := range it.params {
		fmt.Fprintf(w, "%s\t%v\t%s\t%s\t%s\n", p.Name, p.Type, byDefault(p), within(p), p.Doc)
	}
	return w.Flush()
}

// byDefault writes the default of a parameter.
func byDefault(p param.Param) string {
	switch {
	case p.Required:
		return "required"
	case p.Default.IsNull():
		return "–"
	}
	return suites.Format(p.Default)
}

// within writes the values that a parameter takes.
func within(p param.Param) string {
	if len(p.Choices) > 0 {
		return strings.Join(p.Choices, ", ")
	}
	if words := p.Range.String(); words != "" {
		return words
	}
	return "any"
}
