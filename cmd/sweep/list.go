package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"gfnbench/cmd/internal/command"
	"gfnbench/gfn/env"
	"gfnbench/gfn/objective"
	"gfnbench/suites"
)

// An item is one line of a listing.
type item struct {
	Name   string            `json:"name"`
	Doc    string            `json:"doc"`
	Detail map[string]string `json:"detail,omitempty"`
}

// listings are what can be listed.
var listings = map[string]func() ([]item, error){
	"environments": listEnvironments, "objectives": listObjectives, "control-variates": listControlVariates, "suites": listSuites,
}

// listNames are their names, in the order of the documentation.
var listNames = []string{"environments", "objectives", "control-variates", "suites"}

func (a *app) listCommand() *cobra.Command {
	c := &cobra.Command{
		Use:       "list environments|objectives|control-variates|suites",
		Short:     "List what suites can name, and the shipped suites",
		Example:   "  sweep list objectives\n  sweep list environments --json",
		Args:      command.Exactly(1),
		ValidArgs: listNames,
		RunE: func(_ *cobra.Command, args []string) error {
			list, ok := listings[args[0]]
			if !ok {
				return command.Usagef("nothing to list under %q%s: expected one of %s", args[0], suites.DidYouMean(args[0], listNames), strings.Join(listNames, ", "))
			}
			items, err := list()
			if err != nil {
				return err
			}
			if a.asJSON {
				return command.JSON(a.stdout, items)
			}
			w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			for _, it := range items {
				fmt.Fprintf(w, "%s\t%s\n", it.Name, it.Doc)
			}
			return w.Flush()
		},
	}
	command.JSONFlag(c, &a.asJSON)
	return c
}

func listEnvironments() ([]item, error) {
	var items []item
	for _, k := range env.Kinds {
		it := item{Name: k.Name, Doc: k.Doc, Detail: map[string]string{"policies": strings.Join(k.Policies, ", ")}}
		for _, p := range k.Params {
			it.Detail["params."+p.Name] = p.Doc
		}
		items = append(items, it)
	}
	return items, nil
}

func listObjectives() ([]item, error) {
	var items []item
	for _, k := range objective.Kinds {
		items = append(items, item{Name: k.Name, Doc: k.Doc, Detail: map[string]string{
			"formula": k.Formula, "source": k.Source, "control_variates": strings.Join(k.ControlVariates, ", "),
		}})
	}
	return items, nil
}

func listControlVariates() ([]item, error) {
	var items []item
	for _, cv := range objective.ControlVariates {
		items = append(items, item{Name: cv.Name, Doc: cv.Doc, Detail: map[string]string{"formula": cv.Formula, "source": cv.Source}})
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
		items = append(items, item{Name: name, Doc: s.Title, Detail: map[string]string{"cells": fmt.Sprint(len(s.Cells))}})
	}
	return items, nil
}
