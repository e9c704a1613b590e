package objective

import (
	"math"
	"math/rand/v2"
)

// tabular is a GFlowNet on a small DAG, against which the estimators are checked. Its
// policies are softmax tables and every trajectory is listed. Node 0 is the source. Logit
// e of the forward policy is Σ_k forward[e][k] theta[k]; logit e of the backward policy
// is phi[e].
type tabular struct {
	nodes   int
	edges   [][2]int
	logR    map[int]float64
	forward [][]float64
	theta   []float64
	phi     []float64
	paths   [][]int // edges of each trajectory
}

func newTabular(nodes int, edges [][2]int, logR map[int]float64, rng *rand.Rand) *tabular {
	t := &tabular{nodes: nodes, edges: edges, logR: logR}
	for e := range edges {
		row := make([]float64, len(edges))
		row[e] = 1
		t.forward = append(t.forward, row)
		t.theta = append(t.theta, rng.NormFloat64()*0.7)
		t.phi = append(t.phi, 0)
	}
	t.walk(0, nil)
	return t
}

func (t *tabular) walk(at int, path []int) {
	if _, terminal := t.logR[at]; terminal {
		t.paths = append(t.paths, append([]int(nil), path...))
		return
	}
	for e, edge := range t.edges {
		if edge[0] == at {
			t.walk(edge[1], append(path, e))
		}
	}
}

// grid returns an n×n hypergrid with a stop action, with random rewards.
func grid(n int, seed uint64) *tabular {
	rng := rand.New(rand.NewPCG(seed, 1))
	var edges [][2]int
	logR := map[int]float64{}
	for i := range n {
		for j := range n {
			s := i*n + j
			edges = append(edges, [2]int{s, n*n + s})
			logR[n*n+s] = rng.NormFloat64()
			if i+1 < n {
				edges = append(edges, [2]int{s, s + n})
			}
			if j+1 < n {
				edges = append(edges, [2]int{s, s + 1})
			}
		}
	}
	return newTabular(2*n*n, edges, logR, rng)
}

// sets returns the sets environment with 3 elements and size 2.
func sets(seed uint64) *tabular {
	rng := rand.New(rand.NewPCG(seed, 2))
	// 0: {}, 1..3: {a}, {b}, {c}, 4..6: {a,b}, {a,c}, {b,c}.
	edges := [][2]int{{0, 1}, {0, 2}, {0, 3}, {1, 4}, {1, 5}, {2, 4}, {2, 6}, {3, 5}, {3, 6}}
	logR := map[int]float64{4: rng.NormFloat64(), 5: rng.NormFloat64(), 6: rng.NormFloat64()}
	return newTabular(7, edges, logR, rng)
}

// layered returns a random DAG of the given widths whose last layer is terminal.
func layered(seed uint64, widths ...int) *tabular {
	rng := rand.New(rand.NewPCG(seed, 3))
	var edges [][2]int
	logR := map[int]float64{}
	first, layer := 1, []int{0}
	for depth, width := range widths {
		next := make([]int, width)
		for i := range next {
			next[i] = first + i
			if depth == len(widths)-1 {
				logR[next[i]] = rng.NormFloat64()
			}
		}
		first += width
		for i, p := range layer {
			for j, c := range next {
				if j == i%width || i == j%len(layer) || rng.Float64() < 0.5 {
					edges = append(edges, [2]int{p, c})
				}
			}
		}
		layer = next
	}
	return newTabular(first, edges, logR, rng)
}

// oneParameter replaces the table by a single parameter.
func (t *tabular) oneParameter(rng *rand.Rand) *tabular {
	for e := range t.forward {
		t.forward[e] = []float64{rng.NormFloat64()}
	}
	t.theta = []float64{0.4}
	return t
}

// logProbs returns the log-probabilities of the edges: forward among the edges out of a
// node, backward among those into a node.
func (t *tabular) logProbs() (forward, backward []float64) {
	logits := make([]float64, len(t.edges))
	for e, row := range t.forward {
		for k, h := range row {
			logits[e] += h * t.theta[k]
		}
	}
	normalise := func(logits []float64, end int) []float64 {
		sums := make([]float64, t.nodes)
		for e, edge := range t.edges {
			sums[edge[end]] += math.Exp(logits[e])
		}
		out := make([]float64, len(logits))
		for e, edge := range t.edges {
			out[e] = logits[e] - math.Log(sums[edge[end]])
		}
		return out
	}
	return normalise(logits, 0), normalise(t.phi, 1)
}

// all returns the batch of every trajectory, once.
func (t *tabular) all() *Batch {
	forward, backward := t.logProbs()
	b := &Batch{Start: []int32{0}}
	for _, path := range t.paths {
		lf, lb := 0.0, 0.0
		for _, e := range path {
			lf += forward[e]
			lb += backward[e]
			b.StepLogPF = append(b.StepLogPF, forward[e])
			b.StepLogPB = append(b.StepLogPB, backward[e])
		}
		b.LogPF = append(b.LogPF, lf)
		b.LogPB = append(b.LogPB, lb)
		b.LogR = append(b.LogR, t.logR[t.edges[path[len(path)-1]][1]])
		b.Start = append(b.Start, int32(len(b.StepLogPF)))
	}
	return b
}

// scores returns ∇_theta log p_F and ∇_phi log p_B of every trajectory.
func (t *tabular) scores() (forward, backward [][]float64) {
	lf, lb := t.logProbs()
	for _, path := range t.paths {
		f, b := make([]float64, len(t.theta)), make([]float64, len(t.phi))
		for _, e := range path {
			for k := range f {
				f[k] += t.forward[e][k]
			}
			b[e]++
			for other, edge := range t.edges {
				if edge[0] == t.edges[e][0] {
					for k := range f {
						f[k] -= math.Exp(lf[other]) * t.forward[other][k]
					}
				}
				if edge[1] == t.edges[e][1] {
					b[other] -= math.Exp(lb[other])
				}
			}
		}
		forward, backward = append(forward, f), append(backward, b)
	}
	return forward, backward
}

