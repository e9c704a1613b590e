package report_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gfnbench/report"
	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
)

const twoTasks = `schema = 1
name = "tasks"
[run]
seeds = 3
steps = 10
eval_every = 10
[environment.small]
kind = "hypergrid"
dim = 2
height = 4
[environment.large]
kind = "hypergrid"
dim = 2
height = 8
[environment.odd]
kind = "hypergrid"
dim = 2
height = 6
[[grid]]
environment = ["small", "large"]
objective = ["tb", "vargrad", "db"]
[[grid]]
environment = ["odd"]
objective = ["tb"]
[[table]]
name = "t"
kind = "aggregate"
rows = "objective"
metric = "l1"
base = "tb"
`

// finalsOf are the last values of l1 by task and arm; the first are 2 on small, 1 on large.
var finalsOf = map[string][]float64{
	"small tb": {.2, .4, .6}, "small vargrad": {.1, .2, .3}, "small db": {.4, .8, 1.2},
	"large tb": {.5, .5, .5}, "large vargrad": {.1, .1, .4}, "large db": {.5, .25, .75},
}

func twoTaskSweep(t *testing.T) *report.Sweep {
	return reporttest.Load(t, twoTasks, func(c *suites.Cell, r *results.Run) {
		start := 2.
		if r.Environment == "large" {
			start = 1
		}
		final := 1.
		if list := finalsOf[r.Environment+" "+r.Objective]; list != nil {
			final = list[c.Seed]
		}
		reporttest.Curve(r, start, final)
	})
}

func condensed(t *testing.T, s *report.Sweep, edit func(*suites.Table)) *report.Overview {
	t.Helper()
	spec := *s.Suite.Tables[0]
	if edit != nil {
		edit(&spec)
	}
	table, err := s.Table(&spec)
	if err != nil {
		t.Fatal(err)
	}
	return table.Overview
}

// TestOverview has scores that are easily computed by hand: of tb they are .9, .8, .7 on
// small and three times .5 on large, so the mean is .65, the IQM, of the middle four, the
// mean of .5, .5, .7 and .8, and the gap .35.
func TestOverview(t *testing.T) {
	s := twoTaskSweep(t)
	o := condensed(t, s, nil)
	if got := o.TaskNames(o.Tasks) + "; " + o.TaskNames(o.Left); got != "small, large; odd" {
		t.Errorf("tasks are %s", got)
	}
	want := map[string]float64{"iqm": 2.5 / 4, "median": .65, "mean": .65, "gap": .35}
	for _, c := range o.Condense(o.Arms[0]) {
		if math.Abs(c.Interval.Estimate-want[c.Name]) > 1e-12 || !(c.Interval.Low < c.Interval.Estimate && c.Interval.Estimate < c.Interval.High) {
			t.Errorf("%s is %+v, want %v", c.Name, c.Interval, want[c.Name])
		}
	}
	// vargrad is better than tb in 1/9·(3+2.5+1.5) of pairs on small and in all on large.
	if p := o.Improvement(o.Arms[1], o.Arms[0]); !reporttest.Close(p.Estimate, (7.5/9+1)/2) {
		t.Errorf("improvement %+v, want %v", p, (7.5/9+1)/2)
	}
}

// TestOverviewByBase: vargrad has half of tb's value on small with every seed, and 1/5, 1/5
// and 4/5 on large: the geometric mean is √(½ · (4/125)^⅓).
func TestOverviewByBase(t *testing.T) {
	o := condensed(t, twoTaskSweep(t), func(spec *suites.Table) { spec.Normalise = suites.ByBase })
	want := math.Sqrt(.5 * math.Cbrt(4./125))
	for _, c := range o.Condense(o.Arms[1]) {
		if c.Name == "mean" && math.Abs(c.Interval.Estimate-want) > 1e-12 {
			t.Errorf("mean ratio %+v, want %v", c.Interval, want)
		}
		if c.Name == "gap" && (c.Interval.Estimate != 1 || c.Interval.Given()) { // never worse than tb
			t.Errorf("loss %+v", c.Interval)
		}
	}
}

// TestRanking: vargrad has the best mean on both tasks, tb and db tie on large.
func TestRanking(t *testing.T) {
	r := condensed(t, twoTaskSweep(t), func(spec *suites.Table) { spec.Kind = suites.TableOfRanks }).Ranking()
	var names []string
	for _, a := range r.Arms {
		names = append(names, a.Key)
	}
	if got := strings.Join(names, " "); got != "vargrad tb db" || !slices.Equal(r.Ranks, []float64{1, 2.25, 2.75}) {
		t.Errorf("%s with ranks %v", got, r.Ranks)
	}
	if len(r.Pairs) != 3 || r.MinP != 1 || len(r.Groups) != 1 || r.Groups[0] != [2]int{0, 2} {
		t.Errorf("%d pairs, smallest p %v, groups %v", len(r.Pairs), r.MinP, r.Groups)
	}
}

// TestOverviewDiverged: a run that diverged counts as infinitely bad in the IQM, and is
// left out of the mean, which says so.
func TestOverviewDiverged(t *testing.T) {
	s := reporttest.Load(t, twoTasks, func(c *suites.Cell, r *results.Run) {
		reporttest.Curve(r, 1, .1*float64(1+c.Seed))
		if r.Objective == "db" && r.Environment == "small" && c.Seed == 0 {
			r.Status = results.Diverged
		}
	})
	o := condensed(t, s, nil)
	db := o.Arms[2]
	if db.Diverged != 1 || !math.IsInf(db.Scores[0][0], -1) {
		t.Fatalf("%+v", db)
	}
	// Scores .8, .7 and -∞ on small, .9, .8, .7 on large: cut the least and the greatest.
	want := map[string]float64{"iqm": .75, "mean": (.75 + .8) / 2}
	for _, c := range o.Condense(db) {
		if w, ok := want[c.Name]; ok && math.Abs(c.Interval.Estimate-w) > 1e-12 {
			t.Errorf("%s is %v, want %v", c.Name, c.Interval.Estimate, w)
		}
	}
}

// TestCannotOverview: what has no common scale is refused.
func TestCannotOverview(t *testing.T) {
	s := twoTaskSweep(t)
	for want, edit := range map[string]func(*suites.Table){
		"final of elbo has none":    func(spec *suites.Table) { spec.Metric = suites.Metric{Default: "elbo"} },
		"neither greater nor lower": func(spec *suites.Table) { spec.Metric = suites.Metric{Default: "loss"} },
		"need one":                  func(spec *suites.Table) { spec.Normalise, spec.Base = suites.ByBase, "" },
		"is no row of the table":    func(spec *suites.Table) { spec.Base = "rb" },
		"jsd and l1 are not on one scale": func(spec *suites.Table) {
			spec.Normalise = suites.NotNormalised
			spec.Metric = suites.Metric{Default: "jsd", ByEnvironment: map[string]string{"large": "l1"}}
		},
		"the cells differ in objective": func(spec *suites.Table) { spec.Rows, spec.Base = []string{"control_variate"}, "" },
	} {
		spec := *s.Suite.Tables[0]
		edit(&spec)
		if _, err := s.Table(&spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
