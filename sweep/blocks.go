package sweep

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"slices"

	"gfnbench/results/lease"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A block is a set of cells that one process claims together: a group of
// [prune], a single long cell, or many tiny cells, which share the cost of the
// claim.
type block struct {
	name  string // name of its lease
	cells []*suites.Cell
	work  float64
	group bool // a group of successive halving
	alone bool // train it while no other cell is trained
	lost  bool // a process that held it died
}

// lease returns the name of the block's lease.
func (b *block) lease() string { return filepath.Join(lease.Folder, b.name) }

const (
	blockWork   = flopsPerSecond // about a second of tiny cells
	blocksAtAll = 1024           // lower bound on the number of blocks, if there are enough cells
)

// blocks divides the cells of a suite, longest first. The division depends only
// on the suite, so every process finds the same blocks.
func blocks(s *suites.Suite) []*block {
	costs := make(map[*suites.Cell]float64, len(s.Cells))
	for _, c := range s.Cells {
		costs[c] = work(c)
	}
	dearer := func(a, b *suites.Cell) int { return cmp.Compare(costs[b], costs[a]) }
	groups, rest := pruneGroups(s)
	slices.SortStableFunc(rest, dearer)
	var list []*block
	for _, g := range groups {
		slices.SortStableFunc(g, dearer)
		b := &block{cells: g, group: true}
		for _, c := range g {
			b.work += costs[c]
		}
		list = append(list, b)
	}
	most := (len(rest) + blocksAtAll - 1) / blocksAtAll
	var open *block
	for _, c := range rest {
		if open == nil || len(open.cells) == most || open.work+costs[c] > blockWork {
			open = &block{}
			list = append(list, open)
		}
		open.cells, open.work = append(open.cells, c), open.work+costs[c]
	}
	for _, b := range list {
		b.name = blockName(b.cells)
	}
	slices.SortStableFunc(list, func(a, b *block) int {
		return cmp.Compare(b.work/float64(len(b.cells)), a.work/float64(len(a.cells)))
	})
	return list
}

// blockName returns a hash of the cells, so an equal block of another suite has
// the same name.
func blockName(cells []*suites.Cell) string {
	if len(cells) == 1 {
		return cells[0].ID
	}
	h := sha256.New()
	for _, c := range cells {
		h.Write([]byte(c.ID))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// restrict keeps only the given cells in the blocks. A group of [prune] is kept
// or dropped as a whole.
func restrict(list []*block, cells []*suites.Cell) ([]*block, error) {
	in := make(map[*suites.Cell]bool, len(cells))
	for _, c := range cells {
		in[c] = true
	}
	var part []*block
	for _, b := range list {
		chosen := slices.DeleteFunc(slices.Clone(b.cells), func(c *suites.Cell) bool { return !in[c] })
		if b.group && len(chosen) > 0 && len(chosen) < len(b.cells) {
			return nil, usage.Errorf("the filter splits a group of [prune], whose cells are compared with each other: filter only by environment and seed")
		}
		if len(chosen) > 0 {
			part = append(part, &block{name: b.name, cells: chosen, work: b.work, group: b.group})
		}
	}
	return part, nil
}

// of returns the blocks of the shard. Blocks stay whole, so shards can share a
// directory without waiting for each other.
func (s Shard) of(list []*block) []*block {
	if s.Count == 0 {
		return list
	}
	var part []*block
	for i := s.Index - 1; i < len(list); i += s.Count {
		part = append(part, list[i])
	}
	return part
}
