package stats

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/stat/distuv"

	"gfnbench/gfn/stream"
)

// Power says what an exact rank test can show for normal values: how large a
// difference it finds, and how surely. Differences are in units of the standard
// deviation of the paired differences, or of both samples.
type Power struct {
	found []float64 // ascending: for each simulated sample, the smallest difference that is significant
	draws int       // number of samples; those that are never significant are not in found
}

// simulated bounds how many points a [Power] looks at; leastDraws and mostDraws
// bound how many samples it has. With the most, the standard error of a power is
// 0.003.
const (
	simulated  = 1 << 22
	leastDraws = 500
	mostDraws  = 16000
)

// mostPairs is the largest number of pairs that [PairsForPower] simulates.
const mostPairs = 100

// SignedRankPower returns the power of the exact one-sided [SignedRank] test of n
// normal paired differences at the level alpha. For a two-sided test pass half of
// alpha, and for the first step of Holm's method alpha over the size of the
// family.
//
// The critical value is exact. A sample plus a difference δ is significant if at
// least that many Walsh averages are positive, hence for every δ from some value
// on. That value is found for each of many simulated samples, which are always the
// same.
func SignedRankPower(n int, alpha float64) *Power {
	ranks := make([]int, n)
	for i := range ranks {
		ranks[i] = 2 * (i + 1)
	}
	critical := criticalValue(signMass(ranks, n*(n+1)), alpha) // of 2W
	x := make([]float64, n)
	return simulate("signed rank", n, 0, n*(n+1)/2, critical/2, func(normal func() float64) []float64 {
		for i := range x {
			x[i] = normal()
		}
		return walsh(x, func(i, j int) float64 { return x[i]/2 + x[j]/2 })
	})
}

// MannWhitneyPower returns the power of the exact one-sided [MannWhitney] test of
// two samples of n and m normal values with the same standard deviation; see
// [SignedRankPower].
func MannWhitneyPower(n, m int, alpha float64) *Power {
	ranks, total := make([]int, n+m), 0
	for i := range ranks {
		ranks[i] = 2 * (i + 1)
		total += ranks[i]
	}
	critical := criticalValue(rankSumMass(ranks, n, total), alpha) // of twice the sum of the ranks of x
	x, y := make([]float64, n), make([]float64, m)
	return simulate("Mann-Whitney", n, m, n*m, critical/2-n*(n+1)/2, func(normal func() float64) []float64 {
		for i := range x {
			x[i] = normal()
		}
		for i := range y {
			y[i] = normal()
		}
		points := make([]float64, 0, n*m)
		for _, v := range x {
			for _, w := range y {
				points = append(points, v-w)
			}
		}
		return points
	})
}

// criticalValue returns the smallest value with P(S ≥ value) ≤ alpha, or a value
// out of reach if there is none.
func criticalValue(mass []float64, alpha float64) int {
	upper, value := 0.0, 2*len(mass)
	for s := len(mass) - 1; s >= 0; s-- {
		if upper += mass[s]; upper > alpha+slackMass {
			break
		}
		if mass[s] > 0 {
			value = s
		}
	}
	return value
}

// simulate returns the power of a test that counts how many of some points of a
// sample are positive, and needs critical of them.
func simulate(name string, n, m, points, critical int, sample func(normal func() float64) []float64) *Power {
	if points == 0 || critical > points {
		return &Power{draws: 1}
	}
	draws := min(mostDraws, max(leastDraws, simulated/points))
	normal := stream.NewKey("power", name, strconv.Itoa(n), strconv.Itoa(m)).Stream("values", 0)
	p := &Power{found: make([]float64, draws), draws: draws}
	for i := range p.found {
		p.found[i] = -selected(sample(normal.Normal), points-critical) // the critical-th largest must be positive
	}
	slices.Sort(p.found)
	return p
}

// Of returns the probability that a true difference is found.
func (p *Power) Of(difference float64) float64 {
	found, _ := slices.BinarySearch(p.found, difference)
	return float64(found) / float64(p.draws)
}

// Detectable returns the smallest difference that is found with the given
// probability, or +Inf if there is none: too few values can never be
// significant.
func (p *Power) Detectable(power float64) float64 {
	i := int(math.Ceil(power*float64(p.draws)-slackMass)) - 1
	if i >= len(p.found) {
		return math.Inf(1)
	}
	return p.found[max(i, 0)]
}

// PairsForPower returns the smallest number of pairs with which [SignedRankPower]
// finds a difference with the given probability. Above 100 pairs it uses the
// normal approximation with the test's efficiency of 3/π (Noether, JASA 82, 1987).
// It is 0 if the difference or a probability is out of range.
func PairsForPower(difference, power, alpha float64) int {
	return unitsForPower(difference, power, alpha, 1, PairsNeeded(alpha, Greater), func(n int) *Power { return SignedRankPower(n, alpha) })
}

// SamplesForPower returns the smallest size of both samples with which [MannWhitneyPower]
// finds a difference with the given probability; see [PairsForPower].
func SamplesForPower(difference, power, alpha float64) int {
	least := 1
	for alpha > 0 && TwoSampleMinP(least, least, Greater) > alpha {
		least++
	}
	return unitsForPower(difference, power, alpha, 2, least, func(n int) *Power { return MannWhitneyPower(n, n, alpha) })
}

// unitsForPower searches for the number of units from the approximation, whose variance is
// that of so many samples.
func unitsForPower(difference, power, alpha, samples float64, least int, of func(n int) *Power) int {
	if !(difference > 0 && power > 0 && power < 1 && alpha > 0 && alpha < 1) {
		return 0
	}
	z := (distuv.UnitNormal.Quantile(1-alpha) + distuv.UnitNormal.Quantile(power)) / difference
	guess := math.Ceil(z * z * samples * math.Pi / 3)
	if guess > mostPairs {
		return int(guess)
	}
	reached := func(n int) bool { return of(n).Of(difference) >= power }
	n := max(least, int(guess))
	for n > least && reached(n-1) {
		n--
	}
	for !reached(n) {
		n++
	}
	return n
}
