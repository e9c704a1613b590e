package gfn

import (
	"fmt"
	"math"

	"gfnbench/gfn/env"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/policy"
	"gfnbench/gfn/stream"
)

// continuousEvaluation measures a mixture policy by Monte Carlo from both sides: exact
// target samples and policy samples, each with both exact densities. A point has one
// trajectory, so trajectory and terminal divergences are equal.
type continuousEvaluation struct {
	env                    env.Continuous
	policy                 *policy.Mixture
	rng                    stream.Stream
	points                 []float64
	fromTarget, fromPolicy ratios
	terms                  []float64
}

// LogDensity writes log p_T of n points at the current parameters. points holds n × Dim
// coordinates, point after point, and dst takes n values in nats; both may be longer. On
// discrete environments it returns an error.
func (t *Trainer) LogDensity(dst, points []float64, n int) error {
	c, ok := t.eval.(*continuousEvaluation)
	if !ok {
		return fmt.Errorf("%s is not continuous: its policy has no density", t.instance.Env.Kind())
	}
	c.policy.LogDensity(dst, points, n)
	return nil
}

// ratios are log p_T - log π at a set of points.
type ratios []float64

func newContinuousEvaluation(e env.Continuous, p *policy.Mixture) *continuousEvaluation {
	return &continuousEvaluation{env: e, policy: p.Fork()}
}

func (c *continuousEvaluation) evaluate(t *Trainer, row *Row, last bool) error {
	n := t.spec.Eval.Samples
	if last {
		n = t.spec.Eval.FinalSamples
	}
	c.sample(t, n)
	m, logZ := &row.Metrics, c.env.LogZ()

	forward, forwardErr := c.mean(c.fromTarget, func(r float64) float64 { return -r })
	reverse, reverseErr := c.mean(c.fromPolicy, func(r float64) float64 { return r })
	m[metric.KLTargetPT], m[metric.TrajKLFwd] = Estimated(forward, forwardErr), Estimated(forward, forwardErr)
	m[metric.KLPTTarget], m[metric.TrajKLRev] = Estimated(reverse, reverseErr), Estimated(reverse, reverseErr)
	m[metric.EUBO], m[metric.ELBO] = Estimated(logZ+forward, forwardErr), Estimated(logZ-reverse, reverseErr)
	m[metric.JSD] = c.average(0.5, func(r float64) float64 { return -logHalf1p(-r) }, func(r float64) float64 { return -logHalf1p(r) })
	gap := func(r float64) float64 { return math.Abs(halfTanh(r)) }
	m[metric.TV] = c.average(0.5, gap, gap)
	m[metric.L1] = Estimated(2*m[metric.TV].Value, 2*m[metric.TV].StdErr)
	c.alphaSum(t, m)
	m[metric.Samples] = Exact(float64(n))
	return nil
}

// sample draws n target points and n policy points with their log ratios.
func (c *continuousEvaluation) sample(t *Trainer, n int) {
	dim, logZ := c.env.Dim(), c.env.LogZ()
	c.rng.Reset(t.spec.Streams, "evaluation", uint64(t.step))
	c.points = grow(c.points, n*dim)
	for i := range n {
		c.env.SampleTarget(&c.rng, c.points[i*dim:(i+1)*dim])
	}
	c.fromTarget, c.fromPolicy = grow(c.fromTarget, n), grow(c.fromPolicy, n)
	c.policy.LogDensity(c.fromTarget, c.points, n)
	for i := range n {
		c.fromTarget[i] -= c.env.LogReward(c.points[i*dim:(i+1)*dim]) - logZ
	}
	b := c.policy.Sample(&c.rng, n)
	for i := range n {
		c.fromPolicy[i] = b.LogPF[i] - (b.LogR[i] - logZ)
	}
}

// mean returns the mean of f over the ratios with its standard error.
func (c *continuousEvaluation) mean(r ratios, f func(float64) float64) (mean, stderr float64) {
	c.terms = grow(c.terms, len(r))
	for i, x := range r {
		c.terms[i] = f(x)
	}
	return meanStdErr(c.terms)
}

// average returns weight times the sum of two means: f over the policy samples and g over
// the target samples.
func (c *continuousEvaluation) average(weight float64, f, g func(float64) float64) Estimate {
	a, ea := c.mean(c.fromPolicy, f)
	b, eb := c.mean(c.fromTarget, g)
	return Estimated(weight*(a+b), weight*math.Sqrt(float64(ea*ea)+float64(eb*eb)))
}

// alphaSum sets ∫ p_T^α π^(1-α), from target samples for α ≤ 1/2 and from policy samples
// above, where its terms vary less. For α outside [0, 1] the integral may be infinite,
// for example if α is above 1 and the policy's tails are wider than the target's. It is
// left null if the tail of the samples' terms is too heavy for a mean.
func (c *continuousEvaluation) alphaSum(t *Trainer, m *[metric.NumEvaluated]Estimate) {
	alpha := alphaOf(t.spec.Objective)
	from, power := c.fromTarget, alpha
	if alpha > 0.5 {
		from, power = c.fromPolicy, alpha-1
	}
	logs := make([]float64, len(from))
	for i, r := range from {
		logs[i] = float64(power * r)
	}
	if UnboundedAlpha(t.spec.Objective) && !(exact.TailIndex(logs) <= exact.LargestTail) {
		return
	}
	s := Estimated(c.mean(from, func(r float64) float64 { return fmath.Exp(power * r) }))
	t.setAlpha(m, s, Estimated(logMeanExp(logs)))
}

// logHalf1p returns log((1+e^x)/2).
func logHalf1p(x float64) float64 { return fmath.LogAddExp(0, x) - math.Ln2 }

// halfTanh returns tanh(x/2) = (e^x-1)/(e^x+1).
func halfTanh(x float64) float64 {
	if x > 0 {
		return -halfTanh(-x)
	}
	e := fmath.Exp(x)
	return (e - 1) / (e + 1)
}

func grow[S ~[]float64](s S, n int) S {
	if cap(s) < n {
		return make(S, n)
	}
	return s[:n]
}
