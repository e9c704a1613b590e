package report

import (
	"cmp"
	"slices"

	"gfnbench/report/stats"
)

// A Ranking orders the arms of an overview by their mean rank over its tasks, which are the
// units of its tests.
type Ranking struct {
	Arms   []*Arm             // with a score on every task, by their mean rank
	Ranks  []float64          // of each, 1 being the best
	Left   []*Arm             // without a score on some task
	Test   stats.FriedmanTest // that none differs
	Tested bool               // there are enough arms and tasks for Test
	Pairs  []*RankPair        // each arm with each that ranks behind it
	Groups [][2]int           // of arms that cannot be told apart: first and last
	MinP   float64            // smallest adjusted p that a pair could have reached
}

// A RankPair compares two arms over tasks.
type RankPair struct {
	A, B        int     // indices of Ranking.Arms
	P, Adjusted float64 // of the exact two-sided signed-rank test of the task means, and by Holm's method over all pairs
	Distinct    bool    // Adjusted is at most stats.Level
}

// Ranking ranks the arms on every task by their mean score there, and compares them in
// pairs by the exact signed-rank test of these means (Benavoli, Corani and Mangili, JMLR
// 17, 2016), adjusted by Holm's method over all pairs.
func (o *Overview) Ranking() *Ranking {
	r := &Ranking{MinP: 1}
	var scores [][]float64
	for _, a := range o.Arms {
		if !a.Complete() {
			r.Left = append(r.Left, a)
			continue
		}
		r.Arms, scores = append(r.Arms, a), append(scores, a.TaskMeans())
	}
	test, err := stats.Friedman(scores, o.Direction)
	r.Test, r.Tested = test, err == nil
	if r.Ranks = test.Ranks; err != nil {
		if r.Ranks, err = stats.MeanRanks(scores, o.Direction); err != nil {
			r.Arms = nil // there is no arm
			return r
		}
	}
	order := make([]int, len(r.Arms))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.Ranks[a], r.Ranks[b]) })
	arms, ranks, sorted := make([]*Arm, len(order)), make([]float64, len(order)), make([][]float64, len(order))
	for i, from := range order {
		arms[i], ranks[i], sorted[i] = r.Arms[from], r.Ranks[from], scores[from]
	}
	r.Arms, r.Ranks = arms, ranks
	r.compare(sorted)
	return r
}

// compare tests all pairs of arms, whose scores are arm × task.
func (r *Ranking) compare(scores [][]float64) {
	var p []float64
	for i := range scores {
		for j := i + 1; j < len(scores); j++ {
			d := make([]float64, len(scores[i]))
			for t := range d {
				d[t] = Difference(scores[i][t], scores[j][t])
			}
			r.Pairs = append(r.Pairs, &RankPair{A: i, B: j, P: SignedRank(d, stats.TwoSided)})
			p = append(p, r.Pairs[len(r.Pairs)-1].P)
		}
	}
	adjusted, err := stats.Holm(p)
	if err != nil || len(p) == 0 {
		return // p are those of tests
	}
	distinct := make(map[[2]int]bool)
	for k, pair := range r.Pairs {
		pair.Adjusted, pair.Distinct = adjusted[k], adjusted[k] <= stats.Level
		distinct[[2]int{pair.A, pair.B}] = pair.Distinct
	}
	r.Groups = stats.AlikeGroups(len(r.Arms), func(i, j int) bool { return distinct[[2]int{i, j}] })
	r.MinP = min(1, stats.PairedMinP(len(scores[0]), stats.TwoSided)*float64(len(p)))
}
