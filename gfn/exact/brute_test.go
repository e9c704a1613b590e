package exact

import (
	"math"
	"math/bits"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/param"
)

// tablePolicy is a softmax over the legal actions with random logits, hashes of the seed,
// the state and the action. Actions with a hash below forbid have probability 0, except
// the last legal one.
type tablePolicy struct {
	env    env.Discrete
	seed   uint64
	scale  float64
	forbid float64
	mask   [4]uint64
}

func (p *tablePolicy) LogForward(states []uint64, n int, dst []float64) {
	p.rows(states, n, dst, p.env.Actions(), p.seed, false)
}

func (p *tablePolicy) LogBackward(states []uint64, n int, dst []float64) {
	p.rows(states, n, dst, p.env.BackwardActions(), ^p.seed, true)
}

func (p *tablePolicy) rows(states []uint64, n int, dst []float64, actions int, seed uint64, backward bool) {
	w := p.env.Words()
	for i := range n {
		s, row := states[i*w:(i+1)*w], dst[i*actions:(i+1)*actions]
		m := p.mask[:env.MaskWords(actions)]
		if backward {
			p.env.BackwardMask(s, m)
		} else {
			p.env.Mask(s, m)
		}
		h := seed
		for _, x := range s {
			h = mix(h ^ x)
		}
		sum, last := 0.0, 0
		for a := range row {
			row[a] = math.Inf(-1)
			if m[a>>6]>>(a&63)&1 == 0 {
				continue
			}
			u := float64(mix(h+uint64(a))>>11) / (1 << 53)
			last = a
			if u >= p.forbid {
				row[a] = p.scale * (u - 0.5)
				sum += math.Exp(row[a])
			}
		}
		if sum == 0 {
			row[last], sum = 0, 1
		}
		for a := range row {
			row[a] -= math.Log(sum)
		}
	}
}

func mix(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// trajectory is one path from s0 with its log-probabilities.
type trajectory struct {
	x     string // code of the terminal state
	logPF float64
	logPB float64 // given x
	logR  float64
}

// walkAll lists every trajectory of e.
func walkAll(e env.Discrete, p Policy, learned bool) []trajectory {
	var all []trajectory
	var walk func(s []uint64, t trajectory)
	walk = func(s []uint64, t trajectory) {
		if e.Terminal(s) {
			t.x, t.logR = key(s), e.LogReward(s)
			all = append(all, t)
			return
		}
		row := make([]float64, e.Actions())
		p.LogForward(s, 1, row)
		mask := make([]uint64, env.MaskWords(e.Actions()))
		e.Mask(s, mask)
		for w, m := range mask {
			for ; m != 0; m &= m - 1 {
				a := w*64 + bits.TrailingZeros64(m)
				next := append([]uint64(nil), s...)
				b := e.Step(next, a)
				u := t
				u.logPF += row[a]
				if learned {
					back := make([]float64, e.BackwardActions())
					p.LogBackward(next, 1, back)
					u.logPB += back[b]
				} else {
					u.logPB -= math.Log(float64(e.Parents(next)))
				}
				walk(next, u)
			}
		}
	}
	s := make([]uint64, e.Words())
	e.Reset(s)
	walk(s, trajectory{})
	return all
}

func key(s []uint64) string {
	b := make([]byte, 0, 8*len(s))
	for _, w := range s {
		for i := range 8 {
			b = append(b, byte(w>>(8*i)))
		}
	}
	return string(b)
}

// bruteForce computes the metrics from their definitions, trajectory by
// trajectory.
func bruteForce(e env.Discrete, p Policy, o Options) Metrics {
	all := walkAll(e, p, o.LearnedBackward)
	var order []string // terminal states in order of appearance
	pt, r := map[string]float64{}, map[string]float64{}
	for _, t := range all {
		if _, ok := r[t.x]; !ok {
			order = append(order, t.x)
			r[t.x] = math.Exp(t.logR)
		}
		pt[t.x] += math.Exp(t.logPF)
	}
	z := 0.0
	for _, x := range order {
		z += r[x]
	}
	m := Metrics{LogZ: math.Log(z)}
	xlogx := func(p, q float64) float64 {
		if p == 0 {
			return 0
		}
		return p * math.Log(p/q)
	}
	for _, x := range order {
		p, q := pt[x], r[x]/z
		m.L1 += math.Abs(p - q)
		m.JSD += xlogx(p, (p+q)/2)/2 + xlogx(q, (p+q)/2)/2
		m.KLPTTarget += xlogx(p, q)
		m.KLTargetPT += xlogx(q, p)
	}
	m.TV = m.L1 / 2
	for _, t := range all {
		f, b := math.Exp(t.logPF), math.Exp(t.logR+t.logPB)/z
		m.TrajKLRev += xlogx(f, b)
		m.TrajKLFwd += xlogx(b, f)
		m.ELBO += xlogx(f, b*z) * -1
		if f > 0 && b > 0 {
			m.SAlpha += math.Pow(f, o.Alpha) * math.Pow(b, 1-o.Alpha)
		}
		m.EUBO += b * (t.logR + t.logPB - t.logPF)
	}
	return m
}

func (m *Metrics) list() []float64 {
	return []float64{m.L1, m.TV, m.JSD, m.KLPTTarget, m.KLTargetPT, m.LogZ, m.ELBO, m.EUBO, m.TrajKLFwd, m.TrajKLRev, m.SAlpha}
}

var metricNames = []string{"L1", "TV", "JSD", "KLPTTarget", "KLTargetPT", "LogZ", "ELBO", "EUBO", "TrajKLFwd", "TrajKLRev", "SAlpha"}

// sameMetrics compares to relative precision tol.
func sameMetrics(got, want Metrics, tol float64) (string, bool) {
	g, w := got.list(), want.list()
	for i := range g {
		if math.IsInf(w[i], 0) && g[i] == w[i] {
			continue
		}
		if !(math.Abs(g[i]-w[i]) <= tol*(1+math.Abs(w[i]))) {
			return metricNames[i], false
		}
	}
	return "", true
}

func makeEnv(t testing.TB, kind string, p param.Values) env.Discrete {
	t.Helper()
	e, err := kinds.Lookup(kind).Make(p)
	if err != nil {
		t.Fatal(err)
	}
	return e.(env.Discrete)
}

func enumerate(t testing.TB, e env.Discrete) *Graph {
	t.Helper()
	g, err := Enumerate(e, 10_000_000)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// small returns environments of at most a few thousand trajectories.
func small(t testing.TB) map[string]env.Discrete {
	return map[string]env.Discrete{
		"grid 3x3":  makeEnv(t, "hypergrid", param.Values{"dim": param.Of(2), "height": param.Of(3), "r0": param.Of(0.1)}),
		"grid 2^3":  makeEnv(t, "hypergrid", param.Values{"dim": param.Of(3), "height": param.Of(2), "r0": param.Of(0.1)}),
		"sets 5/3":  makeEnv(t, "sets", param.Values{"elements": param.Of(5), "size": param.Of(3), "instance_seed": param.Of(1)}),
		"sequences": makeEnv(t, "sequences", param.Values{"elements": param.Of(3), "length": param.Of(3), "instance_seed": param.Of(1)}),
	}
}
