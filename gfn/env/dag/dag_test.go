package dag

import (
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/internal/bitset"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/param"
)

// newTestDAG makes an instance, simulated with seed 1 unless told otherwise.
func newTestDAG(t testing.TB, p param.Values) *dag {
	t.Helper()
	if !p.Has("observations") && !p.Has("data") && !p.Has("instance_seed") {
		p["instance_seed"] = param.Of(1)
	}
	e, err := Kind.Make(p)
	if err != nil {
		t.Fatal(err)
	}
	if few, ok := e.(summedDAG); ok {
		return few.dag
	}
	return e.(*dag)
}

// allGraphs calls visit with every finished graph.
func allGraphs(e *dag, visit func(x []uint64)) {
	index := env.NewIndex(e.Words())
	s, mask := make([]uint64, e.Words()), make([]uint64, env.MaskWords(e.Actions()))
	index.Add(s)
	for i := 0; i < index.Len(); i++ {
		if e.Terminal(index.Code(i)) {
			visit(index.Code(i))
		}
		e.Mask(index.Code(i), mask)
		for _, a := range bitset.AppendOnes(nil, mask) {
			copy(s, index.Code(i))
			e.Step(s, a)
			index.Add(s)
		}
	}
}

// Numbers of labelled DAGs: OEIS A003024.
func TestDAGCounts(t *testing.T) {
	for n, want := range []int{1: 1, 2: 3, 3: 25, 4: 543, 5: 29281} {
		if n == 0 {
			continue
		}
		e := newTestDAG(t, param.Values{"nodes": param.Of(n)})
		graph, err := exact.Enumerate(e, 2*want)
		if err != nil {
			t.Fatal(err)
		}
		if graph.Terminals() != want || graph.Nodes() != 2*want {
			t.Errorf("%d nodes: %d graphs, %d states, want %d", n, graph.Terminals(), graph.Nodes(), want)
		}
		if c := e.Capabilities(); c.Terminals != float64(want) || c.States != float64(2*want) {
			t.Errorf("%d nodes: declared %+v", n, c)
		}
	}
	// A003024(6) and (10).
	if dagCount(6) != 3781503 || dagCount(10) != 4175098976430598143 {
		t.Errorf("%v and %v DAGs on 6 and 10 nodes", dagCount(6), dagCount(10))
	}
}

// The code of a graph does not depend on how it was reached, the closure is right after
// every step, and the mask allows exactly the edges that close no cycle.
func TestDAGWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, maxNodes).Draw(t, "nodes")
		e := &dag{n: n, adjacency: bitRows{n, 0}, closure: bitRows{n, n * n}, finished: 2 * n * n}
		for i := range n {
			for j := range n {
				if i != j {
					e.edges = append(e.edges, [2]uint8{uint8(i), uint8(j)})
				}
			}
		}
		s, fresh := make([]uint64, e.Words()), make([]uint64, e.Words())
		mask := make([]uint64, env.MaskWords(e.Actions()))
		graph := make([]uint64, n)
		// Compare a state with the graph that it stands for.
		check := func() {
			e.write(fresh, slices.Clone(graph))
			if !slices.Equal(s, fresh) {
				t.Fatalf("code %x, want %x", s, fresh)
			}
			e.Mask(s, mask)
			for a, edge := range e.edges {
				i, j := int(edge[0]), int(edge[1])
				trial := slices.Clone(graph)
				trial[i] |= 1 << j
				legal := graph[i]>>j&1 == 0 && topologicalOrder(trial) != nil
				if got := mask[a>>6]>>(a&63)&1 != 0; got != legal || e.edge(i, j) != a {
					t.Fatalf("edge %d->%d: allowed %v, want %v", i, j, got, legal)
				}
			}
		}
		// Walk at random, forward and back.
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			e.BackwardMask(s, mask)
			back := bitset.AppendOnes(nil, mask)
			e.Mask(s, mask)
			forward := bitset.AppendOnes(nil, mask)
			forward = forward[:len(forward)-1] // not the stop
			if len(back) > 0 && (len(forward) == 0 || rapid.IntRange(0, 3).Draw(t, "back") == 0) {
				b := rapid.SampledFrom(back).Draw(t, "removed")
				e.StepBack(s, b)
				graph[e.edges[b][0]] &^= 1 << e.edges[b][1]
			} else if len(forward) > 0 {
				a := rapid.SampledFrom(forward).Draw(t, "added")
				e.Step(s, a)
				graph[e.edges[a][0]] |= 1 << e.edges[a][1]
			}
			check()
		}
	})
}

