package exact

import (
	"math"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// moments are moments of the estimate p_F/p_B from one backward trajectory to a terminal
// state.
type moments struct{ pi, mean, second float64 }

// momentsOf computes them by enumeration of all trajectories, with Σ_x E|p_F/p_B - π|.
func momentsOf(e env.Discrete, p Policy, learned bool) (of map[string]moments, l1 float64) {
	all, z := walkAll(e, p, learned), 0.0
	of = map[string]moments{}
	for _, t := range all {
		z += math.Exp(t.logR + t.logPB)
	}
	for _, t := range all {
		b, w := math.Exp(t.logPB), math.Exp(t.logPF-t.logPB)
		pi := math.Exp(t.logR) / z
		m := of[t.x]
		of[t.x] = moments{pi, m.mean + b*w, m.second + b*w*w}
		l1 += b * math.Abs(w-pi)
	}
	return of, l1
}

// TestBackwardL1 compares the mean of l1_mc from one backward trajectory with
// enumeration, and its floor with the formula on enumerated moments, under the uniform
// and a learned backward policy. On a tree both are exact.
func TestBackwardL1(t *testing.T) {
	const repeats = 400
	for name, e := range small(t) {
		for _, learned := range []bool{false, true} {
			p := &tablePolicy{env: e, seed: 5, scale: 2}
			if !learned {
				p.forbid = 0.1 // a p_B of 0 would leave out trajectories
			}
			ev := NewEvaluator(enumerate(t, e))
			exact := ev.Evaluate(p, Options{LearnedBackward: learned})
			of, want := momentsOf(e, p, learned)
			floor := 0.0
			for _, m := range of {
				if m.mean > 0 {
					floor += m.pi * math.Sqrt(max(0, m.second-m.mean*m.mean)) / m.mean
				}
			}
			rng := stream.NewKey("montecarlo", name).Stream("test", 0)
			var sum, squares float64
			for range repeats {
				l1, f := ev.BackwardL1(rng, 1, learned)
				if w := math.Sqrt(2/math.Pi) * floor; math.Abs(f-w) > 1e-6 {
					t.Fatalf("%s, learned %v: the floor is %v, by enumeration %v", name, learned, f, w)
				}
				sum += l1
				squares += l1 * l1
			}
			mean := sum / repeats
			if sd := math.Sqrt(max(0, squares/repeats-mean*mean)); math.Abs(mean-want) > 4.5*sd/math.Sqrt(repeats)+1e-9 {
				t.Errorf("%s, learned %v: mean %v, by enumeration %v", name, learned, mean, want)
			}
			if name == "sequences" && (math.Abs(mean-exact.L1) > 1e-9 || floor > 1e-6) {
				t.Errorf("on a tree l1_mc is %v with a floor of %v, but l1 is %v", mean, floor, exact.L1)
			}
		}
	}
}

// TestFloorOfBackwardL1: for a policy whose p_T is the target, l1_mc equals its floor on
// average. The policy on a 2 × 2 grid has a uniform p_T but unequal trajectories to (1,
// 1).
func TestFloorOfBackwardL1(t *testing.T) {
	e := makeEnv(t, "hypergrid", param.Values{"dim": param.Of(2), "height": param.Of(2), "r0": param.Of(1.0), "r1": param.Of(0.0), "r2": param.Of(0.0)})
	g := enumerate(t, e)
	ev := NewEvaluator(g)
	ev.Evaluate(unevenGrid{e}, Options{})
	if d := ev.terminals.sum(ev.logPT, g.logPi).l1; d > 1e-12 {
		t.Fatalf("the policy's l1 is %v, want 0", d)
	}
	const m, repeats = 200, 4000
	rng := stream.NewKey("montecarlo").Stream("floor", 0)
	mean, floor := 0.0, 0.0
	for range repeats {
		l1, f := ev.BackwardL1(rng, m, false)
		mean, floor = mean+l1/repeats, f
	}
	if math.Abs(mean/floor-1) > 0.05 { // 1.2% of chance, and the error of the normal approximation at m = 200
		t.Errorf("l1_mc is %v on average, its floor %v", mean, floor)
	}
}

// unevenGrid reaches each cell of a 2 × 2 grid with probability 1/4, and (1, 1) three
// times as often through (1, 0) as through (0, 1).
type unevenGrid struct{ env.Discrete }

func (p unevenGrid) LogForward(states []uint64, n int, dst []float64) {
	for i := range n {
		row := dst[i*3 : (i+1)*3]
		var probs [3]float64 // first coordinate, second, stop
		switch s := p.Format(states[i*p.Words() : (i+1)*p.Words()]); s {
		case "(0,0)...":
			probs = [3]float64{0.25 + 0.1875, 0.25 + 0.0625, 0.25}
		case "(1,0)...":
			probs = [3]float64{0, 0.1875 / 0.4375, 0.25 / 0.4375}
		case "(0,1)...":
			probs = [3]float64{0.0625 / 0.3125, 0, 0.25 / 0.3125}
		default:
			probs = [3]float64{0, 0, 1}
		}
		for a := range row {
			row[a] = math.Log(probs[a])
		}
	}
}

func (p unevenGrid) LogBackward([]uint64, int, []float64) { panic("not learned") }

// TestMeanDeviation compares De Moivre's formula with the sum over all counts.
func TestMeanDeviation(t *testing.T) {
	for _, n := range []int{1, 2, 7, 40} {
		for _, p := range []float64{1e-6, 0.1, 1.0 / 7, 0.5, 0.85, 0.999} {
			want, choose := 0.0, 1.0
			for k := range n + 1 {
				prob := choose * math.Pow(p, float64(k)) * math.Pow(1-p, float64(n-k))
				want += prob * math.Abs(float64(k)/float64(n)-p)
				choose *= float64(n-k) / float64(k+1)
			}
			if got := meanDeviation(n, math.Log(p)); math.Abs(got-want) > 1e-12 {
				t.Errorf("n %d, p %v: %v, want %v", n, p, got, want)
			}
		}
	}
}

// TestHistogramL1: histograms of the target have the floor's L1 on average, and many
// samples from another policy have its exact L1.
func TestHistogramL1(t *testing.T) {
	e := small(t)["sets 5/3"]
	g := enumerate(t, e)
	ev := NewEvaluator(g)
	rng := stream.NewKey("histogram").Stream("test", 0)
	exact := ev.Evaluate(&tablePolicy{env: e, seed: 3, scale: 1}, Options{}).L1
	if got := ev.HistogramL1(rng, 4_000_000); math.Abs(got-exact) > 5e-3 {
		t.Errorf("a histogram of many samples gives %v, want %v", got, exact)
	}
	copy(ev.logPT, g.logPi)
	const n, repeats = 30, 4000
	mean, squares := 0.0, 0.0
	for range repeats {
		l1 := ev.HistogramL1(rng, n)
		mean += l1 / repeats
		squares += l1 * l1 / repeats
	}
	sd := math.Sqrt(squares - mean*mean)
	if want := g.HistogramFloor(n); math.Abs(mean-want) > 4.5*sd/math.Sqrt(repeats) {
		t.Errorf("histograms of the target have an L1 of %v on average, the floor is %v", mean, want)
	}
}