func (t *tabular) logZ() float64 {
	z := 0.0
	for n := range t.nodes { // ascending, not in the map's order
		if r, ok := t.logR[n]; ok {
			z += math.Exp(r)
		}
	}
	return math.Log(z)
}

// divergence returns the exact divergence of p_F from p_B over trajectories, in the
// scale that the objectives minimise (Amari's for renyi and tsallis).
func (t *tabular) divergence(name string, alpha float64) float64 {
	b, logZ := t.all(), t.logZ()
	reverse, forward, sum := 0.0, 0.0, 0.0
	for n := range b.LogPF {
		f, target := b.LogPF[n], b.LogPB[n]+b.LogR[n]-logZ
		reverse += math.Exp(f) * (f - target)
		forward += math.Exp(target) * (target - f)
		sum += math.Exp(alpha*f + (1-alpha)*target)
	}
	switch name {
	case "reverse-kl":
		return reverse
	case "forward-kl":
		return forward
	case "renyi":
		return math.Log(sum) / (alpha * (alpha - 1))
	case "tsallis":
		return (sum - 1) / (alpha * (alpha - 1))
	}
	panic(name)
}

// difference returns the central differences of f with respect to every element of x.
func difference(x []float64, f func() float64) []float64 {
	const h = 1e-5
	d := make([]float64, len(x))
	for i := range x {
		at := x[i]
		x[i] = at + h
		up := f()
		x[i] = at - h
		d[i] = (up - f()) / (2 * h)
		x[i] = at
	}
	return d
}

// pick makes the batch of the trajectories listed in tuple.
func pick(all *Batch, tuple []int, b *Batch) {
	b.LogPF, b.LogPB, b.LogR = b.LogPF[:0], b.LogPB[:0], b.LogR[:0]
	if all.LogQ != nil {
		b.LogQ = b.LogQ[:0]
	}
	for _, i := range tuple {
		b.LogPF = append(b.LogPF, all.LogPF[i])
		b.LogPB = append(b.LogPB, all.LogPB[i])
		b.LogR = append(b.LogR, all.LogR[i])
		if all.LogQ != nil {
			b.LogQ = append(b.LogQ, all.LogQ[i])
		}
	}
}

// estimate returns the gradient estimate of the batch whose trajectories have the
// given scores.
func estimate(k *Kind, o Objective, b *Batch, c *Coefficients, forward, backward [][]float64, tuple []int) (theta, phi []float64) {
	c.Fit(k, o, b, backward != nil)
	o.Coefficients(b, c)
	sum := func(coefficients []float64, scores [][]float64) []float64 {
		s := make([]float64, len(scores[0]))
		for n, i := range tuple {
			for j, x := range scores[i] {
				s[j] += coefficients[n] * x
			}
		}
		return s
	}
	theta = sum(c.LogPF, forward)
	if m, ok := o.(Mixer); ok {
		second := sum(c.Second, forward)
		wS, wG := m.Mix(dot(theta, theta), dot(theta, second))
		for j := range theta {
			theta[j] = wS*theta[j] + wG*second[j]
		}
	}
	if backward != nil {
		phi = sum(c.LogPB, backward)
	}
	return theta, phi
}

func dot(x, y []float64) float64 {
	sum := 0.0
	for i := range x {
		sum += x[i] * y[i]
	}
	return sum
}

// expectation returns the mean of the gradient estimate over all n-tuples of trajectories
// drawn from p_F, or from q if logQ is given.
func (t *tabular) expectation(k *Kind, o Objective, n int, shift float64, logQ []float64, learned bool) (theta, phi []float64) {
	all := t.all()
	all.LogQ = logQ
	drawn := all.LogPF
	if logQ != nil {
		drawn = logQ
	}
	forward, backward := t.scores()
	if !learned {
		backward = nil
	}
	theta, phi = make([]float64, len(t.theta)), make([]float64, len(t.phi))
	b, c := &Batch{Shift: shift}, &Coefficients{}
	tuple := make([]int, n)
	for {
		p := 0.0
		for _, i := range tuple {
			p += drawn[i]
		}
		pick(all, tuple, b)
		f, g := estimate(k, o, b, c, forward, backward, tuple)
		for j := range f {
			theta[j] += math.Exp(p) * f[j]
		}
		for j := range g {
			phi[j] += math.Exp(p) * g[j]
		}
		i := 0
		for ; i < n; i++ {
			if tuple[i]++; tuple[i] < len(t.paths) {
				break
			}
			tuple[i] = 0
		}
		if i == n {
			return theta, phi
		}
	}
}

// optimise sets theta so that p_F is the target for the current backward policy: the
// logit of an edge is log F(child) + log P_B.
func (t *tabular) optimise() (logF []float64) {
	_, backward := t.logProbs()
	flow := make([]float64, t.nodes)
	var visit func(s int) float64
	visit = func(s int) float64 {
		if r, ok := t.logR[s]; ok {
			return math.Exp(r)
		}
		if flow[s] == 0 {
			for e, edge := range t.edges {
				if edge[0] == s {
					f := visit(edge[1]) * math.Exp(backward[e])
					t.theta[e] = math.Log(f)
					flow[s] += f
				}
			}
		}
		return flow[s]
	}
	visit(0)
	logF = make([]float64, t.nodes)
	for s := range logF {
		logF[s] = math.Log(visit(s))
	}
	return logF
}
