package exact

import (
	"math"

	"gfnbench/gfn/fmath"
	"gfnbench/gfn/internal/vec"
)

// Metrics compare a policy with the target. All are exact up to rounding, and divergences
// are in nats.
type Metrics struct {
	L1         float64 // Σ_x |p_T(x) - π(x)|, π = r/Z; at most 2
	TV         float64 // L1/2
	JSD        float64 // ½ KL(p_T‖m) + ½ KL(π‖m), m = (p_T + π)/2; at most ln 2
	KLPTTarget float64 // KL(p_T‖π), +Inf if p_T > 0 = π
	KLTargetPT float64 // KL(π‖p_T), +Inf if π > 0 = p_T
	LogZ       float64 // log Σ_x r(x)
	ELBO       float64 // E over p_F of log r + log p_B - log p_F = LogZ - TrajKLRev
	EUBO       float64 // the same over p_B, = LogZ + TrajKLFwd
	TrajKLFwd  float64 // KL(p_B‖p_F) over trajectories
	TrajKLRev  float64 // KL(p_F‖p_B) over trajectories
	SAlpha     float64 // Σ_τ p_F(τ)^α p_B(τ)^(1-α), NaN if Options.Alpha is 0
	LogSAlpha  float64 // its logarithm, which does not overflow
}

// Options are the options of Evaluate.
type Options struct {
	Alpha           float64 // parameter of SAlpha; 0: do not compute it
	LearnedBackward bool    // ask the policy for log P_B; false: it is uniform
}

// chunk is how many states are passed to a policy at once.
const chunk = 512

// An Evaluator evaluates policies on a graph. It reuses its buffers; only one goroutine
// may use it.
type Evaluator struct {
	g         *Graph
	logPF     []float64 // of each edge
	logReach  []float64 // log-probability that p_F visits each node
	logPT     []float64 // of each terminal
	terminals comparison
	rows      []float64 // a chunk of a policy's rows
	codes     []uint64  // the states of these rows
	edge      [3][]float64
	node      [2][]float64

	// For learned backward policies.
	logPB   []float64 // of each edge
	into    []int32   // edges in order of their children
	learned *chain

	logMix, logS []float64 // SAlpha: edges, nodes
	walks        *walks    // BackwardL1
}

// NewEvaluator returns an evaluator of policies on g.
func NewEvaluator(g *Graph) *Evaluator {
	e := &Evaluator{
		g:        g,
		logPF:    make([]float64, g.Edges()),
		logReach: make([]float64, g.Nodes()),
		logPT:    make([]float64, g.Terminals()),
		codes:    make([]uint64, min(chunk, g.Nodes())*g.env.Words()),
		rows:     make([]float64, min(chunk, g.Nodes())*max(g.env.Actions(), g.env.BackwardActions())),
	}
	widest := 0
	for l := range len(g.layers) - 1 {
		widest = max(widest, int(g.layers[l+1]-g.layers[l]))
	}
	for i := range e.edge {
		e.edge[i] = make([]float64, g.widest)
	}
	for i := range e.node {
		e.node[i] = make([]float64, widest)
	}
	return e
}

// LogPT returns log p_T(x) of the terminal states, in the order of the graph, as of the
// last Evaluate. It is valid until the next.
func (e *Evaluator) LogPT() []float64 { return e.logPT }

// Evaluate compares p with the target by dynamic programming over the graph.
func (e *Evaluator) Evaluate(p Policy, o Options) Metrics {
	g := e.g
	e.forwardPolicy(p)
	target := g.uniform
	if o.LearnedBackward {
		e.backwardPolicy(p)
		target = e.learned
	}
	e.forward(e.logPF, e.logReach)
	for i, node := range g.terminals {
		e.logPT[i] = e.logReach[node]
	}
	t := e.terminals.sum(e.logPT, g.logPi)
	reverse, forward := e.trajectories(target)
	m := Metrics{
		L1: t.l1, TV: t.l1 / 2, JSD: t.jsd, KLPTTarget: t.ptTarget, KLTargetPT: t.targetPT,
		LogZ: g.logZ, ELBO: g.logZ - reverse, EUBO: g.logZ + forward,
		TrajKLFwd: forward, TrajKLRev: reverse, SAlpha: math.NaN(), LogSAlpha: math.NaN(),
	}
	if o.Alpha != 0 {
		m.SAlpha, m.LogSAlpha = e.sAlpha(target, o.Alpha)
	}
	return m
}

// forwardPolicy asks p for log P_F of every edge.
func (e *Evaluator) forwardPolicy(p Policy) {
	g, words, actions := e.g, e.g.env.Words(), e.g.env.Actions()
	for from := 0; from < len(g.inner); from += chunk {
		nodes := g.inner[from:min(from+chunk, len(g.inner))]
		for i, node := range nodes {
			copy(e.codes[i*words:], g.index.Code(int(node)))
		}
		rows := e.rows[:len(nodes)*actions]
		p.LogForward(e.codes[:len(nodes)*words], len(nodes), rows)
		for i, node := range nodes {
			row := rows[i*actions : (i+1)*actions]
			for edge := g.first[node]; edge < g.first[node+1]; edge++ {
				e.logPF[edge] = row[g.action[edge]]
			}
		}
	}
}

