package sweep

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strings"

	"gfnbench/results/lease"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A block is a set of cells that one process claims together: a single long cell, or many
// tiny ones that share the cost of the claim. With [tune] the cells of a block belong to
// one arm and have one role.
type block struct {
	name  string // name of its lease
	cells []*suites.Cell
	work  float64
	arm   *suites.Arm // nil without [tune]
	role  suites.Role
	alone bool // train it only while no other cell is being trained
	lost  bool // a process that held it died
}

// lease returns the name of the block's lease.
func (b *block) lease() string { return filepath.Join(lease.Folder, b.name) }

const (
	blockWork   = flopsPerSecond // about a second of tiny cells
	blocksAtAll = 1024           // lower bound on the number of blocks, if there are enough cells
)

// blocks divides the cells of a suite, longest first and tuning cells before test cells.
// It depends only on the suite and the chosen settings, so every process finds the same
// blocks.
func blocks(s *suites.Suite) []*block {
	if s.Tune == nil {
		return sorted(divide(s.Cells, s.Cells, len(s.Cells)))
	}
	var tuned, tested []*block
	for _, a := range s.Arms {
		var tuning []*suites.Cell
		for _, x := range a.Settings {
			tuning = append(tuning, x.Tuning...)
		}
		tuned = append(tuned, label(divide(tuning, tuning, len(s.Cells)), a, suites.Tuning)...)
		// Divide the tests in the same way whatever is chosen, because shards are
		// assigned before.
		tested = append(tested, label(divide(a.Tests(), a.Settings[0].Test, len(s.Cells)), a, suites.Test)...)
	}
	return append(sorted(tuned), sorted(tested)...)
}

func label(list []*block, a *suites.Arm, r suites.Role) []*block {
	for _, b := range list {
		b.arm, b.role = a, r
	}
	return list
}

func sorted(list []*block) []*block {
	slices.SortStableFunc(list, func(a, b *block) int {
		return cmp.Compare(b.work/float64(len(b.cells)), a.work/float64(len(a.cells)))
	})
	return list
}

// divide makes blocks of cells, longest first. Each cell is taken to cost as much as the
// one at the same index in like. all is the number of cells of the suite.
func divide(cells, like []*suites.Cell, all int) (list []*block) {
	order := make([]int, len(cells))
	costs := make([]float64, len(cells))
	for i := range cells {
		order[i], costs[i] = i, work(like[i])
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(costs[j], costs[i]) })
	most := (all + blocksAtAll - 1) / blocksAtAll
	var open *block
	for _, i := range order {
		if open == nil || len(open.cells) == most || open.work+costs[i] > blockWork {
			open = &block{}
			list = append(list, open)
		}
		open.cells, open.work = append(open.cells, cells[i]), open.work+costs[i]
	}
	for _, b := range list {
		b.name = blockName(b.cells)
	}
	return list
}

// blockName returns a hash of the cells, so equal blocks of different suites have the
// same name.
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

// restrict reduces the blocks to the given cells. It returns an error if that would
// separate settings that halving compares.
func restrict(list []*block, cells []*suites.Cell, tune *suites.Tune) ([]*block, error) {
	in := make(map[*suites.Cell]bool, len(cells))
	for _, c := range cells {
		in[c] = true
	}
	var part []*block
	whole := make(map[*suites.Arm]bool) // whether all its tuning cells are left so far
	for _, b := range list {
		chosen := slices.DeleteFunc(slices.Clone(b.cells), func(c *suites.Cell) bool { return !in[c] })
		if before, seen := whole[b.arm]; tune != nil && tune.Eta > 0 && b.role == suites.Tuning {
			whole[b.arm] = len(chosen) == len(b.cells)
			if len(chosen) > 0 && len(chosen) < len(b.cells) || seen && before != whole[b.arm] {
				return nil, usage.Errorf("the filter splits an arm of [tune], whose settings halving compares: filter by %s or role", strings.Join(tune.Arms, ", "))
			}
		}
		if len(chosen) > 0 {
			part = append(part, &block{name: b.name, cells: chosen, work: b.work, arm: b.arm, role: b.role})
		}
	}
	return part, nil
}

// parts are the smallest groups of blocks that do not depend on other groups: single
// blocks or, if the plan tunes by halving, or both tunes and tests, all blocks of an arm.
func (p *Plan) parts() (list [][]*block) {
	has := func(r suites.Role) bool {
		return slices.ContainsFunc(p.blocks, func(b *block) bool { return b.role == r })
	}
	together := has(suites.Tuning) && (has(suites.Test) || p.Suite.Tune.Eta > 0)
	at := make(map[*suites.Arm]int)
	for _, b := range p.blocks {
		i, ok := at[b.arm]
		if !ok || !together {
			i = len(list)
			at[b.arm] = i
			list = append(list, nil)
		}
		list[i] = append(list[i], b)
	}
	return list
}

// of returns the shard's share of the blocks, which is all of them for the whole.
func (s Shard) of(parts [][]*block) (list []*block) {
	for i, part := range parts {
		if s.Count == 0 || i%s.Count == s.Index-1 {
			list = append(list, part...)
		}
	}
	return list
}
