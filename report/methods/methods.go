// Package methods writes what a paper must say of its experiments, from the
// results alone: [Paragraphs], tables of all settings ([Settings]) and BibTeX
// entries.
package methods

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"gfnbench/gfn/metric"
	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/sheet"
	"gfnbench/report/stats"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

// Formats are the formats of [Write], besides "json".
var Formats = []string{"markdown", "latex", "text"}

// A Release is that of the program, to be cited.
type Release struct {
	Version string // such as 0.1.0
	Date    string // 2006-01-02
}

// A Paragraph is text under a heading.
type Paragraph struct {
	Title, Text string // plain, without markup
}

// Write writes what a paper must say of its experiments (the items of the
// NeurIPS checklist on settings, error bars and compute): paragraphs, tables of
// all hyperparameters, and BibTeX entries. All of it comes from the results.
// "json" is one object of the same parts.
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
				text = "{\\sloppy " + text + "\\par}" // the parts of a hash do not stretch
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

// experiments says what was run and how it ended.
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
		number.Count(len(environments), "task"), strings.Join(environments, ", "), number.Count(len(objectives), "objective"), strings.Join(objectives, ", "),
		number.Count(len(trained), "setting"), seedsOf(trained), number.Count(total, "run"))
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
	return text + suiteText(s) + " Every hyperparameter is listed below; none was tuned unless it has several values there."
}

// seedsOf says how many seeds the settings have: "5 seeds", "3 to 5 seeds".
func seedsOf(settings map[string]int) string {
	counts := slices.Sorted(maps.Values(settings))
	if len(counts) == 0 {
		return "no seeds"
	}
	fewest, most := counts[0], counts[len(counts)-1]
	if fewest == most {
		return number.Count(most, "seed")
	}
	return fmt.Sprintf("%d to %s", fewest, number.Count(most, "seed"))
}

// suiteText says which suite was run, and what its runs share.
func suiteText(s *report.Sweep) (text string) {
	if s.Suite == nil {
		return ""
	}
	text = fmt.Sprintf(" The experiments are those of the suite named %s", s.Suite.Name)
	if s.Title != "" {
		text += fmt.Sprintf(", “%s”", s.Title)
	}
	text += "."
	if paired := s.Suite.Paired(); len(paired) > 0 {
		text += fmt.Sprintf(" Runs that differ only in %s share their random streams, so that comparisons are paired by seed.", strings.Join(paired, ", "))
	}
	return text
}

// errorBars says what is beside a number, and how differences and claims are
// tested.
func errorBars(s *report.Sweep) string {
	text := "The unit is the seed: one run is one observation. ± is the sample standard deviation over seeds. " + report.IntervalMethods + " " +
		"Differences are tested by the exact two-sided Wilcoxon signed-rank test paired by seed, p adjusted by Holm's method within a row of a table. " + report.EffectMethods + " " +
		"Runs that diverged count as the worst value in medians, interquartile means and tests, and are counted beside every mean. " +
		"Times to a threshold are restricted means from the Kaplan-Meier estimate, runs that did not get there being censored."
	if claims := claimTests(s); claims != "" {
		text += " " + claims
	}
	return text
}

// claimTests says how the suite's claims are tested; "" where it has none.
func claimTests(s *report.Sweep) string {
	if s.Suite == nil {
		return ""
	}
	n := 0
	bounds := make(map[string][]string) // by the kind of test
	bound := func(test string, x float64) {
		if text := fmt.Sprint(x); !slices.Contains(bounds[test], text) {
			bounds[test] = append(bounds[test], text)
		}
	}
	for _, c := range s.Suite.Claims {
		switch c.Test {
		case "none":
			continue
		case "equal", "no-worse":
			bound(c.Test, c.Margin)
		case "value":
			bound(c.Test, c.Tolerance)
		case "ratio":
			bound(c.Test, c.AtLeast)
		}
		n++
	}
	if n == 0 {
		return ""
	}
	text := fmt.Sprintf("The suite's %s tested by exact one-sided signed-rank tests paired by seed at the level %v, p adjusted by Holm's method within a claim; the opposite of each is tested likewise.",
		map[bool]string{true: "claim is", false: fmt.Sprintf("%d claims are", n)}[n == 1], stats.Level)
	for _, kind := range []struct{ test, text string }{
		{"equal", "Equality is tested by two one-sided tests within a margin that the claim states (%s)."},
		{"no-worse", "That a setting is no worse is tested with a margin that the claim states (%s)."},
		{"value", "That a mean has a stated value is tested within a tolerance (%s)."},
		{"ratio", "A ratio is tested against the least one that the claim states (%s)."},
	} {
		if list := bounds[kind.test]; list != nil {
			text += " " + fmt.Sprintf(kind.text, strings.Join(list, ", "))
		}
	}
	return text
}

