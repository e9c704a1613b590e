package tuning_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/tuning"
)

// search returns a suite with one arm of the given numbers of learning rates and tuning
// seeds. Runs end at step 8 and are evaluated every second step.
func search(t testing.TB, settings, seeds int, halving string) *suites.Suite {
	t.Helper()
	rates := make([]string, settings)
	for i := range rates {
		rates[i] = fmt.Sprintf("0.%03d", i+1)
	}
	list := make([]string, seeds)
	for i := range list {
		list[i] = fmt.Sprint(1000 + i)
	}
	s, err := suites.Parse("search.toml", fmt.Appendf(nil, `schema = 1
name = "search"
[run]
seeds = 4
steps = 8
batch = 4
eval_every = 2
[environment.grid]
kind = "hypergrid"
[[grid]]
objective = ["tb"]
"optimizer.lr" = [%s]
[tune]
metric = "l1"
seeds = [%s]
%s
`, strings.Join(rates, ", "), strings.Join(list, ", "), halving), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// rows are made-up runs by cell id.
type rows map[string]*results.Run

func (r rows) find(cell string) *results.Run { return r[cell] }

// train adds a run of a cell with the given l1, up to a step: done at 8, pruned at a rung
// before it.
func (r rows) train(c *suites.Cell, until int, l1 func(step int) float64) *results.Run {
	run := &results.Run{Status: results.Done, Step: int64(until)}
	run.ID = c.ID
	if until < 8 {
		run.Status, run.Step = results.Pruned, int64(until)+1
	}
	for step := 0; step <= until; step += 2 {
		p := results.Point{Step: int64(step)}
		p.Set(metric.L1, l1(step))
		run.Curve = append(run.Curve, p)
	}
	r[c.ID] = run
	return run
}

func level(x float64) func(int) float64 { return func(int) float64 { return x } }

// sweep trains what is asked for, in any order, until nothing more is, and returns the
// state.
func sweep(t testing.TB, s *suites.Suite, r rows, l1 func(setting, seed, step int) float64, order func(n int) []int) *tuning.State {
	t.Helper()
	for {
		state := tuning.Decide(s, r.find)
		var missing []func()
		for i, x := range s.Arms[0].Settings {
			for j, c := range x.Tuning {
				until := state.Until(c.ID)
				if until < 0 {
					until = 8
				}
				if run := r[c.ID]; run == nil || run.Status == results.Pruned && run.Step <= int64(until) {
					missing = append(missing, func() { r.train(c, until, func(step int) float64 { return l1(i, j, step) }) })
				}
			}
		}
		if len(missing) == 0 {
			return state
		}
		for _, i := range order(len(missing)) {
			missing[i]()
		}
	}
}

func inOrder(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// TestChoiceDependsOnRowsAlone: the same cells are cut at the same rungs and the same
// setting is chosen, whatever the order of the rows and however often Decide looks at
// them in between.
func TestChoiceDependsOnRowsAlone(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		settings, seeds := rapid.IntRange(1, 9).Draw(rt, "settings"), rapid.IntRange(1, 4).Draw(rt, "seeds")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "values"), 0))
		value := make([]float64, settings*seeds*9)
		for i := range value {
			value[i] = float64(rng.IntN(5)) // ties are frequent
			if rng.IntN(10) == 0 {
				value[i] = math.NaN()
			}
		}
		l1 := func(setting, seed, step int) float64 { return value[(setting*seeds+seed)*9+step] }
		text := func(order func(n int) []int) string {
			s, r := search(t, settings, seeds, "halving = { eta = 2, rungs = [2, 4] }"), rows{}
			state := sweep(t, s, r, l1, order)
			var b strings.Builder
			for _, x := range state.Arms[0].Settings {
				for _, c := range x.Tuning {
					fmt.Fprint(&b, r[c.ID].Status, r[c.ID].Step, " ")
				}
			}
			return fmt.Sprint(b.String(), s.Arms[0].Chosen)
		}
		want := text(inOrder)
		if got := text(func(n int) []int { return rng.Perm(n)[:1+rng.IntN(n)] }); got != want {
			rt.Fatalf("in another order: %s, want %s", got, want)
		}
	})
}

