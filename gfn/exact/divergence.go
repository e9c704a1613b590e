package exact

import (
	"math"

	"gfnbench/gfn/fmath"
	"gfnbench/gfn/internal/vec"
)

// gap returns p log(p/q) - p + q >= 0, a summand of KL(p‖q) for distributions p and q
// that both sum to 1. Unlike p log(p/q) it never cancels another summand, so small
// divergences keep their digits. d is log p - log q, which stays meaningful if p or q
// underflows. The result is q if p is 0, and +Inf if q is exactly 0 and p is not.
func gap(p, q, d float64) float64 {
	if p == 0 {
		return q
	}
	if d > -1.0/32 && d < 1.0/32 {
		return float64(p * fmath.ExpGap(-d, 1))
	}
	return float64(p*d) - p + q
}

// terminal holds the divergences between p_T and the target π that are sums over terminal
// states.
type terminal struct {
	l1, jsd, ptTarget, targetPT float64
}

// A comparison sums over terminal states, one block at a time.
type comparison struct {
	p, q, larger [1024]float64
}

// sum compares p_T with π, given the logs of both.
func (c *comparison) sum(logPT, logPi []float64) terminal {
	var t terminal
	for len(logPT) > 0 {
		n := min(len(c.p), len(logPT))
		vec.Exp(c.p[:n], logPT[:n])
		vec.Exp(c.q[:n], logPi[:n])
		larger := c.larger[:n]
		for i := range larger {
			larger[i] = -math.Abs(logPT[i] - logPi[i])
		}
		vec.Exp(larger, larger)
		for i, e := range larger {
			larger[i] = 1 + e
		}
		vec.Log(larger, larger)
		for i := range n {
			p, q := c.p[i], c.q[i]
			if p == 0 && q == 0 {
				continue // log p - log q may be NaN
			}
			d := logPT[i] - logPi[i]
			t.l1 += math.Abs(p - q)
			t.jsd += jensenShannon(p, q, d, larger[i])
			t.ptTarget += gap(p, q, d)
			t.targetPT += gap(q, p, -d)
		}
		logPT, logPi = logPT[n:], logPi[n:]
	}
	return t
}

// jensenShannon returns the summand ½ p log(p/m) + ½ q log(q/m), m = (p+q)/2, given
// d = log p - log q and log1p = log(1 + exp(-|d|)).
func jensenShannon(p, q, d, log1p float64) float64 {
	larger := math.Ln2 - log1p // log of the larger of p and q, over m
	pm, qm := larger, larger-d
	if d < 0 {
		pm, qm = larger+d, larger
	}
	m := float64(0.5*p) + float64(0.5*q)
	return float64(0.5 * (gap(p, m, pm) + gap(q, m, qm)))
}