// definitions are those of common metrics in words; others have their formula.
var definitions = map[string]string{
	"l1":           "the L1 distance between the policy's distribution over terminal states and the target, from 0 to 2",
	"tv":           "the total variation distance between the policy's distribution over terminal states and the target, from 0 to 1",
	"jsd":          "the Jensen-Shannon divergence between the policy's distribution over terminal states and the target, in nats, at most ln 2",
	"kl_pt_target": "the Kullback-Leibler divergence of the policy's distribution over terminal states from the target, in nats",
	"modes":        "the number of distinct modes of the target, its terminal states of largest reward, seen in training",
	"kl_target_pt": "the Kullback-Leibler divergence of the target from the policy's distribution over terminal states, in nats",
}

// metricsText defines the metrics of the tables and claims, and says where they
// are exact; "" where there is none.
func metricsText(s *report.Sweep) string {
	var names []string
	exact, estimated := make(map[string][]string), make(map[string][]string) // environments by metric
	add := func(of suites.Metric, rows []*report.Row) {
		for _, r := range rows {
			name := of.Of(r.Environment())
			m, ok := metric.Lookup(name)
			if !ok || m.Info().Source == metric.Variance {
				continue
			}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
			score := r.Score(&report.Stat{Metric: m, Name: "final"})
			list := exact
			if !math.IsNaN(score.StdErr) {
				list = estimated
			}
			if e := r.Environment(); score.Kind == report.Measured && m.Info().Estimable && !slices.Contains(list[name], e) {
				list[name] = append(list[name], e)
			}
		}
	}
	specs, _ := s.Tables() // all
	for _, spec := range specs {
		add(spec.Metric, report.Matching(s.Rows, spec.On))
	}
	var text []string
	for _, name := range names {
		m, _ := metric.Lookup(name)
		line := fmt.Sprintf("%s is %s", name, cmp.Or(definitions[name], m.Info().Definition))
		switch m.Info().Better {
		case metric.GreaterBetter:
			line += "; higher is better"
		case metric.LowerBetter:
			line += "; lower is better"
		}
		always := slices.DeleteFunc(exact[name], func(e string) bool { return slices.Contains(estimated[name], e) })
		var how []string
		if len(always) > 0 {
			how = append(how, "exact on "+strings.Join(always, ", "))
		}
		if list := estimated[name]; list != nil {
			how = append(how, "estimated from samples on "+strings.Join(list, ", "))
		}
		if how != nil {
			line += ". It is " + strings.Join(how, " and ")
		}
		text = append(text, line+".")
	}
	return strings.Join(text, " ")
}

// compute says what the runs cost, and where.
func compute(s *report.Sweep) string {
	var total, longest float64
	n := 0
	machines, hosts := make(map[string]bool), make(map[string]bool)
	for _, r := range s.Rows {
		if r.Run == nil {
			continue
		}
		t := &r.Run.Timing
		total, longest, n = total+t.Wall, max(longest, t.Wall), n+1
		if t.CPU != "" {
			machines[strings.TrimSpace(t.CPU+" ("+cmp.Or(t.SIMD, "no SIMD")+")")] = true
		}
		if t.Host != "" {
			hosts[t.Host] = true
		}
	}
	if n == 0 {
		return "Nothing was run."
	}
	text := fmt.Sprintf("The runs took %s in all, %s on average and %s at most, each on one CPU core; no GPU was used.",
		duration(total), duration(total/float64(n)), duration(longest))
	if len(machines) > 0 {
		text += " Processor: " + strings.Join(slices.Sorted(maps.Keys(machines)), "; ")
		if len(hosts) > 1 {
			text += fmt.Sprintf(", on %d machines", len(hosts))
		}
		text += "."
	}
	return text
}

func duration(seconds float64) string {
	switch d := time.Duration(seconds * float64(time.Second)); {
	case d >= 100*time.Hour:
		return fmt.Sprintf("%.0f hours", d.Hours())
	case d >= time.Hour:
		return fmt.Sprintf("%.1f hours", d.Hours())
	case d >= time.Minute:
		return fmt.Sprintf("%.1f minutes", d.Minutes())
	}
	return fmt.Sprintf("%.2g s", seconds)
}

