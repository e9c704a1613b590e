package exact

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
)

// Closed forms: sets has Σ_k C(n,k) states; sequences has Σ_n D^n and as many terminal
// copies; hypergrid has H^d and as many terminal copies.
func TestEnumerateCounts(t *testing.T) {
	for _, test := range []struct {
		kind                      string
		params                    param.Values
		nodes, terminals, parents int
	}{
		{"sets", param.Values{"elements": param.Of(16), "size": param.Of(8), "instance_seed": param.Of(1)}, 39203, 12870, 8},
		{"sequences", param.Values{"elements": param.Of(8), "length": param.Of(6), "instance_seed": param.Of(1)}, 2 * 299593, 299593, 1},
		{"hypergrid", param.Values{"dim": param.Of(2), "height": param.Of(12)}, 288, 144, 2},
		{"hypergrid", param.Values{"dim": param.Of(4), "height": param.Of(8)}, 8192, 4096, 4},
	} {
		e := makeEnv(t, test.kind, test.params)
		g := enumerate(t, e)
		most := int32(0)
		for _, n := range g.parents {
			most = max(most, n)
		}
		if g.Nodes() != test.nodes || g.Terminals() != test.terminals || int(most) != test.parents {
			t.Errorf("%s %v: %d nodes, %d terminals, at most %d parents", test.kind, test.params, g.Nodes(), g.Terminals(), most)
		}
		if math.Abs(g.LogZ()-e.LogZ()) > 1e-12*(1+math.Abs(g.LogZ())) {
			t.Errorf("%s %v: log Z is %v, the closed form %v", test.kind, test.params, g.LogZ(), e.LogZ())
		}
		if f := g.uniform.logFlow[0]; math.Abs(f-g.LogZ()) > 1e-11 {
			t.Errorf("%s %v: the flow of s0 is %v, log Z %v", test.kind, test.params, f, g.LogZ())
		}
	}
}

func TestEnumerateLimit(t *testing.T) {
	e := makeEnv(t, "sets", param.Values{"elements": param.Of(5), "size": param.Of(2), "instance_seed": param.Of(1)}) // 1 + 5 + 10 states
	if _, err := Enumerate(e, 16); err != nil {
		t.Error(err)
	}
	_, err := Enumerate(e, 15)
	var limit *LimitError
	if !errors.As(err, &limit) || limit.Limit != 15 || limit.Environment != "sets" {
		t.Errorf("error %v", err)
	}
}

// bent has two paths of different lengths to one state.
type bent struct{ env.Discrete }

func (bent) Words() int                     { return 1 }
func (bent) Actions() int                   { return 2 }
func (bent) BackwardActions() int           { return 2 }
func (bent) Reset(s []uint64)               { s[0] = 0 }
func (bent) Mask(s, mask []uint64)          { mask[0] = [4]uint64{3, 2, 0, 0}[s[0]] }
func (bent) Step(s []uint64, a int) (b int) { s[0] += uint64(a) + 1 - s[0]; return 0 }
func (bent) Parents(s []uint64) int         { return 1 }
func (bent) Terminal(s []uint64) bool       { return s[0] >= 2 }
func (bent) Kind() string                   { return "bent" }
func (bent) Format(s []uint64) string       { return fmt.Sprint(s[0]) }
func (bent) LogReward(x []uint64) float64   { return 0 }

func TestEnumerateRefusesUngraded(t *testing.T) {
	if _, err := Enumerate(bent{}, 100); err == nil {
		t.Error("a state at two depths is accepted")
	}
}

// endless has a legal action in its terminal states.
type endless struct{ env.Discrete }

func (e endless) Mask(s, mask []uint64) {
	if e.Discrete.Mask(s, mask); e.Terminal(s) {
		mask[0] = 1
	}
}

func TestEnumerateRefusesActionsOfTerminals(t *testing.T) {
	_, err := Enumerate(endless{makeEnv(t, "sets", param.Values{"elements": param.Of(3), "size": param.Of(1), "instance_seed": param.Of(1)})}, 100)
	if err == nil || !strings.Contains(err.Error(), "mask must be zero") {
		t.Errorf("got %v", err)
	}
}

func BenchmarkEnumerateSequences(b *testing.B) {
	benchmarkEnumerate(b, "sequences", param.Values{"elements": param.Of(8), "length": param.Of(6), "instance_seed": param.Of(1)})
}

func BenchmarkEnumerateGrid(b *testing.B) {
	benchmarkEnumerate(b, "hypergrid", param.Values{"dim": param.Of(4), "height": param.Of(32)})
}

func benchmarkEnumerate(b *testing.B, kind string, p param.Values) {
	e := makeEnv(b, kind, p)
	b.ReportAllocs()
	for b.Loop() {
		g, err := Enumerate(e, 1<<22)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(g.Nodes()), "nodes")
	}
}

func BenchmarkEvaluateGrid(b *testing.B) {
	e := makeEnv(b, "hypergrid", param.Values{"dim": param.Of(4), "height": param.Of(32)})
	ev := NewEvaluator(enumerate(b, e))
	row := fixed{-1, -1.5, -2, -2.5, -0.9}
	for b.Loop() {
		ev.Evaluate(row, Options{Alpha: 0.5})
	}
}

func BenchmarkAncestors(b *testing.B) {
	e := makeEnv(b, "sets", param.Values{"elements": param.Of(32), "size": param.Of(16), "instance_seed": param.Of(1)})
	a := NewAncestors(e.(env.Unordered), false)
	row := make(fixed, 32)
	for i := range row {
		row[i] = -float64(i) / 4
	}
	for b.Loop() {
		if _, err := a.Evaluate(row, []uint64{0xffff}); err != nil {
			b.Fatal(err)
		}
	}
}