// TestRungsAreDecidedOnce: what becomes of a cell after a rung, and how it fails, changes
// no decision at the rung.
func TestRungsAreDecidedOnce(t *testing.T) {
	for _, status := range []results.Status{results.Diverged, results.Failed, results.Timeout, results.Interrupted, results.Lost} {
		s, r := search(t, 4, 2, "halving = { eta = 2, rungs = [2, 4] }"), rows{}
		for i, x := range s.Arms[0].Settings {
			for _, c := range x.Tuning {
				r.train(c, 2, level(float64(i)))
			}
		}
		before := tuning.Decide(s, r.find)
		for _, c := range s.Arms[0].Settings[0].Tuning { // the leader ends between the rungs
			r[c.ID].Status, r[c.ID].Step = status, 4
		}
		after := tuning.Decide(s, r.find)
		for i, x := range after.Arms[0].Settings {
			if before.Arms[0].Settings[i].Cut != x.Cut || (x.Cut == 2) != (i >= 2) {
				t.Errorf("%s: setting %d is cut at %d, and was at %d", status, i, x.Cut, before.Arms[0].Settings[i].Cut)
			}
		}
		for _, c := range s.Arms[0].Settings[1].Tuning {
			r.train(c, 4, level(1))
		}
		over := status == results.Diverged || status == results.Failed || status == results.Timeout
		if x := tuning.Decide(s, r.find).Arms[0].Settings[0]; (x.Cut == 4) != over {
			t.Errorf("%s: the leader is cut at %d; is it the worst from then on: %v", status, x.Cut, over)
		}
	}
}

// TestEqualSettingsKeepTheirOrder: of settings that are equal everywhere, the first in
// the suite goes on, not one chosen by a hash.
func TestEqualSettingsKeepTheirOrder(t *testing.T) {
	s := search(t, 6, 3, "halving = { eta = 6, rungs = [2] }")
	state := sweep(t, s, rows{}, func(int, int, int) float64 { return 1 }, inOrder)
	for i, x := range state.Arms[0].Settings {
		if want := 2 * min(i, 1); i > 0 && x.Cut != want || i == 0 && x.Cut != -1 {
			t.Errorf("setting %d is cut at %d", i, x.Cut)
		}
	}
	if s.Arms[0].Chosen != 0 {
		t.Errorf("setting %d is chosen", s.Arms[0].Chosen)
	}
}

// TestSettingsAreJudgedByAllSeeds: a setting that is the best on two of ten seeds, and
// poor on the others, is neither kept nor chosen.
func TestSettingsAreJudgedByAllSeeds(t *testing.T) {
	for _, halving := range []string{"", "halving = { eta = 5, rungs = [4] }"} {
		s := search(t, 5, 10, halving)
		sweep(t, s, rows{}, func(setting, seed, _ int) float64 {
			if setting == 3 {
				return []float64{0.1, 0.9}[min(seed/2, 1)]
			}
			return 0.3 + 0.1*float64(setting)
		}, inOrder)
		if a := s.Arms[0]; a.Chosen != 0 || len(a.Tests()) != 4 {
			t.Errorf("%q: setting %d is chosen, with %d tests", halving, a.Chosen, len(a.Tests()))
		}
	}
}

// TestFailuresComeLast: a setting in which a seed failed is chosen only if the others
// failed more often.
func TestFailuresComeLast(t *testing.T) {
	s, r := search(t, 3, 2, ""), rows{}
	for i, x := range s.Arms[0].Settings {
		for _, c := range x.Tuning {
			r.train(c, 8, level(float64(3-i)))
		}
	}
	fail := func(setting, seed int, status results.Status) int {
		r[s.Arms[0].Settings[setting].Tuning[seed].ID].Status = status
		tuning.Decide(s, r.find)
		return s.Arms[0].Chosen
	}
	for _, x := range []struct {
		setting, seed int
		status        results.Status
		want          int
	}{{2, 0, results.Diverged, 1}, {1, 1, results.Timeout, 0}, {0, 0, results.Failed, 2}, {2, 1, results.Failed, 1}, {1, 0, results.Lost, -1}} {
		if got := fail(x.setting, x.seed, x.status); got != x.want {
			t.Errorf("after seed %d of setting %d %s, %d is chosen, want %d", x.seed, x.setting, x.status, got, x.want)
		}
	}
}

// TestStatistics checks final, best and auc against a curve worked out by hand: l1 is 8,
// 2, 4, 6, 4 at the steps 0, 2, 4, 6, 8, and its area (5 + 3 + 5 + 5)·2 over 8 steps.
func TestStatistics(t *testing.T) {
	curve := []float64{8, 2, 4, 6, 4}
	for stat, want := range map[string]float64{"final": 4, "best": 2, "auc": 4.5} {
		s, r := search(t, 1, 1, fmt.Sprintf("stat = %q", stat)), rows{}
		r.train(s.Cells[0], 8, func(step int) float64 { return curve[step/2] })
		if got := tuning.Decide(s, r.find).Arms[0].Settings[0].Score; got != want {
			t.Errorf("%s is %v, want %v", stat, got, want)
		}
	}
}

