package report

import (
	"fmt"
	"slices"
	"strings"

	"gfnbench/report/number"
	"gfnbench/suites"
)

// tunedNotes says, for each arm in a table, what was chosen, out of how many settings,
// with its tuning score and the score on the test seeds. It returns nothing without
// [tune].
func (s *Sweep) tunedNotes(t *Table) (notes []string) {
	if s.State == nil {
		return nil
	}
	var open []string // arms without a choice
	shown := make(map[string]bool)
	for _, slot := range slices.Concat(t.Slots...) {
		if slot != nil {
			for _, r := range slot.Rows {
				shown[r.ID()] = true
			}
		}
	}
	tuning := make(map[string]*Row)
	for _, r := range slices.Concat(s.Tuning, s.Rows) {
		tuning[r.ID()] = r
	}
	stats, err := s.Stats(s.Suite.Tune.Metric, s.Suite.Tune.Stat, nil, s.All())
	if err != nil {
		return nil
	}
	// A note for each.
	for _, a := range s.State.Arms {
		tests := a.Tests()
		if len(a.Settings) < 2 || !slices.ContainsFunc(tests, func(c *suites.Cell) bool { return shown[c.ID] }) {
			continue
		}
		name := s.Suite.ArmLabel(a.Arm)
		if a.Chosen < 0 {
			open = append(open, name)
			continue
		}
		st := stats[tests[0].EnvironmentName()]
		score := func(cells []*suites.Cell) string {
			var rows []*Row
			for _, c := range cells {
				if r := tuning[c.ID]; r != nil {
					rows = append(rows, r)
				}
			}
			return number.Format(NewSlot(st, "mean", suites.OverSeeds, rows).Estimate)
		}
		var chosen []string
		for _, column := range a.Tuned() {
			chosen = append(chosen, NamePart(column, tests[0].Value(column).Flat()))
		}
		notes = append(notes, fmt.Sprintf("%s: %s, the best of %s; %s was %s on the tuning seeds and is %s here",
			name, strings.Join(chosen, ", "), number.Count(len(a.Settings), "setting"), st.Metric, score(a.Arm.Settings[a.Chosen].Tuning), score(tests)))
	}
	if len(open) > 0 {
		const most = 3
		if rest := len(open) - most; rest > 1 {
			open = append(open[:most], fmt.Sprintf("%d more", rest))
		}
		notes = append(notes, "no setting chosen yet: "+strings.Join(open, ", "))
	}
	return notes
}
