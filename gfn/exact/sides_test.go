package exact

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// A distribution over terminal states, p_T or the target, can be sampled any number of
// times.
type distribution struct {
	log        []float64
	cumulative []float64
}

func distributionOf(log []float64) distribution {
	d := distribution{log: log}
	sum := 0.0
	for _, x := range log {
		sum += math.Exp(x)
		d.cumulative = append(d.cumulative, sum)
	}
	return d
}

func (d distribution) draw(rng *stream.Stream) int {
	u := rng.Float64() * d.cumulative[len(d.cumulative)-1]
	i, _ := slices.BinarySearchFunc(d.cumulative, u, func(c, u float64) int {
		if c > u {
			return 1
		}
		return -1
	})
	return min(i, len(d.cumulative)-1)
}

// normalised returns log p - log Σ p.
func normalised(logR []float64) []float64 {
	top, sum := slices.Max(logR), 0.0
	for _, x := range logR {
		sum += math.Exp(x - top)
	}
	list := make([]float64, len(logR))
	for i, x := range logR {
		list[i] = x - top - math.Log(sum)
	}
	return list
}

// isingRewards returns log r of all 2^16 states of the 4 × 4 torus.
func isingRewards(t *testing.T, beta float64) []float64 {
	e := makeEnv(t, "ising", param.Values{"side": param.Of(4), "beta": param.Of(beta)})
	x, logR := make([]uint64, e.Words()), make([]float64, 1<<16)
	for s := range logR {
		e.Reset(x)
		for i := range 16 {
			e.Step(x, i+16*(s>>i&1))
		}
		logR[s] = e.LogReward(x)
	}
	return logR
}

// graphOf returns log π and log p_T of a policy in an environment.
func graphOf(t *testing.T, e env.Discrete, p Policy) (logPi, logPT []float64) {
	g := enumerate(t, e)
	ev := NewEvaluator(g)
	ev.Evaluate(p, Options{})
	return g.logPi, slices.Clone(ev.LogPT())
}

// overlaps returns pairs of policy and target with more or less overlap: uniform policies
// against peaked targets, random ones, one that is nearly trained and one that has lost a
// mode.
func overlaps(t *testing.T) map[string][2]distribution {
	list := map[string][2]distribution{}
	add := func(name string, logPi, logPT []float64) {
		list[name] = [2]distribution{distributionOf(logPi), distributionOf(logPT)}
	}
	for _, beta := range []float64{0.2, 0.6, 1} {
		logPi := normalised(isingRewards(t, beta))
		uniform := make([]float64, len(logPi))
		for i := range uniform {
			uniform[i] = -16 * math.Ln2
		}
		add(fmt.Sprintf("ising, beta %v, uniform", beta), logPi, uniform)
		tempered := make([]float64, len(logPi))
		for i, x := range logPi {
			tempered[i] = 0.98 * x
		}
		add(fmt.Sprintf("ising, beta %v, nearly trained", beta), logPi, normalised(tempered))
	}
	for name, f := range map[string][]float64{"flat": {.1, .5, .9, .2, .4, .8, .3, .7, .6, 1}, "peaked": {0, 4, 9, 1, 3, 8, 2, 6, 5, 10}} {
		e := makeEnv(t, "sets", param.Values{"elements": param.Of(10), "size": param.Of(5), "f": param.Of(f)})
		logPi, logPT := graphOf(t, e, &tablePolicy{env: e, seed: 3, scale: 0})
		add("sets, "+name, logPi, logPT)
	}
	modes := []string{"00000000", "11110000", "10101010"}
	e := makeEnv(t, "bitseq", param.Values{"length": param.Of(8), "word": param.Of(2), "beta": param.Of(2.0), "distance": param.Of("absolute"), "modes": param.Of(modes)})
	logPi, logPT := graphOf(t, e, &tablePolicy{env: e, seed: 3, scale: 3})
	add("bitseq, random", logPi, logPT)
	lost := slices.Clone(logPi)
	for i, x := range logPi {
		if x == slices.Max(logPi) {
			lost[i] -= 9 // one mode
			break
		}
	}
	add("bitseq, a mode lost", logPi, normalised(lost))
	return list
}

