package claims

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gfnbench/report"
	"gfnbench/report/number"
	"gfnbench/report/stats"
	"gfnbench/suites"
)

// A Test compares one member of a with one member of b, unit by unit.
type Test struct {
	On, A, B string // selectors; "" if there is none
	Reading  string // reading of the claim; "" if it has one
	Metric   string // column name

	Over            string  // suites.OverSeeds or OverInstances: what the units are
	N               int     // number of pairs of units
	Seeds           int     // largest number of seeds of an instance, if instances are the units
	MeanA, MeanB    float64 // means over these units
	Estimand        string  // what Estimate is: "a - b", "b / a" or "a"
	Estimate        float64 // Hodges–Lehmann estimate; NaN if there is none
	Low, High       float64 // ends of the interval, adjusted like P and Against; NaN if not given
	P               float64 // one-sided p of the claim
	Against         float64 // one-sided p of the opposite
	MinP            float64 // smallest P that N pairs can reach
	Adjusted        float64 // P by Holm's method, within the claim
	AdjustedAgainst float64 // Against by Holm's method, within the claim
	TieP            float64 // p of a difference below Size; 1 if the claim has no smallest effect
	AdjustedTie     float64 // TieP by Holm's method, within the claim

	Size       float64 // smallest effect, margin or tolerance, in the metric's unit; 0 where there is none
	SD         float64 // standard deviation of the units' differences, of a ratio of b - at_least · a; NaN where one is not finite
	Power      float64 // of an undecided test at Size, or at one SD; else 1
	Detectable float64 // difference that is found with a power of 80%; NaN where it is decided

	Holds   bool     // whether the means of both sides agree with the claim, regardless of chance
	Verdict Verdict  // at stats.Level
	Why     string   // why it was not run
	Notes   []string // on seeds that diverged, never reached the threshold or were left out

	sideA    *suites.Selector // the cells of a, whose units are the test's
	sideB    *suites.Selector // the cells of b; nil where there are none
	effect   effect
	unpaired bool   // whether another program trained a side
	tied     effect // of a difference below Size, if the claim has a smallest effect
	ran      bool
	label    string   // for readers
	waiting  []string // environments without results yet for some seed
}

// run runs the test of a claim.
func (t *Test) run(s *report.Sweep, c *suites.Claim, rows []*report.Row, a, b, on *suites.Selector) error {
	t.P, t.Against, t.TieP, t.MinP = 1, 1, 1, 1
	t.SD, t.Detectable = math.NaN(), math.NaN()
	t.Estimate, t.Low, t.High, t.MeanA, t.MeanB = math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()
	t.sideA = a
	sideA := report.Matching(rows, a)
	var sideB []*report.Row
	if b != nil {
		t.sideB = b.And(on)
		sideB = report.Matching(rows, t.sideB)
	}
	st, err := s.Stats(c.Metric, c.Stat, c.Threshold, slices.Concat(sideA, sideB))
	if err != nil {
		return err
	}
	scoresA, why := t.side(s, sideA, st, a)
	if b != nil {
		scoresB, whyB := t.side(s, sideB, st, b.And(on))
		why = cmp.Or(why, whyB)
		t.compare(c, scoresA, scoresB, &why)
	} else if why == "" {
		t.compare(c, scoresA, nil, &why)
	}
	if t.Why, t.ran = why, why == ""; t.ran {
		t.noteWide(c, report.Pooled(append(s.Columns(), "step"), t.Over), st, report.Matching(rows, on), scoresA[0].Row.Environment())
	}
	return nil
}

// side scores the cells of one side, or says why it cannot.
func (t *Test) side(s *report.Sweep, rows []*report.Row, st map[string]*report.Stat, sel *suites.Selector) (scores []report.Score, why string) {
	if len(rows) == 0 {
		t.waiting = append(t.waiting, environmentsOf(sel)...)
		return nil, fmt.Sprintf("there are no results for %s", sel)
	}
	columns := report.Pooled(append(s.Columns(), "step"), t.Over)
	waiting := 0
	seen := make(map[report.Unit]bool)
	for _, r := range rows {
		if axis := report.Differ(columns, rows[0], r); axis != "" {
			return nil, fmt.Sprintf("the cells of %s differ in %s, and only %s are pooled", sel, axis, t.Over)
		}
		unit := report.Unit{Instance: r.Instance(), Seed: r.Seed()}
		if seen[unit] {
			return nil, fmt.Sprintf("there are two results for seed %d of %s", r.Seed(), sel)
		}
		seen[unit] = true
		if r.Run == nil {
			waiting++
		}
		scores = append(scores, r.Score(st[r.Environment()]))
	}
	if waiting > 0 {
		t.waiting = append(t.waiting, rows[0].Environment())
		return nil, fmt.Sprintf("%d of %s have no result yet for %s", waiting, number.Count(len(rows), runNoun(t.Over)), sel)
	}
	return scores, ""
}

// environmentsOf returns the environments that a selector names or, if it names none, the
// text of the selector.
func environmentsOf(sel *suites.Selector) (list []string) {
	for _, c := range sel.Conditions {
		if c.Column == "environment" {
			for _, v := range c.Values {
				list = append(list, suites.Format(v))
			}
		}
	}
	if len(list) == 0 {
		list = []string{sel.String()}
	}
	return list
}

