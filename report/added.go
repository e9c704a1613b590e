package report

import (
	"fmt"
	"slices"
	"strings"

	"gfnbench/gfn/metric"
	"gfnbench/report/number"
	"gfnbench/results"
)

// add shows the metrics that sweep evaluate added to finished cells, where their own
// evaluations lack them, and notes whose they are. The digest does not cover them.
func (s *Sweep) add() error {
	all, err := results.ReadAdded(s.Dirs...)
	if err != nil || len(all) == 0 {
		return err
	}
	of := make(map[string][]results.Added)
	for _, a := range all {
		of[a.Cell] = append(of[a.Cell], a)
	}
	cells := make(map[string]int) // that have what, for the notes
	for _, rows := range [][]*Row{s.Rows, s.Tuning} {
		for i, r := range rows {
			if r.Run == nil || len(of[r.ID()]) == 0 {
				continue
			}
			run := *r.Run
			run.Curve = slices.Clone(run.Curve)
			more := make(map[string]bool)
			for _, a := range of[r.ID()] {
				for _, name := range put(&run, &a) {
					more[name] = true
				}
			}
			for name := range more {
				cells[name]++
			}
			if len(more) > 0 {
				rows[i] = &Row{Cell: r.Cell, Run: &run}
			}
		}
	}
	for _, name := range sortedKeys(cells) {
		s.note("%s: measured by sweep evaluate on the kept networks of %s; the digest does not cover it", name, number.Count(cells[name], "cell"))
	}
	return nil
}

// put sets the metrics that a run's evaluation lacks to those that were added to it, and
// names them.
func put(run *results.Run, a *results.Added) (names []string) {
	i := slices.IndexFunc(run.Curve, func(p results.Point) bool { return p.Step == a.Step })
	if i < 0 || a.File != run.Timing.Policy {
		return nil
	}
	for _, m := range metric.Evaluated() {
		x, ok := a.Get(m)
		if _, has := run.Curve[i].Get(m); !ok || has {
			continue
		}
		if stderr, estimated := a.StdErr(m); estimated {
			run.Curve[i].SetEstimate(m, x, stderr)
		} else {
			run.Curve[i].Set(m, x)
		}
		names = append(names, strings.TrimSpace(fmt.Sprintf("%s %s", m, inParentheses(a.Settings))))
	}
	return names
}

func inParentheses(text string) string {
	if text == "" {
		return ""
	}
	return "(" + text + ")"
}

func sortedKeys(m map[string]int) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
