package stats

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/stat/distuv"
)

// An Aggregate condenses the scores of several tasks, task × unit, into one number with
// an interval. The tasks are those that were run, not a sample of others; what varies are
// the units, seeds or instances, of each. On the logarithmic scale scores are not negative,
// and the interval is m·exp(±t·se/m), as in [MeanInterval]. It is withheld where a task has
// fewer than [FewestSeeds] units, or a score that the statistic sums is infinite.
type Aggregate func(strata [][]float64, scale Scale, coverage float64) (Interval, error)

// A share is what one task adds to the variance of an aggregate; upper is for the high end.
type share struct{ variance, upper, df float64 }

// MeanOfTasks returns the mean over the tasks of their means (Agarwal et al. 2021), with
// Student's t of the stratified standard error √(Σ s²/n)/T and the degrees of freedom of
// Welch and Satterthwaite. The high end on the logarithmic scale allows for skew as in
// [MeanInterval].
func MeanOfTasks(strata [][]float64, scale Scale, coverage float64) (Interval, error) {
	means, err := taskMeans(strata, coverage)
	if err != nil {
		return Interval{}, err
	}
	shares := make([]share, len(strata))
	for t, scores := range strata {
		shares[t] = ofMean(scores, means[t], scale).times(1 / float64(len(strata)))
	}
	return welch(Mean(means), scale, coverage, strata, shares), nil
}

// MedianOfTasks returns the median over the tasks of their means (Agarwal et al. 2021).
// Where it lies depends on which task is in the middle, so its standard error is the largest
// of those of the tasks that may be there: whose own interval contains the median.
func MedianOfTasks(strata [][]float64, scale Scale, coverage float64) (Interval, error) {
	means, err := taskMeans(strata, coverage)
	if err != nil {
		return Interval{}, err
	}
	out := welch(Median(means), scale, coverage, strata, nil)
	if fewestOf(strata) < FewestSeeds || math.IsInf(out.Estimate, 0) || math.IsNaN(out.Estimate) {
		return out, nil
	}
	order := ascending(means)
	for t, scores := range strata {
		own := welch(means[t], scale, coverage, strata, []share{ofMean(scores, means[t], scale)})
		middle := t == order[(len(order)-1)/2] || t == order[len(order)/2]
		if !middle && !(own.Low <= out.Estimate && out.Estimate <= own.High) {
			continue
		}
		here := welch(out.Estimate, scale, coverage, strata, []share{ofMean(scores, means[t], scale)})
		if here.Given() && (!out.Given() || here.High-here.Low > out.High-out.Low) {
			out = here
		}
	}
	return out, nil
}

// MeanGap returns the mean over tasks of [OptimalityGap], the amount by which scores fall
// short of gamma. The interval is on the logarithmic scale, whatever that of the scores.
func MeanGap(gamma float64, d Direction) Aggregate {
	return func(strata [][]float64, _ Scale, coverage float64) (Interval, error) {
		gaps := make([][]float64, len(strata))
		for t, scores := range strata {
			gaps[t] = make([]float64, len(scores))
			for i, v := range scores {
				gaps[t][i] = OptimalityGap([]float64{v}, gamma, d)
			}
		}
		return MeanOfTasks(gaps, Logarithmic, coverage)
	}
}

// PooledIQM returns [IQM] of the scores of all tasks together (Agarwal et al. 2021), so a
// task with more units weighs more. The interval is that of [TrimmedMeanInterval] with the
// Winsorised scores' variance within the tasks: with one task it is the same.
func PooledIQM(strata [][]float64, scale Scale, coverage float64) (Interval, error) {
	if err := checkStrata(strata, coverage); err != nil {
		return Interval{}, err
	}
	all := slices.Concat(strata...)
	w, left := winsorised(all, 0.25)
	low, high := w[0], w[len(w)-1]
	n := float64(len(all))
	shares := make([]share, len(strata))
	for t, scores := range strata {
		cut := make([]float64, len(scores))
		for i, v := range scores {
			cut[i] = min(max(v, low), high)
		}
		m := float64(len(scores))
		v := m * Variance(cut) * (n - 1) / (left * (left - 1) * n)
		shares[t] = share{v, v, (m - 1) * (left - 1) / (n - 1)}
	}
	return welch(TrimmedMean(all, 0.25), scale, coverage, strata, shares), nil
}

// FromBest returns the aggregate of scores that cannot exceed a best value: its interval is
// on the logarithmic scale of the distance from it.
func FromBest(of Aggregate, best float64) func(strata [][]float64, coverage float64) (Interval, error) {
	return func(strata [][]float64, coverage float64) (Interval, error) {
		distances := make([][]float64, len(strata))
		for t, scores := range strata {
			for _, v := range scores {
				distances[t] = append(distances[t], best-v)
			}
		}
		in, err := of(distances, Logarithmic, coverage)
		in.Estimate, in.Low, in.High = best-in.Estimate, best-in.High, best-in.Low
		return in, err
	}
}

