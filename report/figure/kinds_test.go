package figure

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gfnbench/report"
	"gfnbench/report/claims"
	"gfnbench/report/diff"
	"gfnbench/report/reporttest"
	"gfnbench/report/stats"
	"gfnbench/results"
	"gfnbench/suites"
)

const drawn = `schema = 1
name = "drawn"
[run]
seeds = 3
steps = 10
eval_every = 10
batch = 8
[environment.sets]
kind = "sets"
elements = 6
size = 3
instances = 4
[environment.grid]
kind = "sets"
elements = 8
size = 4
instances = 4
[[grid]]
objective = ["tb", "vargrad", "db"]
[[figure]]
name = "curves"
metric = "l1"
over = "instances"
[[figure]]
name = "strip"
kind = "strip"
metric = "l1"
over = "instances"
[[figure]]
name = "cost"
kind = "cost"
metric = "l1"
x = "seconds"
over = "instances"
[[figure]]
name = "profile"
kind = "profile"
metric = "l1"
over = "instances"
[[figure]]
name = "ranks"
kind = "ranks"
metric = "l1"
tasks = ["environment", "instance"]
`

// drawnSweep has l1 at the end of instance + seed/10 for tb, twice that for vargrad, and
// half of it for db, which takes longer; at the start it is 10.
func drawnSweep(t *testing.T) *report.Sweep {
	return reporttest.Load(t, drawn, func(c *suites.Cell, r *results.Run) {
		x := float64(c.Value("instance").Int()) + float64(c.Seed)/10
		switch r.Objective {
		case "vargrad":
			x *= 2
		case "db":
			x /= 2
			r.Timing.Wall = 180
		}
		reporttest.Curve(r, 10, x)
	})
}