func software(s *report.Sweep) string {
	p := s.Set.Provenance
	text := "gfnbench"
	revisions := make(map[string]bool)
	for _, r := range s.Rows {
		if r.Run != nil && r.Run.Timing.Revision != "" {
			revisions[r.Run.Timing.Revision] = true
		}
	}
	if len(revisions) > 0 {
		text += ", revision " + strings.Join(slices.Sorted(maps.Keys(revisions)), " and ")
	}
	if v := p.Get("go"); v != "" {
		text += ", " + v
	}
	if v := p.Get("os"); v != "" {
		text += ", " + v
	}
	return text + fmt.Sprintf(". The results have the digest %s: the same suite gives the same rows, bit for bit, on every machine.", s.Digest())
}

// eachSetting visits the hyperparameters, with the values that each has in each
// environment.
func eachSetting(s *report.Sweep, visit func(key string, environments []string, values [][]string)) {
	environments := report.Distinct(s.Rows, "environment")
	groups := make(map[string][]*report.Row)
	for _, r := range s.Rows {
		groups[r.Environment()] = append(groups[r.Environment()], r)
	}
	for _, c := range s.Columns() {
		if c == "environment" || c == "seed" {
			continue
		}
		values := make([][]string, len(environments))
		for i, e := range environments {
			values[i] = report.Distinct(groups[e], c)
		}
		visit(c, environments, values)
	}
}

// Settings returns two tables: hyperparameters that are the same everywhere, and
// the others by environment.
func Settings(s *report.Sweep) []*sheet.Sheet {
	same := &sheet.Sheet{Name: "hyperparameters", Title: "Hyperparameters of all runs", Caption: "Where a key has several values, each was run.", Head: []string{"key", "values"}, Stub: 2, Prose: []int{1}}
	by := &sheet.Sheet{Name: "hyperparameters-by-task", Title: "Hyperparameters by task", Caption: "Where a key has several values, each was run.", Head: []string{"key"}, Stub: 1}
	for i, e := range report.Distinct(s.Rows, "environment") {
		by.Head, by.Prose = append(by.Head, e), append(by.Prose, i+1)
	}
	eachSetting(s, func(key string, _ []string, lists [][]string) {
		values := make([]string, len(lists))
		for i, list := range lists {
			values[i] = cmp.Or(strings.Join(list, ", "), "–")
		}
		switch alike := len(slices.Compact(slices.Clone(values))) == 1; {
		case alike && values[0] != "–":
			same.Rows = append(same.Rows, sheet.Texts(key, values[0]))
		case !alike:
			by.Rows = append(by.Rows, sheet.Texts(append([]string{key}, values...)...))
		}
	})
	if len(by.Rows) == 0 {
		return []*sheet.Sheet{same}
	}
	return []*sheet.Sheet{same, by}
}

// bibtex returns the entries of the paper and of this software. The authors are those
// of CITATION.cff.
func bibtex(p results.Provenance, release Release) string {
	revision, _, _ := strings.Cut(p.Get("revision"), "-dirty")
	if len(revision) > 12 {
		revision = revision[:12]
	}
	var note []string
	if release.Version != "" {
		note = append(note, "version "+release.Version)
	}
	if revision != "" && revision != "unknown" {
		note = append(note, "results of revision "+revision)
	}
	year, _, _ := strings.Cut(cmp.Or(release.Date, p.Get("start")), "-")
	entry := `@inproceedings{dasilva2024divergence,
  title     = {On Divergence Measures for Training {GFlowNets}},
  author    = {da Silva, Tiago and da Silva, Eliezer de Souza and Mesquita, Diego},
  booktitle = {Advances in Neural Information Processing Systems},
  volume    = {37},
  year      = {2024},
}
@misc{gfnbench,
  title        = {gfnbench: a reproducible benchmark of divergence measures for training {GFlowNets}},
  author       = {{the gfnbench authors}},
  howpublished = {Computer program},
`
	if year != "" {
		entry += fmt.Sprintf("  year         = {%s},\n", year)
	}
	if note != nil {
		entry += fmt.Sprintf("  note         = {%s},\n", sheet.UpperFirst(strings.Join(note, ", ")))
	}
	return entry + "}\n"
}
