package exact

import (
	"math"

	"gfnbench/gfn/fmath"
)

// A TargetSample is what is known about one exact sample x of the target π = r/Z.
type TargetSample struct {
	LogReward float64 // log r(x)
	LogPT     float64 // log p_T(x), exact
	LogPF     float64 // E over trajectories to x under P_B of log p_F(τ), exact
	LogPB     float64 // the same for log p_B(τ|x)
	Spread    float64 // relative variance of p_F/p_B over these trajectories, exact; 0 unless requested
}

// An Estimate is a sample mean with its standard error.
type Estimate struct {
	Mean   float64 // in the unit of what is estimated
	StdErr float64 // sd/√n; NaN for one sample, +Inf if the mean is infinite
}

// Sampled are unbiased estimates of Metrics from exact samples of the target.
// Divergences and EUBO are in nats.
type Sampled struct {
	Samples    int      // number of samples
	L1         Estimate // E_π |ρ - 1|, ρ = p_T/π
	TV         Estimate // half of it
	JSD        Estimate // ½ E_π [ρ log(2ρ/(1+ρ)) + log(2/(1+ρ))]
	KLPTTarget Estimate // E_π [ρ log ρ - ρ + 1]
	KLTargetPT Estimate // E_π [ρ - 1 - log ρ]
	EUBO       Estimate // log Z + TrajKLFwd
	TrajKLFwd  Estimate // E_π [ρ - 1 + log π(x) + E_B (log p_B(τ|x) - log p_F(τ))]

	// Blind says that the samples do not show where the policy's mass is. Then only
	// KLTargetPT, EUBO and TrajKLFwd are meaningful, because they do not depend on it.
	Blind bool
}

// FromTarget estimates the metrics from independent exact samples of the
// target, given the exact log Z. The reward must be positive wherever p_T is.
//
// As E_π ρ = 1, adding ρ - 1 to the summand of KL(π‖p_T) and of the trajectory
// divergence does not change the mean, makes every summand nonnegative, and
// takes away the noise of first order in log ρ near the optimum.
//
// If policy and target hardly overlap, the target's samples see almost nothing of the
// policy, and every ρ is near 0: E_π |ρ-1| then seems to be 1 with no error, but is 2.
// The mean of ρ shows this. If it is certainly below ½ (by three standard errors), the
// estimates are Blind, and the meaningful ones do without ρ - 1. They are also Blind if
// L1 or JSD leave their range because of one enormous ρ. [FromBoth] does not have this
// problem.
func FromTarget(samples []TargetSample, logZ float64) Sampled {
	s := Sampled{Samples: len(samples)}
	over := func(f func(logPi, logRho float64, x *TargetSample) float64) Estimate {
		return estimate(len(samples), func(i int) float64 {
			x := &samples[i]
			logPi := x.LogReward - logZ
			return f(logPi, x.LogPT-logPi, x)
		})
	}
	s.L1 = over(func(_, d float64, _ *TargetSample) float64 { return math.Abs(fmath.Exp(d) - 1) })
	s.TV = Estimate{s.L1.Mean / 2, s.L1.StdErr / 2}
	s.JSD = over(func(_, d float64, _ *TargetSample) float64 {
		return jensenShannon(fmath.Exp(d), 1, d, fmath.Log(1+fmath.Exp(-math.Abs(d))))
	})
	s.KLPTTarget = over(func(_, d float64, _ *TargetSample) float64 { return gap(fmath.Exp(d), 1, d) })
	s.KLTargetPT = over(func(_, d float64, _ *TargetSample) float64 { return gap(1, fmath.Exp(d), -d) })
	s.TrajKLFwd = over(func(logPi, d float64, x *TargetSample) float64 {
		// Add the summand of KL(π‖p_T) and the divergence between the trajectories to x,
		// log p_T(x) - E_B log(p_F/p_B), which is nonnegative by Jensen.
		within := x.LogPT - x.LogPF + x.LogPB
		if math.IsInf(d, -1) {
			return math.Inf(1)
		}
		return gap(1, fmath.Exp(d), -d) + within
	})
	seen := over(func(_, d float64, _ *TargetSample) float64 { return fmath.Exp(d) })
	s.Blind = seen.Mean+float64(3*seen.StdErr) < 0.5 || s.L1.Mean > 2 || s.JSD.Mean > math.Ln2
	if seen.Mean+float64(3*seen.StdErr) < 0.5 {
		s.KLTargetPT = over(func(_, d float64, _ *TargetSample) float64 { return -d })
		s.TrajKLFwd = over(func(logPi, d float64, x *TargetSample) float64 {
			if math.IsInf(d, -1) {
				return math.Inf(1)
			}
			return logPi + x.LogPB - x.LogPF
		})
	}
	s.EUBO = Estimate{logZ + s.TrajKLFwd.Mean, s.TrajKLFwd.StdErr}
	return s
}

// estimate returns the mean of f(0), ..., f(n-1) with its standard error.
func estimate(n int, f func(i int) float64) Estimate {
	mean := 0.0
	for i := range n {
		mean += f(i)
	}
	mean /= float64(n)
	if math.IsInf(mean, 0) {
		return Estimate{mean, math.Inf(1)}
	}
	squares := 0.0
	for i := range n {
		d := f(i) - mean
		squares += float64(d * d)
	}
	return Estimate{mean, math.Sqrt(squares / float64(n-1) / float64(n))}
}
