package dag

import (
	"fmt"
	"math"

	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
)

// dagData are the observations and where they come from.
type dagData struct {
	from    string // the parameter that gave them, for errors
	names   []string
	rows    [][]float64  // one per observation
	graph   []uint64     // targets of each node in a simulation, else nil
	weights []float64    // n×n, of the edges in a simulation
	actual  param.Values // parameters determined by the data or the graph
}

// dagDataOf reads or simulates the data.
func dagDataOf(p param.Values) (*dagData, error) {
	source, err := env.Source(p, "instance_seed", "data", "observations")
	if err != nil {
		return nil, err
	}
	if source == "instance_seed" {
		return simulateDAG(p)
	}
	if p.Has("graph") {
		return nil, param.Errorf("graph", "is the graph of a simulation, but %s is given: leave it out", source)
	}
	if err := env.RefuseOther(p, source, dagSimulation); err != nil {
		return nil, err
	}
	d := &dagData{from: source}
	if file, given := p.File("data"); given {
		if d.names, d.rows, err = parseCSV(file); err != nil {
			return nil, param.Errorf("data", "%v", err)
		}
	} else {
		d.rows = p.Matrix("observations")
		if err := checkObservations(d.rows); err != nil {
			return nil, err
		}
		d.names = numberedNames(len(d.rows[0]))
	}
	if len(d.rows) < 2 {
		return nil, param.Errorf(source, "%d observations: at least 2 are needed", len(d.rows))
	}
	if n := len(d.names); n > maxNodes {
		return nil, param.Errorf(d.from, "%d variables: at most %d are supported", n, maxNodes)
	}
	d.actual = param.Values{"nodes": param.Of(len(d.names)), "samples": param.Of(len(d.rows)), "expected_parents": {}, "data_noise_variance": {}}
	return d, checkNodes(p, len(d.names), d.from)
}

// checkNodes returns an error if the number of nodes contradicts the given data or graph.
func checkNodes(p param.Values, n int, from string) error {
	if nodes := p.Int("nodes"); nodes != n && nodes != defaultNodes {
		return param.Errorf("nodes", "%d nodes, but %s has %d: leave nodes out", nodes, from, n)
	}
	return nil
}

func numberedNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("x%d", i)
	}
	return names
}

func checkObservations(rows [][]float64) error {
	if len(rows) == 0 || len(rows[0]) == 0 {
		return param.Errorf("observations", "is empty: expected a row of numbers for each observation")
	}
	for i, row := range rows {
		if len(row) != len(rows[0]) {
			return param.Errorf("observations", "row %d has %d values, the first %d", i+1, len(row), len(rows[0]))
		}
		for _, v := range row {
			if math.IsInf(v, 0) || math.IsNaN(v) {
				return param.Errorf("observations", "row %d has the value %v", i+1, v)
			}
		}
	}
	return nil
}
