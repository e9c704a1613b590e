package sweep

import (
	"slices"

	"gfnbench/results"
)

// Parts is the largest number of shards that each have cells.
func (p *Plan) Parts() int { return len(p.blocks) }

// ShardOf is the number of the shard, out of count, that a cell of the plan
// belongs to; 0: it is not in the plan.
func (p *Plan) ShardOf(cell string, count int) int {
	for i, b := range p.blocks {
		for _, c := range b.cells {
			if c.ID == cell {
				return i%count + 1
			}
		}
	}
	return 0
}

// Unfinished are the shards, out of count, in which cells of the plan lack a
// run, were interrupted, or have one of the statuses that are to be run again;
// with the number of such cells.
func Unfinished(p *Plan, count int, again []results.Status) (shards []int, cells int, err error) {
	set, err := read(p.Dir)
	if err != nil {
		return nil, 0, err
	}
	open := make([]bool, count)
	for i, b := range p.blocks {
		for _, c := range b.cells {
			run := set.Find(c.ID)
			if run == nil || run.Status == results.Interrupted || run.Status == results.Lost || slices.Contains(again, run.Status) {
				open[i%count] = true
				cells++
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
