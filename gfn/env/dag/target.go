package dag

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"sync"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/internal/combin"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/stream"
)

// References:
//
//	Robinson: Counting unlabeled acyclic digraphs. Combinatorial Mathematics V,
//	1977 (the number of DAGs).
//	Kuipers, Moffa: Partition MCMC for inference on acyclic digraphs. JASA 112,
//	2017 (layers of outpoints).

// maxSummedNodes bounds the nodes for which log Z is summed, which takes 4^12 terms.
const maxSummedNodes = 12

// dagCount returns the number of DAGs on n labelled nodes: 1, 3, 25, 543, 29281, ...
// (Robinson 1977; OEIS A003024).
func dagCount(n int) float64 {
	count := make([]float64, n+1)
	count[0] = 1
	for m := 1; m <= n; m++ {
		choose := combin.Binomials(m, m)
		sign := 1.0
		for k := 1; k <= m; k++ {
			count[m] += float64(sign * choose[k] * math.Ldexp(count[m-k], k*(m-k)))
			sign = -sign
		}
	}
	return count[n]
}

// Capabilities counts every DAG and its finished copy as a state. log Z and target
// samples need no enumeration.
func (e *dag) Capabilities() env.Capabilities {
	count := dagCount(e.n)
	c := env.Capabilities{Enumerable: env.Enumerable(2 * count), LogZ: env.Yes(), States: 2 * count, Terminals: count}
	if e.n > maxSummedNodes {
		c.LogZ = env.No(fmt.Sprintf("log Z is summed up to %d nodes, not %d", maxSummedNodes, e.n))
	}
	c.TargetSamples = c.LogZ
	return c
}

// LogZ returns the exact log Z, by dynamic programming over layers.
func (e *dag) LogZ() float64 {
	if e.n > maxSummedNodes {
		return math.NaN()
	}
	return e.target.logZ()
}

// summedDAG is an instance with few enough nodes for exact samples.
type summedDAG struct{ *dag }

// SampleTarget writes a finished graph drawn from r/Z.
func (e summedDAG) SampleTarget(rng *stream.Stream, x []uint64) {
	var rows [maxNodes]uint64
	e.target.sample(rng, rows[:e.n])
	e.write(x, rows[:e.n])
	setBit(x, e.finished)
}

// dagTarget sums a decomposable weight over all DAGs. Every DAG splits into layers in
// exactly one way: the first layer holds the nodes without parents, and each next layer
// the nodes whose parents all lie in earlier layers, at least one of them in the layer
// just before. Let U be the nodes placed, L the last layer and w_j(P) =
// exp(score/temperature) the weight of node j with parents P. Then
//
//	g(U, L) = Σ_M Π_{j∈M} B_j(U, L) · g(U∪M, M),  g(all, L) = 1,
//	B_j(U, L) = Σ_{P⊆U, P∩L≠∅} w_j(P) = A_j(U) - A_j(U\L),
//
// where the sum runs over the nonempty sets M of nodes not yet placed. All values are
// kept as logs, since weights span hundreds of nats.
type dagTarget struct {
	e *dag

	once    sync.Once
	below   [][]float64 // of each node: log A_j(U), by U without the node's bit
	logG    []float64   // by ternary(U) + ternary(L): digits 0 not placed, 1 before L, 2 in L
	ternary []int32     // Σ 3^i over the bits of a set
	scratch sync.Pool   // of *[]float64, a buffer for the terms of one sum
}

func (t *dagTarget) logZ() float64 {
	t.once.Do(t.sum)
	return t.logG[0]
}

func (t *dagTarget) sum() {
	n := t.e.n
	t.ternary = make([]int32, 1<<n)
	for i, power := 0, int32(1); i < n; i, power = i+1, 3*power {
		for set := range 1 << i {
			t.ternary[1<<i|set] = t.ternary[set] + power
		}
	}
	for j := range n {
		t.below = append(t.below, t.subsetSums(j))
	}
	t.logG = make([]float64, 2*t.ternary[1<<n-1]+1) // 3^n
	t.scratch.New = func() any { b := make([]float64, 2<<n); return &b }
	terms := make([]float64, 2<<n)
	for placed := 1<<n - 2; placed >= 0; placed-- {
		// layer runs through the nonempty subsets of placed.
		for layer := placed; ; layer = (layer - 1) & placed {
			if layer == 0 && placed != 0 {
				break
			}
			k := t.terms(terms, uint64(placed), uint64(layer))
			t.logG[t.ternary[placed]+t.ternary[layer]] = fmath.LogSumExp(terms[1:k])
			if layer == 0 {
				break
			}
		}
	}
}

