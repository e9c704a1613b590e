package gfn_test

import (
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"gfnbench/gfn"
	"gfnbench/gfn/param"
)

// idle tells that nothing else runs on the machine, so the strict bars apply.
var idle = os.Getenv("GFNBENCH_GUARD") != ""

// onSets returns a trainer of the task Sets at the paper's settings, past its
// first steps.
func onSets(t *testing.T, objective, cv string) *gfn.Trainer {
	t.Helper()
	s := base(objective, cv)
	s.Environment, s.Params = "sets", param.Values{"elements": param.Of(32), "size": param.Of(16), "instance_seed": param.Of(1)}
	s.Steps, s.EvalEvery = 1<<30, 1<<30
	s.Eval.Mode, s.Modes.Threshold = "sampled", new(float64)
	tr := start(t, s)
	steps(t, tr, 20)
	return tr
}

// steps trains n steps and returns the time taken.
func steps(t *testing.T, tr *gfn.Trainer, n int) float64 {
	begun := time.Now()
	for range n {
		if _, _, err := tr.Step(); err != nil {
			t.Error(err)
		}
	}
	return time.Since(begun).Seconds()
}

// TestControlVariatesCost: loo makes a step at most 2% slower, and paper, with its second
// backward pass, 70%. The trainers step in turn, so that a change in the machine's speed
// affects all of them; the test compares the median of the ratios within the turns.
// TestControlVariatesAreCheap counts the passes on every machine.
func TestControlVariatesCost(t *testing.T) {
	if !idle {
		t.Skip("make guard runs it, on an idle machine")
	}
	const turns, looBar, paperBar = 600, 1.02, 1.70
	none, loo, paper := onSets(t, "tsallis", "none"), onSets(t, "tsallis", "loo"), onSets(t, "tsallis", "paper")
	var overLoo, overPaper []float64
	for range turns {
		base := steps(t, none, 1)
		overLoo = append(overLoo, steps(t, loo, 1)/base)
		overPaper = append(overPaper, steps(t, paper, 1)/base)
	}
	for _, c := range []struct {
		name   string
		ratios []float64
		bar    float64
	}{{"loo", overLoo, looBar}, {"paper", overPaper, paperBar}} {
		slices.Sort(c.ratios)
		median, spread := c.ratios[turns/2], c.ratios[turns*3/4]-c.ratios[turns/4]
		t.Logf("%s: %.4f of a step without, quartiles %.3f apart, %d turns", c.name, median, spread, turns)
		if median >= c.bar {
			t.Errorf("a step with %s takes %.3f of one without a control variate, want less than %v", c.name, median, c.bar)
		}
	}
}

// TestTwoWorkers: two concurrent runs have at least 1.9 times the throughput of one. It
// needs an idle machine with two cores or more.
func TestTwoWorkers(t *testing.T) {
	if !idle {
		t.Skip("make guard runs it, on an idle machine")
	}
	const n, turns = 60, 15
	one, two := onSets(t, "tb", ""), onSets(t, "tb", "")
	var gains []float64
	for range turns {
		alone := steps(t, one, n)
		begun := time.Now()
		var both sync.WaitGroup
		for _, tr := range []*gfn.Trainer{one, two} {
			both.Go(func() { steps(t, tr, n) })
		}
		both.Wait()
		gains = append(gains, 2*alone/time.Since(begun).Seconds())
	}
	slices.Sort(gains)
	t.Logf("two workers: %.3f times one, quartiles %.3f and %.3f", gains[turns/2], gains[turns/4], gains[turns*3/4])
	if gains[turns/2] < 1.9 {
		t.Errorf("two workers have %.2f times the throughput of one, want 1.9", gains[turns/2])
	}
}
