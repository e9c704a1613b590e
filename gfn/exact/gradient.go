package exact

import (
	"math"

	"gfnbench/gfn/fmath"
)

// A Gradient computes exact gradients of the policy of the last Evaluate, under the
// uniform backward policy. With c(τ) = log p_F(τ) - log p_B(τ|x) - log r(x) and the
// score s = Σ ∇log P_F over the edges of τ,
//
//	E[f(c) s] = Σ_e weight(e) ∇log P_F(e),  weight(e) = Σ_{τ through e} p_F(τ) f(c(τ)),
//
// and the weights are sums over paths, by dynamic programming from both ends. The mean of
// each f is subtracted, which changes nothing in exact arithmetic.
type Gradient struct {
	e               *Evaluator
	mass            []float64 // Σ p_F through each edge
	in, out         []float64 // of each node: means of c before and after it
	step            []float64 // of each edge
	toward, onwards []float64 // log sums of paths to and from each node
}

// NewGradient returns a Gradient for the policies of an evaluator.
func NewGradient(e *Evaluator) *Gradient {
	nodes, edges := e.g.Nodes(), e.g.Edges()
	return &Gradient{e: e, mass: make([]float64, edges), step: make([]float64, edges),
		in: make([]float64, nodes), out: make([]float64, nodes), toward: make([]float64, nodes), onwards: make([]float64, nodes)}
}

// Weights returns a slice for the weights of the edges.
func (d *Gradient) Weights() []float64 { return make([]float64, d.e.g.Edges()) }

// visits computes the mass of every edge.
func (d *Gradient) visits() {
	g, e := d.e.g, d.e
	for node := range g.Nodes() {
		for edge := g.first[node]; edge < g.first[node+1]; edge++ {
			d.mass[edge] = fmath.Exp(e.logReach[node] + e.logPF[edge])
		}
	}
}

// AddLinear adds factor × the weights of f = c.
func (d *Gradient) AddLinear(weights []float64, factor float64) {
	d.visits()
	g, e := d.e.g, d.e
	clear(d.in)
	clear(d.out)
	gap := func(edge int32) float64 { return e.logPF[edge] - g.uniform.logStep[edge] }
	for node := range g.Nodes() {
		if node > 0 {
			if reach := fmath.Exp(e.logReach[node]); reach > 0 {
				d.in[node] /= reach
			}
		}
		for edge := g.first[node]; edge < g.first[node+1]; edge++ {
			if m := d.mass[edge]; m > 0 {
				d.in[g.child[edge]] += float64(m * (d.in[node] + gap(edge)))
			}
		}
	}
	for node := g.Nodes() - 1; node >= 0; node-- {
		for edge := g.first[node]; edge < g.first[node+1]; edge++ {
			if p := fmath.Exp(e.logPF[edge]); p > 0 {
				d.out[node] += float64(p * (gap(edge) + d.out[g.child[edge]]))
			}
		}
	}
	for node := range g.Nodes() {
		for edge := g.first[node]; edge < g.first[node+1]; edge++ {
			if m := d.mass[edge]; m > 0 {
				weights[edge] += float64(factor * m * (d.in[node] + gap(edge) + d.out[g.child[edge]] - d.out[0]))
			}
		}
	}
}

// AddPower adds weight × the weights of f = e^(gamma c + offset), and returns the log of
// the mean of f. If ratio is set, the weights are divided by that mean.
func (d *Gradient) AddPower(weights []float64, weight, gamma, offset float64, ratio bool) (logMean float64) {
	d.visits()
	g, e := d.e.g, d.e
	for edge, f := range e.logPF {
		d.step[edge] = float64((1+gamma)*f) - float64(gamma*g.uniform.logStep[edge])
		if math.IsInf(f, -1) {
			d.step[edge] = math.Inf(-1) // no trajectory of the policy
		}
	}
	e.forward(d.step, d.toward)
	d.backward()
	logMean = d.onwards[0] - float64(gamma*g.logZ) + offset
	divisor := 0.0
	if ratio {
		divisor = logMean
	}
	mean := fmath.Exp(logMean - divisor)
	for node := range g.Nodes() {
		for edge := g.first[node]; edge < g.first[node+1]; edge++ {
			x := d.toward[node] + d.step[edge] + d.onwards[g.child[edge]] - float64(gamma*g.logZ) + offset - divisor
			if d.mass[edge] > 0 || !math.IsInf(x, -1) {
				weights[edge] += float64(weight * (fmath.Exp(x) - float64(mean*d.mass[edge])))
			}
		}
	}
	return logMean
}

// backward computes the log sums over paths from each node to the end.
func (d *Gradient) backward() {
	g := d.e.g
	terms := make([]float64, 0, g.env.Actions())
	for node := g.Nodes() - 1; node >= 0; node-- {
		terms = terms[:0]
		for edge := g.first[node]; edge < g.first[node+1]; edge++ {
			terms = append(terms, d.step[edge]+d.onwards[g.child[edge]])
		}
		if d.onwards[node] = 0; len(terms) > 0 {
			d.onwards[node] = fmath.LogSumExp(terms)
		}
	}
}

// EachRow calls row with every non-terminal state and its weights, spread over the
// forward actions, a chunk of at most 512 states at a time.
func (d *Gradient) EachRow(weights []float64, row func(states []uint64, n int, byAction []float64)) {
	g := d.e.g
	actions, words := g.env.Actions(), g.env.Words()
	states, rows := make([]uint64, chunk*words), make([]float64, chunk*actions)
	for from := 0; from < len(g.inner); from += chunk {
		nodes := g.inner[from:min(from+chunk, len(g.inner))]
		clear(rows)
		for i, node := range nodes {
			copy(states[i*words:], g.index.Code(int(node)))
			for edge := g.first[node]; edge < g.first[node+1]; edge++ {
				rows[i*actions+int(g.action[edge])] = weights[edge]
			}
		}
		row(states[:len(nodes)*words], len(nodes), rows[:len(nodes)*actions])
	}
}