// backwardPolicy asks p for log P_B of every edge and solves for its target.
func (e *Evaluator) backwardPolicy(p Policy) {
	g, words, actions := e.g, e.g.env.Words(), e.g.env.BackwardActions()
	if e.learned == nil {
		e.learned = newChain(g)
		e.logPB = make([]float64, g.Edges())
		e.into = g.edgesInto()
	}
	at := 0
	codes := g.index.Codes()
	for from := 1; from < g.Nodes(); from += chunk {
		n := min(chunk, g.Nodes()-from)
		rows := e.rows[:n*actions]
		p.LogBackward(codes[from*words:(from+n)*words], n, rows)
		for i := range n {
			for range g.parents[from+i] {
				edge := e.into[at]
				e.logPB[edge] = rows[i*actions+int(g.back[edge])]
				at++
			}
		}
	}
	e.learned.solve(g, e.logPB)
}

// edgesInto lists the edges in order of their children. Node 0 has none.
func (g *Graph) edgesInto() []int32 {
	next := make([]int32, g.Nodes())
	sum := int32(0)
	for node, n := range g.parents {
		next[node] = sum
		sum += n
	}
	into := make([]int32, g.Edges())
	for edge, child := range g.child {
		into[next[child]] = int32(edge)
		next[child]++
	}
	return into
}

// forward computes log sums over paths, layer by layer: dst is 0 at s0 and
// log Σ_parents exp(dst(parent) + step(edge)) elsewhere.
func (e *Evaluator) forward(step, dst []float64) {
	g := e.g
	dst[0] = 0
	for l := range len(g.layers) - 2 {
		start, next, end := g.layers[l], g.layers[l+1], g.layers[l+2]
		first, children := g.first[start], dst[next:end]
		for i := range children {
			children[i] = math.Inf(-1)
		}
		// Terms of the sums, with the largest of each child.
		terms := e.edge[0][:g.first[next]-first]
		for node := start; node < next; node++ {
			for edge := g.first[node]; edge < g.first[node+1]; edge++ {
				x := dst[node] + step[edge]
				if math.IsNaN(x) {
					x = math.Inf(-1) // +Inf - Inf: a path that one side cannot take
				}
				terms[edge-first] = x
				if c := &dst[g.child[edge]]; x > *c {
					*c = x
				}
			}
		}
		// Sum relative to the largest, so that nothing overflows.
		for i := range terms {
			top := dst[g.child[int(first)+i]]
			if math.IsInf(top, 0) {
				top, terms[i] = 0, math.Inf(-1)
			}
			terms[i] -= top
		}
		vec.Exp(terms, terms)
		sums := e.node[0][:len(children)]
		clear(sums)
		for i, x := range terms {
			sums[g.child[int(first)+i]-next] += x
		}
		vec.Log(sums, sums)
		for i, log := range sums {
			if !math.IsInf(children[i], 0) {
				children[i] += log
			}
		}
	}
}

// trajectories returns KL(p_F‖p_B) and KL(p_B‖p_F) over trajectories. By the chain rule
// each is a sum over states: the probability of a visit times the divergence between the
// two step distributions there.
func (e *Evaluator) trajectories(target *chain) (reverse, forward float64) {
	g := e.g
	for l := range len(g.layers) - 1 {
		start, end := g.layers[l], g.layers[l+1]
		first, last := g.first[start], g.first[end]
		f, b := e.edge[1][:last-first], e.edge[2][:last-first]
		vec.Exp(f, e.logPF[first:last])
		vec.Exp(b, target.logStep[first:last])
		byF, byB := e.node[0][:end-start], e.node[1][:end-start]
		vec.Exp(byF, e.logReach[start:end])
		for i := range byB {
			byB[i] = target.logFlow[int(start)+i] - g.logZ
		}
		vec.Exp(byB, byB)
		for node := start; node < end; node++ {
			r, w := 0.0, 0.0
			for edge := g.first[node]; edge < g.first[node+1]; edge++ {
				d := e.logPF[edge] - target.logStep[edge]
				f, b := f[edge-first], b[edge-first]
				r += gap(f, b, d)
				w += gap(b, f, -d)
			}
			if p := byF[node-start]; p > 0 {
				reverse += float64(p * r)
			}
			if p := byB[node-start]; p > 0 {
				forward += float64(p * w)
			}
		}
	}
	return reverse, forward
}

// sAlpha returns Σ_τ p_F^α p_B^(1-α) and its log.
func (e *Evaluator) sAlpha(target *chain, alpha float64) (s, log float64) {
	g := e.g
	if e.logMix == nil {
		e.logMix, e.logS = make([]float64, g.Edges()), make([]float64, g.Nodes())
	}
	for i, f := range e.logPF {
		b := target.logStep[i]
		e.logMix[i] = float64(alpha*f) + float64((1-alpha)*b)
		if math.IsInf(f, -1) && math.IsInf(b, -1) {
			e.logMix[i] = math.Inf(-1) // neither policy goes there
		}
	}
	e.forward(e.logMix, e.logS)
	top := math.Inf(-1)
	for _, node := range g.terminals {
		top = max(top, e.logS[node])
	}
	if math.IsInf(top, 0) {
		return fmath.Exp(top), top
	}
	sum := 0.0
	for _, node := range g.terminals {
		sum += fmath.Exp(e.logS[node] - top)
	}
	return float64(fmath.Exp(top) * sum), top + fmath.Log(sum)
}