// ofMean returns the variance of the mean of a task's scores.
func ofMean(scores []float64, mean float64, scale Scale) share {
	n := float64(len(scores))
	v := Variance(scores) / n
	s := share{v, v, n - 1}
	if scale == Logarithmic && v > 0 && slices.Min(scores) > 0 {
		upper := mean * skewedError(scores)
		s.upper = max(v, upper*upper)
	}
	return s
}

// times returns the share of a multiple of what has this one.
func (s share) times(weight float64) share {
	return share{s.variance * weight * weight, s.upper * weight * weight, s.df}
}

// taskMeans returns the means of the tasks.
func taskMeans(strata [][]float64, coverage float64) ([]float64, error) {
	if err := checkStrata(strata, coverage); err != nil {
		return nil, err
	}
	means := make([]float64, len(strata))
	for t, scores := range strata {
		means[t] = Mean(scores)
	}
	return means, nil
}

// fewestOf returns the fewest units of a task.
func fewestOf(strata [][]float64) int {
	fewest := len(strata[0])
	for _, scores := range strata {
		fewest = min(fewest, len(scores))
	}
	return fewest
}

// welch returns the interval of Student's t of an estimate whose variance is the sum of
// some shares, with the degrees of freedom of Satterthwaite (Biometrics Bulletin 2, 1946).
func welch(estimate float64, scale Scale, coverage float64, strata [][]float64, shares []share) Interval {
	variance, upper, squares, largest := 0.0, 0.0, 0.0, 0.0
	for _, s := range shares {
		largest = max(largest, s.variance)
	}
	for _, s := range shares {
		variance += s.variance
		upper += s.upper
		part := s.variance / largest // squares of the variances may be out of range
		squares += part * part / s.df
	}
	fewest := fewestOf(strata)
	switch {
	case fewest < FewestSeeds:
		return withheld(estimate, coverage, TooFewSeeds, "%s of at least %d on some task", seedCount(fewest), FewestSeeds)
	case math.IsInf(estimate, 0) || math.IsNaN(estimate) || math.IsNaN(variance):
		return withheld(estimate, coverage, Undefined, "the mean is over a run that diverged")
	case variance == 0:
		return withheld(estimate, coverage, NoVariation, "all seeds of a task have the same value")
	}
	sum := variance / largest
	t := distuv.StudentsT{Sigma: 1, Nu: sum * sum / squares}.Quantile(1 - (1-coverage)/2)
	low, high := t*math.Sqrt(variance), t*math.Sqrt(upper)
	if scale == Logarithmic && estimate > 0 {
		return Interval{Estimate: estimate, Low: estimate * math.Exp(-low/estimate), High: estimate * math.Exp(high/estimate), Coverage: coverage}
	}
	return Interval{Estimate: estimate, Low: estimate - low, High: estimate + high, Coverage: coverage}
}

// Improvement returns [ProbabilityOfImprovement] with the score interval of Wilson (JASA
// 22, 1927) for as many trials as there are units on the smaller side of every task. It is
// conservative: the variance of U/nm is at most p(1-p)/min(n, m) (van Dantzig, Proc. KNAW
// 54, 1951), and the mean of p(1-p) over tasks at most that of the mean p. Unlike a
// bootstrap's, it has a width where every run of one is better.
func Improvement(x, y [][]float64, d Direction, coverage float64) (Interval, error) {
	p, err := ProbabilityOfImprovement(x, y, d)
	if err != nil {
		return Interval{}, err
	}
	if err := checkCoverage(coverage); err != nil {
		return Interval{}, err
	}
	trials := make([]float64, len(x))
	for t := range x {
		trials[t] = float64(min(len(x[t]), len(y[t])))
	}
	return wilson(p, trials, coverage), nil
}

// ProfileAt returns [Profile] at one threshold with the interval of Wilson, which is
// conservative where the share differs between tasks.
func ProfileAt(strata [][]float64, threshold float64, d Direction, coverage float64) (Interval, error) {
	if err := checkStrata(strata, coverage); err != nil {
		return Interval{}, err
	}
	trials := make([]float64, len(strata))
	for t, scores := range strata {
		trials[t] = float64(len(scores))
	}
	return wilson(Profile(strata, []float64{threshold}, d)[0], trials, coverage), nil
}

// wilson returns Wilson's interval of the mean over tasks of shares of these trials.
func wilson(p float64, trials []float64, coverage float64) Interval {
	inverse := 0.0
	for _, n := range trials {
		inverse += 1 / n
	}
	tasks := float64(len(trials))
	n := tasks * tasks / inverse // Var = Σ p(1-p)/n / T²
	z := distuv.UnitNormal.Quantile(1 - (1-coverage)/2)
	center := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return Interval{Estimate: p, Low: max(0, center-half), High: min(1, center+half), Coverage: coverage}
}

// checkStrata rejects tasks without scores and scores that are NaN.
func checkStrata(strata [][]float64, coverage float64) error {
	if len(strata) == 0 {
		return checkSample("tasks", nil)
	}
	for t, scores := range strata {
		if err := checkSample("task "+strconv.Itoa(t), scores); err != nil {
			return err
		}
	}
	return checkCoverage(coverage)
}
