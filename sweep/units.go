package sweep

import (
	"cmp"

	"gfnbench/gfn/param"
	"gfnbench/suites"
)

// Units are what comparisons are over.
type Units struct {
	Over  string `json:"over"`  // suites.OverSeeds or suites.OverInstances
	Count int    `json:"count"` // the smallest number in any group
}

// units counts the selected units of the claims that compare final cells, or of the tables if
// there is no such claim, or else the seeds.
func units(p *Plan) []Units {
	u := unitCount{make(map[string]bool), make(map[group]map[int]bool)}
	for _, c := range p.Cells {
		u.selected[c.ID] = true
	}
	for _, k := range p.Suite.Claims {
		if k.A != nil && !k.OfVariance() {
			u.count(p.Suite, k.Over, k.A.And(k.On))
			u.count(p.Suite, k.Over, cmp.Or(k.B, k.A).And(k.On))
		}
	}
	if len(u.units) == 0 {
		for _, table := range p.Suite.Tables {
			u.count(p.Suite, cmp.Or(table.Over, suites.OverSeeds), table.On)
		}
	}
	if len(u.units) == 0 {
		u.count(p.Suite, suites.OverSeeds, nil)
	}
	return u.smallest()
}

// A unitCount collects the units of groups of cells that may be compared.
type unitCount struct {
	selected map[string]bool // ids of the cells that count
	units    map[group]map[int]bool
}

// A group has cells of one objective and environment, and of one instance if its units
// are seeds.
type group struct{ over, label string }

// count adds the units of the selected cells that the selector matches.
func (u unitCount) count(s *suites.Suite, over string, sel *suites.Selector) {
	for _, c := range s.Select(sel) {
		g, unit := group{over, suites.Label([]string{"environment", "objective"}, c.Value)}, c.Seed
		switch instance := c.Value(param.Instance); {
		case !u.selected[c.ID] || over == suites.OverInstances && instance.IsNull():
			continue
		case over == suites.OverInstances:
			unit = instance.Int()
		default:
			g.label += "/" + suites.Format(instance)
		}
		if u.units[g] == nil {
			u.units[g] = make(map[int]bool)
		}
		u.units[g][unit] = true
	}
}

// smallest returns the smallest number of units of each kind.
func (u unitCount) smallest() (list []Units) {
	for _, over := range []string{suites.OverInstances, suites.OverSeeds} {
		least := 0
		for g, seen := range u.units {
			if g.over == over && (least == 0 || len(seen) < least) {
				least = len(seen)
			}
		}
		if least > 0 {
			list = append(list, Units{over, least})
		}
	}
	return list
}
