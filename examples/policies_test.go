package examples

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/stream"
	"gfnbench/results"
	"gfnbench/results/readerstest"
	"gfnbench/suites"
	"gfnbench/sweep"
)

// everyPolicy is a suite with every kind of environment and policy.
const everyPolicy = `schema = 1
name = "policies"
[run]
seeds = 1
steps = 40
batch = 16
eval_every = 40
policy.hidden = [12, 12]
optimizer.lr = 0.02
[environment.hypergrid]
kind = "hypergrid"
dim = 2
height = 5
[environment.sets]
kind = "sets"
elements = 6
size = 3
instance_seed = 1
[environment.sequences]
kind = "sequences"
elements = 3
length = 3
instance_seed = 1
[environment.bitseq]
kind = "bitseq"
length = 8
word = 2
mode_count = 3
instance_seed = 1
[environment.ising]
kind = "ising"
side = 2
[environment.dag]
kind = "dag"
nodes = 3
instance_seed = 1
[environment.phylo]
kind = "phylo"
species = 4
sites = 8
instance_seed = 1
[environment.gmm]
kind = "gmm"
[environment.banana]
kind = "banana"
[[grid]]
objective = ["tb"]
[[grid]]
environment = ["hypergrid", "sets", "sequences", "dag", "phylo"]
objective = ["db"]
backward = ["learned"]
[[grid]]
environment = ["sets", "sequences"]
objective = ["tb"]
"policy.kind" = ["deep-set"]
"policy.activation" = ["relu"]
[[grid]]
environment = ["sequences"]
objective = ["tb"]
"policy.input" = ["ids", "embedding"]
"policy.output_init" = ["torch"]
[[grid]]
environment = ["phylo"]
objective = ["db"]
backward = ["learned"]
"policy.readout" = ["forest", "forest-linear"]
"policy.hidden" = [[8, 8, 8]]
[[grid]]
environment = ["phylo"]
objective = ["tb"]
"policy.kind" = ["mlp"]
[keep]
policies = "final"
`

// expectedPolicy is what a reader of a cell's network is to find.
type expectedPolicy struct {
	Name        string       `json:"name"`
	File        string       `json:"file"`
	States      [][]int      `json:"states"`       // features of every state, in the order of their steps
	Children    [][]int      `json:"children"`     // the state that each action leads to; -1 where it is not allowed
	Allowed     [][]bool     `json:"allowed"`      // forward actions
	AllowedBack [][]bool     `json:"allowed_back"` // backward actions
	LogForward  [][]*float64 `json:"log_forward"`  // nil is -Inf
	LogBackward [][]*float64 `json:"log_backward"`
	LogR        []float64    `json:"log_r"` // of terminal states
	LogF        *float64     `json:"log_f"` // of the first state
	L1          float64      `json:"l1"`    // in the results
	Points      [][]float64  `json:"points"`
	LogDensity  [][]*float64 `json:"log_density"`
}