// TestShare: of 6 settings all take the 3 batches of steps 0 to 2, three take 2 more up
// to step 4, and one takes the last 4 of 9.
func TestShare(t *testing.T) {
	s := search(t, 6, 2, "halving = { eta = 2, rungs = [2, 4] }")
	state := tuning.Decide(s, rows{}.find)
	if got, want := state.Share(s.Cells[0].ID, 8), float64(6*3+3*2+1*4)/(6*9); math.Abs(got-want) > 1e-15 {
		t.Errorf("%v, want %v", got, want)
	}
	if i := slices.IndexFunc(s.Cells, func(c *suites.Cell) bool { return c.Role == suites.Test }); state.Share(s.Cells[i].ID, 8) != 1 {
		t.Error("a test cell is not trained to its end")
	}
}

// TestRetriedFailureStaysLast checks that a cell that failed before a rung and was run
// again stays last at that rung and later ones, while at earlier rungs and in the choice
// its new score counts.
func TestRetriedFailureStaysLast(t *testing.T) {
	s, r := search(t, 6, 2, "halving = { eta = 2, rungs = [2, 4] }"), rows{}
	a := s.Arms[0]
	for i, x := range a.Settings { // the first three are left at step 2, one at step 4
		for _, c := range x.Tuning {
			r.train(c, 4, level(float64(i)))
		}
	}
	failed := r[a.Settings[0].Tuning[0].ID]
	failed.Curve, failed.Status, failed.Step = failed.Curve[:2], results.Failed, 3 // after step 2
	cuts := func() (list []int) {
		for _, x := range tuning.Decide(s, r.find).Arms[0].Settings {
			list = append(list, x.Cut)
		}
		return list
	}
	// Mean ranks at step 4 are (3 + 1)/2, (1 + 2)/2 and (2 + 3)/2.
	want := []int{4, -1, 4, 2, 2, 2}
	if got := cuts(); !slices.Equal(got, want) {
		t.Fatalf("the settings are cut at %v, want %v", got, want)
	}
	after := failed.FailedAfter()
	again := r.train(a.Settings[0].Tuning[0], 8, level(0))
	if got := cuts(); slices.Equal(got, want) {
		t.Error("whether it failed before makes no difference here")
	}
	again.Timing.FailedAfter = after
	if got := cuts(); after.Int() != 2 || !slices.Equal(got, want) {
		t.Errorf("run again after a failure at %v, the settings are cut at %v, want %v", after, got, want)
	}
	if got := again.FailedAfter(); got != after {
		t.Errorf("the next attempt would record %v, want %v", got, after)
	}

	s, r = search(t, 2, 1, ""), rows{} // without rungs the new attempt counts
	for i, x := range s.Arms[0].Settings {
		r.train(x.Tuning[0], 8, level(float64(i))).Timing.FailedAfter = param.Of(-1 - i)
	}
	if tuning.Decide(s, r.find); s.Arms[0].Chosen != 0 {
		t.Errorf("setting %d is chosen", s.Arms[0].Chosen)
	}
}

// TestDefaultIsTrainedToItsEnd checks that with default = true the default setting
// continues after halving cut it, and that no choice changes.
func TestDefaultIsTrainedToItsEnd(t *testing.T) {
	l1 := func(setting, _, _ int) float64 { return float64(3 - setting) } // the first, of 0.001, is the default, and the worst
	text := func(extra string) (cuts []int, chosen int, ends int64) {
		s, r := search(t, 4, 2, "halving = { eta = 2, rungs = [2, 4] }\n"+extra), rows{}
		state := sweep(t, s, r, l1, inOrder)
		for _, x := range state.Arms[0].Settings {
			cuts = append(cuts, x.Cut)
		}
		return cuts, s.Arms[0].Chosen, r[s.Arms[0].Settings[0].Tuning[0].ID].Step
	}
	cuts, chosen, end := text("")
	cuts2, chosen2, end2 := text("default = true")
	if !slices.Equal(cuts, cuts2) || cuts[0] != 2 || chosen != 3 || chosen2 != 3 || end != 3 || end2 != 8 {
		t.Errorf("cut at %v and %v, chosen %d and %d, the default ends at %d and %d", cuts, cuts2, chosen, chosen2, end, end2)
	}
}
