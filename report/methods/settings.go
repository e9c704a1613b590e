package methods

import (
	"cmp"
	"slices"
	"strings"

	"gfnbench/report"
	"gfnbench/report/sheet"
)

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

// Settings returns two tables: the hyperparameters that are the same everywhere,
// and the others by environment.
func Settings(s *report.Sweep) []*sheet.Sheet {
	same := &sheet.Sheet{Name: "hyperparameters", Title: "Hyperparameters of all runs", Caption: "Every listed value was run.", Head: []string{"key", "values"}, Stub: 2, Prose: []int{1}}
	by := &sheet.Sheet{Name: "hyperparameters-by-task", Title: "Hyperparameters by task", Caption: "Every listed value was run.", Head: []string{"key"}, Stub: 1}
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