// subsetSums returns log A_j(U) for every U.
func (t *dagTarget) subsetSums(j int) []float64 {
	a := make([]float64, 1<<(t.e.n-1))
	for set := range a {
		a[set] = t.weight(j, openBit(uint64(set), j))
	}
	for b := 1; b < len(a); b <<= 1 {
		for set := range a {
			if set&b != 0 {
				a[set] = fmath.LogAddExp(a[set], a[set^b])
			}
		}
	}
	return a
}

// weight returns log w_j(P).
func (t *dagTarget) weight(j int, parents uint64) float64 {
	return t.e.scores.at(j, parents) / t.e.temperature
}

// term returns log B_j(U, L), or log w_j(∅) if no node is placed yet.
func (t *dagTarget) term(j int, placed, layer uint64) float64 {
	all := t.below[j][dropBit(placed, j)]
	if placed == 0 {
		return all
	}
	rest := t.below[j][dropBit(placed&^layer, j)]
	return all + fmath.Log(-fmath.Expm1(rest-all))
}

// terms writes the log terms of g(U, L), the k-th for the k-th subset M of the nodes not
// yet placed (the bits of k stand for these nodes in ascending order), and returns their
// number. The empty subset has no term. The upper half of dst serves as scratch space.
func (t *dagTarget) terms(dst []float64, placed, layer uint64) int {
	product := dst[len(dst)/2:] // log Π B_j
	product[0] = 0
	var members [maxNodes]uint64 // the subsets with a single node
	size := 1
	for free := (uint64(1)<<t.e.n - 1) &^ placed; free != 0; free &= free - 1 {
		j := bits.TrailingZeros64(free)
		b := t.term(j, placed, layer)
		members[bits.Len(uint(size))-1] = 1 << j
		for k := range size {
			product[size+k] = product[k] + b
		}
		size *= 2
	}
	var set uint64 // the subset that k stands for
	for k := 1; k < size; k++ {
		// From k-1 to k the trailing ones become zeros and the next bit becomes one.
		low := bits.TrailingZeros(uint(k))
		for b := range low {
			set &^= members[b]
		}
		set |= members[low]
		dst[k] = product[k] + t.logG[t.ternary[placed|set]+t.ternary[set]]
	}
	return size
}

// sample draws a DAG, layer after layer, and then the parents of each node in the layer.
// It writes the targets of each node to rows.
func (t *dagTarget) sample(rng *stream.Stream, rows []uint64) {
	t.once.Do(t.sum)
	buffer := t.scratch.Get().(*[]float64)
	all := uint64(1)<<t.e.n - 1
	clear(rows)
	var placed, layer uint64
	for placed != all {
		k := t.terms(*buffer, placed, layer)
		(*buffer)[0] = math.Inf(-1)
		next := spread(uint64(drawLog(rng, (*buffer)[:k])), all&^placed)
		for rest := next; rest != 0; rest &= rest - 1 {
			j := bits.TrailingZeros64(rest)
			for parents := t.sampleParents(rng, *buffer, j, placed, layer); parents != 0; parents &= parents - 1 {
				rows[bits.TrailingZeros64(parents)] |= 1 << j
			}
		}
		placed, layer = placed|next, next
	}
	t.scratch.Put(buffer)
}

// sampleParents draws P ∝ w_j(P) from the subsets of U that meet L.
func (t *dagTarget) sampleParents(rng *stream.Stream, terms []float64, j int, placed, layer uint64) uint64 {
	if placed == 0 {
		return 0
	}
	terms = terms[:1<<bits.OnesCount64(placed)]
	for k := range terms {
		terms[k] = math.Inf(-1)
		if parents := spread(uint64(k), placed); parents&layer != 0 {
			terms[k] = t.weight(j, parents)
		}
	}
	return spread(uint64(drawLog(rng, terms)), placed)
}

// spread moves the k-th bit of v to the position of the k-th one in mask.
func spread(v, mask uint64) (set uint64) {
	for ; mask != 0 && v != 0; mask, v = mask&(mask-1), v>>1 {
		if v&1 != 0 {
			set |= mask & -mask
		}
	}
	return set
}

// drawLog draws an index with probability proportional to exp(logs[i]). It overwrites
// logs. At least one log must be finite.
func drawLog(rng *stream.Stream, logs []float64) int {
	top := logs[0]
	for _, v := range logs {
		top = max(top, v)
	}
	total := 0.0
	for i, v := range logs {
		total += fmath.Exp(v - top)
		logs[i] = total
	}
	u := min(rng.Float64()*total, math.Nextafter(total, 0))
	return slices.IndexFunc(logs, func(c float64) bool { return c > u })
}
