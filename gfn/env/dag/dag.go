// Package dag is the environment of structure learning: directed acyclic graphs, grown
// edge by edge and scored on data that are read or simulated.
package dag

import (
	"fmt"
	"math/bits"
	"strings"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/internal/bitset"
	"gfnbench/gfn/param"
)

// References:
//
//	da Silva et al.: On divergence measures for training GFlowNets. NeurIPS 2024
//	(Bayesian structure learning).
//	Deleu et al.: Bayesian structure learning with generative flow networks.
//	UAI 2022 (adding edges under a mask of acyclicity).

// maxNodes bounds a network's nodes, because scores are kept for every set of parents.
const maxNodes = 20

// defaultNodes is the default number of nodes; giving this number has the same effect as
// giving none.
const defaultNodes = 5

// dagSimulation lists the parameters of simulated data.
var dagSimulation = []param.Param{
	{Name: "samples", Type: param.Int, Default: param.Of(100), Range: param.Between(2, 1e7), Doc: "number of simulated observations"},
	{Name: "expected_parents", Type: param.Float, Default: param.Of(1.0), Range: param.Between(0, maxNodes), Doc: "mean number of parents in the simulated Erdős–Rényi graph"},
	{Name: "data_noise_variance", Type: param.Float, Default: param.Of(0.1), Range: param.Between(1e-12, 1e12), Doc: "variance of the noise in the simulated data; its edge weights are N(0, 1)"},
}

// Kind is structure learning: a distribution over the directed acyclic
// graphs of a linear-Gaussian network.
var Kind = &env.Kind{
	Name:  "dag",
	Label: "DAGs",
	Doc:   "directed acyclic graphs, grown edge by edge, stopping anywhere; reward: score of a linear-Gaussian network on data",
	Params: []param.Param{
		{Name: "nodes", Type: param.Int, Default: param.Of(defaultNodes), Range: param.Between(1, maxNodes), Doc: "number of simulated variables; with data, observations or graph, their number"},
		dagSimulation[0],
		dagSimulation[1],
		dagSimulation[2],
		{Name: "instance_seed", Type: param.Int, Range: param.Between(0, param.Exact), Doc: "seed of the simulated graph, weights and data; give this, data or observations"},
		{Name: "graph", Type: param.Matrix, Doc: "the graph to simulate from: row i, column j is 1 for an edge i→j, else 0"},
		{Name: "data", Type: param.Path, Doc: "CSV file, an observation a row, separated by commas, semicolons or tabs, with or without a header, none missing, in place of a simulation"},
		{Name: "observations", Type: param.Matrix, Doc: "the observations themselves, a row each, in place of a simulation"},
		{Name: "score", Type: param.String, Default: param.Of("gaussian-ml"), Choices: []string{"gaussian-ml", "bge"}, Doc: "log likelihood at the maximum-likelihood parameters, or log marginal likelihood under a normal-Wishart prior"},
		{Name: "noise_variance", Type: param.Float, Range: param.Between(1e-12, 1e12), Doc: "gaussian-ml: the known variance of every node's noise; by default each is free"},
		{Name: "alpha_mu", Type: param.Float, Default: param.Of(1.0), Range: param.Between(1e-9, 1e9), Doc: "bge: prior observations behind the mean, which is 0 a priori"},
		{Name: "alpha_w", Type: param.Float, Range: param.Between(0, 1e9), Doc: "bge: degrees of freedom of the Wishart prior, above nodes + 1; nodes + 2 by default"},
		{Name: "temperature", Type: param.Float, Default: param.Of(30.0), Range: param.Between(1e-9, 1e9), Doc: "divides the score to give log r"},
	},
	Order: env.Order{
		State:    "byte i·n + j is 1 where there is an edge i→j",
		Forward:  "i·(n-1) + j, or j-1 where j > i: add an edge i→j that closes no cycle; n·(n-1): stop, always",
		Backward: "undo that action",
	},
	Revision: 1,
	Policies: []string{"mlp"},
	Small:    param.Values{"nodes": param.Of(3), "instance_seed": param.Of(1)},
	New:      newDAG,
}

// dag is the environment. A code holds the bits of the adjacency matrix, then those of
// its transitive closure, then whether the graph is finished. Forward action i(n-1)+j, or
// one less if j > i, adds the edge i→j, and the last action stops. Backward actions
// remove an edge or undo the stop.
type dag struct {
	n           int
	adjacency   bitRows
	closure     bitRows
	finished    int        // the bit after both
	edges       [][2]uint8 // source and target of each action but the last
	scores      *localScores
	temperature float64
	target      dagTarget
	data        dagData
}

// newDAG reads or simulates the data.
func newDAG(p param.Values) (env.Environment, error) {
	data, err := dagDataOf(p)
	if err != nil {
		return nil, err
	}
	n := len(data.names)
	e := &dag{n: n, data: *data, temperature: p.Float("temperature")}
	e.adjacency, e.closure, e.finished = bitRows{n, 0}, bitRows{n, n * n}, 2*n*n
	for i := range n {
		for j := range n {
			if i != j {
				e.edges = append(e.edges, [2]uint8{uint8(i), uint8(j)})
			}
		}
	}
	local, err := localScoreOf(p, data)
	if err != nil {
		return nil, err
	}
	e.scores = newLocalScores(n, local)
	e.target.e = e
	if n <= maxSummedNodes {
		return summedDAG{e}, nil
	}
	return e, nil
}

// Kind returns "dag".
func (e *dag) Kind() string { return Kind.Name }

