package sweep

import (
	"slices"

	"gfnbench/results"
)

// Parts returns the largest number of shards that can all have cells.
func (p *Plan) Parts() int { return len(p.parts()) }

// Shards returns, by the cell's id, which shard out of count each cell of the
// plan belongs to.
func (p *Plan) Shards(count int) map[string]int {
	of := make(map[string]int, len(p.Cells))
	for i, part := range p.parts() {
		for _, b := range part {
			for _, c := range b.cells {
				of[c.ID] = i%count + 1
			}
		}
	}
	return of
}

// Unfinished returns the shards, out of count, with cells of the plan that lack
// a run, were interrupted, or have one of the statuses that are to be run
// again. It also returns the number of such cells.
func Unfinished(p *Plan, count int, again []results.Status) (shards []int, cells int, err error) {
	set, err := read(p.Dir)
	if err != nil {
		return nil, 0, err
	}
	open := make([]bool, count)
	for i, part := range p.parts() {
		for _, b := range part {
			for _, c := range b.cells {
				if run := set.Find(c.ID); run == nil || p.unfinished(run) || slices.Contains(again, run.Status) {
					open[i%count] = true
					cells++
				}
			}
		}
	}
	for i, is := range open {
		if is {
			shards = append(shards, i+1)
		}
	}
	return shards, cells, nil
}
