//go:build unix

package report_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"gfnbench/gfn/metric"
	"gfnbench/report"
	"gfnbench/report/page"
	"gfnbench/report/reporttest"
	"gfnbench/report/sheet"
	"gfnbench/results"
	"gfnbench/suites"
)

// TestScale checks the budget of a report: tables of 10,000 cells with 100 evaluations of
// every metric in under 2 s, and the data of a page in 3 s, and less than 350 MB in use, so
// that a report takes less than 600 MB with its garbage. Alone on a machine both take at
// most half of that time; neighbours on its caches and sibling threads cost processor time
// too.
func TestScale(t *testing.T) {
	if os.Getenv("GFNBENCH_SOAK") == "" {
		t.Skip("writes a million rows: set GFNBENCH_SOAK=1")
	}
	// Write the results.
	var rates []string
	for i := range 200 {
		rates = append(rates, fmt.Sprintf("%de-4", i+1))
	}
	suite := strings.NewReplacer("RATES", strings.Join(rates, ", ")).Replace(`schema = 1
name = "scale"
[run]
seeds = 10
steps = 990
eval_every = 10
[environment.grid]
kind = "hypergrid"
height = 4
[[grid]]
objective = ["tb", "vargrad", "db"]
"optimizer.lr" = [RATES]
[[grid]]
objective = ["reverse-kl", "forward-kl"]
control_variate = ["loo"]
"optimizer.lr" = [RATES]
[[table]]
name = "final"
rows = "optimizer.lr"
columns = ["objective", "control_variate"]
metric = "l1"
base = "tb/none"
[[table]]
name = "auc"
rows = "optimizer.lr"
columns = ["objective", "control_variate"]
metric = "l1"
stat = "auc"
summary = "iqm"
base = "tb/none"
`)
	dir := t.TempDir()
	err := reporttest.Write(dir, suite, func(_ *suites.Cell, r *results.Run) {
		for i := range r.Curve {
			p := &r.Curve[i]
			for m := range metric.NumEvaluated {
				if _, ok := p.Get(m); !ok && m.Info().Estimable {
					p.SetEstimate(m, 1/float64(i+1), 0.01)
				}
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	// Load them and write tables.
	before := inUse()
	start, busy := time.Now(), processorTime(t)
	s, err := report.Load(report.Options{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	var tables []*report.Table
	for _, spec := range s.Suite.Tables {
		table, err := s.Table(spec)
		if err != nil {
			t.Fatal(err)
		}
		tables = append(tables, table)
	}
	var b bytes.Buffer
	if err := sheet.WriteTables(&b, sheet.Form{Format: "markdown"}, s, tables); err != nil {
		t.Fatal(err)
	}
	took, busy := time.Since(start), processorTime(t)-busy
	most := uint64(350) << 20
	used := inUse() - before
	t.Logf("%d cells in %v, %v of the processor, %d MB in use", len(s.Rows), took, busy, used>>20)
	if len(s.Rows) != 10000 || busy > 2*time.Second || used > most {
		t.Error("too slow or too large")
	}
	// Make the page.
	busy = processorTime(t)
	p, err := page.Make(s, page.Options{})
	if err != nil {
		t.Fatal(err)
	}
	busy = processorTime(t) - busy
	used = inUse() - before
	t.Logf("page with %d lines in %v of the processor, %d MB in use", len(p.Figures[0].Labels), busy, used>>20)
	if len(p.Figures[0].Labels) != 1000 || busy > 3*time.Second || used > most {
		t.Error("the page is too slow or too large")
	}
	runtime.KeepAlive(s)
	runtime.KeepAlive(p)
}

// inUse returns the bytes of the heap that are not garbage.
func inUse() uint64 {
	runtime.GC()
	runtime.GC() // of what pools held
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// processorTime returns the processor time of this process, whatever else the machine
// does.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
