package suites

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gfnbench/gfn"
)

const twoTasks = `
schema = 1
name = "two"
[environment.grid]
kind = "hypergrid"
[environment.sets]
kind = "sets"
elements = 8
size = 4
instance_seed = 1
`

func ids(cells []*Cell) []string {
	list := make([]string, len(cells))
	for i, c := range cells {
		list[i] = c.ID
	}
	return list
}

// TestIdentity pins the text of ids, because changing it would orphan every existing
// result.
func TestIdentity(t *testing.T) {
	s := mustParse(t, twoTasks+`
[run]
seeds = [7]
steps = 100
[[grid]]
environment = ["sets"]
objective = ["renyi"]
alpha = [0.5]
control_variate = ["loo"]
"optimizer.lr" = [3e-4]
`)
	want := `{"seed":7,"environment":"sets","kind":"sets","params":{"elements":8,"instance_seed":1,"size":4},"revisions":[1,1,1],` +
		`"alpha":0.5,"control_variate":"loo","objective":"renyi","optimizer.lr":0.0003,"steps":100}`
	c := s.Cells[0]
	// The revisions are bumped by hand; they are not what this test is about.
	kind, o := c.environment.kind.Revision, c.objective.Revision
	want = strings.Replace(want, "[1,1,1]", fmt.Sprintf("[%d,%d,%d]", kind, o, gfn.Revision), 1)
	if diff := cmp.Diff(want, string(c.Canonical())); diff != "" {
		t.Errorf("canonical text (-want +got):\n%s", diff)
	}
	sum := sha256.Sum256([]byte(want))
	if c.ID != hex.EncodeToString(sum[:])[:16] {
		t.Errorf("id %s is not the start of the text's SHA-256", c.ID)
	}
	if !json.Valid(c.Canonical()) {
		t.Error("the canonical text is not JSON")
	}
}

// TestDefaultsLeaveTheID writes out defaults.
func TestDefaultsLeaveTheID(t *testing.T) {
	grid := "[[grid]]\nobjective = [\"tb\"]\n"
	plain := mustParse(t, twoTasks+grid)
	given := mustParse(t, strings.Replace(twoTasks, `kind = "hypergrid"`, "kind = \"hypergrid\"\nr1 = 0.5\nheight = 8\npolicy.kind = \"mlp\"", 1)+
		"[run]\nsteps = 1000\nseeds = [0, 1, 2]\noptimizer = { power = 1, log_z_init = \"zero\" }\ntimeout = \"1h\"\ncheckpoint_every = \"1s\"\n"+
		"pair = [\"optimizer.log_z_init\", \"objective\", \"alpha\", \"lambda\", \"a\", \"control_variate\"]\n"+grid)
	if diff := cmp.Diff(ids(plain.Cells), ids(given.Cells)); diff != "" {
		t.Errorf("ids differ (-without +with defaults written out):\n%s", diff)
	}
}

// TestStreams checks which cells share random numbers.
func TestStreams(t *testing.T) {
	s := mustParse(t, twoTasks+`
[environment.twin]
kind = "hypergrid"
eval_every = 7
[run]
seeds = 2
optimizer = { log_z_lr = 0.05 }
[[grid]]
environment = ["grid", "twin"]
objective = ["tb", "reverse-kl"]
control_variate = ["none", "loo"]
"optimizer.log_z_init" = ["zero", "batch", 3.5]
batch = [32, 64]
[[grid]]
environment = ["grid"]
objective = ["renyi"]
alpha = [0.5, -1]
batch = [32]
`)
	streams := make(map[string]string)
	for _, c := range s.Cells {
		key := fmt.Sprintf("batch %v seed %d", c.Value("batch"), c.Seed)
		got := fmt.Sprintf("%x", c.Spec().Streams)
		if other, ok := streams[key]; ok && other != got {
			t.Errorf("%s: the streams of %s differ", key, c.Canonical())
		}
		streams[key] = got
	}
	distinct := make(map[string]bool)
	for _, v := range streams {
		distinct[v] = true
	}
	if len(streams) != 4 || len(distinct) != 4 {
		t.Errorf("%d streams for %d batches and seeds, expected 4 and 4", len(distinct), len(streams))
	}
}

// shuffled writes a table with its keys in random order.
func shuffled(r *rand.Rand, header string, keys ...string) string {
	r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	return header + "\n" + strings.Join(keys, "\n# a comment\n") + "\n"
}