// log Z by dynamic programming over layers equals the log of the sum over all graphs,
// even if the weights span hundreds of nats.
func TestDAGLogZ(t *testing.T) {
	for _, p := range []param.Values{
		{"nodes": param.Of(1)}, {"nodes": param.Of(2)}, {"nodes": param.Of(3), "temperature": param.Of(1.0)}, {"nodes": param.Of(4)}, {"nodes": param.Of(4), "temperature": param.Of(0.1), "score": param.Of("bge")}, {"nodes": param.Of(5)},
	} {
		e := newTestDAG(t, p)
		var logs []float64
		allGraphs(e, func(x []uint64) { logs = append(logs, e.LogReward(x)) })
		top, sum := slices.Max(logs), 0.0
		for _, v := range logs {
			sum += math.Exp(v - top)
		}
		want := top + math.Log(sum)
		if got := e.LogZ(); math.Abs(got-want) > 1e-12*math.Abs(want)+1e-12 {
			t.Errorf("%v: log Z = %v, want %v", p, got, want)
		}
	}
}

// With equal weights log Z is the log of the number of DAGs: A003024(10).
func TestDAGLogZUniform(t *testing.T) {
	e := newTestDAG(t, param.Values{"nodes": param.Of(10), "temperature": param.Of(1e9)})
	want := math.Log(4175098976430598143)
	x := make([]uint64, e.Words())
	if got := e.LogZ() - e.LogReward(x); math.Abs(got-want) > 1e-4 {
		t.Errorf("log of the number of DAGs %v, want %v", got, want)
	}
}

func TestDAGSampleTarget(t *testing.T) {
	e := newTestDAG(t, param.Values{"nodes": param.Of(3)})
	index := env.NewIndex(e.Words())
	allGraphs(e, func(x []uint64) { index.Add(x) })
	const draws = 50000
	count := make([]float64, index.Len())
	rng := env.InstanceStream("test", 1)
	x := make([]uint64, e.Words())
	for range draws {
		summedDAG{e}.SampleTarget(rng, x)
		i := index.Find(x)
		if i < 0 {
			t.Fatalf("%x is no finished graph", x)
		}
		count[i]++
	}
	chi := 0.0
	for i, c := range count {
		want := draws * math.Exp(e.LogReward(index.Code(i))-e.LogZ())
		chi += (c - want) * (c - want) / want
	}
	if limit := (distuv.ChiSquared{K: 24}).Quantile(0.9999); chi > limit {
		t.Errorf("chi-square %v over %v", chi, limit)
	}
}

func TestDAGFormat(t *testing.T) {
	e := newTestDAG(t, param.Values{"nodes": param.Of(3)})
	s := make([]uint64, e.Words())
	if got := e.Format(s); got != "{}..." {
		t.Errorf("got %q", got)
	}
	e.Step(s, e.edge(2, 0))
	e.Step(s, e.edge(0, 1))
	e.Step(s, e.stop())
	if got := e.Format(s); got != "0->1,2->0" {
		t.Errorf("got %q", got)
	}
	if got := e.AppendFeatures(nil, s); !slices.Equal(got, []int32{1, 6}) {
		t.Errorf("features %v", got)
	}
}

