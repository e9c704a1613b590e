package suites

import (
	"slices"
	"strconv"

	"gfnbench/gfn/param"
)

// name lists the columns and notes which of them vary.
func (r *reader) name() {
	s := r.suite
	add := func(k *Key) {
		varies := s.varies(k.slot) && !s.saidByInstance(k) || k.Name == param.Instance && s.Tune != nil && len(s.Tune.Instances) > 0
		s.Columns = append(s.Columns, Column{Name: k.Name, Type: k.Type, Doc: k.Doc, Varies: varies, slot: k.slot})
		s.slotOf[k.Name] = k.slot
	}
	s.slotOf = make(map[string]int)
	add(s.columnKey("environment"))
	for _, k := range s.slots {
		if k == keyPair || k.role == manages || k.Name == param.Instance || k == keyTrainer && len(s.Trainers) == 0 {
			continue
		}
		if s.unsaid(k) {
			s.slotOf[k.Name] = k.slot
			continue
		}
		add(k)
		if k == keyControlVariate {
			add(s.columnKey("seed"))
			if k := keyOf(s.slots, param.Instance); k != nil {
				add(k)
			}
			if s.Tune != nil {
				add(s.columnKey(param.Role))
			}
		}
	}
}

// unsaid reports whether a key that came after version 0.1.0 is at its default, or does
// not apply, in all cells. Results have no column for it.
func (s *Suite) unsaid(k *Key) bool {
	return k.later && !slices.ContainsFunc(s.Cells, func(c *Cell) bool { return !c.settings[k.slot].isDefault })
}

// varies reports whether a column's values differ between cells.
func (s *Suite) varies(slot int) bool {
	return slices.ContainsFunc(s.Cells, func(c *Cell) bool {
		if slot >= 0 && c.settings[slot] == s.Cells[0].settings[slot] {
			return false
		}
		return c.textAt(slot) != s.Cells[0].textAt(slot)
	})
}

// textAt returns the canonical value of a slot.
func (c *Cell) textAt(slot int) string {
	switch slot {
	case slotEnvironment:
		return param.Of(c.environment.name).Canonical()
	case slotSeed:
		return strconv.Itoa(c.Seed)
	case slotRole:
		return c.at(slot).Canonical()
	}
	return c.settings[slot].text
}

// differ names a column in which two cells differ, other than the seed and, over
// instances, the instance. It returns "" if there is none.
func (s *Suite) differ(a, b *Cell, over string) string {
	if a.config == b.config {
		return ""
	}
	if a.environment != b.environment {
		return "environment"
	}
	pooled := func(k *Key) bool { return over == OverInstances && (k.Name == param.Instance || s.saidByInstance(k)) }
	if over != OverInstances && a.Value(param.Instance) != b.Value(param.Instance) {
		return param.Instance
	}
	for slot, k := range s.slots {
		if k.role != manages && !pooled(k) && a.settings[slot].text != b.settings[slot].text {
			return k.Name
		}
	}
	return ""
}
