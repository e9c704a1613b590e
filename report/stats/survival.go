package stats

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A Duration is a time to an event that may be censored on the right. Times are
// in any one unit: steps, trajectories or seconds.
type Duration struct {
	Time     float64 // when the event came, or until when it is known not to have come
	Observed bool    // whether it came
}

// A SurvivalStep is one event time of a Kaplan–Meier curve.
type SurvivalStep struct {
	Time     float64 // in the unit of the durations
	AtRisk   int     // how many are without the event just before Time
	Events   int     // events at Time
	Survival float64 // estimated P(T > Time)
	StdErr   float64 // Greenwood's standard error of Survival
}

// A Survival is a Kaplan–Meier estimate: 1 before the first step, then constant
// from each step to the next.
type Survival struct {
	Steps    []SurvivalStep // one for each distinct event time, ascending
	Last     float64        // the longest time, observed or censored
	N        int            // durations
	Censored int            // how many of them have no event
}

// KaplanMeier returns the product-limit estimate of the probability that the
// event has not come yet (Kaplan & Meier 1958), with Greenwood's standard
// errors, S·√Σ d/(n(n-d)). At equal times, events come before censorings. It
// returns an error if there are no durations, or if one is negative or not
// finite: censor a run that never meets the threshold at its last step, not at
// infinity.
func KaplanMeier(durations []Duration) (Survival, error) {
	times, err := eventTable("durations", durations)
	if err != nil {
		return Survival{}, err
	}
	km := Survival{N: len(durations)}
	survival, greenwood := 1.0, 0.0
	for _, t := range times {
		km.Last = t.time
		km.Censored += t.censored
		if t.events == 0 {
			continue
		}
		n, d := float64(t.atRisk), float64(t.events)
		survival *= (n - d) / n
		greenwood += d / (n * (n - d)) // infinite at the end, where Survival is 0
		step := SurvivalStep{Time: t.time, AtRisk: t.atRisk, Events: t.events, Survival: survival}
		if survival > 0 {
			step.StdErr = survival * math.Sqrt(greenwood)
		}
		km.Steps = append(km.Steps, step)
	}
	return km, nil
}

// At returns the estimated probability that the event comes after time t.
// Beyond Last it stays at its last value, which is a guess.
func (s Survival) At(t float64) float64 {
	survival := 1.0
	for _, step := range s.Steps {
		if step.Time > t {
			break
		}
		survival = step.Survival
	}
	return survival
}

// eventTime counts what happened at one distinct time.
type eventTime struct {
	time                     float64
	atRisk, events, censored int
}

// eventTable checks the durations and returns the distinct times in ascending
// order. Errors mention name.
func eventTable(name string, durations []Duration) ([]eventTime, error) {
	if len(durations) == 0 {
		return nil, fmt.Errorf("%s: %w: none given", name, ErrTooFew)
	}
	s := slices.Clone(durations)
	for i, d := range s {
		switch {
		case math.IsNaN(d.Time):
			return nil, fmt.Errorf("%s[%d]: %w", name, i, ErrNaN)
		case math.IsInf(d.Time, 0):
			return nil, fmt.Errorf("%s[%d]: %w: censor it at the last step", name, i, ErrInfinite)
		case d.Time < 0:
			return nil, fmt.Errorf("%s[%d] = %v: %w: a time cannot be negative", name, i, d.Time, ErrRange)
		}
	}
	slices.SortFunc(s, func(a, b Duration) int { return cmp.Compare(a.Time, b.Time) })
	var table []eventTime
	for i, d := range s {
		if i == 0 || d.Time != s[i-1].Time {
			table = append(table, eventTime{time: d.Time, atRisk: len(s) - i})
		}
		if d.Observed {
			table[len(table)-1].events++
		} else {
			table[len(table)-1].censored++
		}
	}
	return table, nil
}
