package sweepcmd

import (
	"fmt"
	"strings"

	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A listing is one kind of thing that can be listed.
type listing struct {
	name  string
	heads []string // heads of the columns; nil for a name and what it is
	items []item
}

// An item is one line of a listing, with what is said about it alone and what
// programs get.
type item struct {
	name   string
	cells  []string // cells of its line, after the name
	facts  []fact
	params []param.Param
	record any
}

// A fact is one thing said about an item. Facts without text are left out.
type fact struct{ name, text string }

// listings makes each listing, in the order of the documentation.
var listings = []struct {
	name string
	make func() (*listing, error)
}{
	{"environments", listEnvironments}, {"objectives", listObjectives}, {"control-variates", listControlVariates},
	{"metrics", listMetrics}, {"suites", listSuites},
}

func listNames() []string {
	names := make([]string, len(listings))
	for i, l := range listings {
		names[i] = l.name
	}
	return names
}

// listed returns the listing of that name.
func listed(name string) (*listing, error) {
	for _, l := range listings {
		if l.name == name {
			made, err := l.make()
			if err == nil {
				made.name = name
			}
			return made, err
		}
	}
	return nil, usage.Errorf("nothing to list under %q%s: expected one of %s", name, usage.DidYouMean(name, listNames()), strings.Join(listNames(), ", "))
}

// names lists the names of the items.
func (l *listing) names() []string {
	names := make([]string, len(l.items))
	for i, it := range l.items {
		names[i] = it.name
	}
	return names
}

// records returns what programs get.
func (l *listing) records() []any {
	list := make([]any, len(l.items))
	for i, it := range l.items {
		list[i] = it.record
	}
	return list
}

// A parameter is what an environment or an objective declares, for programs.
type parameter struct {
	Name     string      `json:"name"`
	Type     string      `json:"type"`
	Default  param.Value `json:"default"` // null if absent unless given
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

func listEnvironments() (*listing, error) {
	l := &listing{}
	for _, k := range kinds.All {
		l.items = append(l.items, item{
			name: k.Name, cells: []string{k.Doc}, params: k.Params,
			facts: []fact{{"meaning", k.Doc}, {"policies", strings.Join(k.Policies, ", ")}},
			record: struct {
				Name       string      `json:"name"`
				Doc        string      `json:"doc"`
				Policies   []string    `json:"policies"`
				Parameters []parameter `json:"parameters"`
			}{k.Name, k.Doc, k.Policies, declared(k.Params)},
		})
	}
	return l, nil
}

func listObjectives() (*listing, error) {
	l := &listing{}
	for _, k := range objective.Kinds {
		l.items = append(l.items, item{
			name: k.Name, cells: []string{k.Doc}, params: k.Params,
			facts: []fact{
				{"meaning", k.Doc}, {"formula", k.Formula}, {"source", k.Source},
				{"control variates", strings.Join(k.ControlVariates, ", ")},
				{"backward policy", backwardOf(k)},
			},
			record: struct {
				Name            string      `json:"name"`
				Doc             string      `json:"doc"`
				Formula         string      `json:"formula"`
				Source          string      `json:"source"`
				ControlVariates []string    `json:"control_variates"`
				Parameters      []parameter `json:"parameters"`
			}{k.Name, k.Doc, k.Formula, k.Source, append([]string{}, k.ControlVariates...), declared(k.Params)},
		})
	}
	return l, nil
}

// backwardOf says whether the objective can train the backward policy.
func backwardOf(k *objective.Kind) string {
	if k.NoLearnedBackward != "" {
		return "uniform only: " + k.NoLearnedBackward
	}
	return "uniform or learned"
}

func listControlVariates() (*listing, error) {
	l := &listing{}
	for _, cv := range objective.ControlVariates {
		l.items = append(l.items, item{
			name: cv.Name, cells: []string{cv.Doc},
			facts: []fact{{"meaning", cv.Doc}, {"formula", cv.Formula}, {"source", cv.Source}},
			record: struct {
				Name    string `json:"name"`
				Doc     string `json:"doc"`
				Formula string `json:"formula"`
				Source  string `json:"source"`
			}{cv.Name, cv.Doc, cv.Formula, cv.Source},
		})
	}
	return l, nil
}

func listMetrics() (*listing, error) {
	l := &listing{heads: []string{"METRIC", "UNIT", "BETTER", "MEANING"}}
	for _, m := range metric.All() {
		info := m.Info()
		unit, where := info.Unit, info.Where
		if unit == "" {
			unit = "–"
		}
		if where == "" {
			where = "everywhere"
		}
		better := map[metric.Direction]string{metric.LowerBetter: "lower", metric.GreaterBetter: "greater", metric.NoBetter: "–"}[info.Better]
		meaning := info.Definition
		if info.Where != "" {
			meaning += " (" + info.Where + ")"
		}
		l.items = append(l.items, item{
			name: info.Name, cells: []string{unit, better, meaning},
			facts: []fact{
				{"meaning", info.Definition}, {"unit", unit}, {"better", better}, {"defined", where},
				{"file", metricFiles[info.Source]}, {"standard error", stderrOf(info)},
			},
			record: struct {
				Name      string `json:"name"`
				Unit      string `json:"unit"`
				Better    string `json:"better"` // lower, greater or empty
				Where     string `json:"where"`
				Doc       string `json:"doc"`
				File      string `json:"file"`
				Estimable bool   `json:"estimable"`
			}{info.Name, info.Unit, strings.Trim(better, "–"), where, info.Definition, metricFiles[info.Source], info.Estimable},
		})
	}
	return l, nil
}

// metricFiles are the files of the results that hold the metrics of a source.
var metricFiles = map[metric.Source]string{
	metric.Evaluation: "curves.parquet; runs.parquet has the last value",
	metric.Timing:     "timing.parquet",
	metric.Variance:   "variance.parquet",
}

// stderrOf names the column of a metric's standard error.
func stderrOf(info metric.Info) string {
	if !info.Estimable {
		return ""
	}
	return info.Name + "_stderr, null if the value is exact"
}

func listSuites() (*listing, error) {
	l := &listing{}
	for _, name := range suites.Shipped() {
		s, err := suites.Read(name)
		if err != nil {
			return nil, err
		}
		l.items = append(l.items, item{
			name: name, cells: []string{s.Title},
			facts: []fact{
				{"title", s.Title}, {"cells", fmt.Sprint(len(s.Cells))}, {"environments", strings.Join(s.Environments, ", ")},
				{"reports", reportsOf(s)}, {"text", "sweep show " + name},
			},
			record: struct {
				Name  string `json:"name"`
				Title string `json:"title"`
				Cells int    `json:"cells"`
			}{name, s.Title, len(s.Cells)},
		})
	}
	return l, nil
}

// reportsOf names the tables and figures of a suite, and counts its claims.
func reportsOf(s *suites.Suite) string {
	var parts []string
	for _, t := range s.Tables {
		parts = append(parts, "table "+t.Name)
	}
	for _, f := range s.Figures {
		parts = append(parts, "figure "+f.Name)
	}
	if n := len(s.Claims); n > 0 {
		parts = append(parts, fmt.Sprintf("%d claims", n))
	}
	return strings.Join(parts, ", ")
}