func TestDAGInstance(t *testing.T) {
	graph := [][]float64{{0, 1, 0}, {0, 0, 0}, {1, 1, 0}}
	e := newTestDAG(t, param.Values{"graph": param.Of(graph), "samples": param.Of(20000)})
	fields := e.Instance()
	if fields[0].Name != "observations" || len(fields[0].Values) != 60000 || fields[0].Text != "x0,x1,x2" {
		t.Errorf("observations: %d values, %q", len(fields[0].Values), fields[0].Text)
	}
	if !slices.Equal(fields[1].Values, []float64{0, 1, 0, 0, 0, 0, 1, 1, 0}) {
		t.Errorf("graph %v", fields[1].Values)
	}
	// The data follow the weights: Var(x2) = 0.1 and Var(x0) = 0.1 (1 + w²),
	// each within 5 standard errors of a variance, 5 √(2/20000) = 5%.
	m := momentsOf(e.data.rows, 3)
	w := fields[2].Values[6]
	for i, want := range map[int]float64{2: 0.1, 0: 0.1 * (1 + w*w)} {
		if got := m.scatter[4*i] / m.count; math.Abs(got/want-1) > 0.05 {
			t.Errorf("variance of x%d is %v, want %v", i, got, want)
		}
	}
	again := newTestDAG(t, param.Values{"instance_seed": param.Of(1)})
	other := newTestDAG(t, param.Values{"instance_seed": param.Of(2)})
	one := newTestDAG(t, param.Values{"instance_seed": param.Of(1)})
	if !slices.Equal(again.data.rows[3], one.data.rows[3]) || slices.Equal(again.data.rows[3], other.data.rows[3]) {
		t.Error("the seed does not determine the instance")
	}
}

// The dimensions of given data or of a given graph count, not the defaults of a
// simulation.
func TestDAGActual(t *testing.T) {
	csv := param.Of(param.File{Name: "d.csv", Data: "a,b\n1,2\n3,5\n4,4\n0,7\n"})
	graph := param.Of([][]float64{{0, 1, 0}, {0, 0, 1}, {0, 0, 0}})
	scored := param.Values{"score": param.Of("gaussian-ml"), "alpha_mu": param.Of(1.0), "temperature": param.Of(30.0)}
	for _, tt := range []struct {
		p, want param.Values
	}{
		{param.Values{"data": csv}, param.Values{"data": csv, "nodes": param.Of(2), "samples": param.Of(4)}},
		{param.Values{"instance_seed": param.Of(1), "graph": graph}, param.Values{
			"instance_seed": param.Of(1), "graph": graph, "nodes": param.Of(3), "samples": param.Of(100), "data_noise_variance": param.Of(0.1),
		}},
	} {
		maps.Copy(tt.want, scored)
		full, errs := Kind.Complete(tt.p)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		if got := env.Actual(newTestDAG(t, tt.p), full); !got.Equal(tt.want) {
			t.Errorf("got %v, want %v", got, tt.want)
		}
	}
}

// A simulated graph has the expected number of parents: 2,000 graphs on 5 nodes,
// 10 pairs each with probability 1/2, so within 5 √(1/4/20000) = 0.018.
func TestErdosRenyi(t *testing.T) {
	rng := env.InstanceStream("test", 2)
	edges := 0
	for range 2000 {
		graph, order := erdosRenyi(5, 1, rng)
		if topologicalOrder(graph) == nil || len(order) != 5 {
			t.Fatal("not acyclic")
		}
		edges += bitset.Count(graph)
	}
	if p := float64(edges) / 20000; math.Abs(p-0.5) > 0.018 {
		t.Errorf("edge probability %v, want 0.5", p)
	}
}

