package stats

import (
	"fmt"
	"math"
	"slices"
)

// ExactPage is the largest number of members for which [Page] is exact; it also
// asks for at most ExactPageSeeds seeds.
const (
	ExactPage      = 10
	ExactPageSeeds = 30
)

// Page is Page's trend test of a claimed order (Page 1963): scores is member ×
// seed, with the members in the claimed order, best first, and the alternative
// is that in each seed the scores tend to that order. Each seed is a block, so
// it suits paired seeds. The statistic is L = Σ_j j·R_j, with R_j the sum over
// seeds of the rank of member j, rank 1 best; mid-ranks for ties.
//
// The null distribution has all orders within each seed equally likely, ties as
// they are: exact for up to [ExactPage] members and [ExactPageSeeds] seeds, by
// convolving the seeds' distributions; beyond, the normal approximation, which
// ignores ties. P is one-sided: large L agrees with the claimed order. N is the
// number of seeds.
//
// An error if there are fewer than two members, or as for [RankByColumn].
func Page(scores [][]float64, d Direction) (Test, error) {
	ranks, err := RankByColumn(scores, d)
	if err != nil {
		return Test{}, err
	}
	k, n := len(scores), len(scores[0])
	if k < 2 {
		return Test{}, fmt.Errorf("members: %w: an order needs 2", ErrTooFew)
	}
	doubled := 0 // 2L
	for j := range ranks {
		for _, r := range ranks[j] {
			doubled += (j + 1) * int(2*r)
		}
	}
	t := Test{Statistic: float64(doubled) / 2, N: n, Exact: k <= ExactPage && n <= ExactPageSeeds}
	var null tails
	if t.Exact {
		null = tailsOf(pageMass(ranks), doubled)
	} else {
		K, N := float64(k), float64(n)
		mean := N * K * (K + 1) * (K + 1) / 4
		variance := N * K * K * (K + 1) * (K + 1) * (K - 1) / 144
		lgamma, _ := math.Lgamma(K + 1)
		null = normalTails(t.Statistic, mean, math.Sqrt(variance), 1, math.Exp(-N*lgamma))
	}
	t.P, t.MinP = null.p(Greater)
	return t.finish(), nil
}

// pageMass returns the null distribution of 2L. Seeds with the same ties have
// the same distribution, which is worked out once.
func pageMass(ranks [][]float64) []float64 {
	mass := []float64{1}
	block := make([]int, len(ranks))
	seen := map[string][]float64{}
	for s := range ranks[0] {
		for j := range ranks {
			block[j] = int(2 * ranks[j][s])
		}
		slices.Sort(block)
		ties := fmt.Sprint(block)
		if seen[ties] == nil {
			seen[ties] = blockMass(block)
		}
		mass = convolve(mass, seen[ties])
	}
	return mass
}

// blockMass returns the distribution of Σ j·r over all assignments of the
// ranks r to the places j = 1, 2, …, filling the places in turn and keeping, for
// each set of ranks already used, the distribution of the sum so far.
func blockMass(ranks []int) []float64 {
	k := len(ranks)
	total := 0
	for _, r := range ranks {
		total += r
	}
	used := make([][]float64, 1<<k)
	used[0] = make([]float64, k*total+1)
	used[0][0] = 1
	for set := range used {
		place := 1
		for i := range k {
			place += set >> i & 1
		}
		for i, r := range ranks {
			if set>>i&1 == 1 {
				continue
			}
			next := set | 1<<i
			if used[next] == nil {
				used[next] = make([]float64, k*total+1)
			}
			share := 1 / float64(k-place+1)
			for sum, m := range used[set] {
				if m != 0 {
					used[next][sum+place*r] += float64(m * share)
				}
			}
		}
		if set != len(used)-1 {
			used[set] = nil
		}
	}
	return used[len(used)-1]
}

// convolve returns the distribution of the sum of two independent values.
func convolve(a, b []float64) []float64 {
	c := make([]float64, len(a)+len(b)-1)
	for i, p := range a {
		if p == 0 {
			continue
		}
		for j, q := range b {
			c[i+j] += float64(p * q)
		}
	}
	return c
}