func made(t *testing.T, s *report.Sweep, name string) *Figure {
	t.Helper()
	i := slices.IndexFunc(s.Suite.Figures, func(f *suites.Figure) bool { return f.Name == name })
	f, err := Make(s, s.Suite.Figures[i], Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Write(&b, f, "svg", NeurIPS); err != nil {
		t.Fatal(err)
	}
	for _, p := range f.Panels {
		for _, s := range p.Series {
			if name := f.Name(s.Label); !strings.Contains(b.String(), strings.Fields(name)[0]) {
				t.Errorf("%s is not on the figure", name)
			}
		}
	}
	return f
}

// TestBandOverInstances: a line over instances is the mean of their means, and its band
// Student's t over these: 1.1, 2.1, 3.1 and 4.1.
func TestBandOverInstances(t *testing.T) {
	s := drawnSweep(t)
	f := made(t, s, "curves")
	tb := f.Panels[0].Series[0]
	want, _ := stats.MeanInterval([]float64{1.1, 2.1, 3.1, 4.1}, stats.Logarithmic, .95)
	if last := len(tb.X) - 1; tb.Seeds != 4 || math.Abs(tb.Mean[last]-2.6) > 1e-12 || math.Abs(tb.Low[last]-want.Low) > 1e-12 || math.Abs(tb.High[last]-want.High) > 1e-12 {
		t.Errorf("%d units, %v in %v … %v, want %v", tb.Seeds, tb.Mean, tb.Low, tb.High, want)
	}
	if note := f.Notes[0]; !strings.HasPrefix(note, "mean over 4 instances, each the mean of its seeds; band: 95% interval") {
		t.Error(note)
	}
	f, err := Make(s, Default(s), Options{})
	if err != nil || f.Spec.Over != suites.OverInstances || len(f.Panels[0].Series) != 3 {
		t.Errorf("by default over %q, %d lines: %v", f.Spec.Over, len(f.Panels[0].Series), err)
	}
	pooled := *s.Suite.Figures[0]
	pooled.Over = suites.OverSeeds
	if _, err := Make(s, &pooled, Options{}); err == nil || !strings.Contains(err.Error(), "differ in instance") || !strings.Contains(err.Error(), "--over instances") {
		t.Errorf("pools instances: %v", err)
	}
}

// TestStripAndCost: a point for each instance, and a front of what is cheap or good.
func TestStripAndCost(t *testing.T) {
	s := drawnSweep(t)
	strip := made(t, s, "strip").Panels[0]
	points := strip.Series[2].Points
	slices.Sort(points)
	if len(strip.Rows) != 3 || len(points) != 4 || math.Abs(points[3]-2.05) > 1e-12 || math.Abs(strip.Series[2].Mean[0]-1.3) > 1e-12 {
		t.Errorf("%v: %v, mean %v", strip.Rows, points, strip.Series[2].Mean)
	}
	cost := made(t, s, "cost").Panels[0]
	if got := fmt.Sprintf("%.4g", cost.Front); got != "[[90 2.6] [180 1.3]]" { // vargrad costs as much as tb and is worse
		t.Errorf("front %s", got)
	}
}

// TestProfileAndRanks: of db, the best everywhere, all runs are better than a threshold
// that half of tb's are.
func TestProfileAndRanks(t *testing.T) {
	s := drawnSweep(t)
	profile := made(t, s, "profile").Panels[0]
	tb, db := profile.Series[0], profile.Series[2]
	for i, x := range tb.X { // scores of tb are 1 - (instance + .1)/10: .89, .79, .69, .59
		want, all := 0.0, 0.0
		for _, score := range []float64{.89, .79, .69, .59} {
			if math.Abs(score-x) < 1e-9 {
				want = math.NaN() // on the edge
			} else if score > x {
				want += .25
			}
			if .5+score/2 > x {
				all += .25
			}
		}
		if !math.IsNaN(want) && (tb.Mean[i] != want || math.Abs(db.Mean[i]-all) > .25) {
			t.Errorf("at %v of tb %v, want %v, of db %v, want %v", x, tb.Mean[i], want, db.Mean[i], all)
		}
	}
	ranks := made(t, s, "ranks").Panels[0]
	if got := fmt.Sprint(ranks.Rows, ranks.Groups); got != "[db tb vargrad] []" { // 8 tasks tell all of three pairs apart
		t.Errorf("%s", got)
	}
}

// TestForest: a test on the side of its claim stands right of the line, one against it
// left; and changes between sweeps are relative.
func TestForest(t *testing.T) {
	s := reporttest.Claims(t, nil)
	judged, err := claims.Judge(s)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Forest(&suites.Figure{Name: "f", Kind: suites.FigureOfClaims}, judged)
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, r := range judged {
		for _, test := range r.Tests {
			if _, _, ok := test.Standing(r.Claim); !ok {
				continue
			}
			row := f.Panels[0].Series[at]
			at++
			sided := r.Claim.Test != "equal" && r.Claim.Test != "value"
			if sided && test.Verdict == claims.Supported && !(row.Low[0] > 0) || sided && test.Verdict == claims.Contradicted && !(row.High[0] < 0) {
				t.Errorf("%s is %s with %v in %v … %v", f.Name(row.Label), test.Verdict, row.Mean, row.Low, row.High)
			}
		}
	}
	if at == 0 || at != len(f.Panels[0].Rows) {
		t.Errorf("%d tests, %d rows", at, len(f.Panels[0].Rows))
	}
	var b bytes.Buffer
	if err := Write(&b, f, "png", TwoColumn); err != nil {
		t.Error(err)
	}
	other := reporttest.Claims(t, func(_ *suites.Cell, r *results.Run) { reporttest.Curve(r, 10, 3) })
	d, err := diff.Compare(s, other, diff.Options{})
	if err != nil {
		t.Fatal(err)
	}
	changes, err := OfDiff(d)
	if err != nil {
		t.Fatal(err)
	}
	for i, setting := range d.Settings {
		row := changes.Panels[0].Series[i]
		if want := setting.Versus.Shift.Estimate / setting.A.Estimate; row.Mean[0] != want {
			t.Errorf("%s changes by %v, want %v", setting.Label, row.Mean[0], want)
		}
	}
}

// TestOpenEnds: the interval of an estimate reaches the edge of the panel on the side where
// it has no end, with an arrow, and nowhere else; without an interval there is none.
func TestOpenEnds(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	f, p := newForest(&suites.Figure{Name: "f", Kind: suites.FigureOfClaims}, "x")
	p.row(f, "closed", stats.Interval{Estimate: 0, Low: -1, High: 1}, decided)
	p.row(f, "open below", stats.Interval{Estimate: 0.2, Low: -inf, High: 1}, opposed)
	p.row(f, "open above", stats.Interval{Estimate: -0.2, Low: -1, High: inf}, tied)
	p.row(f, "withheld", stats.Interval{Estimate: 0, Low: nan, High: nan}, open)
	f.noteOpen(p)
	var b bytes.Buffer
	if err := Write(&b, f, "svg", NeurIPS); err != nil {
		t.Fatal(err)
	}
	if len(f.Notes) != 1 {
		t.Errorf("notes %q", f.Notes)
	}
	// strokes returns the ends of the lines of a colour, and how many of several parts there are.
	strokes := func(s Style) (low, high float64, tips int) {
		low, high = inf, -inf
		color := fmt.Sprintf("stroke:#%02X%02X%02X", s.Color.R, s.Color.G, s.Color.B)
		for _, path := range regexp.MustCompile(`<path d="([ML][^"A]*)" style="([^"]*)"`).FindAllStringSubmatch(b.String(), -1) {
			if !strings.Contains(path[2], color) || strings.HasSuffix(path[1], "Z") {
				continue
			}
			points := regexp.MustCompile(`[ML]([-\d.]+),`).FindAllStringSubmatch(path[1], -1)
			if len(points) == 3 {
				tips++
			}
			for _, point := range points {
				x, _ := strconv.ParseFloat(point[1], 64)
				low, high = min(low, x), max(high, x)
			}
		}
		return low, high, tips
	}
	low, high, tips := strokes(decided)
	lowBelow, highBelow, tipsBelow := strokes(opposed)
	lowAbove, highAbove, tipsAbove := strokes(tied)
	if !(lowBelow < low && highBelow == high && lowAbove == low && highAbove > high) || tips != 0 || tipsBelow != 1 || tipsAbove != 1 {
		t.Errorf("from %v to %v with %d tips; open below %v to %v, %d; open above %v to %v, %d", low, high, tips, lowBelow, highBelow, tipsBelow, lowAbove, highAbove, tipsAbove)
	}
	if _, right, tips := strokes(open); tips != 0 || right > -inf {
		t.Errorf("a withheld interval reaches %v, with %d tips", right, tips)
	}
}

// TestLongRows: long names of rows are broken, leave room for the estimates, and are on the
// paper.
func TestLongRows(t *testing.T) {
	f, p := newForest(&suites.Figure{Name: "f", Kind: suites.FigureOfClaims}, "x")
	for i := range 4 {
		p.row(f, fmt.Sprintf("C%d: %s", i, strings.Repeat("renyi alpha=0.5 against tb ", 3+i)), stats.Interval{Estimate: 0, Low: -1, High: 1}, decided)
	}
	d, err := lay(f, TwoColumn)
	if err != nil {
		t.Fatal(err)
	}
	if d.data.X < leastWidth {
		t.Errorf("the estimates have %v of %v", d.data.X, TwoColumn.Width)
	}
	var b bytes.Buffer
	if err := Write(&b, f, "svg", TwoColumn); err != nil {
		t.Fatal(err)
	}
	last := -1.0
	for _, text := range textsOf(t, b.String()) {
		if text.x < 0 {
			t.Errorf("%s begins at %v", text.text, text.x)
		}
		if strings.Contains(text.text, "renyi") {
			if text.y <= last+1 && text.y >= last-1 {
				t.Errorf("%s is on another line", text.text)
			}
			last = text.y
		}
	}
}
