package stats_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gfnbench/gfn/stream"
	"gfnbench/report/stats"
)

const (
	strataStart   = "<!-- The table is written by GFNBENCH_SOAK=1 go test ./report/stats -run Aggregates -update -->\n"
	resamples     = 200
	bootstrapRuns = 500
)

// A scene is how the scores of several tasks come about.
type scene struct {
	name  string
	least float64 // coverage that 5, 10 and 30 units must have
	tasks int
	seeds int                                               // of a unit: several where the unit is an instance
	best  float64                                           // of scores with a best value, from which the distance is on the logarithmic scale; else NaN
	draw  func(s *stream.Stream, task, seeds int) []float64 // of one unit
}

var scenes = []scene{
	{"5 tasks, normal", .93, 5, 1, math.NaN(), func(s *stream.Stream, task, _ int) []float64 {
		return []float64{.5 + .1*float64(task) + .02*float64(1+task*task)*s.Normal()}
	}},
	{"5 tasks, 1 − lognormal", .9, 5, 1, 1, func(s *stream.Stream, task, _ int) []float64 {
		return []float64{1 - .05*float64(1+task)*math.Exp(s.Normal())}
	}},
	{"4 tasks, 1 − lognormal, each twice as wide as the last", .9, 4, 1, 1, func(s *stream.Stream, task, _ int) []float64 {
		return []float64{1 - .05*math.Pow(2, float64(task))*math.Exp(.7*s.Normal())}
	}},
	{"5 tasks, one run in ten fails", .9, 5, 1, 1, func(s *stream.Stream, task, _ int) []float64 {
		v := min(.99, .9-.05*float64(task)+.05*s.Normal())
		if s.Float64() < .1 {
			v = .3
		}
		return []float64{v}
	}},
	{"1 task, instances of 3 seeds", .93, 1, 3, math.NaN(), ofInstance},
	{"5 tasks, instances of 3 seeds", .93, 5, 3, math.NaN(), ofInstance},
}

// ofInstance draws an instance that differs from others as much as its seeds from
// each other.
func ofInstance(s *stream.Stream, task, seeds int) []float64 {
	instance := float64(task) + s.Normal()
	x := make([]float64, seeds)
	for i := range x {
		x[i] = instance + s.Normal()
	}
	return x
}

// sample draws n units of every task, task × unit × seed.
func (p scene) sample(s *stream.Stream, n int, shift float64) [][][]float64 {
	x := make([][][]float64, p.tasks)
	for t := range x {
		for range n {
			unit := p.draw(s, t, p.seeds)
			for i := range unit {
				unit[i] -= shift
			}
			x[t] = append(x[t], unit)
		}
	}
	return x
}

// unitMeans averages the seeds of each unit.
func unitMeans(x [][][]float64) [][]float64 {
	means := make([][]float64, len(x))
	for t := range x {
		for _, unit := range x[t] {
			means[t] = append(means[t], stats.Mean(unit))
		}
	}
	return means
}

// A summary makes an interval of the scores of tasks, x, or of them and others, y.
type summary struct {
	name      string
	printed   bool // by the reports; others are for comparison
	bootstrap bool
	scenes    func(p scene) bool
	interval  func(p scene, x, y [][][]float64, s *stream.Stream) (stats.Interval, error)
}

// gap is the optimality gap to 1.
func gap(_ scene, x, _ [][][]float64, _ *stream.Stream) (stats.Interval, error) {
	return stats.MeanGap(1, stats.HigherIsBetter)(unitMeans(x), stats.Linear, .95)
}

func everywhere(scene) bool { return true }
func several(p scene) bool  { return p.tasks > 1 }

var summaries = []summary{
	{"mean", true, false, everywhere, of(stats.MeanOfTasks)},
	{"interquartile mean", true, false, several, of(stats.PooledIQM)},
	{"median of tasks", true, false, several, of(stats.MedianOfTasks)},
	{"optimality gap", true, false, several, gap},
	{"probability of improvement", true, false, everywhere, func(_ scene, x, y [][][]float64, _ *stream.Stream) (stats.Interval, error) {
		return stats.Improvement(unitMeans(x), unitMeans(y), stats.HigherIsBetter, .95)
	}},
	{"profile", true, false, everywhere, func(_ scene, x, _ [][][]float64, _ *stream.Stream) (stats.Interval, error) {
		return stats.ProfileAt(unitMeans(x), .8, stats.HigherIsBetter, .95)
	}},
	{"mean, two-level bootstrap", false, true, everywhere, bootstrap(plainMean, true)},
	{"mean, bootstrap of units", false, true, func(p scene) bool { return p.seeds > 1 }, bootstrap(plainMean, false)},
	{"interquartile mean, stratified bootstrap", false, true, several, bootstrap(plainIQM, false)},
}

// of is the interval of an aggregate of the units, as package report makes it: of scores
// with a best value by the distance from it.
func of(f stats.Aggregate) func(p scene, x, _ [][][]float64, _ *stream.Stream) (stats.Interval, error) {
	return func(p scene, x, _ [][][]float64, _ *stream.Stream) (stats.Interval, error) {
		if math.IsNaN(p.best) {
			return f(unitMeans(x), stats.Linear, .95)
		}
		in, err := stats.FromBest(f, p.best)(unitMeans(x), .95)
		return in, err
	}
}