// Words returns the length of a code: two n×n matrices of bits and one more bit.
func (e *dag) Words() int { return (e.finished + 64) / 64 }

// Actions returns the number of possible edges plus one, for the stop.
func (e *dag) Actions() int { return len(e.edges) + 1 }

// BackwardActions returns the same number as Actions.
func (e *dag) BackwardActions() int { return len(e.edges) + 1 }

// MaxSteps returns the number of edges of a complete acyclic graph plus one, for the
// stop.
func (e *dag) MaxSteps() int { return len(e.edges)/2 + 1 }

// Reset writes the graph without edges.
func (e *dag) Reset(s []uint64) { clear(s) }

// Terminal reports whether the graph is finished.
func (e *dag) Terminal(s []uint64) bool { return s[e.finished>>6]>>(e.finished&63)&1 != 0 }

// stop returns the number of the action that stops.
func (e *dag) stop() int { return len(e.edges) }

// Mask allows the edges i→j that are not yet there and close no cycle because j does not
// reach i.
func (e *dag) Mask(s, mask []uint64) {
	clear(mask)
	if e.Terminal(s) {
		return
	}
	var ancestors [maxNodes]uint64
	for j := range e.n {
		for rest := e.closure.row(s, j); rest != 0; rest &= rest - 1 {
			ancestors[bits.TrailingZeros64(rest)] |= 1 << j
		}
	}
	all := uint64(1)<<e.n - 1
	for i := range e.n {
		free := all &^ (e.adjacency.row(s, i) | ancestors[i] | 1<<i)
		e.maskRow(mask, i, free)
	}
	setBit(mask, e.stop())
}

// maskRow sets the bits of the edges from i to the targets.
func (e *dag) maskRow(mask []uint64, i int, targets uint64) {
	bitRows{e.n - 1, 0}.or(mask, i, dropBit(targets, i))
}

func setBit(mask []uint64, b int) { mask[b>>6] |= 1 << (b & 63) }

// Step adds an edge or stops.
func (e *dag) Step(s []uint64, a int) (back int) {
	if a == e.stop() {
		setBit(s, e.finished)
		return a
	}
	i, j := int(e.edges[a][0]), int(e.edges[a][1])
	e.adjacency.or(s, i, 1<<j)
	e.closure.withEdge(s, i, j)
	return a
}

// BackwardMask allows the removal of every edge, or undoing the stop.
func (e *dag) BackwardMask(s, mask []uint64) {
	clear(mask)
	if e.Terminal(s) {
		setBit(mask, e.stop())
		return
	}
	for i := range e.n {
		e.maskRow(mask, i, e.adjacency.row(s, i))
	}
}

// Parents returns the number of edges, or 1 in a terminal state.
func (e *dag) Parents(s []uint64) int {
	if e.Terminal(s) {
		return 1
	}
	count := 0
	for i := range e.n {
		count += bits.OnesCount64(e.adjacency.row(s, i))
	}
	return count
}

// StepBack removes an edge and recomputes the closure, or undoes the stop.
func (e *dag) StepBack(s []uint64, b int) (forward int) {
	if b == e.stop() {
		s[e.finished>>6] &^= 1 << (e.finished & 63)
		return b
	}
	var rows [maxNodes]uint64
	for i := range e.n {
		rows[i] = e.adjacency.row(s, i)
	}
	rows[e.edges[b][0]] &^= 1 << e.edges[b][1]
	e.write(s, rows[:e.n])
	return b
}

// write stores in s the graph with the given rows of targets, its closure, and that it is
// unfinished. It destroys rows.
func (e *dag) write(s, rows []uint64) {
	clear(s)
	for i, r := range rows {
		e.adjacency.or(s, i, r)
	}
	transitiveClosure(rows)
	for i, r := range rows {
		e.closure.or(s, i, r)
	}
}

// LogReward returns the score divided by the temperature.
func (e *dag) LogReward(x []uint64) float64 {
	var parents [maxNodes]uint64
	for i := range e.n {
		for targets := e.adjacency.row(x, i); targets != 0; targets &= targets - 1 {
			parents[bits.TrailingZeros64(targets)] |= 1 << i
		}
	}
	score := 0.0
	for j := range e.n {
		score += e.scores.at(j, parents[j])
	}
	return score / e.temperature
}

// Features returns the size of the adjacency matrix.
func (e *dag) Features() int { return e.n * e.n }

// AppendFeatures appends the positions of the edges in the flattened matrix.
func (e *dag) AppendFeatures(idx []int32, s []uint64) []int32 {
	for i := range e.n {
		for targets := e.adjacency.row(s, i); targets != 0; targets &= targets - 1 {
			idx = append(idx, int32(i*e.n+bits.TrailingZeros64(targets)))
		}
	}
	return idx
}

// Format writes the edges in order of source and target, as in "0->1,2->0", or braces if
// there are none. Dots follow if the graph is not finished.
func (e *dag) Format(s []uint64) string {
	var text []string
	for i := range e.n {
		for _, j := range bitset.AppendOnes(nil, []uint64{e.adjacency.row(s, i)}) {
			text = append(text, fmt.Sprintf("%d->%d", i, j))
		}
	}
	list := strings.Join(text, ",")
	if list == "" {
		list = "{}"
	}
	if !e.Terminal(s) {
		list += "..."
	}
	return list
}

// Instance lists the data and, if they were simulated, the graph and its weights.
func (e *dag) Instance() []env.Field { return e.data.fields() }

// Actual returns the dimensions of the given data, or of the graph from which to
// simulate.
func (e *dag) Actual() param.Values { return e.data.actual }
