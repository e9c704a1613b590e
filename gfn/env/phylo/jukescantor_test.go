package phylo

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"gfnbench/gfn/param"
)

// bruteForce sums the probability of one site over all nucleotides at all internal nodes,
// for a tree with any branch lengths and numbers of children.
func bruteForce(t *testing.T, tree *Tree, sets map[string]byte) float64 {
	t.Helper()
	// List the nodes, parents first.
	var parent []int
	var length []float64
	var allowed []byte
	var visit func(node *Tree, up int)
	visit = func(node *Tree, up int) {
		me := len(parent)
		l := 0.0
		if up >= 0 {
			var err error
			if l, err = strconv.ParseFloat(node.Length, 64); err != nil {
				t.Fatal(err)
			}
		}
		set := byte(15)
		if len(node.Children) == 0 {
			set = sets[node.Name]
		}
		parent, length, allowed = append(parent, up), append(length, l), append(allowed, set)
		for _, c := range node.Children {
			visit(c, me)
		}
	}
	visit(tree, -1)
	// Sum over all assignments of nucleotides.
	total := 0.0
	state := make([]int, len(parent))
	var assign func(node int, p float64)
	assign = func(node int, p float64) {
		if node == len(parent) {
			total += p
			return
		}
		for s := range 4 {
			if allowed[node]>>s&1 == 0 {
				continue
			}
			q := 0.25
			if node > 0 {
				q = (1 - math.Exp(-4*length[node]/3)) / 4
				if state[parent[node]] == s {
					q = (1 + 3*math.Exp(-4*length[node]/3)) / 4
				}
			}
			state[node] = s
			assign(node+1, p*q)
		}
	}
	assign(0, 1)
	return math.Log(total)
}

// withLength gives every branch below a tree's root the same length.
func withLength(tree *Tree, d float64) *Tree {
	for _, c := range tree.Children {
		c.Length = strconv.FormatFloat(d, 'g', -1, 64)
		withLength(c, d)
	}
	return tree
}

func parseTree(t *testing.T, text string) *Tree {
	t.Helper()
	trees, err := ParseTrees(text)
	if err != nil || len(trees) != 1 {
		t.Fatalf("%q: %v", text, err)
	}
	return trees[0]
}

// The tree of Felsenstein, Inferring Phylogenies, 2004, Fig. 16.4, with leaves A, C, C,
// C, G, and its log likelihood as the program arbplf-ll prints it
// (github.com/argriffing/phyly, examples/Felsenstein.2004.fig.16.4). It checks the
// reference against which the pruning is checked.
func TestBruteForcePublished(t *testing.T) {
	tree := parseTree(t, "(a:0.01,b:0.20,(c:0.30,(d:0.30,e:0.02):0.05):0.15);")
	got := bruteForce(t, tree, map[string]byte{"a": 1, "b": 2, "c": 2, "d": 2, "e": 4})
	if want := -11.297288182875496; math.Abs(got-want) > 1e-12 {
		t.Errorf("got %v, want %v", got, want)
	}
}

// modelOf returns the model of literal sequences.
func modelOf(t *testing.T, d float64, sequences ...string) *jukesCantor {
	t.Helper()
	rows := make([][]byte, len(sequences))
	for i, s := range sequences {
		var err error
		if rows[i], err = nucleotideSets(s); err != nil {
			t.Fatal(err)
		}
	}
	return newJukesCantor(rows, d)
}

func leafLabels(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("t%d", i+1)
	}
	return names
}

func TestPruningAgainstBruteForce(t *testing.T) {
	tests := []struct {
		name      string
		d         float64
		sequences []string
	}{
		{"two", 0.3, []string{"ACGTAC", "ACGATT"}},
		{"three", 0.1, []string{"ACGTACAA", "ACGATTAC", "AGGATGCA"}},
		{"four with missing data and codes", 0.7, []string{"ACGTN-RY", "ACG?TTWK", "AGGATUBD", "CCCCCNHV"}},
		{"five, short branches", 1e-4, []string{"ACGT", "ACGA", "AGGA", "ACTT", "CCGT"}},
		{"five, saturated", 50, []string{"ACGT", "ACGA", "AGGA", "ACTT", "CCGT"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := len(tt.sequences)
			m := modelOf(t, tt.d, tt.sequences...)
			code, names := make([]uint64, n-1), leafLabels(n)
			for rank := range int(treeCount(n)) {
				rankedTree(rank, n, code)
				tree := withLength(treeOf(code, allLeaves(n), names), tt.d)
				want := 0.0
				for site := range tt.sequences[0] {
					sets := map[string]byte{}
					for i, s := range tt.sequences {
						set, err := nucleotideSets(s)
						if err != nil {
							t.Fatal(err)
						}
						sets[names[i]] = set[site]
					}
					want += bruteForce(t, tree, sets)
				}
				if got := m.logLikelihood(code); math.Abs(got-want) > 1e-12*math.Abs(want) {
					t.Errorf("%s: got %v, want %v", tree, got, want)
				}
			}
		})
	}
}

