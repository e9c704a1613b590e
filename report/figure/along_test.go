package figure

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

const ratesSuite = `schema = 1
name = "rates"
[run]
seeds = 3
root_seed = 1
steps = 20
eval_every = 10
[environment.grid]
kind = "hypergrid"
dim = 2
height = 4
[[grid]]
objective = ["tb", "vargrad"]
"optimizer.lr" = [0.001, 0.01, 0.1]
`

// TestAlong checks the means of the last evaluations along the learning rate, which are
// 10 lr + 1, 2 and 3 by seed. A run that diverged is left out and counted.
func TestAlong(t *testing.T) {
	s := reporttest.Load(t, ratesSuite, func(c *suites.Cell, r *results.Run) {
		reporttest.Curve(r, 50, 40, 10*c.Value("optimizer.lr").Float()+float64(c.Seed+1))
		if r.Objective == "vargrad" && c.Seed == 2 && c.Value("optimizer.lr").Float() == 0.1 {
			reporttest.Diverge(r)
		}
	})
	spec := &suites.Figure{Kind: "curves", X: "optimizer.lr", Panels: []string{"environment"}, Lines: []string{"objective"}, Metric: suites.Metric{Default: "l1"}}
	f, err := Make(s, spec, Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := f.Panels[0]
	if p.XLabel != "lr" || p.YLabel != "L₁ distance at the end" || !p.LogX {
		t.Errorf("axes %s and %s, logarithmic: %t", p.XLabel, p.YLabel, p.LogX)
	}
	if d := cmp.Diff([]float64{0.001, 0.01, 0.1}, p.Series[0].X); d != "" {
		t.Error(d)
	}
	for i, want := range [][]float64{{2.01, 2.1, 3}, {2.01, 2.1, 2.5}} {
		for j, mean := range p.Series[i].Mean {
			if !reporttest.Close(mean, want[j]) {
				t.Errorf("%s at %v: %v, want %v", p.Series[i].Label, p.Series[i].X[j], mean, want[j])
			}
		}
	}
	if notes := strings.Join(f.Notes, "; "); p.Series[1].Diverged != 1 || !strings.Contains(notes, "1 run diverged") {
		t.Errorf("%d diverged: %s", p.Series[1].Diverged, notes)
	}
	for _, c := range []struct{ x, line, want string }{
		{"optimizer.lr", "optimizer.lr", "cannot make up panels or lines"},
		{"policy.activation", "objective optimizer.lr", "the values of policy.activation are not numbers, such as leaky-relu"},
		{"optimizer.rate", "objective", "optimizer.rate"},
	} {
		wrong := *spec
		wrong.X, wrong.Lines = c.x, strings.Split(c.line, " ")
		if _, err := Make(s, &wrong, Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("x = %s, lines = %s: %v", c.x, c.line, err)
		} else if _, ok := errors.AsType[*usage.Error](err); !ok {
			t.Errorf("%v is not a usage error", err)
		}
	}
}
