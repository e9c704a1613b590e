package sheet

import (
	"slices"
	"strconv"

	"gfnbench/report"
	"gfnbench/suites"
)

// OfChoices returns a sheet with a row for each environment and objective, and the
// share of variance that each setting explains.
func OfChoices(name string, of suites.Metric, list []*report.Choices) *Sheet {
	sh := &Sheet{Name: "choices", Title: "Which choice matters: " + name, Stub: 1, Across: "share of the variance",
		Caption: "Share of the variance of " + MetricText(of) + " at the end that each setting explains, on a logarithmic scale where the metric has no negative values."}
	var factors []string
	for _, s := range list {
		for _, f := range s.Factors {
			if !slices.Contains(factors, f) {
				factors = append(factors, f)
			}
		}
	}
	sh.Head = slices.Concat([]string{"environment/objective"}, factors, []string{"interactions", "seeds", "runs"})
	for _, s := range list {
		row := Texts(append([]string{s.Group.Name}, make([]string, len(sh.Head)-1)...)...)
		largest := slices.Max(s.Of)
		for i, f := range s.Factors {
			e := &row[1+slices.Index(factors, f)]
			e.Text, e.Value, e.Bold = percent(s.Of[i])+" ("+s.Levels[i]+")", s.Of[i], s.Of[i] == largest && largest > 0.005
		}
		end := row[len(row)-3:]
		end[0].Text, end[0].Value = percent(s.Interactions), s.Interactions
		end[1].Text, end[1].Value = percent(s.Chance), s.Chance
		end[2].Text = strconv.Itoa(s.N)
		if !s.Balanced {
			row[0].Marks = append(row[0].Marks, sh.Footnote("not every setting has as many runs: the shares do not add up"))
		}
		if s.Left > 0 {
			row[0].Marks = append(row[0].Marks, sh.Footnote("%d of %d runs left out: diverged, without a result, or not above 0 on the logarithmic scale", s.Left, s.Left+s.N))
		}
		sh.Rows = append(sh.Rows, row)
	}
	sh.Note("in brackets the value with the best mean; bold, in text *, the largest share")
	sh.Note("interactions: what the settings explain together beyond that; seeds: what is left within settings")
	sh.Renumber()
	return sh
}

// percent writes a share.
func percent(x float64) string { return strconv.FormatFloat(100*x, 'f', 0, 64) + "%" }
