package suites

import (
	"fmt"
	"slices"

	"gfnbench/suites/document"
)

// A claimant is a setting given in one place, outside the lists of a grid, for cells that
// may all do without it. Then it is a mistake, as it would be in a grid.
type claimant struct {
	key   *Key
	at    *document.Node
	where string       // such as "in [environment.sets]"
	of    *environment // whose cells it is for; nil: all
	rule  *rule        // rule that gives it to the cells it matches; nil: [run] or [environment.NAME]
}

// claimants lists the settings of [run] and of environments that differ from their
// default and do not always apply.
func (r *reader) claimants() (list []claimant) {
	for _, k := range runKeys {
		if k.applies == nil {
			continue
		}
		if s := r.run[k.slot]; s.at != nil && !s.isDefault {
			list = append(list, claimant{key: k, at: s.at, where: "no cell"})
		}
		for _, e := range r.environments {
			if e.settings == nil {
				continue
			}
			if s := e.settings[k.slot]; s.at != nil && !s.isDefault && s != r.run[k.slot] && e.used {
				list = append(list, claimant{key: k, at: s.at, where: fmt.Sprintf("no cell of [environment.%s]", e.name), of: e})
			}
		}
	}
	for _, rule := range slices.Concat(r.overrides, r.sets) {
		for _, ch := range rule.set {
			where := "no cell that this [[override]] matches"
			if rule.force {
				where = "no cell"
			}
			if ch.key.applies != nil && !ch.to.isDefault {
				list = append(list, claimant{key: ch.key, at: ch.to.at, where: where, rule: rule})
			}
		}
	}
	return list
}

// concerns reports whether the claimant's setting is for the cells of a config.
func (c *claimant) concerns(config *config) bool {
	return (c.of == nil || c.of == config.environment) && (c.rule == nil || c.rule.match.matches(config, -1))
}

// checkApplies reports settings that none of the cells takes for which they are given. It
// does not check a suite that results keep.
func (r *reader) checkApplies() {
	if r.kept || len(r.suite.Cells) == 0 {
		return
	}
	open := r.claimants()
	var last *config
	for _, cell := range r.suite.Cells {
		if len(open) == 0 {
			return
		}
		if cell.config != last { // seeds share a config
			last = cell.config
			open = slices.DeleteFunc(open, func(c claimant) bool {
				return c.concerns(last) && last.settings[c.key.slot] != absent
			})
		}
	}
	for _, c := range open {
		r.atKey(c.at, "%s takes %s: it applies to %s", c.where, c.key.Name, c.key.When)
	}
}
