package page

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gfnbench/gfn/metric"
	"gfnbench/report"
	"gfnbench/report/figure"
	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
)

// TestLarge checks which cells and lines are left where there are too many: of 2
// environments × 5 objectives × 10 learning rates × 10 seeds, whose l1 is set here to
// the number of the cell, one failed and one diverged.
func TestLarge(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "many")
	n := 0
	err := reporttest.Write(dir, reporttest.Many(10), func(_ *suites.Cell, r *results.Run) {
		for i := range r.Curve {
			r.Curve[i].Set(metric.L1, float64(n))
		}
		switch n {
		case 7:
			r.Status, r.Message = results.Failed, "out of memory"
		case 8:
			r.Status = results.Diverged
		}
		n++
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := report.Load(report.Options{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	if rows, note := listed(s, n, 50); len(rows) != n || note != "" {
		t.Errorf("%d of %d cells, %q", len(rows), n, note)
	}
	rows, note := listed(s, n-1, 50) // 4 of each group, and the two
	var got []int
	for _, r := range rows {
		got = append(got, slices.Index(s.Rows, r))
	}
	var want []int
	groups := make(map[string][]int)
	for i, r := range s.Rows {
		if i == 7 || i == 8 {
			want = append(want, i)
		} else {
			groups[r.Environment()+r.Objective()] = append(groups[r.Environment()+r.Objective()], i)
		}
	}
	for _, g := range groups {
		want = append(want, slices.Concat(g[:2], g[len(g)-2:])...)
	}
	slices.Sort(want)
	if len(groups) != 10 || !slices.Equal(got, want) || !strings.HasPrefix(note, "The list has 42 of 1000 cells: the 2 best and the 2 worst") {
		t.Errorf("%q, cells %v, want %v", note, got, want)
	}

	f, err := figure.Make(s, figure.Default(s), figure.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if thinned(f, len(f.Labels)) != f {
		t.Error("a figure of as many lines as there may be is changed")
	}
	few := thinned(f, len(f.Labels)-30) // 20 lines, of 10 groups
	lines := 0
	for i, p := range few.Panels {
		lines += len(p.Series)
		for objective, list := range byObjective(f.Panels[i]) {
			best := slices.MinFunc(list, func(a, b ranked) int { return int(b.value - a.value) })
			if !slices.Contains(p.Series, f.Panels[i].Series[best.at]) {
				t.Errorf("%s lacks the best line of %s", p.Label, objective)
			}
		}
	}
	if lines != 20 || !strings.Contains(fmt.Sprint(few.Notes), "of 50: the 1 best and the 1 worst of each objective") || slices.Equal(few.Labels, f.Labels) {
		t.Errorf("%d lines, %q", lines, few.Notes)
	}
}