// TestFromBoth compares the estimates with sums over all states. They must be within
// their ranges, have a standard error that is never 0, and be off by no more than two
// standard errors in at least 85 of 100 evaluations with 64 samples, whose terms are
// skewed. Estimates from target samples alone are far off; see TestBlind.
func TestFromBoth(t *testing.T) {
	const repeats, half = 200, 32
	for name, pair := range overlaps(t) {
		pi, pt := pair[0], pair[1]
		var c comparison
		want := c.sum(pt.log, pi.log)
		rng := stream.NewKey("sides", name).Stream("test", 0)
		covered := make(map[string]int)
		// Count the estimates that are within two standard errors.
		for range repeats {
			sample := func(d distribution) (list []TargetSample) {
				for range half {
					i := d.draw(rng)
					list = append(list, TargetSample{LogReward: pi.log[i] + 7, LogPT: pt.log[i], LogPF: pt.log[i]})
				}
				return list
			}
			s := FromBoth(sample(pi), sample(pt), 7)
			for _, m := range []struct {
				name        string
				got         Estimate
				want, limit float64
			}{
				{"l1", s.L1, want.l1, 2}, {"tv", s.TV, want.l1 / 2, 1}, {"jsd", s.JSD, want.jsd, math.Ln2},
				{"kl_pt_target", s.KLPTTarget, want.ptTarget, math.Inf(1)}, {"kl_target_pt", s.KLTargetPT, want.targetPT, math.Inf(1)},
				{"traj_kl_fwd", s.TrajKLFwd, want.targetPT, math.Inf(1)}, {"eubo", s.EUBO, 7 + want.targetPT, math.Inf(1)},
			} {
				if !(m.got.Mean >= 0 && m.got.Mean <= m.limit+1e-12 && m.got.StdErr > 0) {
					t.Fatalf("%s: %s is %v ± %v", name, m.name, m.got.Mean, m.got.StdErr)
				}
				if math.Abs(m.got.Mean-m.want) <= 2*m.got.StdErr {
					covered[m.name]++
				}
			}
		}
		for m, n := range covered {
			if n < repeats*85/100 {
				t.Errorf("%s: %s is within two standard errors in %d of %d", name, m, n, repeats)
			}
		}
		if len(covered) < 7 {
			t.Errorf("%s: %v", name, covered)
		}
	}
}

// TestBlind checks that target samples see nothing of the uniform policy on the 4 × 4
// Ising model at beta 1, and say so, and that the remaining estimates are right. The
// exact values are those of an independent implementation: L1 1.9985, JSD .6918, KL 21.61
// and 10.35.
func TestBlind(t *testing.T) {
	logR := isingRewards(t, 1)
	pi := distributionOf(normalised(logR))
	rng := stream.NewKey("sides", "blind").Stream("test", 0)
	draw := func(logPT func(x float64) float64) (samples []TargetSample) {
		for range 64 {
			i := pi.draw(rng)
			samples = append(samples, TargetSample{LogReward: pi.log[i], LogPT: logPT(pi.log[i]), LogPF: logPT(pi.log[i])})
		}
		return samples
	}
	s := FromTarget(draw(func(float64) float64 { return -16 * math.Ln2 }), 0)
	if !s.Blind || math.Abs(s.KLTargetPT.Mean-10.35) > 3*s.KLTargetPT.StdErr {
		t.Errorf("blind %v, KL(π‖p_T) %v ± %v, want 10.35", s.Blind, s.KLTargetPT.Mean, s.KLTargetPT.StdErr)
	}
	if s := FromTarget(draw(func(x float64) float64 { return x + 0.1*math.Sin(99*x) }), 0); s.Blind {
		t.Errorf("blind where policy and target nearly agree: %+v", s)
	}
	uniform := make([]float64, len(logR))
	for i := range uniform {
		uniform[i] = -16 * math.Ln2
	}
	var c comparison
	exact := c.sum(uniform, pi.log)
	for _, x := range [][2]float64{{exact.l1, 1.9985}, {exact.jsd, 0.6918}, {exact.ptTarget, 21.61}, {exact.targetPT, 10.35}} {
		if math.Abs(x[0]-x[1]) > 0.005 {
			t.Errorf("exact values %+v", exact)
		}
	}
}
