package sweep

import (
	"fmt"
	"path/filepath"
	"runtime"
	"testing"

	"gfnbench/gfn"
)

// heap returns the bytes in use that are not garbage.
func heap() float64 {
	runtime.GC()
	runtime.GC() // pools release their contents at the second collection
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// Estimates are within a factor of three of measurements after an evaluation and a step,
// for everything that can be large: networks, batches, actions, graphs of states, the
// ancestors of a sample.
func TestNeedIsMeasured(t *testing.T) {
	const factor, floor = 3, 4e6
	large := false
	for name, text := range map[string]string{
		"wide network":         `kind="hypergrid",dim=2,height=8|policy={hidden=[1024,1024]}`,
		"deep network":         `kind="sets",elements=12,size=4,instance_seed=1|policy={hidden=[256,256,256,256,256,256]}`,
		"large batch":          `kind="sets",elements=24,size=12,instance_seed=1|batch=4096;policy={hidden=[64,64]};eval={mode="sampled"}`,
		"many states":          `kind="hypergrid",dim=2,height=256|policy={hidden=[8]}`,
		"many states, sets":    `kind="sets",elements=16,size=8,instance_seed=1|policy={hidden=[8]};eval={max_states=1000000}`,
		"many states, learned": `kind="hypergrid",dim=2,height=200|policy={hidden=[8]};backward="learned"`,
		"sequences":            `kind="sequences",length=8,instance_seed=1|policy={hidden=[8]};eval={max_states=1000000}`,
		"ancestors":            `kind="sets",elements=40,size=18,instance_seed=1|policy={hidden=[8]};eval={samples=1,final_samples=1}`,
		"continuous":           `kind="gmm"|batch=2048;policy={hidden=[256,256]}`,
		"small":                `kind="hypergrid",dim=1,height=2|batch=2;policy={hidden=[2]}`,
	} {
		t.Run(name, func(t *testing.T) {
			p := load(t, oneCell(text), filepath.Join(t.TempDir(), "none"), Selection{})
			c := p.Cells[0]
			want := needOf(c)
			before := heap()
			trainer, err := gfn.New(c.Spec(), c.Instance())
			must(t, err)
			for range 2 {
				_, _, err := trainer.Step()
				must(t, err)
			}
			measured := heap() - before
			runtime.KeepAlive(trainer)
			estimate := want.own + want.shared
			t.Logf("%.1f MB measured, %.1f MB estimated (%.1f of them shared): %.2f times", measured/1e6, estimate/1e6, want.shared/1e6, estimate/measured)
			large = large || measured > floor
			if measured > floor && (estimate > factor*measured || estimate < measured/factor) || measured <= floor && estimate > 2*floor {
				t.Errorf("the estimate is off by more than %d times", factor)
			}
		})
	}
	if !large {
		t.Error("nothing was large enough to be measured")
	}
}

// oneCell is a suite of one cell: "environment|lines of [run]".
func oneCell(text string) string {
	var environment, lines string
	for i, r := range text {
		if r == '|' {
			environment, lines = text[:i], text[i+1:]
			break
		}
	}
	out := "schema = 1\nname = \"one\"\n[run]\nseeds = 1\nsteps = 4\neval_every = 2\n"
	depth := 0
	for _, r := range lines {
		switch {
		case r == '{':
			depth++
		case r == '}':
			depth--
		}
		if r == ';' && depth == 0 {
			r = '\n'
		}
		out += string(r)
	}
	return fmt.Sprintf("%s\n[environment]\ne = {%s}\n[[grid]]\nobjective = [\"tb\"]\n", out, environment)
}
