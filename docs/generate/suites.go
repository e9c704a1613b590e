package main

import (
	"fmt"
	"strings"

	"gfnbench/suites"
)

// keyTable is a table of keys.
type keyTable struct {
	Header, Doc string
	Keys        []keyRow
	Also        string // what else may stand in it
	Name        string // of the section, and of what the template adds to it
}

// keyRow is one key as the document shows it.
type keyRow struct{ Name, Type, Default, Range, Doc string }

func viewSuites() (any, error) {
	var data struct{ Sections []keyTable }
	for _, s := range suites.Sections() {
		t := keyTable{Header: s.Header(), Doc: s.Doc, Name: s.Name}
		keys := s.Keys
		switch {
		case s.Name == "run":
			keys = suites.RunKeys()
		case s.Axes:
			keys = append(suites.AxisKeys(), keys...)
			t.Also = "Also `environment`, a list of names, and any [run] key or `params.NAME`, each with a list of values."
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

func rowOf(k *suites.Key) keyRow {
	r := keyRow{Name: k.Name, Type: string(k.Type), Default: value(k.Default), Range: k.Range(), Doc: k.Doc}
	if k.Required {
		r.Default = "required"
	}
	if len(k.Choices) > 0 {
		r.Range = strings.Trim(strings.Join(k.Choices, ", ")+"; "+r.Range, "; ")
	}
	if k.Applies != "" {
		r.Doc += ". Applies to " + k.Applies
	}
	return r
}

// value writes a default as a suite would.
func value(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return fmt.Sprintf("%q", v)
	case []string:
		return list(v, func(s string) string { return fmt.Sprintf("%q", s) })
	case []int:
		return list(v, func(i int) string { return fmt.Sprint(i) })
	case []float64:
		return list(v, func(x float64) string { return fmt.Sprint(x) })
	}
	return fmt.Sprint(v)
}

func list[T any](v []T, format func(T) string) string {
	texts := make([]string, len(v))
	for i, x := range v {
		texts[i] = format(x)
	}
	return "[" + strings.Join(texts, ", ") + "]"
}
