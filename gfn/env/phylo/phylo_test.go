package phylo

import (
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/internal/bitset"
	"gfnbench/gfn/param"
)

// newTestPhylo makes an instance, by default with 7 species and seed 1.
func newTestPhylo(t testing.TB, p param.Values) *phylo {
	t.Helper()
	if !p.Has("sequences") && !p.Has("alignment") && !p.Has("instance_seed") {
		p["instance_seed"] = param.Of(1)
	}
	e, err := Kind.Make(p)
	if err != nil {
		t.Fatal(err)
	}
	if few, ok := e.(summedPhylo); ok {
		return few.phylo
	}
	return e.(*phylo)
}

// reachable counts the states that forward actions reach, the terminal states among them,
// and the trajectories to those.
func reachable(e env.Discrete) (states, terminals, trajectories int) {
	index := env.NewIndex(e.Words())
	s := make([]uint64, e.Words())
	mask := make([]uint64, env.MaskWords(e.Actions()))
	e.Reset(s)
	index.Add(s)
	paths := []int{1}
	for i := 0; i < index.Len(); i++ {
		if e.Terminal(index.Code(i)) {
			terminals++
			trajectories += paths[i]
		}
		e.Mask(index.Code(i), mask)
		for _, a := range bitset.AppendOnes(nil, mask) {
			copy(s, index.Code(i))
			e.Step(s, a)
			k, fresh := index.Add(s)
			if fresh {
				paths = append(paths, 0)
			}
			paths[k] += paths[i]
		}
	}
	return index.Len(), terminals, trajectories
}

// terminals returns the terminal states that forward actions reach.
func terminals(e env.Discrete) *env.Index {
	all, ends := env.NewIndex(e.Words()), env.NewIndex(e.Words())
	s, mask := make([]uint64, e.Words()), make([]uint64, env.MaskWords(e.Actions()))
	all.Add(s)
	for i := 0; i < all.Len(); i++ {
		if e.Terminal(all.Code(i)) {
			ends.Add(all.Code(i))
		}
		e.Mask(all.Code(i), mask)
		for _, a := range bitset.AppendOnes(nil, mask) {
			copy(s, all.Code(i))
			e.Step(s, a)
			all.Add(s)
		}
	}
	return ends
}

// Counts for 7 species as in the paper's task: (2n-3)!! = 10,395 trees and
// n!(n-1)!/2^(n-1) = 56,700 labelled histories, one for each trajectory.
func TestPhyloCounts(t *testing.T) {
	tests := []struct{ species, states, trees, trajectories int }{
		{2, 2, 1, 1},
		{3, 7, 3, 3},
		{4, 37, 15, 18},
		{5, 266, 105, 180},
		{7, 27007, 10395, 56700},
	}
	for _, tt := range tests {
		e := newTestPhylo(t, param.Values{"species": param.Of(tt.species), "sites": param.Of(3)})
		states, trees, trajectories := reachable(e)
		if states != tt.states || trees != tt.trees || trajectories != tt.trajectories {
			t.Errorf("%d species: %d states, %d trees, %d trajectories, want %+v", tt.species, states, trees, trajectories, tt)
		}
		if c := e.Capabilities(); c.States != float64(tt.states) || c.Terminals != float64(tt.trees) {
			t.Errorf("%d species: declared %v states, %v terminals", tt.species, c.States, c.Terminals)
		}
	}
}

// Every rank gives a different tree, and the codes are sorted.
func TestRankedTree(t *testing.T) {
	const n = 6
	index := env.NewIndex(n - 1)
	code := make([]uint64, n-1)
	for rank := range int(treeCount(n)) {
		rankedTree(rank, n, code)
		if !slices.IsSorted(code) || code[n-2] != allLeaves(n) || rankOf(code, n) != rank {
			t.Fatalf("rank %d: %b with rank %d", rank, code, rankOf(code, n))
		}
		index.Add(code)
	}
	if index.Len() != 945 {
		t.Errorf("%d distinct trees, want 945", index.Len())
	}
}