// TestPolicyReaders: the readers in numpy and PyTorch compute our log-probabilities on
// every state of every kind of environment and policy, and from their tables the
// distance in the results.
func TestPolicyReaders(t *testing.T) {
	python := readerstest.Python(t)
	expected := filepath.Join(t.TempDir(), "expected.json")
	b, err := json.Marshal(keptPolicies(t))
	if err == nil {
		err = os.WriteFile(expected, b, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	if other := os.Getenv("GFNBENCH_TORCH"); other != "" {
		python = other
	}
	t.Setenv("PYTHONPATH", strings.Join([]string{filepath.Join("..", "python"), "python"}, string(filepath.ListSeparator)))
	for _, library := range []string{"numpy", "torch"} {
		t.Run(library, func(t *testing.T) {
			if exec.Command(python, "-c", "import "+library).Run() != nil {
				t.Skipf("%s has no %s: set GFNBENCH_TORCH to a Python that has it", python, library)
			}
			out, err := exec.Command(python, filepath.Join("testdata", "check_policies.py"), library, expected).CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			t.Logf("%s", out)
		})
	}
}

// keptPolicies trains the suite.
func keptPolicies(t *testing.T) (list []expectedPolicy) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "policies.toml")
	if err := os.WriteFile(path, []byte(everyPolicy), 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := sweep.Load(path, filepath.Join(t.TempDir(), "policies"), sweep.Selection{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sweep.Run(t.Context(), p, sweep.Options{Workers: 2, Progress: sweep.NewProgress(io.Discard, sweep.Quiet)}); err != nil {
		t.Fatal(err)
	}
	set, err := results.Read(p.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range p.Cells {
		run := set.Find(c.ID)
		kept, err := sweep.ReadPolicies(p.Dir, run)
		if err != nil {
			t.Fatal(err)
		}
		tr, err := gfn.New(c.Spec(), c.Instance())
		if err == nil {
			err = tr.SetWeights(kept[0].Weights)
		}
		if err != nil {
			t.Fatal(err)
		}
		x := expect(t, c, tr)
		x.Name = fmt.Sprint(run.Environment, " ", run.Objective, " ", c.Value("policy.kind"), " ", c.Value("policy.input"), " ", c.Value("policy.readout"))
		x.File = sweep.PolicyPath(p.Dir, c.ID)
		final := run.Final()
		x.L1, _ = final.Get(metric.L1)
		if logF, ok := final.Get(metric.LogZ); ok && run.Objective == "db" {
			x.LogF = &logF
		}
		list = append(list, x)
	}
	return list
}

func expect(t *testing.T, c *suites.Cell, tr *gfn.Trainer) expectedPolicy {
	t.Helper()
	switch e := c.Instance().Env.(type) {
	case env.Discrete:
		return expectStates(e, tr)
	case env.Continuous:
		var x expectedPolicy
		const n = 50
		points, density := make([]float64, n*e.Dim()), make([]float64, n)
		rng := stream.NewKey("points").Stream("test", 0)
		for i := range n {
			e.SampleTarget(rng, points[i*e.Dim():(i+1)*e.Dim()])
			x.Points = append(x.Points, points[i*e.Dim():(i+1)*e.Dim()])
		}
		if err := tr.LogDensity(density, points, n); err != nil {
			t.Fatal(err)
		}
		x.LogDensity = column(density)
		return x
	}
	t.Fatal("neither discrete nor continuous")
	return expectedPolicy{}
}

// expectStates enumerates the states, breadth first.
func expectStates(e env.Discrete, tr *gfn.Trainer) (x expectedPolicy) {
	index, policy := env.NewIndex(e.Words()), tr.Evaluator()
	s := make([]uint64, e.Words())
	e.Reset(s)
	index.Add(s)
	logs := make([]float64, max(e.Actions(), e.BackwardActions()))
	for i := 0; i < index.Len(); i++ {
		code := append([]uint64(nil), index.Code(i)...)
		features := make([]int, e.Features())
		for _, j := range e.AppendFeatures(nil, code) {
			features[j] = 1
		}
		x.States = append(x.States, features)
		allowed, children := bitsOf(code, e.Actions(), e.Mask), make([]int, e.Actions())
		for a := range children {
			children[a] = -1
			if allowed[a] {
				copy(s, code)
				e.Step(s, a)
				children[a], _ = index.Add(s)
			}
		}
		x.Allowed, x.Children = append(x.Allowed, allowed), append(x.Children, children)
		forward, logR := make([]*float64, e.Actions()), 0.0
		if e.Terminal(code) {
			logR = e.LogReward(code)
		} else {
			policy.LogForward(code, 1, logs)
			forward = nullable(logs[:e.Actions()])
		}
		x.LogForward, x.LogR = append(x.LogForward, forward), append(x.LogR, logR)
		back := bitsOf(code, e.BackwardActions(), e.BackwardMask)
		if tr.Network().Backward > 0 && i > 0 {
			policy.LogBackward(code, 1, logs)
		} else {
			for b := range back {
				logs[b] = math.Inf(-1)
				if back[b] {
					logs[b] = -math.Log(float64(e.Parents(code)))
				}
			}
		}
		x.AllowedBack, x.LogBackward = append(x.AllowedBack, back), append(x.LogBackward, nullable(logs[:len(back)]))
	}
	return x
}

func bitsOf(code []uint64, n int, mask func(s, mask []uint64)) []bool {
	words, list := make([]uint64, env.MaskWords(n)), make([]bool, n)
	mask(code, words)
	for i := range list {
		list[i] = words[i>>6]>>(i&63)&1 == 1
	}
	return list
}

// nullable returns nil for -Inf, which JSON does not have.
func nullable(x []float64) []*float64 {
	list := make([]*float64, len(x))
	for i, v := range x {
		if !math.IsInf(v, -1) {
			list[i] = &v
		}
	}
	return list
}

func column(x []float64) (rows [][]*float64) {
	for _, v := range x {
		rows = append(rows, nullable([]float64{v}))
	}
	return rows
}
