package gfn_test

import (
	"math"
	"testing"

	"gfnbench/gfn/metric"
)

// TestLogZStartsAndOffsets: every start adds its offset, and for "zero" and "value" the
// start is the offset.
func TestLogZStartsAndOffsets(t *testing.T) {
	kind, p := grid(6)
	at := func(start string, offset float64) float64 {
		s := base("tb", "")
		s.Steps, s.Optimizer.LogZInit, s.Optimizer.LogZValue = 1, start, offset
		return train(t, s, kind, p)[0].Metrics[metric.LogZ].Value
	}
	for _, start := range []string{"zero", "shift", "batch", "exact", "value"} {
		if plain, moved := at(start, 0), at(start, -2.5); math.Abs(moved-plain+2.5) > 1e-12 {
			t.Errorf("%s starts at %v, with an offset of -2.5 at %v", start, plain, moved)
		}
	}
	if x := at("value", 7); x != 7 {
		t.Errorf("7 starts at %v", x)
	}
}

// TestLogZScheduleOfItsOwn: of two steps, the first has factor 1 under every schedule.
// The second, after the same first step, has under the linear schedule half the factor of
// the constant one.
func TestLogZScheduleOfItsOwn(t *testing.T) {
	kind, p := grid(6)
	second := func(schedule string) float64 {
		s := base("tb", "")
		s.Steps, s.EvalEvery, s.Optimizer.LogZSchedule = 2, 1, schedule
		rows := train(t, s, kind, p)
		return rows[2].Metrics[metric.LogZ].Value - rows[1].Metrics[metric.LogZ].Value
	}
	constant := second("constant")
	for schedule, want := range map[string]float64{"": 0.5, "same": 0.5, "polynomial": 0.5, "cosine": 0.5, "constant": 1} {
		if got := second(schedule) / constant; math.Abs(got-want) > 1e-12 || constant == 0 {
			t.Errorf("%q: the second step is %v of the constant schedule's, want %v", schedule, got, want)
		}
	}
}
