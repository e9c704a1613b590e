package claims

import (
	"fmt"
	"math"

	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/sheet"
	"gfnbench/report/stats"
	"gfnbench/suites"
)

// A Prospect is what a test of a claim can show with the planned units, by the spread
// that a pilot has.
type Prospect struct {
	Claim   string  `json:"claim"`   // its id
	Test    string  `json:"test"`    // what is compared
	Reading string  `json:"reading"` // of the claim; "" if it has one
	Over    string  `json:"over"`    // what the units are
	Pilot   int     `json:"pilot"`   // units of the pilot
	SD      float64 `json:"sd"`      // of its differences
	Size    float64 `json:"size"`    // that is to be found: the smallest effect or the margin, else one SD
	Assumed bool    `json:"assumed"` // Size is one SD, as the claim states none
	Units   int     `json:"units"`   // planned
	Power   float64 `json:"power"`   // with these
	Needed  int     `json:"needed"`  // units for a power of 80%
}

// fewestPilot is how many units of a pilot say something of a spread.
const fewestPilot = 3

// Prospects returns the power that the tests of the claims of the pilot's suite have
// with the units that the suite plans. Tests are left out for which the pilot has
// fewer than three units, or a spread that is 0 or not finite.
func Prospects(pilot *report.Sweep) (list []Prospect, err error) {
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
				if t.N < fewestPilot || !(t.SD > 0) || t.unpaired || r.Claim.Test == "ratio" || r.Claim.OfVariance() {
					continue
				}
				list = append(list, t.prospect(pilot.Suite, r.Claim, family))
			}
		}
	}
	return list, nil
}

// prospect returns what the test can show in a family of so many.
func (t *Test) prospect(s *suites.Suite, c *suites.Claim, family int) Prospect {
	p := Prospect{Claim: c.ID, Test: t.label, Reading: t.Reading, Over: t.Over, Pilot: t.N, SD: t.SD, Size: t.Size, Units: plannedUnits(s, t.sideA, t.Over)}
	if p.Assumed = p.Size == 0; p.Assumed {
		p.Size = t.SD
	}
	level := stats.Level / float64(family)
	p.Power = powerOf(p.Units, false, level).Of(p.Size / t.SD)
	wanted := wantedPower
	if c.Test == "equal" || c.Test == "value" { // both ends must be rejected
		p.Power, wanted = max(0, 2*p.Power-1), (1+wantedPower)/2
	}
	p.Needed = stats.PairsForPower(p.Size/t.SD, wanted, level)
	return p
}

// plannedUnits counts the units of the selected cells.
func plannedUnits(s *suites.Suite, sel *suites.Selector, over string) int {
	units := make(map[string]bool)
	for _, c := range s.Select(sel) {
		if over == suites.OverInstances {
			units[suites.Format(c.Value("instance"))] = true
		} else {
			units[fmt.Sprint(c.Seed)] = true
		}
	}
	return len(units)
}

// ProspectSheet writes prospects, a row each.
func ProspectSheet(suite string, list []Prospect) *sheet.Sheet {
	sh := &sheet.Sheet{Name: "power", Title: "Power: " + suite, Stub: 2,
		Caption: "Power of each test with the planned units at the size that is to be found, and the units for 80%, of normal differences with the spread of the pilot, at the level of the first step of Holm's method within the claim.",
		Head:    []string{"claim", "test", "sd (pilot)", "size", "planned", "power", "80% needs"}}
	for _, p := range list {
		name := p.Test
		if p.Reading != "" {
			name += " (" + p.Reading + ")"
		}
		row := sheet.Texts(p.Claim, name, fmt.Sprintf("%s (%s)", number.Plain(twoDigits(p.SD)), countText(p.Over, p.Pilot)), number.Plain(twoDigits(p.Size)),
			countText(p.Over, p.Units), fmt.Sprintf("%.2f", math.Round(100*p.Power)/100), countText(p.Over, p.Needed))
		if p.Assumed {
			row[3].Marks = append(row[3].Marks, sh.Footnote("one standard deviation: the claim states no smallest effect"))
		}
		sh.Rows = append(sh.Rows, row)
	}
	return sh
}
