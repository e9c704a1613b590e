package claims

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/sheet"
	"gfnbench/report/stats"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A Prospect is what a test of a claim or a table can show with the planned units, by the spread
// that a pilot has.
type Prospect struct {
	Claim    string  `json:"claim"`              // its id, or "table" and the name of one
	Test     string  `json:"test"`               // what is compared
	Reading  string  `json:"reading"`            // of the claim; "" if it has one
	Over     string  `json:"over"`               // what the units are
	Pilot    int     `json:"pilot"`              // units of the pilot
	SD       float64 `json:"sd"`                 // of its differences
	Size     float64 `json:"size"`               // that is to be found: the smallest effect or the margin, else one SD
	Assumed  bool    `json:"assumed"`            // Size is one SD, as the claim states none
	Units    int     `json:"units"`              // planned
	Power    float64 `json:"power"`              // with these
	Needed   int     `json:"needed"`             // units for a power of 80%
	Unpaired bool    `json:"unpaired,omitempty"` // of two samples: units are those of each
}

// fewestPilot is the smallest number of pilot units from which a spread is estimated.
const fewestPilot = 3

// Prospects returns the power that the tests of the claims, and the comparisons with the base
// of the tables, of the pilot's suite have with the units that the suite plans. Tests are left
// out for which the pilot has fewer than three units, or a spread that is 0 or not finite.
func Prospects(pilot *report.Sweep) (list []Prospect, err error) {
	list, err = tableProspects(pilot)
	if err != nil || pilot.Suite == nil || len(pilot.Suite.Claims) == 0 {
		return list, err
	}
	results, err := Judge(pilot)
	if err != nil {
		return nil, err
	}
	for _, r := range results {
		outcomes := r.Readings
		if len(outcomes) == 0 {
			outcomes = []*Result{r}
		}
		for _, one := range outcomes {
			family := len(one.Tests)
			for _, t := range one.Tests {
				if t.N >= fewestPilot && t.SD > 0 && !math.IsInf(t.SD, 0) {
					list = append(list, t.prospect(pilot.Suite, r.Claim, family))
				}
			}
		}
	}
	return list, nil
}

// prospect returns what the test can show in a family of the given size.
func (t *Test) prospect(s *suites.Suite, c *suites.Claim, family int) Prospect {
	p := Prospect{Claim: c.ID, Test: t.label, Reading: t.Reading, Over: t.Over, Pilot: t.N, SD: t.SD, Size: t.Size, Unpaired: t.unpaired, Units: plannedUnits(s, t.sideA, t.Over)}
	if c.OfVariance() {
		p.Units = measuringUnits(s, t.sideA, t.Over)
	} else if t.unpaired && t.sideB != nil {
		p.Units = min(p.Units, plannedUnits(s, t.sideB, t.Over))
	}
	p.measure(stats.Level/float64(family), c.Test == "equal" || c.Test == "value")
	return p
}

// measure fills in the power at a one-sided level; of both, two tests must reject.
func (p *Prospect) measure(level float64, both bool) {
	if p.Assumed = p.Size == 0; p.Assumed {
		p.Size = p.SD
	}
	p.Power = powerOf(p.Units, p.Unpaired, level).Of(p.Size / p.SD)
	wanted := wantedPower
	if both {
		p.Power, wanted = max(0, 2*p.Power-1), (1+wantedPower)/2
	}
	if p.Unpaired {
		p.Needed = stats.SamplesForPower(p.Size/p.SD, wanted, level)
	} else {
		p.Needed = stats.PairsForPower(p.Size/p.SD, wanted, level)
	}
}

// plannedUnits counts the units of the selected cells.
func plannedUnits(s *suites.Suite, sel *suites.Selector, over string) int {
	return unitsOf(s.Select(sel), over)
}

// unitsOf counts the units of cells.
func unitsOf(cells []*suites.Cell, over string) int {
	units := make(map[string]bool)
	for _, c := range cells {
		if over == suites.OverInstances {
			units[suites.Format(c.Value("instance"))] = true
		} else {
			units[fmt.Sprint(c.Seed)] = true
		}
	}
	return len(units)
}

