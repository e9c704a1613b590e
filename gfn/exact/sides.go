package exact

import (
	"math"
	"slices"

	"gfnbench/gfn/fmath"
)

// FromBoth estimates the metrics from independent samples of the target and of the
// policy, given the exact log Z. Equal numbers of both are best.
//
// The samples of both are one stratified sample of the mixture m = (p_T + π)/2, and every
// metric is an average over m: the balance heuristic (Veach and Guibas, SIGGRAPH 1995).
// Let t = (p_T - π)/(p_T + π) = tanh(½ log ρ), which is between -1 and 1. Then p_T/m is
// 1+t and π/m is 1-t, and so
//
//	L1  = E_m 2|t|
//	JSD = E_m ½ [(1+t) log(1+t) + (1-t) log(1-t)]
//
// are averages of bounded terms and cannot leave their ranges. The terms of the two KL
// divergences grow only with log ρ. If the target's samples do not show what the policy
// does, as can happen in [FromTarget], the policy's samples do.
//
// The standard error includes a part for what no sample has shown; see unseen.
func FromBoth(target, policy []TargetSample, logZ float64) Sampled {
	s := &sides{
		target: ratios(target, logZ), policy: ratios(policy, logZ),
		terms: make([]float64, len(target)+len(policy)),
	}
	b := s.mean(func(logRatio) float64 { return 0 }, func(x logRatio) float64 { return x.t })
	s.imbalance = max(0, math.Abs(b.Mean)-float64(2*b.StdErr))
	all := Sampled{Samples: len(target)}
	all.TV = s.bounded(1, func(x logRatio) float64 { return math.Abs(x.t) })
	all.L1 = Estimate{2 * all.TV.Mean, 2 * all.TV.StdErr}
	all.JSD = s.bounded(math.Ln2, func(x logRatio) float64 {
		return jensenShannon(1+x.t, 1-x.t, x.log, fmath.Log(1+fmath.Exp(-math.Abs(x.log))))
	})
	all.KLPTTarget = s.bounded(0, func(x logRatio) float64 { return gap(1+x.t, 1-x.t, x.log) })
	forward := func(x logRatio) float64 { return gap(1-x.t, 1+x.t, -x.log) }
	all.KLTargetPT = s.bounded(0, forward)
	all.TrajKLFwd = s.withUnseen(0, func(x logRatio) float64 { return 2 * x.within }, forward)
	all.EUBO = Estimate{logZ + all.TrajKLFwd.Mean, all.TrajKLFwd.StdErr}
	return all
}

// A logRatio is what a sample says about ρ = p_T/π.
type logRatio struct {
	log    float64 // log ρ
	t      float64 // tanh(½ log ρ)
	within float64 // divergence of the trajectories to the state; see FromTarget
}

func ratios(samples []TargetSample, logZ float64) []logRatio {
	list := make([]logRatio, len(samples))
	for i, x := range samples {
		d := x.LogPT - (x.LogReward - logZ)
		list[i] = logRatio{log: d, t: tanhHalf(d), within: x.LogPT - x.LogPF + x.LogPB}
		if math.IsInf(d, -1) {
			list[i].within = math.Inf(1)
		}
	}
	return list
}

// tanhHalf returns tanh(x/2).
func tanhHalf(x float64) float64 {
	if x > 0 {
		return -tanhHalf(-x)
	}
	e := fmath.Exp(x)
	return (e - 1) / (e + 1)
}

// sides are samples of the target and of the policy.
type sides struct {
	target, policy []logRatio
	imbalance      float64   // mean of t over the mixture beyond chance; the true mean is 0
	terms          []float64 // of the target's samples, then of the policy's
}

// bounded estimates the average over m of f, which is between 0 and top, or unbounded
// above if top is 0.
func (s *sides) bounded(top float64, f func(logRatio) float64) Estimate {
	return s.withUnseen(top, func(logRatio) float64 { return 0 }, f)
}

// withUnseen estimates the average of f over m plus half that of g over the target.
func (s *sides) withUnseen(top float64, g, f func(logRatio) float64) Estimate {
	e := s.mean(g, f)
	if top == 0 {
		top = max(2, slices.Max(s.terms)) // 2 is the term of a state that only one side reaches
	}
	u := s.unseen(e.Mean, top)
	return Estimate{e.Mean, math.Sqrt(float64(e.StdErr*e.StdErr) + float64(u*u))}
}

// mean returns half the sum of the mean of g + f over the target's samples and the mean
// of f over the policy's.
func (s *sides) mean(g, f func(logRatio) float64) Estimate {
	n := len(s.target)
	for i, x := range s.target {
		s.terms[i] = g(x) + f(x)
	}
	for i, x := range s.policy {
		s.terms[n+i] = f(x)
	}
	a := estimate(n, func(i int) float64 { return s.terms[i] })
	b := estimate(len(s.policy), func(i int) float64 { return s.terms[n+i] })
	return Estimate{(a.Mean + b.Mean) / 2, math.Sqrt(float64(a.StdErr*a.StdErr)+float64(b.StdErr*b.StdErr)) / 2}
}

// unseen returns by how much an average may be off because of states that no sample has
// hit. n samples easily miss a part of m with a share of 1/n: they miss it with
// probability 1/e. On such a part f may be anything between 0 and top.
//
// f is far from 0 only where p_T and π differ, so one of them has more mass there than
// the other. The seen part must then lack that mass, because both sum to 1. The mean of
// t, which is 0 over all states, estimates the missing mass if it is off by more than two
// standard errors. So the error is about
//
//	downwards   mean/n                            (p_T = π on the part)
//	upwards     (top - mean) min(1/n, imbalance)  (only one of them has mass there)
//
// If policy and target share no seen state, L1 = 2 is known only to within 2/n, although
// all terms are equal.
func (s *sides) unseen(mean, top float64) float64 {
	share := 1 / float64(len(s.terms))
	return max(float64(mean*share), float64((top-mean)*min(share, s.imbalance)))
}
