package sweep

import (
	"gfnbench/results"
	"gfnbench/suites"
)

// Hidden counts the cells of a directory that its suite does not list. They are kept.
type Hidden struct {
	Outside int      `json:"hidden"`        // all of them
	BySet   int      `json:"hidden_by_set"` // those that the suite lists without the settings of --set
	Set     []string `json:"-"`             // these settings
}

// hidden counts what lies outside the plan's suite.
func hidden(p *Plan, set *results.Set) Hidden {
	listed := idsOf(p.Suite.Cells)
	var outside []string
	for i := range set.Runs {
		if id := set.Runs[i].ID; !listed[id] {
			outside = append(outside, id)
		}
	}
	return hiddenOf(p, outside)
}

// hiddenOf counts the cells outside the plan's suite.
func hiddenOf(p *Plan, outside []string) Hidden {
	h := Hidden{Outside: len(outside), Set: p.Selection.Set}
	if len(outside) == 0 || len(h.Set) == 0 {
		return h
	}
	plain, err := p.Suite.WithoutSet()
	if err != nil {
		return h // it is a suite with these settings only
	}
	listed := idsOf(plain.Cells)
	for _, id := range outside {
		if listed[id] {
			h.BySet++
		}
	}
	return h
}

func idsOf(cells []*suites.Cell) map[string]bool {
	ids := make(map[string]bool, len(cells))
	for _, c := range cells {
		ids[c.ID] = true
	}
	return ids
}