func TestDAGErrors(t *testing.T) {
	file := func(text string) param.File { return param.File{Name: "d.csv", Data: text} }
	square := [][]float64{{1, 2}, {3, 5}, {4, 4}, {0, 7}}
	tests := []struct {
		p           param.Values
		param, want string
	}{
		{param.Values{}, "instance_seed", "is missing"},
		{param.Values{"observations": param.Of(square), "data": param.Of(file("1\n2\n"))}, "observations", "give data or observations, not both"},
		{param.Values{"instance_seed": param.Of(1), "graph": param.Of([][]float64{{0, 1}, {1, 0}})}, "graph", "has a cycle: 0->1->0"},
		{param.Values{"instance_seed": param.Of(1), "graph": param.Of([][]float64{{0, 1, 0, 0}, {0, 0, 1, 1}, {0, 0, 0, 0}, {0, 1, 0, 0}})}, "graph", "has a cycle: 1->3->1"},
		{param.Values{"instance_seed": param.Of(1), "graph": param.Of([][]float64{{1}})}, "graph", "has a cycle: 0->0"},
		{param.Values{"instance_seed": param.Of(1), "graph": param.Of([][]float64{{0, 1}})}, "graph", "row 0 has 2 values, expected 1"},
		{param.Values{"instance_seed": param.Of(1), "graph": param.Of([][]float64{{0, 2}, {0, 0}})}, "graph", "expected 0 or 1"},
		{param.Values{"instance_seed": param.Of(1), "graph": param.Of([][]float64{{0, 1}, {0, 0}}), "nodes": param.Of(3)}, "nodes", "leave nodes out"},
		{param.Values{"observations": param.Of(square), "graph": param.Of([][]float64{{0}})}, "graph", "leave it out"},
		{param.Values{"observations": param.Of(square), "samples": param.Of(7)}, "samples", "leave samples out"},
		{param.Values{"observations": param.Of(square), "expected_parents": param.Of(2.0)}, "expected_parents", "leave expected_parents out"},
		{param.Values{"observations": param.Of([][]float64{})}, "observations", "is empty"},
		{param.Values{"observations": param.Of([][]float64{{1, 2}, {1}})}, "observations", "row 2 has 1 values, the first 2"},
		{param.Values{"observations": param.Of([][]float64{{1, 2}, {1, math.Inf(1)}})}, "observations", "row 2 has the value +Inf"},
		{param.Values{"observations": param.Of([][]float64{{1, 2}, {3, 5}})}, "observations", "needs at least 3"},
		{param.Values{"observations": param.Of([][]float64{{1, 2}, {2, 4}, {3, 6}, {4, 8}})}, "observations", "linearly dependent"},
		{param.Values{"observations": param.Of([][]float64{{1, 2}, {1, 4}, {1, 5}, {1, 8}})}, "observations", `variable "x0" is constant`},
		{param.Values{"observations": param.Of(square), "score": param.Of("bge"), "alpha_w": param.Of(3.0)}, "alpha_w", "not above nodes + 1 = 3"},
		{param.Values{"observations": param.Of(square), "alpha_w": param.Of(5.0)}, "alpha_w", "bge"},
		{param.Values{"observations": param.Of(square), "alpha_mu": param.Of(5.0)}, "alpha_mu", "bge"},
		{param.Values{"instance_seed": param.Of(1), "graph": param.Of([][]float64{{0, 1}, {0, 0}}), "expected_parents": param.Of(2.0)}, "expected_parents", "no effect"},
		{param.Values{"observations": param.Of(square), "score": param.Of("bge"), "noise_variance": param.Of(1.0)}, "noise_variance", "gaussian-ml"},
		{param.Values{"observations": param.Of(square), "score": param.Of("bde")}, "score", "not one of"},
		{param.Values{"data": param.Of(file(""))}, "data", "d.csv: empty file"},
		{param.Values{"data": param.Of(file("1,2\n"))}, "data", "1 observations"},
		{param.Values{"data": param.Of(file("a,b\n1,2\n3,x\n"))}, "data", `d.csv:3: column "b": "x" is not a finite number`},
		{param.Values{"data": param.Of(file("a,b\n1,2\n\n3,NaN\n"))}, "data", `d.csv:4: column "b": "NaN" is not`},
		{param.Values{"data": param.Of(file("a,b\n1,\n"))}, "data", `d.csv:2: column "b": "" is not a finite number (missing values are not supported)`},
		{param.Values{"data": param.Of(file("a;b\n1,5;2,5\n"))}, "data", `d.csv:2: column "a": "1,5" is not a finite number (decimals have a point)`},
		{param.Values{"data": param.Of(file("1,2\n3\n"))}, "data", "d.csv:2: the number of fields differs"},
		{param.Values{"data": param.Of(file("a,a\n1,2\n"))}, "data", `d.csv:1: duplicate name "a" in columns 1 and 2`},
		{param.Values{"data": param.Of(file("\"\",a\n1,2\n"))}, "data", "d.csv:1: column 1 has no name"},
		{param.Values{"data": param.Of(file("\"1,2\n"))}, "data", "d.csv:"},
		{param.Values{"data": param.Of(file(strings.Repeat("1,", 20) + "1\n" + strings.Repeat("2,", 20) + "1\n"))}, "data", "21 variables: at most 20"},
		{param.Values{"data": param.Of(file("1,2\n3,5\n4,4\n0,7\n")), "nodes": param.Of(3)}, "nodes", "3 nodes, but data has 2"},
		{param.Values{"instance_seed": param.Of(1), "samples": param.Of(4)}, "samples", "4 observations of 5 variables"},
	}
	for _, tt := range tests {
		_, err := Kind.Make(tt.p)
		var p *param.Error
		if !errors.As(err, &p) || p.Param != tt.param || !strings.Contains(p.Msg, tt.want) {
			t.Errorf("%v: got %v, want an error on %s with %q", tt.p, err, tt.param, tt.want)
		}
	}
}