// The log reward of every tree that actions reach has the bits of its likelihood when it
// is first asked for, when it is in the table, and if several goroutines ask at once.
func TestTreeRewards(t *testing.T) {
	for _, n := range []int{2, 3, 7} {
		e := newTestPhylo(t, param.Values{"species": param.Of(n)})
		trees := terminals(e)
		var wait sync.WaitGroup
		for range 3 {
			wait.Go(func() {
				for range 2 {
					for i := range trees.Len() {
						x := trees.Code(i)
						if got, want := e.LogReward(x), e.model.logLikelihood(x); got != want {
							t.Errorf("%s: log r = %v, want %v", e.Format(x), got, want)
							return
						}
					}
				}
			})
		}
		wait.Wait()
		if known := e.rewards.bits(); len(known) != trees.Len() || known[len(known)-1].Load() == 0 {
			t.Errorf("%d species: a table of %d trees, want %d", n, len(known), trees.Len())
		}
	}
}

// log Z is the log of the summed likelihoods over the trees that actions reach, in
// another order and by another sum than the instance's.
func TestPhyloLogZ(t *testing.T) {
	e := newTestPhylo(t, param.Values{"species": param.Of(5)})
	trees := terminals(e)
	sum := 0.0
	for i := range trees.Len() {
		sum += math.Exp(e.LogReward(trees.Code(i)))
	}
	if got, want := e.LogZ(), math.Log(sum); math.Abs(got-want) > 1e-12*math.Abs(want) {
		t.Errorf("log Z = %v, want %v", got, want)
	}
}

// Target samples follow r/Z: chi-square over the 15 trees of 4 species; the
// 0.9999 quantile with 14 degrees of freedom is 42.6 (R's qchisq).
func TestPhyloSampleTarget(t *testing.T) {
	e := newTestPhylo(t, param.Values{"species": param.Of(4), "sites": param.Of(2)})
	index := env.NewIndex(e.Words())
	x := make([]uint64, e.Words())
	const draws = 20000
	count := make([]float64, 15)
	rng := env.InstanceStream("test", 7)
	for range draws {
		summedPhylo{e}.SampleTarget(rng, x)
		i, _ := index.Add(x)
		count[i]++
	}
	if index.Len() != 15 {
		t.Fatalf("%d trees were drawn", index.Len())
	}
	chi := 0.0
	for i := range 15 {
		want := draws * math.Exp(e.LogReward(index.Code(i))-e.LogZ())
		chi += (count[i] - want) * (count[i] - want) / want
	}
	if chi > 42.6 {
		t.Errorf("chi-square %v", chi)
	}
}

// Beyond enumeration everything works except log Z and target samples.
func TestPhyloManySpecies(t *testing.T) {
	e := newTestPhylo(t, param.Values{"species": param.Of(64), "sites": param.Of(50)})
	c := e.Capabilities()
	if c.LogZ.OK || c.TargetSamples.OK || c.Enumerable.OK || !math.IsNaN(e.LogZ()) || c.LogZ.Why == "" {
		t.Errorf("capabilities %+v, log Z %v", c, e.LogZ())
	}
	if l := e.LogReward(e.truth); math.IsInf(l, 0) || math.IsNaN(l) {
		t.Errorf("log reward %v", l)
	}
}

// On a random walk forward, codes stay sorted, Newick parses to the same code, clades
// have distinct features, and the simulated tree is a tree.
func TestPhyloWalk(tt *testing.T) {
	rapid.Check(tt, func(t *rapid.T) {
		n := rapid.IntRange(2, 16).Draw(t, "species")
		e := newTestPhylo(tt, param.Values{"species": param.Of(n), "sites": param.Of(2)})
		s, again, mask := make([]uint64, n-1), make([]uint64, n-1), make([]uint64, env.MaskWords(e.Actions()))
		for range rapid.IntRange(0, n-1).Draw(t, "joins") {
			e.Mask(s, mask)
			e.Step(s, rapid.SampledFrom(bitset.AppendOnes(nil, mask)).Draw(t, "action"))
		}
		k := internalNodes(s)
		if !slices.IsSorted(s[:k]) {
			t.Fatalf("not sorted: %b", s)
		}
		if err := e.ReadState(e.Format(s), again); err != nil || !slices.Equal(s, again) {
			t.Fatalf("%s reads back as %b: %v", e.Format(s), again, err)
		}
		roots := e.AppendRoots(nil, s)
		var union uint64
		for _, r := range roots {
			if union&r != 0 {
				t.Fatalf("roots overlap: %b", roots)
			}
			union |= r
		}
		if union != allLeaves(n) || len(roots) != n-k {
			t.Fatalf("roots %b of %d joins", roots, k)
		}
		features := e.AppendFeatures(nil, s)
		if !slices.IsSorted(features) || len(slices.Compact(features)) != k || k > 0 && int(features[k-1]) >= e.Features() {
			t.Fatalf("features %v of %b", features, s)
		}
	})
}