// bootstrap is the percentile interval of a statistic, units drawn anew within each task
// and, with two levels, seeds within each unit: what rliable does, and what is common for
// instances.
func bootstrap(f func(strata [][]float64) float64, levels bool) func(p scene, x, _ [][][]float64, s *stream.Stream) (stats.Interval, error) {
	return func(_ scene, x, _ [][][]float64, s *stream.Stream) (stats.Interval, error) {
		values := make([]float64, resamples)
		again := make([][]float64, len(x))
		for b := range values {
			for t := range x {
				again[t] = again[t][:0]
				for range x[t] {
					unit := x[t][s.IntN(len(x[t]))]
					sum := 0.0
					for i := range unit {
						if levels {
							i = s.IntN(len(unit))
						}
						sum += unit[i]
					}
					again[t] = append(again[t], sum/float64(len(unit)))
				}
			}
			values[b] = f(again)
		}
		return stats.Interval{Low: stats.Quantile(values, .025), High: stats.Quantile(values, .975)}, nil
	}
}

func plainMean(strata [][]float64) float64 {
	sum := 0.0
	for _, scores := range strata {
		sum += stats.Mean(scores) / float64(len(strata))
	}
	return sum
}

func plainIQM(strata [][]float64) float64 { return stats.IQM(slices.Concat(strata...)) }

// apart is by how much y is worse than x.
const apart = .05

// truth returns what a summary estimates, of very many units.
func (u summary) truth(p scene, draws int) float64 {
	key := stream.NewKey("aggregates", "truth", p.name)
	if !u.bootstrap {
		in, err := u.interval(p, p.sample(key.Stream("x", 0), draws, 0), p.sample(key.Stream("y", 0), draws, apart), nil)
		if err != nil {
			return math.NaN()
		}
		return in.Estimate
	}
	for _, other := range summaries {
		if name, _, _ := strings.Cut(u.name, ","); other.name == name {
			return other.truth(p, draws)
		}
	}
	return math.NaN()
}

// covers counts the intervals given and those that cover.
func (u summary) covers(p scene, n, trials int, target float64) (hits, given int) {
	key := stream.NewKey("aggregates", p.name, strconv.Itoa(n))
	xs, ys, again := key.Stream("x", 0), key.Stream("y", 0), key.Stream("bootstrap", 0)
	for range trials {
		in, err := u.interval(p, p.sample(xs, n, 0), p.sample(ys, n, apart), again)
		if err != nil || !in.Given() {
			continue
		}
		given++
		if in.Low <= target && target <= in.High {
			hits++
		}
	}
	return hits, given
}

const strataTruth = 1 << 12 // units of each task; a probability of improvement has their square

// TestAggregates checks that the intervals of aggregates over tasks cover as often as
// docs/statistics.md says, and enough; see TestCoverage.
func TestAggregates(t *testing.T) {
	page, err := os.ReadFile(statisticsPage)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(page), strataStart)
	table, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no table of aggregates", statisticsPage)
	}
	if os.Getenv("GFNBENCH_SOAK") != "" {
		fresh := aggregateTable()
		if *update {
			if err := os.WriteFile(statisticsPage, []byte(before+strataStart+fresh+tableEnd+after), 0o644); err != nil {
				t.Fatal(err)
			}
			table = fresh
		}
		if table != fresh {
			t.Errorf("%s has another table: run with -update\n%s", statisticsPage, fresh)
		}
	}
	stated := parseCoverage(t, table)
	for _, p := range scenes {
		for _, u := range summaries {
			if !u.scenes(p) || !u.printed {
				continue
			}
			excess, variance := 0.0, 0.0
			target := u.truth(p, strataTruth>>2)
			for _, n := range coverageSizes {
				want, ok := stated[p.name+"/"+u.name+"/"+strconv.Itoa(n)]
				if !ok {
					t.Errorf("the table lacks %s, %s, %d", p.name, u.name, n)
				}
				if n >= 5 && !math.IsNaN(want) && want < p.least {
					t.Errorf("%s, %s of %d covers in %.1f%%, less than %.0f%%", p.name, u.name, n, 100*want, 100*p.least)
				}
				if n != 5 {
					continue
				}
				hits, given := u.covers(p, n, fewTrials, target)
				excess += float64(hits) - want*float64(given)
				variance += want*(1-want)*float64(given) + .01*float64(given)
			}
			if math.Abs(excess) > 5*math.Sqrt(variance) {
				t.Errorf("%s, %s: %.0f more intervals cover than the table says", p.name, u.name, excess)
			}
		}
	}
}

// aggregateTable returns the table of docs/statistics.md.
func aggregateTable() string {
	var b strings.Builder
	b.WriteString("| units of a task |")
	for _, n := range coverageSizes {
		fmt.Fprintf(&b, " %d |", n)
	}
	b.WriteString("\n|---|" + strings.Repeat("--:|", len(coverageSizes)) + "\n")
	for _, p := range scenes {
		fmt.Fprintf(&b, "| **%s** |%s\n", p.name, strings.Repeat(" |", len(coverageSizes)))
		for _, u := range summaries {
			if !u.scenes(p) {
				continue
			}
			name, trials, target := u.name, manyTrials, u.truth(p, strataTruth)
			if u.bootstrap {
				trials = bootstrapRuns
			}
			fmt.Fprintf(&b, "| %s |", name)
			for _, n := range coverageSizes {
				if hits, given := u.covers(p, n, trials, target); given > trials/10 {
					fmt.Fprintf(&b, " %.1f |", 100*float64(hits)/float64(given))
				} else {
					b.WriteString(" – |")
				}
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}
