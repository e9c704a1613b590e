package claims

import (
	"math"
	"strings"

	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/stats"
	"gfnbench/suites"
)

// mostArms bounds the number of arms whose pairs are compared; fewestPairs is the
// smallest number of pairs that says something about a margin.
const mostArms, fewestPairs = 24, 3

// noteWide notes a margin that contains every pair of arms in the sweep under the
// conditions of the test, because what such a margin finds equal says nothing.
func (t *Test) noteWide(c *suites.Claim, columns []string, st map[string]*report.Stat, rows []*report.Row, environment string) {
	if !t.ran || c.Test != "equal" && c.Test != "no-worse" {
		return
	}
	arms := armsOf(rows, environment, columns, st[environment])
	if len(arms) > mostArms {
		return
	}
	pairs := 0
	for i, a := range arms {
		for _, b := range arms[i+1:] {
			p, ok := equalP(report.PairUnits(a, b, t.Over), t.Size)
			if !ok {
				continue
			}
			if p > stats.Level {
				return
			}
			pairs++
		}
	}
	if pairs >= fewestPairs {
		t.Notes = append(t.Notes, "the margin of "+number.Plain(twoDigits(t.Size))+" is uninformative: all "+number.Count(pairs, "pair")+" of arms on "+environment+" are within it")
	}
}

// armsOf returns the scores of each setting in an environment.
func armsOf(rows []*report.Row, environment string, columns []string, st *report.Stat) [][]report.Score {
	var arms [][]report.Score
	at := make(map[string]int)
	for _, r := range rows {
		if r.Environment() != environment || r.Run == nil {
			continue
		}
		var key strings.Builder
		for _, c := range columns {
			key.WriteString(suites.Format(r.Value(c)) + "\x00")
		}
		i, ok := at[key.String()]
		if !ok {
			i = len(arms)
			at[key.String()] = i
			arms = append(arms, nil)
		}
		arms[i] = append(arms[i], r.Score(st))
	}
	return arms
}

// equalP returns the p of two one-sided tests that pairs differ by less than the margin;
// ok is false if there is no test.
func equalP(pairs [][2]float64, margin float64) (p float64, ok bool) {
	if stats.PairedMinP(len(pairs), stats.Greater) > stats.Level {
		return 1, false
	}
	d := make([]float64, len(pairs))
	for i, v := range pairs {
		d[i] = report.Difference(v[0], v[1])
	}
	low, err1 := stats.PairedShift(d, -margin)
	high, err2 := stats.PairedShift(d, margin)
	if err1 != nil || err2 != nil {
		return math.NaN(), false
	}
	return max(low.Greater, high.Less), true
}