func TestPhyloFeaturesNumberAllClades(t *testing.T) {
	const n = 5
	e := newTestPhylo(t, param.Values{"species": param.Of(n)})
	next := int32(0)
	for c := uint64(1); c < 1<<n; c++ {
		if c&(c-1) == 0 {
			continue
		}
		if got := e.AppendFeatures(nil, []uint64{c, 0, 0, 0}); got[0] != next {
			t.Fatalf("clade %b is feature %d, want %d", c, got[0], next)
		}
		next++
	}
	if e.Features() != int(next) {
		t.Errorf("%d features, want %d", e.Features(), next)
	}
}

// Above 16 leaves the features are sizes of smallest clades: here 2 around
// t1 and t2, 3 around either and t17.
func TestPhyloPairFeatures(t *testing.T) {
	const n = 17
	e := newTestPhylo(t, param.Values{"species": param.Of(n)})
	s := make([]uint64, n-1)
	s[0], s[1] = 0b11, 1<<16|0b11
	want := []int32{int32(e.Join(0, 1) * 16), int32(e.Join(0, 16)*16 + 1), int32(e.Join(1, 16)*16 + 1)}
	if got := e.AppendFeatures(nil, s); !slices.Equal(got, want) {
		t.Errorf("features %v, want %v", got, want)
	}
}

// The same seed gives the same instance, and another seed another one. Sequences read
// from the instance's fields give the same rewards.
func TestPhyloInstance(t *testing.T) {
	a, b := newTestPhylo(t, param.Values{}), newTestPhylo(t, param.Values{})
	c := newTestPhylo(t, param.Values{"instance_seed": param.Of(2)})
	if !slices.Equal(a.sequences, b.sequences) || slices.Equal(a.sequences, c.sequences) {
		t.Error("the seed does not determine the instance")
	}
	fields := a.Instance()
	if fields[0].Name != "alignment" || fields[1].Name != "tree" {
		t.Fatalf("fields %+v", fields)
	}
	d := newTestPhylo(t, param.Values{"alignment": param.Of(param.File{Name: "x", Data: fields[0].Text})})
	code := make([]uint64, d.Words())
	if err := d.ReadState(fields[1].Text, code); err != nil {
		t.Fatal(err)
	}
	if got, want := d.LogReward(code), a.LogReward(a.truth); got != want {
		t.Errorf("log reward %v of what was read, %v of the instance", got, want)
	}
}

// Simulated sequences differ at the rate of the model: two leaves in a cherry
// are 2d apart, which leaves a site the same with probability 1/4 + 3/4 e^(-8d/3).
func TestPhyloSimulation(t *testing.T) {
	const sites = 40000
	e := newTestPhylo(t, param.Values{"species": param.Of(2), "sites": param.Of(sites)})
	same := 0
	for i := range sites {
		if e.sequences[0][i] == e.sequences[1][i] {
			same++
		}
	}
	want := 0.25 + 0.75*math.Exp(-8*0.3/3)
	if got := float64(same) / sites; math.Abs(got-want) > 5*math.Sqrt(want*(1-want)/sites) {
		t.Errorf("%v of the sites agree, want %v", got, want)
	}
}

// Yang (2014), section 1.2: at rate λ to each other nucleotide, two leaves of a cherry at
// time t from the root agree at a site with probability 1/4 + 3/4 e^(-8λt).
func TestPhyloRate(t *testing.T) {
	const rate, edge = 0.25, 1.5
	p := param.Values{"sequences": param.Of([]string{"AAC", "AAG"}), "rate": param.Of(rate), "edge": param.Of(edge)}
	e := newTestPhylo(t, p)
	decay := math.Exp(-8 * rate * edge)
	want := 2*math.Log((1+3*decay)/16) + math.Log((1-decay)/16)
	if got := e.LogReward([]uint64{3}); math.Abs(got-want) > 1e-12 {
		t.Errorf("log r is %v, want %v", got, want)
	}
	simulated := newTestPhylo(t, param.Values{"rate": param.Of(rate), "edge": param.Of(edge)})
	same := newTestPhylo(t, param.Values{"branch_length": param.Of(3 * rate * edge)})
	if !slices.Equal(simulated.sequences, same.sequences) || simulated.LogZ() != same.LogZ() {
		t.Error("rate and edge give another instance than branch_length = 3 rate edge")
	}
}

