package exact

import (
	"math"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// Ancestors agrees at single terminal states with dynamic programming over the whole
// graph. The summands of FromTarget, weighted by π over all terminal states, give the
// exact metrics, so they are unbiased.
func TestAncestorsAgainstEnumeration(t *testing.T) {
	for _, test := range []struct {
		elements, size int
		learned        bool
		scale          float64
	}{
		{16, 8, false, 2},
		{8, 4, false, 8},
		{8, 4, true, 4},
		{8, 4, false, 200}, // below the smallest float64
		{5, 1, true, 1},
		{3, 3, false, 1}, // one terminal state
	} {
		// Evaluate over the whole graph.
		e := makeEnv(t, "sets", param.Values{"elements": param.Of(test.elements), "size": param.Of(test.size), "instance_seed": param.Of(3)})
		g := enumerate(t, e)
		p := &tablePolicy{env: e, seed: 4, scale: test.scale}
		ev := NewEvaluator(g)
		want := ev.Evaluate(p, Options{LearnedBackward: test.learned})
		a := NewAncestors(e.(env.Unordered), test.learned).WithSpread()
		ev.BackwardL1(stream.NewKey("ancestors").Stream("test", 0), 1, test.learned)
		// Evaluate every terminal state alone, and sum.
		var got Metrics
		for i, logPT := range ev.LogPT() {
			s, err := a.Evaluate(p, g.Terminal(i))
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(s.LogPT-logPT) > 1e-12*(1+math.Abs(logPT)) || s.LogReward != g.LogRewards()[i] {
				t.Fatalf("%+v: terminal %d: %+v, log p_T is %v", test, i, s, logPT)
			}
			if want := math.Exp(ev.walks.second[g.terminals[i]]-2*logPT) - 1; math.Abs(s.Spread-want) > 1e-9*(1+want) {
				t.Fatalf("%+v: terminal %d: the spread is %v, over the graph %v", test, i, s.Spread, want)
			}
			one := FromTarget([]TargetSample{s}, e.LogZ())
			pi := math.Exp(g.LogTarget()[i])
			got.L1 += pi * one.L1.Mean
			got.TV += pi * one.TV.Mean
			got.JSD += pi * one.JSD.Mean
			got.KLPTTarget += pi * one.KLPTTarget.Mean
			got.KLTargetPT += pi * one.KLTargetPT.Mean
			got.EUBO += pi * one.EUBO.Mean
			got.TrajKLFwd += pi * one.TrajKLFwd.Mean
			if one.TrajKLFwd.Mean < one.KLTargetPT.Mean-1e-12 || one.KLTargetPT.Mean < 0 {
				t.Errorf("%+v: terminal %d: %+v", test, i, one)
			}
		}
		got.LogZ, got.ELBO, got.TrajKLRev, got.SAlpha = want.LogZ, want.ELBO, want.TrajKLRev, 0
		want.SAlpha = 0
		if what, ok := sameMetrics(got, want, 1e-12); !ok {
			t.Errorf("%+v: %s:\n got %+v\nwant %+v", test, what, got, want)
		}
	}
}

// Ancestors does not allocate, and has room for terminal states of changing size.
func TestAncestorsReusesBuffers(t *testing.T) {
	e := makeEnv(t, "sets", param.Values{"elements": param.Of(12), "size": param.Of(9), "instance_seed": param.Of(3)})
	for _, learned := range []bool{false, true} {
		a := NewAncestors(e.(env.Unordered), learned).WithSpread()
		p := &tablePolicy{env: e, seed: 4, scale: 2}
		x := []uint64{0x1ff}
		first, err := a.Evaluate(p, x)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Evaluate(p, []uint64{0xff8}); err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(3, func() { a.Evaluate(p, x) }); n > 0 {
			t.Errorf("%v allocations", n)
		}
		if again, _ := a.Evaluate(p, x); again != first {
			t.Errorf("%+v and again %+v", first, again)
		}
	}
}

func TestAncestorsRefusesLarge(t *testing.T) {
	e := makeEnv(t, "sets", param.Values{"elements": param.Of(40), "size": param.Of(21), "instance_seed": param.Of(3)})
	_, err := NewAncestors(e.(env.Unordered), false).Evaluate(fixed(make([]float64, 40)), []uint64{1<<21 - 1})
	if err == nil {
		t.Error("2^21 ancestors are accepted")
	}
}

// A policy that cannot reach a terminal state has infinite divergences there.
func TestAncestorsZeroProbability(t *testing.T) {
	e := makeEnv(t, "sets", param.Values{"elements": param.Of(3), "size": param.Of(2), "f": param.Of([]float64{0, 0, 0})})
	a := NewAncestors(e.(env.Unordered), false)
	s, err := a.Evaluate(fixed{0, math.Inf(-1), math.Inf(-1)}, []uint64{0b110})
	if err != nil || !math.IsInf(s.LogPT, -1) || !math.IsInf(s.LogPF, -1) || math.Abs(s.LogPB+math.Log(2)) > 1e-15 {
		t.Errorf("%+v, error %v", s, err)
	}
	m := FromTarget([]TargetSample{s, s}, e.LogZ())
	if m.L1 != (Estimate{1, 0}) || !math.IsInf(m.KLTargetPT.Mean, 1) || !math.IsInf(m.EUBO.Mean, 1) || m.KLPTTarget.Mean != 1 {
		t.Errorf("%+v", m)
	}
	if math.Abs(m.JSD.Mean-math.Ln2/2) > 1e-15 { // ½ log(2/(1+ρ)) at ρ = 0
		t.Errorf("JSD %v", m.JSD)
	}
}

// The standard error is sd/√n: log-ratios 0 and log 3 give |ρ-1| of 0 and 2.
func TestStandardErrors(t *testing.T) {
	samples := []TargetSample{{LogPT: 0}, {LogPT: math.Log(3), LogPF: math.Log(3)}}
	s := FromTarget(samples, 0)
	if s.Samples != 2 || math.Abs(s.L1.Mean-1) > 1e-15 || math.Abs(s.L1.StdErr-1) > 1e-15 || math.Abs(s.TV.StdErr-0.5) > 1e-15 {
		t.Errorf("L1 is %+v, want 1 ± 1", s.L1)
	}
	if want := (2 - math.Log(3)) / 2; math.Abs(s.KLTargetPT.Mean-want) > 1e-15 || math.Abs(s.TrajKLFwd.Mean-want) > 1e-15 || math.Abs(s.EUBO.StdErr-want) > 1e-15 {
		t.Errorf("KL is %+v, want %v", s.KLTargetPT, want)
	}
	if one := FromTarget(samples[:1], 0); !math.IsNaN(one.L1.StdErr) {
		t.Errorf("one sample has the standard error %v", one.L1.StdErr)
	}
}
