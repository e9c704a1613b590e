package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// A FriedmanTest compares several members on the same blocks by their ranks.
type FriedmanTest struct {
	Ranks      []float64 // mean rank of each member, 1 being the best
	ChiSquared float64   // Friedman's statistic, corrected for ties
	F, P       float64   // Iman and Davenport's statistic, and p of its F distribution
	DF1, DF2   int       // its degrees of freedom
}

// Friedman tests whether members, scores are member × block, differ on blocks such as tasks
// (Friedman, JASA 32, 1937). p is that of Iman and Davenport's F (Communications in
// Statistics 9, 1980), which is closer than that of χ² for few blocks (Demšar, JMLR 7,
// 2006), but at least 1/k!^(n-1), the chance that all n blocks agree. Errors are as for
// [RankByColumn], and there must be two members and two blocks.
func Friedman(scores [][]float64, d Direction) (FriedmanTest, error) {
	ranks, err := RankByColumn(scores, d)
	if err != nil {
		return FriedmanTest{}, err
	}
	k, n := len(scores), len(scores[0])
	if k < 2 || n < 2 {
		return FriedmanTest{}, fmt.Errorf("%d members, %d blocks: %w: expected two of each", k, n, ErrTooFew)
	}
	t := FriedmanTest{Ranks: make([]float64, k), DF1: k - 1, DF2: (k - 1) * (n - 1)}
	between := 0.0
	for i, r := range ranks {
		t.Ranks[i] = Mean(r)
		from := t.Ranks[i] - float64(k+1)/2
		between += float64(from * from)
	}
	within := 0.0 // of the ranks of all blocks about their mean, k(k²-1)/12 of each without ties
	for b := range n {
		for i := range ranks {
			from := ranks[i][b] - float64(k+1)/2
			within += float64(from * from)
		}
	}
	if within == 0 {
		t.P = 1 // every block has one value
		return t, nil
	}
	blocks := float64(n)
	t.ChiSquared = blocks * blocks * between * float64(k-1) / within
	t.F = (blocks - 1) * t.ChiSquared / (blocks*float64(k-1) - t.ChiSquared)
	if most := blocks * float64(k-1); t.ChiSquared >= most*(1-slackMass) {
		t.F = math.Inf(1)
	} else {
		t.P = distuv.F{D1: float64(t.DF1), D2: float64(t.DF2)}.Survival(t.F)
	}
	t.P = max(t.P, math.Exp(-(blocks-1)*logFactorial(k)))
	return t, nil
}

// logFactorial returns ln n!.
func logFactorial(n int) float64 {
	v, _ := math.Lgamma(float64(n) + 1)
	return v
}

// AlikeGroups returns the groups of members that cannot be told apart, of members in the
// order of their ranks: every longest run of neighbours of which no two are distinct, as
// bars connect them in a critical-difference diagram (Demšar 2006). A group is the index of
// its first member and that of its last, which are different.
func AlikeGroups(n int, distinct func(i, j int) bool) (groups [][2]int) {
	last := 0
	for first := range n {
		end := first
		for end+1 < n {
			alike := true
			for i := first; i <= end && alike; i++ {
				alike = !distinct(i, end+1)
			}
			if !alike {
				break
			}
			end++
		}
		if end > first && (len(groups) == 0 || end > last) {
			groups = append(groups, [2]int{first, end})
			last = end
		}
	}
	return groups
}
