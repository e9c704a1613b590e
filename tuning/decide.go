package tuning

import (
	"cmp"
	"math"
	"slices"

	"gfnbench/gfn/metric"
	"gfnbench/results"
	"gfnbench/suites"
)

// A State is what the rows say about the arms of a suite. A nil State belongs to a suite
// without [tune].
type State struct {
	Arms []*Arm // one for each arm of the suite, in the same order

	until map[string]int     // rung at which each tuning cell stops, -1 for the end, by cell id
	share map[string]float64 // expected number of steps of each tuning cell, by cell id
}

// An Arm is an arm of the suite with what is known about its settings.
type Arm struct {
	*suites.Arm
	Metric   metric.Metric // ranks the settings
	Settings []*Setting    // one for each setting of the arm, in the same order
	Rungs    int           // number of rungs decided so far
}

// A Setting is a setting of an arm with what is known about it.
type Setting struct {
	*suites.Setting
	Cut    int       // rung at which halving cut it, -1 if it did not
	Scores []float64 // scores of the tuning seeds trained to the end, in order of seeds
	Failed int       // number of tuning seeds that diverged, failed or timed out
	Score  float64   // mean of Scores, NaN if there are none

	runs []*results.Run // one for each tuning cell, nil if it has no row
}

// Decide reports how far tuning has come, given the runs of a suite's cells with their
// curves. It also plans the test cells of the arms whose setting it chooses. It returns
// nil if the suite has no [tune].
func Decide(s *suites.Suite, find func(cell string) *results.Run) *State {
	if s.Tune == nil {
		return nil
	}
	state := &State{until: make(map[string]int), share: make(map[string]float64)}
	for _, of := range s.Arms {
		a := newArm(s.Tune, of, find)
		until := a.halve(s.Tune)
		reference := -1
		if s.Tune.Default {
			if reference = of.Default(); reference >= 0 {
				until[reference] = -1
			}
		}
		expected := a.expected(s.Tune, of.Settings[0].Tuning[0].Value("steps").Int())
		for i, x := range a.Settings {
			for _, c := range x.Tuning {
				state.until[c.ID], state.share[c.ID] = until[i], expected
				switch {
				case i == reference:
					state.share[c.ID] = math.Inf(1)
				case x.Cut >= 0:
					state.share[c.ID] = float64(x.Cut + 1)
				}
			}
		}
		state.Arms = append(state.Arms, a)
	}
	s.Choose(func(i int, _ *suites.Arm) int { return state.Arms[i].choose() })
	return state
}

func newArm(t *suites.Tune, of *suites.Arm, find func(cell string) *results.Run) *Arm {
	a := &Arm{Arm: of}
	a.Metric, _ = metric.Lookup(t.Metric.Of(of.Settings[0].Tuning[0].EnvironmentName())) // checked with the suite
	for _, x := range of.Settings {
		setting := &Setting{Setting: x, Cut: -1, Score: math.NaN()}
		for _, c := range x.Tuning {
			setting.runs = append(setting.runs, find(c.ID))
		}
		setting.score(a.Metric, t.Stat)
		a.Settings = append(a.Settings, setting)
	}
	return a
}

// Until returns the step at whose evaluation a cell must stop, or -1 if it runs to its
// end.
func (s *State) Until(cell string) int {
	if s == nil {
		return -1
	}
	if rung, ok := s.until[cell]; ok {
		return rung
	}
	return -1
}

// halve goes through the rungs as far as they can be decided. It returns how far to train
// each setting: a rung, or -1 for the end.
func (a *Arm) halve(t *suites.Tune) (until []int) {
	until = make([]int, len(a.Settings))
	left := slices.Clone(a.Settings)
	for _, rung := range a.rungs(t) {
		keep := max(1, len(left)/t.Eta)
		if keep == len(left) {
			break
		}
		undecided := slices.ContainsFunc(left, func(x *Setting) bool { return !x.reached(rung) })
		if !undecided {
			a.Rungs++
			ranks := a.ranks(left, rung)
			order := slices.Clone(left)
			slices.SortStableFunc(order, func(x, y *Setting) int { return cmp.Compare(ranks[x], ranks[y]) })
			for _, x := range order[keep:] {
				x.Cut = rung
			}
			left = slices.DeleteFunc(left, func(x *Setting) bool { return x.Cut >= 0 })
			continue
		}
		for i, x := range a.Settings {
			if until[i] = x.Cut; x.Cut < 0 {
				until[i] = rung
			}
		}
		return until
	}
	for i, x := range a.Settings {
		until[i] = x.Cut
	}
	return until
}

