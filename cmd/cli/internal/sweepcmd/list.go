package sweepcmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/suites"
	"gfnbench/usage"
)

// An item is one line of a listing, and what programs are told of it.
type item struct {
	name, doc string
	record    any
}

// listings are what can be listed.
var listings = map[string]func() ([]item, error){
	"environments": listEnvironments, "objectives": listObjectives, "control-variates": listControlVariates, "suites": listSuites,
}

// listNames are their names, in the order of the documentation.
var listNames = []string{"environments", "objectives", "control-variates", "suites"}

func (a *app) listCommand() *cobra.Command {
	c := &cobra.Command{
		Use:       "list [environments|objectives|control-variates|suites]",
		Short:     "List what suites can name, and the shipped suites",
		Example:   "  sweep list\n  sweep list objectives\n  sweep list environments --json",
		Args:      command.AtMost(1),
		ValidArgs: listNames,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.listAll()
			}
			items, err := listing(args[0])
			if err != nil {
				return err
			}
			if a.asJSON {
				return command.JSON(a.stdout, records(items))
			}
			return a.printItems(items)
		},
	}
	command.JSONFlag(c, &a.asJSON)
	return c
}

// listAll prints every listing under its name.
func (a *app) listAll() error {
	all := map[string]any{}
	for i, name := range listNames {
		items, err := listing(name)
		if err != nil {
			return err
		}
		if a.asJSON {
			all[strings.ReplaceAll(name, "-", "_")] = records(items)
			continue
		}
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		fmt.Fprintln(a.stdout, name)
		if err := a.printItems(items); err != nil {
			return err
		}
	}
	if a.asJSON {
		return command.JSON(a.stdout, all)
	}
	return nil
}

func listing(name string) ([]item, error) {
	list, ok := listings[name]
	if !ok {
		return nil, usage.Errorf("nothing to list under %q%s: expected one of %s", name, usage.DidYouMean(name, listNames), strings.Join(listNames, ", "))
	}
	return list()
}

// records returns what programs are told.
func records(items []item) []any {
	list := make([]any, len(items))
	for i, it := range items {
		list[i] = it.record
	}
	return list
}

func (a *app) printItems(items []item) error {
	w := command.NewTable(a.stdout)
	for _, it := range items {
		fmt.Fprintf(w, "%s\t%s\n", it.name, it.doc)
	}
	return w.Flush()
}

// A parameter is one that an environment or an objective declares, for programs.
type parameter struct {
	Name     string      `json:"name"`
	Type     string      `json:"type"`
	Default  param.Value `json:"default"` // null: absent unless given
	Required bool        `json:"required"`
	Range    string      `json:"range,omitempty"` // in words
	Choices  []string    `json:"choices,omitempty"`
	Doc      string      `json:"doc"`
}

// declared describes parameters for programs.
func declared(params []param.Param) []parameter {
	list := make([]parameter, len(params))
	for i, p := range params {
		list[i] = parameter{p.Name, p.Type.String(), p.Default, p.Required, p.Range.String(), p.Choices, p.Doc}
	}
	return list
}

func listEnvironments() ([]item, error) {
	var items []item
	for _, k := range kinds.All {
		items = append(items, item{k.Name, k.Doc, struct {
			Name       string      `json:"name"`
			Doc        string      `json:"doc"`
			Policies   []string    `json:"policies"`
			Parameters []parameter `json:"parameters"`
		}{k.Name, k.Doc, k.Policies, declared(k.Params)}})
	}
	return items, nil
}

func listObjectives() ([]item, error) {
	var items []item
	for _, k := range objective.Kinds {
		items = append(items, item{k.Name, k.Doc, struct {
			Name            string      `json:"name"`
			Doc             string      `json:"doc"`
			Formula         string      `json:"formula"`
			Source          string      `json:"source"`
			ControlVariates []string    `json:"control_variates"`
			Parameters      []parameter `json:"parameters"`
		}{k.Name, k.Doc, k.Formula, k.Source, append([]string{}, k.ControlVariates...), declared(k.Params)}})
	}
	return items, nil
}

func listControlVariates() ([]item, error) {
	var items []item
	for _, cv := range objective.ControlVariates {
		items = append(items, item{cv.Name, cv.Doc, struct {
			Name    string `json:"name"`
			Doc     string `json:"doc"`
			Formula string `json:"formula"`
			Source  string `json:"source"`
		}{cv.Name, cv.Doc, cv.Formula, cv.Source}})
	}
	return items, nil
}

func listSuites() ([]item, error) {
	var items []item
	for _, name := range suites.Shipped() {
		s, err := suites.Read(name)
		if err != nil {
			return nil, err
		}
		items = append(items, item{name, s.Title, struct {
			Name  string `json:"name"`
			Title string `json:"title"`
			Cells int    `json:"cells"`
		}{name, s.Title, len(s.Cells)}})
	}
	return items, nil
}