// Two sequences 2d apart agree at a site with probability 1/4 + 3/4 e^(-8d/3)
// (Jukes and Cantor 1969).
func TestPruningTwoSequences(t *testing.T) {
	const d = 0.3
	e := math.Exp(-8 * d / 3)
	same, differ := math.Log((1+3*e)/16), math.Log((1-e)/16)
	m := modelOf(t, d, "AAAAACGT", "AAAACGTA")
	want := 4*same + 4*differ
	if got := m.logLikelihood([]uint64{3}); math.Abs(got-want) > 1e-12 {
		t.Errorf("got %v, want %v", got, want)
	}
}

// By the pulley principle (Felsenstein 1981) the root may be anywhere on a path. A leaf
// without data stretches the branch beside it, so ((A,N),B) and (A,(B,N)) are one tree
// with two roots.
func TestPruningPulley(t *testing.T) {
	m := modelOf(t, 0.3, "ACGTACGTTA", "ACGATTGTAA", "AGGATGCATC", "TCGTTGCATG", "NNNNNNNNNN")
	names := leafLabels(5)
	likelihood := func(text string) float64 {
		code, err := Clades([]*Tree{parseTree(t, text)}, names)
		if err != nil {
			t.Fatal(err)
		}
		return m.logLikelihood(code)
	}
	a := likelihood("(((t1,t2),t5),(t3,t4));")
	b := likelihood("((t1,t2),((t3,t4),t5));")
	if math.Abs(a-b) > 1e-12*math.Abs(a) {
		t.Errorf("the root's place changes the likelihood: %v and %v", a, b)
	}
	if c := likelihood("(((t1,t3),t5),(t2,t4));"); math.Abs(a-c) < 1e-6 {
		t.Errorf("another tree has the same likelihood %v", c)
	}
}

// unscaled returns the likelihood of one site without scaling, by recursion.
func unscaled(m *jukesCantor, code []uint64, clade uint64, tip func(i int) byte) [4]float64 {
	var below [4]float64
	if clade&(clade-1) == 0 {
		for s := range 4 {
			below[s] = float64(tip(smallestLeaf(clade)) >> s & 1)
		}
		return below
	}
	first, second := childrenOf(code, clade)
	x, y := unscaled(m, code, first, tip), unscaled(m, code, second, tip)
	for s := range 4 {
		var px, py float64
		for r := range 4 {
			p := m.other
			if r == s {
				p = m.same
			}
			px, py = px+p*x[r], py+p*y[r]
		}
		below[s] = px * py
	}
	return below
}

// With many leaves every site is scaled more than once. As long as an unscaled likelihood
// does not underflow, the two must agree.
func TestPruningScaling(t *testing.T) {
	const n = 64
	sequences := make([]string, n)
	for i := range sequences {
		sequences[i] = nucleotides[i%4:i%4+1] + nucleotides[i/3%4:i/3%4+1] + "A"
	}
	for _, d := range []float64{1e-9, 1e-3, 0.3} {
		m := modelOf(t, d, sequences...)
		code := make([]uint64, n-1)
		code[0] = 3
		for k := 2; k < n; k++ { // a caterpillar with side branches
			above := allLeaves(k)
			if k%5 == 4 {
				above = 1 << (k / 2)
			}
			insertLeaf(code, k, above)
		}
		want, underflow := 0.0, false
		for site := range 3 {
			p := unscaled(m, code, allLeaves(n), func(i int) byte {
				return nucleotideCodes[sequences[i][site]]
			})
			sum := (p[0] + p[1] + p[2] + p[3]) / 4
			underflow = underflow || sum < 1e-290
			want += math.Log(sum)
		}
		got := m.logLikelihood(code)
		if math.IsInf(got, 0) || math.IsNaN(got) {
			t.Errorf("d = %v: log likelihood %v", d, got)
		}
		if !underflow && math.Abs(got-want) > 1e-12*math.Abs(want) {
			t.Errorf("d = %v: got %v, want %v", d, got, want)
		}
		if d < 1e-8 != underflow {
			t.Errorf("d = %v: underflow of the unscaled likelihood is %v", d, underflow)
		}
	}
}

// A site's likelihood does not depend on the number of other sites: nothing underflows
// over 60 leaves and 2,000 sites.
func TestPruningManySites(t *testing.T) {
	const n, sites = 60, 2000
	sequences := make([]string, n)
	for i := range sequences {
		one := nucleotides[i*i%4:i*i%4+1] + nucleotides[i/7%4:i/7%4+1]
		sequences[i] = strings.Repeat(one, sites/2)
	}
	m := modelOf(t, 0.3, sequences...)
	if len(m.weights) != 2 || m.weights[0] != sites/2 {
		t.Fatalf("pattern weights %v", m.weights)
	}
	code := make([]uint64, n-1)
	rankedTree(0, n, code)
	short := make([]string, n)
	for i := range short {
		short[i] = sequences[i][:2]
	}
	want := modelOf(t, 0.3, short...).logLikelihood(code) * sites / 2
	if got := m.logLikelihood(code); math.Abs(got-want) > 1e-9*math.Abs(want) || math.IsInf(got, 0) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func BenchmarkPruning(b *testing.B) {
	e := newTestPhylo(b, param.Values{})
	x := make([]uint64, e.Words())
	rankedTree(4321, e.leaves, x)
	b.Run("direct", func(b *testing.B) {
		for b.Loop() {
			e.model.logLikelihood(x)
		}
	})
	b.Run("tabulated", func(b *testing.B) {
		for b.Loop() {
			e.LogReward(x)
		}
	})
}
