package page

import (
	"bytes"
	"embed"
	"html/template"
	"io"
	"math"
	"strconv"
	"strings"

	"gfnbench/report"
	"gfnbench/report/claims"
	"gfnbench/report/sheet"
)

//go:embed page.html page.css *.js
var files embed.FS

// scripts are the names of the scripts, in their order on the page.
var scripts = []string{"number.js", "theme.js", "table.js", "cells.js", "scale.js", "panel.js", "figure.js", "views.js", "cell.js", "parallel.js", "claims.js", "live.js", "main.js"}

// named is how many cells with the same failure are named.
const named = 8

var layout = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"sortKey": sortKey, "mark": sheet.Mark, "group": group, "class": class, "still": still,
	"first":  func(rows []*report.Row) []*report.Row { return rows[:min(named, len(rows))] },
	"beyond": func(rows []*report.Row) int { return max(0, len(rows)-named) },
}).ParseFS(files, "page.html"))

// contents is the data of the template.
type contents struct {
	*Page
	Style                          template.CSS
	Script                         template.JS
	Data                           template.JS // JSON
	Densities                      []density
	Verdicts                       []verdictCount
	EstimateHead, UnderpoweredNote string
}

// A verdictCount says how many claims have a verdict.
type verdictCount struct {
	Verdict claims.Verdict
	Claims  int
}

// Write writes the page. Equal pages give equal bytes.
func Write(w io.Writer, p *Page) error {
	data, err := encode(p)
	if err != nil {
		return err
	}
	c := contents{Page: p, Data: template.JS(data), Style: template.CSS(text("page.css")), Script: template.JS(script(p.Live != "")), Verdicts: verdicts(p.Claims), EstimateHead: claims.EstimateHead, UnderpoweredNote: claims.UnderpoweredNote}
	if c.Densities, err = densities(p.Figures); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := layout.Execute(&b, c); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

func text(name string) string {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err) // the file is embedded
	}
	return string(b)
}

// script returns all scripts in one block, which keeps their names private; those of a
// page that is served ask for what is running.
func script(served bool) string {
	var b strings.Builder
	b.WriteString("\"use strict\";\n{\n")
	for _, name := range scripts {
		if served || name != "live.js" {
			b.WriteString(text(name))
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// sortKey returns a number for an attribute, or "" if there is none.
func sortKey(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// group writes an integer with thin spaces between thousands.
func group(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// class returns a status or verdict as the name of a CSS class: "not-run".
func class(s any) string {
	switch s := s.(type) {
	case claims.Verdict:
		return class(string(s))
	case string:
		return strings.ReplaceAll(strings.ToLower(s), " ", "-")
	}
	return ""
}

// verdicts counts the claims by verdict.
func verdicts(list []*claims.Result) (counts []verdictCount) {
	for _, v := range []claims.Verdict{claims.Supported, claims.Contradicted, claims.Tie, claims.Depends, claims.Inconclusive, claims.Underpowered, claims.NotRun} {
		n := 0
		for _, c := range list {
			if c.Verdict == v {
				n++
			}
		}
		if n > 0 {
			counts = append(counts, verdictCount{v, n})
		}
	}
	return counts
}
