// Package methods writes what a paper must say about its experiments, from the
// results alone: [Paragraphs], tables of all settings ([Settings]) and BibTeX
// entries. [Write] writes all of them.
package methods

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/sheet"
	"gfnbench/results"
	"gfnbench/usage"
)

// Formats are the formats of [Write], besides "json".
var Formats = []string{"markdown", "latex", "text"}

// A Release is a release of the program, for citation.
type Release struct {
	Version string // such as 0.1.0
	Date    string // 2006-01-02
}

// A Paragraph is text under a heading.
type Paragraph struct {
	Title, Text string // plain, without markup
}

// Write writes what a paper must say about its experiments (the items of the
// NeurIPS checklist on settings, error bars and compute): paragraphs, tables of
// all hyperparameters, and BibTeX entries. All of it comes from the results.
// The format "json" gives one object with the same parts.
func Write(w io.Writer, form sheet.Form, s *report.Sweep, release Release) error {
	if form.Format == "json" {
		return writeJSON(w, s, release)
	}
	if !slices.Contains(Formats, form.Format) {
		return usage.Errorf("there is no format %q%s", form.Format, usage.Suggest(form.Format, append(slices.Clone(Formats), "json")))
	}
	var b bytes.Buffer
	if form.Format == "latex" {
		b.WriteString(sheet.LaTeXNeeds)
	}
	for _, p := range Paragraphs(s) {
		switch form.Format {
		case "latex":
			text := sheet.EscapeLaTeX(p.Text)
			if sheet.HasHash(p.Text) {
				text = "{\\sloppy " + text + "\\par}" // lines with parts of a hash cannot stretch
			}
			fmt.Fprintf(&b, "\\paragraph{%s.} %s\n\n", p.Title, text)
		case "text":
			fmt.Fprintf(&b, "%s\n%s\n\n", p.Title, sheet.Fill(p.Text, form.Width, ""))
		default:
			fmt.Fprintf(&b, "### %s\n\n%s\n\n", p.Title, sheet.EscapeMarkdown(p.Text))
		}
	}
	var tables bytes.Buffer
	if err := sheet.Write(&tables, form, nil, Settings(s)); err != nil {
		return err
	}
	b.Write(bytes.TrimPrefix(tables.Bytes(), []byte(sheet.LaTeXNeeds)))
	bib := bibtex(s.Set.Provenance, release)
	switch form.Format {
	case "latex":
		fmt.Fprintf(&b, "\n%% BibTeX\n%% %s\n", strings.ReplaceAll(strings.TrimSpace(bib), "\n", "\n% "))
	case "markdown":
		fmt.Fprintf(&b, "\n### References\n\n```bibtex\n%s```\n", bib)
	default:
		fmt.Fprintf(&b, "\nReferences\n%s", bib)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// writeJSON writes the paragraphs, the values of each hyperparameter in each
// task, and the BibTeX entries.
func writeJSON(w io.Writer, s *report.Sweep, release Release) error {
	type paragraph struct {
		Title string `json:"title"`
		Text  string `json:"text"`
	}
	type setting struct {
		Key         string   `json:"key"`
		Environment string   `json:"environment"`
		Values      []string `json:"values"`
	}
	out := struct {
		Paragraphs []paragraph `json:"paragraphs"`
		Settings   []setting   `json:"settings"`
		BibTeX     string      `json:"bibtex"`
	}{[]paragraph{}, []setting{}, bibtex(s.Set.Provenance, release)}
	for _, p := range Paragraphs(s) {
		out.Paragraphs = append(out.Paragraphs, paragraph(p))
	}
	eachSetting(s, func(key string, environments []string, values [][]string) {
		for i, e := range environments {
			if len(values[i]) > 0 {
				out.Settings = append(out.Settings, setting{key, e, values[i]})
			}
		}
	})
	return sheet.WriteJSON(w, out)
}

// Paragraphs returns the sections of a paper's text on experiments.
func Paragraphs(s *report.Sweep) []Paragraph {
	list := []Paragraph{{"Experiments", experiments(s)}}
	if text := metricsText(s); text != "" {
		list = append(list, Paragraph{"Metrics", text})
	}
	return append(list, Paragraph{"Error bars and tests", errorBars(s)}, Paragraph{"Compute", compute(s)}, Paragraph{"Software", software(s)})
}

// experiments says what was run and how runs ended.
func experiments(s *report.Sweep) string {
	environments, objectives, seedSet := report.Distinct(s.Rows, "environment"), report.Distinct(s.Rows, "objective"), report.Distinct(s.Rows, "seed")
	trained := make(map[string]int) // seeds with a result, by setting
	statuses := make(map[results.Status]int)
	total := 0
	columns := s.Columns()
	for _, r := range s.Rows {
		setting := r.Fingerprint(columns)
		trained[setting] += 0
		if r.Run != nil {
			trained[setting]++
			statuses[r.Run.Status]++
			total++
		}
	}
	text := fmt.Sprintf("We trained GFlowNets on %s (%s) with %s (%s), in %s with %s each, %s in all",
		number.Count(len(environments), "task"), strings.Join(withInstances(s.Rows, environments), ", "), number.Count(len(objectives), "objective"), strings.Join(objectives, ", "),
		number.Count(len(trained), "setting"), rangeOf(trained, "seed"), number.Count(total, "run"))
	if roots := report.Distinct(s.Rows, "root_seed"); len(roots) > 0 {
		text += fmt.Sprintf(" (seed indices %s, root seed %s)", strings.Join(seedSet, ", "), strings.Join(roots, ", "))
	}
	var ends []string
	for _, status := range results.Statuses() {
		if n := statuses[status]; n > 0 {
			ends = append(ends, fmt.Sprintf("%d %s", n, status))
		}
	}
	text += ": " + strings.Join(ends, ", ") + "."
	if s.Missing > 0 {
		text += fmt.Sprintf(" %s planned but not run.", number.Count(s.Missing, "run"))
	}
	if s.Hidden > 0 {
		text += fmt.Sprintf(" %s outside of the plan not reported.", number.Count(s.Hidden, "run"))
	}
	return text + suiteText(s) + " Every hyperparameter is listed below; " + tuningText(s)
}

// withInstances adds the number of instances to the environments that have several.
func withInstances(rows []*report.Row, environments []string) []string {
	list := slices.Clone(environments)
	for i, name := range environments {
		in := slices.DeleteFunc(slices.Clone(rows), func(r *report.Row) bool { return r.Environment() != name })
		if n := len(report.Distinct(in, param.Instance)); n > 1 {
			list[i] = fmt.Sprintf("%s with %d instances", name, n)
		}
	}
	return list
}

// rangeOf gives the range of counts: "5 seeds", "3 to 5 seeds".
func rangeOf(each map[string]int, what string) string {
	counts := slices.Sorted(maps.Values(each))
	if len(counts) == 0 {
		return "no " + what + "s"
	}
	fewest, most := counts[0], counts[len(counts)-1]
	if fewest == most {
		return number.Count(most, what)
	}
	return fmt.Sprintf("%d to %s", fewest, number.Count(most, what))
}

// suiteText says which suite was run, and what its runs have in common.
func suiteText(s *report.Sweep) (text string) {
	if s.Suite == nil {
		return ""
	}
	text = fmt.Sprintf(" The experiments are those of the suite named %s", s.Suite.Name)
	if s.Title != "" {
		text += fmt.Sprintf(", “%s”", s.Title)
	}
	text += "."
	paired := slices.DeleteFunc(slices.Clone(s.Suite.Paired()), func(column string) bool { return !s.Varies(column) })
	if len(paired) > 0 {
		text += fmt.Sprintf(" Runs that differ only in %s share their random streams, and comparisons of them are paired.", strings.Join(paired, ", "))
	}
	return text
}