// measuringUnits counts the units of the cells that measure the variance on the
// environments that the selector names.
func measuringUnits(s *suites.Suite, sel *suites.Selector, over string) int {
	if s.Variance == nil {
		return 0
	}
	environments := environmentsOf(sel)
	var cells []*suites.Cell
	for _, c := range s.Select(s.Variance.On) {
		if !sel.Has("environment") || slices.Contains(environments, c.EnvironmentName()) {
			cells = append(cells, c)
		}
	}
	return unitsOf(cells, over)
}

// tableProspects returns the power of the comparisons with the base of each table, which are
// two-sided and of one family in a row.
func tableProspects(pilot *report.Sweep) (list []Prospect, err error) {
	if pilot.Suite == nil {
		return nil, nil
	}
	for _, spec := range pilot.Suite.Tables {
		if spec.Base == "" || spec.Condensed() {
			continue
		}
		t, err := pilot.Table(spec)
		if errors.Is(err, usage.ErrNoMatch) {
			continue // the pilot has nothing of it
		}
		if err != nil {
			return nil, err
		}
		for i, row := range t.Slots {
			list = append(list, rowProspects(pilot.Suite, t, i, row)...)
		}
	}
	return list, nil
}

// rowProspects returns the power of the comparisons in a row of a table.
func rowProspects(s *suites.Suite, t *report.Table, i int, row []*report.Slot) (list []Prospect) {
	family := 0
	for _, slot := range row {
		if slot != nil && slot.Versus != nil {
			family++
		}
	}
	over := cmp.Or(t.Spec.Over, suites.OverSeeds)
	for j, slot := range row {
		if slot == nil || slot.Versus == nil {
			continue
		}
		spread, n := slot.SpreadFrom(t.BaseOf(i))
		if n < fewestPilot || !(spread > 0) || math.IsInf(spread, 0) {
			continue
		}
		p := Prospect{Claim: "table " + t.Spec.Name, Test: t.Rows[i].Name + ": " + t.Columns[j].Name + " against " + t.BaseName(), Over: over,
			Pilot: n, SD: spread, Unpaired: slot.Versus.Unpaired, Units: unitsOf(likeRows(s, slot.Rows), over)}
		p.measure(stats.Level/2/float64(family), false)
		list = append(list, p)
	}
	return list
}

// likeRows returns the planned cells that differ from those of a slot in the unit alone.
func likeRows(s *suites.Suite, rows []*report.Row) (cells []*suites.Cell) {
	same := make(map[string]bool)
	for _, r := range rows {
		if r.Cell != nil {
			same[likeness(s, r.Cell)] = true
		}
	}
	for _, c := range s.Cells {
		if same[likeness(s, c)] {
			cells = append(cells, c)
		}
	}
	return cells
}

// likeness is what cells of one slot have in common.
func likeness(s *suites.Suite, c *suites.Cell) string {
	var columns []string
	for _, column := range s.Columns {
		if column.Name != "seed" && column.Name != param.Instance && column.Name != "params.instance_seed" {
			columns = append(columns, column.Name)
		}
	}
	return suites.Label(columns, c.Value)
}

// ProspectSheet writes prospects, a row each.
func ProspectSheet(suite string, list []Prospect) *sheet.Sheet {
	sh := &sheet.Sheet{Name: "power", Title: "Power: " + suite, Stub: 2,
		Caption: "Power of each test with the planned units at the target effect, and the units for 80% power, for normal differences with the spread of the pilot, at the level of the first step of Holm's method within the claim, or the row of a table.",
		Head:    []string{"claim", "test", "sd (pilot)", "size", "planned", "power", "80% needs"}}
	for _, p := range list {
		name := p.Test
		if p.Reading != "" {
			name += " (" + p.Reading + ")"
		}
		row := sheet.Texts(p.Claim, name, fmt.Sprintf("%s (%s)", number.Plain(twoDigits(p.SD)), countText(p.Over, p.Pilot)), number.Plain(twoDigits(p.Size)),
			countText(p.Over, p.Units), fmt.Sprintf("%.2f", math.Round(100*p.Power)/100), countText(p.Over, p.Needed))
		if p.Assumed {
			row[3].Marks = append(row[3].Marks, sh.Footnote("one standard deviation: no smallest effect is stated"))
		}
		if p.Unpaired {
			row[4].Marks = append(row[4].Marks, sh.Footnote("two samples of so many each: another program trained a side"))
		}
		sh.Rows = append(sh.Rows, row)
	}
	return sh
}
