package claims

import (
	"fmt"
	"slices"
	"strings"

	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/sheet"
	"gfnbench/suites"
)

// mostCubes is the largest number of parts that a table lists for a claim.
const mostCubes = 8

// Choices returns a sheet that says in which of its readings each claim holds on average.
// It is nil if no claim of the suite has readings with results.
func Choices(s *report.Sweep) (*sheet.Sheet, error) {
	if s.Suite == nil || len(s.Suite.Claims) == 0 {
		return nil, nil
	}
	list, err := Judge(s)
	if err != nil {
		return nil, err
	}
	sh := &sheet.Sheet{Name: "choices-claims", Title: "Where each claim holds", Stub: 2, Prose: []int{1}, Head: []string{"claim", "where the means agree with it", "holds in", "supported"},
		Caption: "Combinations of the open choices in which the means agree with each claim; together the parts list exactly these."}
	for _, r := range list {
		addHeld(sh, r)
	}
	if len(sh.Rows) == 0 {
		return nil, nil
	}
	sh.Note("holds in: by the means of the runs, regardless of chance; supported: by the claim's test")
	return sh, nil
}

// held returns the readings of a claim that have results, and whether each holds.
func (r *Result) held() (readings []*suites.Selector, holds []bool) {
	for _, one := range r.Readings {
		if one.Verdict != NotRun {
			readings, holds = append(readings, one.Reading), append(holds, one.holds())
		}
	}
	return readings, holds
}

// holds reports whether the means agree with a reading of a claim: in every group of its
// tests, no more may fail than the claim allows.
func (r *Result) holds() bool {
	for _, g := range r.groups {
		failed := 0
		for _, t := range g {
			if !t.Holds {
				failed++
			}
		}
		if failed > r.mayFail(g) {
			return false
		}
	}
	return true
}

// addHeld adds the rows of a claim if it has readings with results.
func addHeld(sh *sheet.Sheet, r *Result) {
	readings, holds := r.held()
	if len(readings) == 0 {
		return
	}
	supported := 0
	for _, one := range r.Readings {
		if one.Verdict == Supported {
			supported++
		}
	}
	all := len(readings)
	row := sheet.Texts(r.Claim.ID, r.Claim.Text, fmt.Sprintf("%d of %d", count(holds), all), fmt.Sprintf("%d of %d", supported, all))
	sh.Rows = append(sh.Rows, row)
	if n := count(holds); n == 0 || n == all {
		return
	}
	cubes := cover(readings, holds)
	for i, c := range cubes {
		if i == mostCubes {
			sh.Rows = append(sh.Rows, sheet.Texts("", "· and "+number.Count(len(cubes)-i, "further part"), "", ""))
			break
		}
		sh.Rows = append(sh.Rows, sheet.Texts("", "· "+c.String(), fmt.Sprint(c.size), ""))
	}
}

func count(list []bool) (n int) {
	for _, x := range list {
		if x {
			n++
		}
	}
	return n
}

// A cube is the set of all readings with certain values of some factors.
type cube struct {
	columns, values []string
	size            int // number of readings in it
}

func (c cube) String() string {
	parts := make([]string, len(c.columns))
	for i, column := range c.columns {
		parts[i] = column[strings.LastIndex(column, ".")+1:] + "=" + c.values[i]
	}
	return strings.Join(parts, ", ")
}

// has reports whether a reading is in the cube.
func (c cube) has(reading *suites.Selector) bool {
	for i, column := range c.columns {
		if valueOf(reading, column) != c.values[i] {
			return false
		}
	}
	return true
}

// cover returns cubes that together contain exactly the readings that hold. Of the cubes
// that contain no other reading it repeatedly takes the one with most readings not yet
// covered; ties go to the cube with fewest factors, then to the first.
func cover(readings []*suites.Selector, holds []bool) (chosen []cube) {
	var pure []cube
	for _, c := range cubesOf(readings) {
		ok := true
		for i, reading := range readings {
			ok = ok && (holds[i] || !c.has(reading))
		}
		if ok {
			pure = append(pure, c)
		}
	}
	open := slices.Clone(holds)
	for count(open) > 0 {
		best, most := cube{}, 0
		for _, c := range pure {
			n := 0
			for i, reading := range readings {
				if open[i] && c.has(reading) {
					n++
				}
			}
			if n > most {
				best, most = c, n
			}
		}
		for i, reading := range readings {
			open[i] = open[i] && !best.has(reading)
		}
		chosen = append(chosen, best)
	}
	return chosen
}

// cubesOf returns all cubes that contain a reading, those with few factors first.
func cubesOf(readings []*suites.Selector) (list []cube) {
	conditions := readings[0].Conditions
	for size := 1; size <= len(conditions); size++ {
		for set := range 1 << len(conditions) {
			columns := subset(conditions, set)
			if len(columns) != size {
				continue
			}
			for _, reading := range readings {
				c := cube{columns: columns}
				for _, column := range columns {
					c.values = append(c.values, valueOf(reading, column))
				}
				i := slices.IndexFunc(list, func(o cube) bool { return slices.Equal(o.columns, c.columns) && slices.Equal(o.values, c.values) })
				if i < 0 {
					i, list = len(list), append(list, c)
				}
				list[i].size++
			}
		}
	}
	return list
}
