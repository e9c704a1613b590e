package gfn_test

import (
	"fmt"
	"testing"

	"gfnbench/gfn"
	"gfnbench/gfn/param"
)

// threaded lists runs whose steps are large enough to be split.
var threaded = []struct {
	kind, policy string
	params       param.Values
	flows        bool
	readout      string
}{
	{"hypergrid", "mlp", param.Values{"dim": param.Of(4), "height": param.Of(8)}, true, ""},
	{"sets", "mlp", param.Values{"elements": param.Of(16), "size": param.Of(8), "instance_seed": param.Of(1)}, false, ""},
	{"phylo", "gin", param.Values{"species": param.Of(5), "instance_seed": param.Of(1)}, false, "roots"},
	{"phylo", "gin", param.Values{"species": param.Of(5), "instance_seed": param.Of(1)}, false, "forest"},
	{"gmm", "mixture", param.Values{}, false, ""},
}

// TestThreadsChangeNothing: rows have the same bits with any number of threads.
func TestThreadsChangeNothing(t *testing.T) {
	for _, c := range threaded {
		t.Run(c.kind+c.readout, func(t *testing.T) {
			want := ""
			for _, threads := range []int{1, 2, 3} {
				s := base("tb", "")
				if c.flows {
					s, s.Backward = base("db", ""), "learned"
				}
				s.Policy.Kind, s.Policy.Hidden, s.Policy.Readout = c.policy, []int{96, 96}, c.readout
				s.Steps, s.EvalEvery = 12, 6
				s.Environment, s.Params = c.kind, c.params
				tr := start(t, s)
				tr.SetThreads(threads)
				if got := fmt.Sprint(finish(t, tr)); threads == 1 {
					want = got
				} else if got != want {
					t.Errorf("%d threads:\n got %s\nwant %s", threads, got, want)
				}
			}
		})
	}
}

// TestThreadsAllocateNothing: a steady-state step on two threads.
func TestThreadsAllocateNothing(t *testing.T) {
	s := base("tb", "")
	s.Environment, s.Params = grid(8)
	s.Policy.Hidden = []int{256, 256}
	s.Steps, s.EvalEvery = 1<<20, 1<<20
	tr := start(t, s)
	tr.SetThreads(2)
	step := func() {
		if _, _, err := tr.Step(); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 {
		step()
	}
	if n := testing.AllocsPerRun(20, step); n > 0 {
		t.Errorf("%v allocations a step", n)
	}
}

// start makes a trainer and its instance.
func start(t testing.TB, s gfn.Spec) *gfn.Trainer {
	t.Helper()
	in, err := gfn.NewInstance(s.Environment, s.Params)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := gfn.New(s, in)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}