// compare fills in the test's numbers from the scores of both sides.
func (t *Test) compare(c *suites.Claim, a, b []report.Score, why *string) {
	if *why != "" {
		return
	}
	t.Metric = c.Metric.Of(a[0].Row.Environment())
	t.noteAbsent("a", a)
	t.noteAbsent("b", b)
	t.Seeds = seedsEach(a, t.Over)
	if b == nil {
		b = make([]report.Score, len(a)) // compare with a stated value
		for i := range a {
			b[i] = report.Score{Row: a[i].Row, Value: c.Value}
		}
	}
	m, err := report.LookupMetric(t.Metric)
	if err != nil {
		*why = err.Error()
		return
	}
	st := &report.Stat{Metric: m, Name: c.Stat}
	direction, hasDirection := st.Direction()
	if slices.Contains([]string{"better", "no-worse", "rank", "beaten"}, c.Test) && !hasDirection {
		*why = t.Metric + " has no better direction"
		return
	}
	// Estimate, and test at the smallest difference that counts.
	s := t.sampled(c, a, b)
	if t.N == 0 {
		*why = "no seed has a score on both sides"
		return
	}
	t.MeanA, t.MeanB, t.SD = stats.Mean(s.x), stats.Mean(s.y), s.spread()
	if c.Test == "ratio" {
		t.SD = s.multiple(c.AtLeast).spread()
	}
	t.Size = sizeOf(c).Of(reference(c, s.y), spread(s.y))
	if t.Size != t.Size || math.IsInf(t.Size, 0) {
		*why = "the smallest difference that counts cannot be computed because runs of b diverged"
		return
	}
	t.Holds = t.holds(c, direction)
	if err := t.size(c, direction, s); err != nil {
		*why = err.Error()
		return
	}
	if t.P <= 0 || t.Against <= 0 || math.IsNaN(t.P+t.Against) {
		*why = "the test has no p"
	}
}

// holds reports whether the means agree with the claim.
func (t *Test) holds(c *suites.Claim, direction stats.Direction) bool {
	worse := t.MeanA - t.MeanB // by how much a is worse than b, as a difference
	if direction == stats.HigherIsBetter {
		worse = -worse
	}
	switch c.Test {
	case "ratio":
		return t.MeanB >= c.AtLeast*t.MeanA
	case "equal", "value":
		return math.Abs(worse) < t.Size
	case "no-worse":
		return worse < t.Size
	case "beaten":
		return worse > 0
	}
	return worse < 0
}

// sampled returns the values of both sides, and fills in their number.
func (t *Test) sampled(c *suites.Claim, a, b []report.Score) *samples {
	if c.Test != "value" && report.Unpaired(a, b, c.Over) {
		s := &samples{x: report.Values(a), y: report.Values(b), unpaired: true}
		t.N, t.unpaired = min(len(s.x), len(s.y)), true
		t.MinP = stats.TwoSampleMinP(len(s.x), len(s.y), stats.Greater)
		t.Notes = append(t.Notes, "another program trained a side: the exact Mann–Whitney test, unpaired")
		return s
	}
	s := &samples{}
	for _, p := range report.PairUnits(a, b, t.Over) {
		s.x, s.y, s.d = append(s.x, p[0]), append(s.y, p[1]), append(s.d, report.Difference(p[0], p[1]))
	}
	t.N = len(s.d)
	t.MinP = stats.PairedMinP(t.N, stats.Greater)
	return s
}

// noteAbsent notes the seeds of a side that diverged or have no score.
func (t *Test) noteAbsent(side string, scores []report.Score) {
	count := make(map[string]int)
	var order []string
	for i := range scores {
		what := ""
		switch scores[i].Kind {
		case report.Diverged:
			what = "diverged, counted as worst"
		case report.Censored:
			what = "never reached it, counted as worst"
		case report.Absent:
			what = "left out: " + scores[i].Why
		default:
			continue
		}
		if count[what] == 0 {
			order = append(order, what)
		}
		count[what]++
	}
	for _, what := range order {
		t.Notes = append(t.Notes, fmt.Sprintf("%s: %d of %s %s", side, count[what], number.Count(len(scores), runNoun(t.Over)), what))
	}
}

// runNoun names the runs of a side.
func runNoun(over string) string {
	if over == suites.OverInstances {
		return "run"
	}
	return "seed"
}

// seedsEach returns the largest number of seeds of an instance, if instances are the
// units.
func seedsEach(scores []report.Score, over string) (most int) {
	if over != suites.OverInstances {
		return 0
	}
	count := make(map[int]int)
	for i := range scores {
		instance := scores[i].Row.Instance()
		count[instance]++
		most = max(most, count[instance])
	}
	return most
}

// sizeOf returns the size that the claim's test needs.
func sizeOf(c *suites.Claim) suites.Size {
	switch c.Test {
	case "equal", "no-worse":
		return c.Margin
	case "value":
		return c.Tolerance
	}
	return c.Effect
}

// reference returns the value to which a relative size refers: the mean of b, or the
// stated value.
func reference(c *suites.Claim, b []float64) float64 {
	if c.Test == "value" {
		return c.Value
	}
	return stats.Mean(b)
}
