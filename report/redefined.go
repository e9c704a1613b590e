package report

import (
	"cmp"
	"slices"
	"strings"

	"gfnbench/results"
)

// conflicts notes what the directories disagree on. An environment that their suites define
// differently under one name is no conflict, since its parameters tell its cells apart.
func (s *Sweep) conflicts() {
	var left []results.Conflict
	for _, c := range s.Set.Conflicts {
		if by := s.redefined(c); by != nil {
			s.note("%s is defined differently in %s and in %s: its cells are told apart by %s; to tell them apart by name, rename one in its suite and run that again",
				c.ID, c.First, c.Second, strings.Join(by, ", "))
			continue
		}
		left = append(left, c)
		s.note("%v: the first stands", c)
	}
	s.Set.Conflicts = left
}

// redefined names the parameters in which definitions of an instance differ, other than
// those that its name gives. It returns nil if it is not known to be defined differently.
func (s *Sweep) redefined(c results.Conflict) (by []string) {
	at := slices.IndexFunc(s.Set.Instances, func(in results.Instance) bool { return in.ID == c.ID })
	if c.Runs != nil || at < 0 {
		return nil
	}
	var rows []*Row
	for i := range s.Set.Runs {
		if r := &s.Set.Runs[i]; r.Environment == s.Set.Instances[at].Environment {
			rows = append(rows, &Row{Run: r})
		}
	}
	for _, col := range s.Set.Columns {
		group, name, _ := strings.Cut(col.Name, ".")
		if !ofTask(col.Name) && group != "modes" {
			continue
		}
		if name = cmp.Or(name, group); strings.Contains(c.ID, name+"=") {
			continue
		}
		if slices.ContainsFunc(rows, func(r *Row) bool { return r.Value(col.Name) != rows[0].Value(col.Name) }) {
			by = append(by, name)
		}
	}
	return by
}
