package main

import (
	"fmt"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/suites"
	"gfnbench/suites/document"
)

// keyTable is a table of keys.
type keyTable struct {
	Header, Doc string
	Keys        []keyRow
	Also        string // what else the section may contain
	Name        string // of the section and of the template's note on it
}

// keyRow is one key as the document shows it.
type keyRow struct{ Name, Type, Default, Range, Doc string }

func viewSuites() (any, error) {
	data := struct {
		Sections []keyTable
		Limits   []limitRow
	}{Limits: limits()}
	for _, s := range suites.Sections() {
		t := keyTable{Header: s.Header(), Doc: s.Doc, Name: s.Name}
		keys := s.Keys
		switch {
		case s.Name == "run":
			keys = suites.RunKeys()
		case s.Axes:
			keys = append(suites.AxisKeys(), keys...)
			t.Also = "Also `environment`, a list of names, and any [run] key or `params.NAME`, each with a list of values."
		case s.Free != "":
			t.Keys = []keyRow{{Name: "NAME", Type: "string", Doc: "label of " + s.Free}}
		case s.Runs:
			t.Also = "Also the parameters of its kind ([environments.md](environments.md)) and any [run] key."
		}
		for _, k := range keys {
			t.Keys = append(t.Keys, rowOf(k))
		}
		data.Sections = append(data.Sections, t)
	}
	return data, nil
}

// limitRow is one limit on suites.
type limitRow struct{ Of, Most string }

// limits lists the limits beyond which suites are rejected.
func limits() []limitRow {
	return []limitRow{
		{"a suite file", fmt.Sprintf("%d MiB", document.MaxSize>>20)},
		{"lists and tables within each other", fmt.Sprintf("%d", document.MaxNesting)},
		{"dots in a key", fmt.Sprintf("%d", document.MaxDots)},
		{"keys of a table", count(document.MaxKeys)},
		{"a file that a suite names, which must be a regular one", fmt.Sprintf("%d MiB", suites.MaxFile)},
		{"cells", count(suites.MaxCells)},
		{"problems told at once", count(document.MaxProblems)},
	}
}

func rowOf(k *suites.Key) keyRow { return paramRow(&k.Param, k.Kind()) }

// paramRow returns the row of a parameter, with its type written as kind.
func paramRow(p *param.Param, kind string) keyRow {
	r := keyRow{Name: p.Name, Type: kind, Range: p.Range.String(), Doc: p.Doc}
	if !p.Default.IsNull() {
		r.Default = strings.ReplaceAll(p.Default.Canonical(), ",", ", ") // as a suite writes it
	}
	if p.Required {
		r.Default = "required"
	}
	if len(p.Choices) > 0 {
		r.Range = strings.Trim(strings.Join(p.Choices, ", ")+"; "+r.Range, "; ")
	}
	if p.When != "" {
		r.Doc += ". Applies to " + p.When
	}
	return r
}
