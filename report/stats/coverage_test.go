package stats_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"gfnbench/gfn/stream"
)

var update = flag.Bool("update", false, "rewrite the table of docs/statistics.md, with GFNBENCH_SOAK=1")

const (
	statisticsPage = "../../docs/statistics.md"
	tableStart     = "<!-- The table is written by GFNBENCH_SOAK=1 go test ./report/stats -run Coverage -update -->\n"
	tableEnd       = "<!-- end -->\n"
	manyTrials     = 4000    // for an entry of the table
	fewTrials      = 200     // for an entry in the short test
	truthDraws     = 1 << 20 // for estimating true values
)

var coverageSizes = []int{3, 5, 10, 30}

// TestCoverage checks that what the reports print as 95% covers as often as
// docs/statistics.md says, and that this is enough. With GFNBENCH_SOAK the whole table is
// simulated again.
func TestCoverage(t *testing.T) {
	page, err := os.ReadFile(statisticsPage)
	if err != nil {
		t.Fatal(err)
	}
	// Read the table, or make it anew.
	before, rest, ok1 := strings.Cut(string(page), tableStart)
	table, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no table of coverage", statisticsPage)
	}
	if os.Getenv("GFNBENCH_SOAK") != "" {
		fresh := coverageTable(manyTrials)
		if *update {
			if err := os.WriteFile(statisticsPage, []byte(before+tableStart+fresh+tableEnd+after), 0o644); err != nil {
				t.Fatal(err)
			}
			table = fresh
		}
		if table != fresh {
			t.Errorf("%s has another table: run with -update\n%s", statisticsPage, fresh)
		}
	}
	// The coverage stated is large enough.
	stated := parseCoverage(t, table)
	for _, p := range populations {
		for _, e := range estimators {
			if !e.printed(p) {
				continue
			}
			for _, n := range coverageSizes {
				key := p.name + "/" + e.name + "/" + strconv.Itoa(n)
				want, ok := stated[key]
				if !ok {
					t.Errorf("the table lacks %s", key)
					continue
				}
				if n >= 5 && !math.IsNaN(want) && want < p.least {
					t.Errorf("%s covers in %.1f%%, less than %.0f%%", key, 100*want, 100*p.least)
				}
			}
		}
	}
	shortCoverage(t, stated)
}

// shortCoverage simulates some entries again. A wrong interval deviates by more than five
// standard errors of their mean over all sizes.
func shortCoverage(t *testing.T, stated map[string]float64) {
	for _, p := range populations {
		for _, e := range estimators {
			if !e.printed(p) {
				continue
			}
			target := truth(p, e, truthDraws>>4)
			trials, excess, variance := 0, 0.0, 0.0
			for _, n := range coverageSizes[1:3] {
				want := stated[p.name+"/"+e.name+"/"+strconv.Itoa(n)]
				hits, given := covered(p, e, n, fewTrials, target)
				if given == 0 || math.IsNaN(want) {
					continue
				}
				trials += given
				excess += float64(hits) - want*float64(given)
				variance += want*(1-want)*float64(given) + .01*float64(given)
			}
			if math.Abs(excess) > 5*math.Sqrt(variance) {
				t.Errorf("%s, %s: %.0f more of %d intervals cover than the table says", p.name, e.name, excess, trials)
			}
		}
	}
}

// truth returns what an estimator estimates for a population.
func truth(p population, e estimator, draws int) float64 {
	key := stream.NewKey("coverage", "truth", p.name)
	return e.truth(p.sample(key.Stream("x", 0), draws, 1), p.sample(key.Stream("y", 0), draws, 1.5))
}

// covered counts the intervals that are given, and how many of them cover.
func covered(p population, e estimator, n, trials int, target float64) (hits, given int) {
	key := stream.NewKey("coverage", p.name, strconv.Itoa(n))
	xs, ys := key.Stream("x", 0), key.Stream("y", 0)
	for range trials {
		in, err := e.interval(p, p.sample(xs, n, 1), p.sample(ys, n, 1.5))
		if err != nil || !in.Given() { // an error if every run diverged
			continue
		}
		given++
		if in.Low <= target && target <= in.High {
			hits++
		}
	}
	return hits, given
}

// coverageTable returns the table of docs/statistics.md.
func coverageTable(trials int) string {
	var b strings.Builder
	b.WriteString("| seeds |")
	for _, n := range coverageSizes {
		fmt.Fprintf(&b, " %d |", n)
	}
	b.WriteString("\n|---|" + strings.Repeat("--:|", len(coverageSizes)) + "\n")
	for _, p := range populations {
		fmt.Fprintf(&b, "| **%s** |%s\n", p.name, strings.Repeat(" |", len(coverageSizes)))
		for _, e := range estimators {
			if !e.printed(p) {
				continue
			}
			target := truth(p, e, truthDraws)
			fmt.Fprintf(&b, "| %s |", e.name)
			for _, n := range coverageSizes {
				if hits, given := covered(p, e, n, trials, target); given > trials/10 {
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

// parseCoverage parses the table: population/estimator/seeds to coverage, NaN if no
// interval is given.
func parseCoverage(t *testing.T, table string) map[string]float64 {
	stated := make(map[string]float64)
	population := ""
	lines := strings.Split(strings.TrimSpace(table), "\n")
	if len(lines) < 3 {
		t.Fatalf("%s has no table of coverage", statisticsPage)
	}
	for _, line := range lines[2:] {
		cells := strings.Split(strings.Trim(line, "|"), "|")
		name := strings.TrimSpace(cells[0])
		if bold := strings.Trim(name, "*"); bold != name {
			population = bold
			continue
		}
		for i, n := range coverageSizes {
			cell := strings.TrimSpace(cells[i+1])
			v, err := strconv.ParseFloat(cell, 64)
			if cell == "–" {
				v, err = math.NaN(), nil
			}
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			stated[population+"/"+name+"/"+strconv.Itoa(n)] = v / 100
		}
	}
	return stated
}
