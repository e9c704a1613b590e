package dag

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/internal/bitset"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// simulateDAG draws observations from a linear-Gaussian network with edge weights N(0, 1)
// and equal noise variances, on the given graph or an Erdős–Rényi one.
func simulateDAG(p param.Values) (*dagData, error) {
	rng := env.InstanceStream("dag", p.Int("instance_seed"))
	d := &dagData{from: "samples"}
	var order []int
	var err error
	if p.Has("graph") {
		if err := env.RefuseOther(p, "graph", dagSimulation[1:2]); err != nil {
			return nil, err
		}
		if d.graph, err = readGraph(p.Matrix("graph")); err != nil {
			return nil, err
		}
		if order = topologicalOrder(d.graph); order == nil {
			return nil, param.Errorf("graph", "has a cycle: %s", describeCycle(d.graph))
		}
		if err := checkNodes(p, len(d.graph), "graph"); err != nil {
			return nil, err
		}
		d.actual = param.Values{"nodes": param.Of(len(d.graph)), "expected_parents": {}}
	} else {
		d.graph, order = erdosRenyi(p.Int("nodes"), p.Float("expected_parents"), rng)
	}
	n := len(d.graph)
	d.names = numberedNames(n)
	d.weights = make([]float64, n*n)
	for i, targets := range d.graph {
		for _, j := range bitset.AppendOnes(nil, []uint64{targets}) {
			d.weights[i*n+j] = rng.Normal()
		}
	}
	sd := math.Sqrt(p.Float("data_noise_variance"))
	for range p.Int("samples") {
		d.rows = append(d.rows, d.draw(order, sd, rng))
	}
	return d, nil
}

// draw returns one observation: the nodes in topological order, each the weighted
// sum of its parents and noise.
func (d *dagData) draw(order []int, sd float64, rng *stream.Stream) []float64 {
	n := len(d.names)
	x := make([]float64, n)
	for _, j := range order {
		for i := range n {
			x[j] += float64(d.weights[i*n+j] * x[i])
		}
		x[j] += float64(sd * rng.Normal())
	}
	return x
}

// erdosRenyi draws a random order and, along it, each edge with the probability that
// gives a node the requested number of parents on average. It returns the targets of each
// node.
func erdosRenyi(n int, parents float64, rng *stream.Stream) (graph []uint64, order []int) {
	graph = make([]uint64, n)
	for i := range n {
		at := rng.IntN(i + 1)
		order = slices.Insert(order, at, i)
	}
	if n == 1 {
		return graph, order
	}
	probability := 2 * parents / float64(n-1)
	for later, j := range order {
		for _, i := range order[:later] {
			if rng.Float64() < probability {
				graph[i] |= 1 << j
			}
		}
	}
	return graph, order
}

// readGraph checks a literal adjacency matrix and returns the targets of each node.
func readGraph(matrix [][]float64) ([]uint64, error) {
	n := len(matrix)
	if n < 1 || n > maxNodes {
		return nil, param.Errorf("graph", "has %d rows: expected 1 to %d", n, maxNodes)
	}
	graph := make([]uint64, n)
	for i, row := range matrix {
		if len(row) != n {
			return nil, param.Errorf("graph", "row %d has %d values, expected %d: the matrix is square", i, len(row), n)
		}
		for j, v := range row {
			switch {
			case v != 0 && v != 1:
				return nil, param.Errorf("graph", "row %d, column %d is %v: expected 0 or 1", i, j, v)
			case v == 1 && i == j:
				return nil, param.Errorf("graph", "has a cycle: %d->%d", i, i)
			case v == 1:
				graph[i] |= 1 << j
			}
		}
	}
	return graph, nil
}

// topologicalOrder lists the nodes with parents first, and the smallest node first when
// several are possible. It returns nil if the graph has a cycle.
func topologicalOrder(graph []uint64) []int {
	var order []int
	var placed uint64
	parents := parentsOf(graph)
	for range graph {
		next := slices.IndexFunc(parents, func(set uint64) bool { return set&^placed == 0 })
		if next < 0 {
			return nil
		}
		order = append(order, next)
		placed |= 1 << next
		parents[next] = ^uint64(0) // never again
	}
	return order
}

// parentsOf turns each node's targets into each node's parents.
func parentsOf(graph []uint64) []uint64 {
	parents := make([]uint64, len(graph))
	for i, targets := range graph {
		for _, j := range bitset.AppendOnes(nil, []uint64{targets}) {
			parents[j] |= 1 << i
		}
	}
	return parents
}

// describeCycle writes a shortest cycle through the smallest node on a cycle, as in
// "0->1->0".
func describeCycle(graph []uint64) string {
	closure := slices.Clone(graph)
	transitiveClosure(closure)
	start := 0
	for closure[start]>>start&1 == 0 {
		start++
	}
	text := fmt.Sprint(start)
	for at, done := start, false; !done; {
		at = nextOnShortestPath(graph, at, start)
		text += fmt.Sprintf("->%d", at)
		done = at == start
	}
	return text
}

// nextOnShortestPath returns the first step of a shortest path with at least one edge.
func nextOnShortestPath(graph []uint64, from, to int) int {
	parents := parentsOf(graph)
	reached := uint64(1) << to
	for {
		if next := graph[from] & reached; next != 0 {
			return bitset.AppendOnes(nil, []uint64{next})[0]
		}
		for _, j := range bitset.AppendOnes(nil, []uint64{reached}) {
			reached |= parents[j]
		}
	}
}

// fields lists the data and, if they were simulated, the graph's adjacency matrix and
// weights.
func (d *dagData) fields() []env.Field {
	observations := env.Field{Name: "observations", Text: strings.Join(d.names, ",")}
	for _, row := range d.rows {
		observations.Values = append(observations.Values, row...)
	}
	fields := []env.Field{observations}
	if d.graph == nil {
		return fields
	}
	n := len(d.names)
	graph := env.Field{Name: "graph", Values: make([]float64, n*n)}
	for i, targets := range d.graph {
		for _, j := range bitset.AppendOnes(nil, []uint64{targets}) {
			graph.Values[i*n+j] = 1
		}
	}
	return append(fields, graph, env.Field{Name: "weights", Values: d.weights})
}
