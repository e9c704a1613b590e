package stats_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/report/stats"
)

// durations makes durations of times; those in censored (negative) are censored.
func durations(times ...float64) []stats.Duration {
	d := make([]stats.Duration, len(times))
	for i, v := range times {
		d[i] = stats.Duration{Time: math.Abs(v), Observed: !math.Signbit(v)}
	}
	return d
}

// Weeks of remission of 42 children with leukaemia (Freireich et al. 1963), the
// example of Kaplan & Meier's method in most textbooks; negative is censored.
var (
	mercaptopurine = durations(6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35)
	placebo        = durations(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
)

func TestKaplanMeier(t *testing.T) {
	km := must(stats.KaplanMeier(mercaptopurine))
	var times, survival, stderr []float64
	var atRisk []int
	for _, s := range km.Steps {
		times, survival = append(times, s.Time), append(survival, s.Survival)
		stderr, atRisk = append(stderr, s.StdErr), append(atRisk, s.AtRisk)
	}
	nearAll(t, "times", times, []float64{6, 7, 10, 13, 16, 22, 23}, 0)
	if !slices.Equal(atRisk, []int{21, 17, 15, 12, 11, 7, 6}) {
		t.Errorf("at risk %v", atRisk)
	}
	// lifelines 0.30.3 KaplanMeierFitter.
	nearAll(t, "survival", survival, []float64{.857143, .806723, .752941, .690196, .627451, .537815, .448179}, 1e-6)
	// R 4.2.2, survival: summary(survfit(Surv(time, status) ~ 1))$std.err.
	nearAll(t, "Greenwood", stderr, []float64{.0763603548321213, .0869352851800572, .0963496529943205, .1068147077750098, .1140538652567525, .1282337516930340, .1345914567557604}, 1e-13)
	if km.N != 21 || km.Censored != 12 || km.Last != 35 {
		t.Errorf("N %d, censored %d, last %v", km.N, km.Censored, km.Last)
	}
	for at, want := range map[float64]float64{0: 1, 5.9: 1, 6: 18. / 21, 6.5: 18. / 21, 99: .448179} {
		near(t, "At", km.At(at), want, 1e-6)
	}
	if m := must(stats.KaplanMeier(placebo)); m.Steps[len(m.Steps)-1].Survival != 0 || m.Steps[len(m.Steps)-1].StdErr != 0 {
		t.Errorf("placebo ends with %+v", m.Steps[len(m.Steps)-1])
	}
	if m := must(stats.KaplanMeier(durations(-5, -7))); len(m.Steps) != 0 || m.At(6) != 1 {
		t.Errorf("all censored: %+v", m)
	}
	for name, bad := range map[string]float64{"NaN": nan, "infinite": inf} {
		if _, err := stats.KaplanMeier(durations(1, bad)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := stats.KaplanMeier([]stats.Duration{{Time: -1}}); !errors.Is(err, stats.ErrRange) {
		t.Errorf("negative: %v", err)
	}
	if _, err := stats.KaplanMeier(nil); !errors.Is(err, stats.ErrTooFew) {
		t.Errorf("none: %v", err)
	}
}

func TestRestrictedMean(t *testing.T) {
	km := must(stats.KaplanMeier(mercaptopurine))
	// R 4.2.2, survival: summary(survfit(...), rmean = horizon)$table.
	for _, want := range []stats.RestrictedMean{
		{Horizon: 20, Mean: 16.11652661064426, StdErr: 1.25156019600505},
		{Horizon: 30, Mean: 21.04649859943977, StdErr: 2.24380195155946},
		{Horizon: 35, Mean: 23.28739495798319, StdErr: 2.82746762337144},
	} {
		got := must(km.RestrictedMean(want.Horizon))
		near(t, "mean", got.Mean, want.Mean, 1e-13)
		near(t, "standard error", got.StdErr, want.StdErr, 1e-13)
	}
	all := must(must(stats.KaplanMeier(placebo)).RestrictedMean(35))
	near(t, "mean of placebo", all.Mean, 8.66666666666667, 1e-13)
	near(t, "standard error of placebo", all.StdErr, 1.37739004126455, 1e-13)

	past := must(km.RestrictedMean(40))
	if !stats.Warned(past.Warnings, stats.BeyondFollowUp) || past.Events != 9 {
		t.Errorf("horizon past the data: %+v", past)
	}
	none := must(must(stats.KaplanMeier(durations(-9, -9, -9))).RestrictedMean(9))
	if none.Mean != 9 || none.StdErr != 0 || !stats.Warned(none.Warnings, stats.NoVariation) {
		t.Errorf("no events: %+v", none)
	}
	for _, bad := range []float64{0, -1, nan, inf} {
		if _, err := km.RestrictedMean(bad); !errors.Is(err, stats.ErrRange) {
			t.Errorf("horizon %v: %v", bad, err)
		}
	}
}

func TestWithoutCensoringSurvivalIsTheEmpiricalDistribution(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ints := rapid.SliceOfN(rapid.IntRange(0, 12), 1, 20).Draw(t, "times")
		horizon := float64(rapid.IntRange(1, 12).Draw(t, "horizon"))
		x, cut := make([]stats.Duration, len(ints)), make([]float64, len(ints))
		n := float64(len(ints))
		for i, v := range ints {
			x[i] = stats.Duration{Time: float64(v), Observed: true}
			cut[i] = min(float64(v), horizon)
		}
		km := must(stats.KaplanMeier(x))
		for _, step := range km.Steps {
			above := 0.0
			for _, v := range ints {
				if float64(v) > step.Time {
					above++
				}
			}
			near(t, "survival", step.Survival, above/n, 1e-12)
			near(t, "Greenwood", step.StdErr, math.Sqrt(above/n*(1-above/n)/n), 1e-12)
		}
		r := must(km.RestrictedMean(horizon))
		near(t, "mean", r.Mean, stats.Mean(cut), 1e-12)
		squares := 0.0
		for _, v := range cut {
			squares += (v - stats.Mean(cut)) * (v - stats.Mean(cut))
		}
		near(t, "standard error", r.StdErr, math.Sqrt(squares)/n, 1e-12)
	})
}

func TestFirstCrossing(t *testing.T) {
	steps := []float64{0, 100, 200, 300}
	values := []float64{2, 0.5, 0.7, 0.1}
	// Crossings.
	tests := []struct {
		name      string
		values    []float64
		threshold float64
		direction stats.Direction
		want      stats.Duration
	}{
		{"at the threshold", values, 0.5, stats.LowerIsBetter, stats.Duration{Time: 100, Observed: true}},
		{"past it, not interpolated", values, 0.45, stats.LowerIsBetter, stats.Duration{Time: 300, Observed: true}},
		{"at once", values, 2, stats.LowerIsBetter, stats.Duration{Time: 0, Observed: true}},
		{"never", values, 0.05, stats.LowerIsBetter, stats.Duration{Time: 400}},
		{"higher", []float64{0, 1, 3, 2}, 2.5, stats.HigherIsBetter, stats.Duration{Time: 200, Observed: true}},
		{"diverged", []float64{2, 1, nan, nan}, 0.5, stats.LowerIsBetter, stats.Duration{Time: 400}},
		{"NaN on the way", []float64{2, nan, 0.1, 0}, 0.5, stats.LowerIsBetter, stats.Duration{Time: 200, Observed: true}},
		{"infinite threshold", values, -inf, stats.LowerIsBetter, stats.Duration{Time: 400}},
	}
	for _, test := range tests {
		got, err := stats.FirstCrossing(steps, test.values, test.threshold, test.direction, 400)
		if err != nil || got != test.want {
			t.Errorf("%s: %+v, %v; want %+v", test.name, got, err, test.want)
		}
	}
	// Errors.
	bad := []struct {
		name           string
		steps, values  []float64
		threshold, end float64
		want           error
	}{
		{"lengths", steps, values[:3], 1, 400, stats.ErrLength},
		{"none", nil, nil, 1, 400, stats.ErrTooFew},
		{"not increasing", []float64{0, 0}, []float64{1, 1}, 1, 400, stats.ErrRange},
		{"negative step", []float64{-1, 0}, []float64{1, 1}, 1, 400, stats.ErrRange},
		{"NaN step", []float64{0, nan}, []float64{1, 1}, 1, 400, stats.ErrNaN},
		{"NaN threshold", steps, values, nan, 400, stats.ErrNaN},
		{"end before the last step", steps, values, 1, 299, stats.ErrRange},
		{"infinite end", steps, values, 1, inf, stats.ErrRange},
	}
	for _, test := range bad {
		if _, err := stats.FirstCrossing(test.steps, test.values, test.threshold, stats.LowerIsBetter, test.end); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}