// rungs returns the rungs of the arm's environment; there are none without halving.
func (a *Arm) rungs(t *suites.Tune) []int {
	return t.Rungs.Of(a.Settings[0].Tuning[0].EnvironmentName())
}

// reached reports whether all of the setting's cells were evaluated at the rung, or
// ended before.
func (x *Setting) reached(rung int) bool {
	return !slices.ContainsFunc(x.runs, func(r *results.Run) bool {
		_, measured := at(r, rung)
		return !measured && !ended(r) && !failedBefore(r, rung)
	})
}

// failedBefore reports whether a run failed before a rung and has been run again.
func failedBefore(r *results.Run, rung int) bool {
	return r != nil && !r.Timing.FailedAfter.IsNull() && r.Timing.FailedAfter.Int() < rung
}

// ended reports whether a run came to an end: its last step, or a failure.
func ended(r *results.Run) bool {
	return r != nil && (r.Status.Complete() || r.Status == results.Failed || r.Status == results.Timeout)
}

// at returns the run's evaluation at a step.
func at(r *results.Run, step int) (p *results.Point, ok bool) {
	if r == nil {
		return nil, false
	}
	i, ok := slices.BinarySearchFunc(r.Curve, int64(step), func(p results.Point, step int64) int { return cmp.Compare(p.Step, step) })
	if !ok {
		return nil, false
	}
	return &r.Curve[i], true
}

// ranks returns the mean ranks of settings at a rung over the tuning seeds; 1 is the
// best. Equal values share the mean of their ranks.
func (a *Arm) ranks(left []*Setting, rung int) map[*Setting]float64 {
	mean := make(map[*Setting]float64, len(left))
	seeds := len(left[0].runs)
	for seed := range seeds {
		values := make([]float64, len(left))
		for i, x := range left {
			values[i] = math.Inf(1)
			if p, ok := at(x.runs[seed], rung); ok && !failedBefore(x.runs[seed], rung) {
				if v, ok := p.Get(a.Metric); ok && !math.IsNaN(v) {
					values[i] = a.cost(v)
				}
			}
		}
		for i, x := range left {
			below, equal := 0, 0
			for _, v := range values {
				switch {
				case v < values[i]:
					below++
				case v == values[i]:
					equal++
				}
			}
			mean[x] += float64(2*below + equal + 1) // twice the rank: whole numbers keep the sum exact
		}
	}
	for x := range mean {
		mean[x] /= float64(2 * seeds)
	}
	return mean
}

// cost returns the value with its sign such that lower is better.
func (a *Arm) cost(value float64) float64 {
	if a.Metric.Info().Better == metric.GreaterBetter {
		return -value
	}
	return value
}

// choose returns the index of the best setting that halving left, or -1 until all cells
// of these settings have ended.
func (a *Arm) choose() int {
	best := -1
	for i, x := range a.Settings {
		if x.Cut >= 0 {
			continue
		}
		if slices.ContainsFunc(x.runs, func(r *results.Run) bool { return !ended(r) }) {
			return -1
		}
		if best < 0 || a.better(x, a.Settings[best]) {
			best = i
		}
	}
	return best
}

// better reports whether setting x beats y: fewer of its seeds failed or, if as many did,
// its mean score is better.
func (a *Arm) better(x, y *Setting) bool {
	if x.Failed != y.Failed {
		return x.Failed < y.Failed
	}
	return a.cost(x.Score) < a.cost(y.Score) // false if either is NaN
}

// Share returns the expected fraction of a cell's steps that will be trained. For a
// setting still in the race it is the average over those that will go on and those that
// will not.
func (s *State) Share(cell string, steps int) float64 {
	if s == nil {
		return 1
	}
	if share, ok := s.share[cell]; ok {
		return min(1, share/float64(steps+1))
	}
	return 1
}

// expected returns the average number of steps, from the first, that a setting still in
// the race will be trained.
func (a *Arm) expected(t *suites.Tune, steps int) float64 {
	left := 0
	for _, x := range a.Settings {
		if x.Cut < 0 {
			left++
		}
	}
	n, before, sum := left, 0, 0.0
	rungs := a.rungs(t)
	for _, rung := range append(slices.Clone(rungs[min(a.Rungs, len(rungs)):]), steps) {
		sum += float64(n) * float64(rung+1-before)
		n, before = max(1, n/max(1, t.Eta)), rung+1
	}
	return sum / float64(max(1, left))
}