func TestParseCSV(t *testing.T) {
	want := [][]float64{{1, -2.5}, {3e2, 4}}
	for _, text := range []string{"1,-2.5\n3e2,4\n", "a,b\r\n1, -2.5\r\n300 ,4", "a;b\n1;-2.5\n3e2;4\n", "a\t\"b\"\n1\t-2.5\n3e2\t4\n", "a\tb\n1\t-2.5\n3e2\t4\n", "\ufeff\"a\",\"b\"\n\"1\",-2.5\n\n3e2,4\n"} {
		names, rows, err := parseCSV(param.File{Data: text})
		if err != nil || !slices.EqualFunc(rows, want, slices.Equal[[]float64]) {
			t.Errorf("%q: got %v, %v", text, rows, err)
		}
		if wantNames := []string{"a", "b"}; strings.Contains(text, "a") && !slices.Equal(names, wantNames) {
			t.Errorf("%q: names %q", text, names)
		}
	}
}

// Any text is read as finite numbers or rejected with the file's name.
func FuzzParseCSV(f *testing.F) {
	for _, s := range []string{"1,2\n3,4\n", "a,b\n1,2\n", "\"a\n", "", "x\n", "1\n2,3\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		names, rows, err := parseCSV(param.File{Name: "f", Data: string(data)})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f:") {
				t.Errorf("error without the file's name: %v", err)
			}
			return
		}
		for _, row := range rows {
			if len(row) != len(names) {
				t.Fatalf("%d values, %d names", len(row), len(names))
			}
		}
	})
}

func TestDAGAllocations(t *testing.T) {
	e := newTestDAG(t, param.Values{})
	s := make([]uint64, e.Words())
	mask := make([]uint64, env.MaskWords(e.Actions()))
	var features []int32
	run := func() {
		e.Reset(s)
		for !e.Terminal(s) {
			e.Mask(s, mask)
			a := 0
			for mask[a>>6]>>(a&63)&1 == 0 {
				a++
			}
			e.Step(s, a)
			e.BackwardMask(s, mask)
			features = e.AppendFeatures(features[:0], s)
		}
		e.LogReward(s)
		e.StepBack(s, e.stop())
		e.StepBack(s, 0)
	}
	if n := testing.AllocsPerRun(100, run); n > 0 {
		t.Errorf("%v allocations per trajectory", n)
	}
}

func BenchmarkDAGStep(b *testing.B) {
	e := newTestDAG(b, param.Values{})
	s := make([]uint64, e.Words())
	mask := make([]uint64, env.MaskWords(e.Actions()))
	b.ReportAllocs()
	for b.Loop() {
		e.Reset(s)
		for i := range 4 {
			e.Mask(s, mask)
			e.Step(s, e.edge(i, i+1))
		}
		e.LogReward(s)
	}
}

// edge returns the action that adds i→j.
func (e *dag) edge(i, j int) int {
	if j > i {
		j--
	}
	return i*(e.n-1) + j
}