// The dimensions of given data count, not the defaults of a simulation.
func TestPhyloActual(t *testing.T) {
	fasta := param.Of(param.File{Name: "x.fasta", Data: ">a\nACGT\n>b\nACGA\n>c\nA-GT\n"})
	for _, tt := range []struct {
		p, want param.Values
	}{
		{param.Values{"alignment": fasta}, param.Values{"species": param.Of(3), "sites": param.Of(4), "branch_length": param.Of(0.3), "alignment": fasta}},
		{param.Values{"sequences": param.Of([]string{"A C", "AG"})}, param.Values{
			"species": param.Of(2), "sites": param.Of(2), "branch_length": param.Of(0.3), "sequences": param.Of([]string{"A C", "AG"}),
		}},
		{param.Values{"instance_seed": param.Of(1), "rate": param.Of(0.25), "edge": param.Of(1.0)}, param.Values{
			"species": param.Of(7), "sites": param.Of(25), "branch_length": param.Of(0.75), "rate": param.Of(0.25), "edge": param.Of(1.0), "instance_seed": param.Of(1),
		}},
	} {
		full, errs := Kind.Complete(tt.p)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		if got := env.Actual(newTestPhylo(t, tt.p), full); !got.Equal(tt.want) {
			t.Errorf("%v: got %v, want %v", tt.p, got, tt.want)
		}
	}
}

func TestPhyloErrors(t *testing.T) {
	tests := []struct {
		p           param.Values
		param, want string
	}{
		{param.Values{}, "instance_seed", "is missing"},
		{param.Values{"instance_seed": param.Of(1), "sequences": param.Of([]string{"A", "C"})}, "sequences", "not both"},
		{param.Values{"sequences": param.Of([]string{"ACGT"})}, "sequences", "1 sequences: expected 2 to 64"},
		{param.Values{"sequences": param.Of([]string{"ACGT", "ACG"})}, "sequences", "sequence 2 has 3 sites, the first 4"},
		{param.Values{"sequences": param.Of([]string{"", ""})}, "sequences", "sequence 1 is empty"},
		{param.Values{"sequences": param.Of([]string{"AC", "A1"})}, "sequences", "sequence 2: character '1'"},
		{param.Values{"sequences": param.Of([]string{"AC", "AG"}), "names": param.Of([]string{"a"})}, "names", "1 names for 2 species"},
		{param.Values{"sequences": param.Of([]string{"AC", "AG"}), "names": param.Of([]string{"a", "a"})}, "names", "duplicate"},
		{param.Values{"sequences": param.Of([]string{"AC", "AG"}), "species": param.Of(3)}, "species", "leave species out"},
		{param.Values{"sequences": param.Of([]string{"AC", "AG"}), "sites": param.Of(3)}, "sites", "leave sites out"},
		{param.Values{"alignment": param.Of(param.File{Name: "x", Data: ">a\nA\n>b\nC\n"}), "names": param.Of([]string{"a", "b"})}, "names", "names of its own"},
		{param.Values{"instance_seed": param.Of(1), "species": param.Of(1)}, "species", "out of range"},
		{param.Values{"instance_seed": param.Of(1), "branch_length": param.Of(0.0)}, "branch_length", "out of range"},
		{param.Values{"instance_seed": param.Of(1), "rate": param.Of(0.3)}, "rate", "needs edge"},
		{param.Values{"instance_seed": param.Of(1), "edge": param.Of(0.3)}, "edge", "needs rate"},
		{param.Values{"instance_seed": param.Of(1), "rate": param.Of(0.3), "edge": param.Of(1.0), "branch_length": param.Of(0.9)}, "branch_length", "not both"},
		{param.Values{"instance_seed": param.Of(1), "rate": param.Of(10.0), "edge": param.Of(10.0)}, "edge", "300 is out of range"},
	}
	for _, tt := range tests {
		_, err := Kind.Make(tt.p)
		var p *param.Error
		if !errors.As(err, &p) || p.Param != tt.param || !strings.Contains(p.Msg, tt.want) {
			t.Errorf("%v: got %v, want an error on %s with %q", tt.p, err, tt.param, tt.want)
		}
	}
}

func TestPhyloAllocations(t *testing.T) {
	e := newTestPhylo(t, param.Values{})
	s := make([]uint64, e.Words())
	mask := make([]uint64, env.MaskWords(e.Actions()))
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
		}
		e.LogReward(s)
	}
	if n := testing.AllocsPerRun(100, run); n > 0 {
		t.Errorf("%v allocations per trajectory", n)
	}
}
