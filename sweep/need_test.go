package sweep

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
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

// TestNeedOfKept: kept networks add what their numbers take, 4 bytes each and twice as much
// again for the file while it is made; a step that a cell never takes keeps none. The file has
// as many numbers as the estimate says, but for biases.
func TestNeedOfKept(t *testing.T) {
	const text = `kind="hypergrid",dim=2,height=8|batch=4;policy={hidden=[96,64]}`
	suite := strings.Replace(oneCell(text), "steps = 4\n", "", 1) + "steps = [2, 4]\n"
	plain := load(t, suite, t.TempDir(), Selection{})
	kept := load(t, suite+"[keep]\npolicies = [\"final\", \"best\", 0, 1, 3]\nmetric = \"l1\"\n", t.TempDir(), Selection{})
	_, err := Run(context.Background(), kept, Options{})
	must(t, err)
	for i, c := range kept.Cells {
		networks := map[int]int{2: 4, 4: 5}[c.Value("steps").Int()] // 3 is not reached in 2 steps
		e := c.Instance().Env.(env.Discrete)
		numbers := float64(networks * (e.Features()*96 + 96*64 + 64*e.Actions()))
		with, without := needOf(c), needOf(plain.Cells[i])
		if got := with.own - without.own; got != 12*numbers {
			t.Errorf("%d networks: %v bytes, want %v", networks, got, 12*numbers)
		}
		if got := with.least - without.least; got != 4*numbers {
			t.Errorf("%d networks: at least %v bytes, want %v", networks, got, 4*numbers)
		}
		if got := bytesOf(c) - bytesOf(plain.Cells[i]); got != 4*numbers {
			t.Errorf("%d networks: %v bytes on disk, want %v", networks, got, 4*numbers)
		}
		info, err := os.Stat(PolicyPath(kept.Dir, c.ID))
		must(t, err)
		const biases, header = 1.05, 10_000
		if size := float64(info.Size()); size < 4*numbers || size > 4*biases*numbers+header {
			t.Errorf("the file has %v bytes, its numbers %v", size, 4*numbers)
		}
	}
}

// What an environment keeps is shared by all cells of its instance: for 9 species a log
// reward and a sum of 8 bytes each for 15!! trees.
func TestNeedOfEnvironment(t *testing.T) {
	const kept = 16 * 2027025
	shared := func(species int) float64 {
		text := fmt.Sprintf(`kind="phylo",species=%d,sites=1,instance_seed=1|eval={mode="sampled"}`, species)
		return needOf(load(t, oneCell(text), filepath.Join(t.TempDir(), "none"), Selection{}).Cells[0]).shared
	}
	if got := shared(9); got != kept {
		t.Errorf("9 species share %v bytes, want %v", got, kept)
	}
	if got := shared(10); got != 0 {
		t.Errorf("10 species share %v bytes, want none", got)
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