// TestIdentityIsOfMeaning is a property: the order of keys, the way they are written and
// the formatting of numbers change nothing, and every id is unique.
func TestIdentityIsOfMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewSource(rapid.Int64().Draw(t, "order")))
		lr := rapid.SampledFrom([]string{"1e-3", "0.001", "0.00_1", "1.0E-3"})
		key := rapid.SampledFrom([]string{`"optimizer.lr"`, `optimizer.lr`, `'optimizer'."lr"`, `optimizer . lr`})
		text := func() string {
			parts := []string{
				shuffled(r, "[environment.grid]", `kind = "hypergrid"`, `height = 6`, `r0 = 0.1`, `policy = { hidden = [32], activation = "relu" }`),
				shuffled(r, "[environment.sets]", `kind = "sets"`, `elements = 8`, `size = 4`, `instance_seed = 1`),
				shuffled(r, "[run]", `steps = 10`, `optimizer.beta1 = 0.8`, `seeds = 2`, `batch = 16`),
				"[[grid]]\n" + strings.Join([]string{`objective = ["tb", "renyi"]`, `alpha = [0.5, -1.0]`, `control_variate = ["none", "loo"]`, key.Draw(t, "key") + " = [" + lr.Draw(t, "lr") + ", 1]"}, "\n") + "\n",
			}
			r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
			return "schema = 1\nname = \"x\"\n" + strings.Join(parts, "")
		}
		a, err := Parse("a.toml", []byte(text()), nil)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Parse("b.toml", []byte(text()), nil)
		if err != nil {
			t.Fatal(err)
		}
		x, y := ids(a.Cells), ids(b.Cells)
		slices.Sort(x)
		slices.Sort(y)
		if diff := cmp.Diff(x, y); diff != "" {
			t.Fatalf("ids differ:\n%s", diff)
		}
		if n := len(slices.Compact(x)); n != len(a.Cells) || n != 2*2*2*(1+2*2) {
			t.Fatalf("%d ids for %d cells, expected %d", n, len(a.Cells), 2*2*2*(1+2*2))
		}
	})
}

// largeText returns a suite of 100,000 cells with the given number of seeds each.
func largeText(seeds int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s[run]\nseeds = %d\n[[grid]]\nobjective = [\"renyi\", \"tsallis\"]\ncontrol_variate = [\"none\", \"loo\"]\nalpha = [", twoTasks, seeds)
	for i := range 25 {
		fmt.Fprintf(&b, "%v, ", -0.5-float64(i))
	}
	b.WriteString("]\n\"optimizer.lr\" = [")
	for i := range 500 / seeds {
		fmt.Fprintf(&b, "%v, ", 1e-4*float64(1+i))
	}
	b.WriteString("]\n[[table]]\nname = \"t\"\nrows = [\"environment\", \"optimizer.lr\"]\ncolumns = [\"objective\", \"alpha\", \"control_variate\"]\nmetric = \"l1\"\n")
	return b.String()
}

func BenchmarkExpand(b *testing.B) {
	for _, seeds := range []int{1, 10} {
		text := []byte(largeText(seeds))
		b.Run(fmt.Sprintf("seeds=%d", seeds), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s, err := Parse("bench.toml", text, nil)
				if err != nil || len(s.Cells) != 100_000 {
					b.Fatalf("%v, %d cells", err, len(s.Cells))
				}
			}
			b.ReportMetric(100_000*float64(b.N)/b.Elapsed().Seconds(), "cells/s")
		})
	}
}

func BenchmarkSpec(b *testing.B) {
	s, err := Read("quickstart")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Cells[i%len(s.Cells)].Spec()
	}
}

// TestDefaultsOfLaterKeys: a key that version 0.1.0 lacks is null in the results of a
// cell that leaves it at its default, as in that version, but has its value everywhere
// else.
func TestDefaultsOfLaterKeys(t *testing.T) {
	s := mustParse(t, `
schema = 1
name = "later"
[environment.words]
kind = "sequences"
instance_seed = 1
[[grid]]
objective = ["reverse-kl"]
policy.input = ["one-hot", "ids"]
`)
	written := func(c *Cell) (v string) {
		for _, a := range c.Axes() {
			if a.Name == "policy.input" {
				v = Format(a.Value)
			}
		}
		return v
	}
	for i, want := range []struct{ value, written string }{{"one-hot", "none"}, {"ids", "ids"}} {
		c := s.Cells[3*i]
		if got := c.Value("policy.input").Text(); got != want.value || written(c) != want.written {
			t.Errorf("cell %d has %s, its results %s, expected %+v", i, got, written(c), want)
		}
	}
}

// TestSides: eval.from of sets follows from their values, wherever these are given, unless
// it is given itself. Where states are enumerated it does not apply.
func TestSides(t *testing.T) {
	const suite = `schema = 1
name = "sides"
[run]
seeds = 1
eval.mode = "sampled"
[environment.axis]
kind = "sets"
instance_seed = 1
[environment.scaled]
kind = "sets"
instance_seed = 1
f_scale = 10
[environment.given]
kind = "sets"
elements = 3
size = 1
f = [0, 1, 5]
[environment.said]
kind = "sets"
instance_seed = 1
f_scale = 10
eval.from = "target"
[environment.exact]
kind = "sets"
elements = 4
size = 2
instance_seed = 1
f_scale = 10
eval.mode = "exact"
[[grid]]
objective = ["tb"]
environment = ["axis"]
"params.f_scale" = [1, 10]
[[grid]]
objective = ["tb"]
environment = ["scaled", "given", "said", "exact"]
`
	var got []string
	for _, c := range mustParse(t, suite).Cells {
		got = append(got, c.Value("eval.from").Text())
	}
	if want := []string{"target", "both", "both", "both", "target", ""}; !slices.Equal(got, want) {
		t.Errorf("eval.from is %q, want %q", got, want)
	}
}
