package stats

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// A MeanBand makes the bootstrap intervals of the means of n values that
// [Bootstrap.Sample] with [Mean] makes, up to rounding, for very many samples of
// the same n: all share the resamples, each of which is a count of each seed.
type MeanBand struct {
	n       int
	tail    float64
	counts  [][]float64 // seed × resample
	weights []float64   // of the resamples, adding up to 1; nil: equal
	sums    []float64   // of the resamples
	edge    []int       // resamples beyond one end, where they have weights
	lowest  []float64   // sums beyond the ends, where they have none;
	highest []float64   // these negated
}

// NewMeanBand prepares percentile intervals from n seeds. An error if there are
// none or a setting is out of range.
func (b Bootstrap) NewMeanBand(n int) (*MeanBand, error) {
	b, err := b.checked([]int{n})
	if err != nil {
		return nil, err
	}
	m := &MeanBand{n: n, tail: (1 - b.Coverage) / 2, counts: make([][]float64, n)}
	collect := func(indices [][]int) {
		for i := range m.counts {
			m.counts[i] = append(m.counts[i], 0)
		}
		last := len(m.counts[0]) - 1
		for _, i := range indices[0] {
			m.counts[i][last]++
		}
	}
	if distinctResamples([]int{n}, b.Resamples) <= b.Resamples {
		everyResample([]int{n}, func(indices [][]int, weight float64) {
			collect(indices)
			m.weights = append(m.weights, weight)
		})
	} else {
		drawResamples(b.Key, []int{n}, b.Resamples, collect)
	}
	m.sums = make([]float64, len(m.counts[0]))
	return m, nil
}

// Of returns the interval of the mean of n values; NaN where one is not finite
// or n is 1.
func (m *MeanBand) Of(values []float64) (low, high float64) {
	sum, squares := floats.Sum(values), 0.0
	if len(values) != m.n || m.n == 1 || math.IsNaN(sum) || math.IsInf(sum, 0) {
		return math.NaN(), math.NaN()
	}
	mean := sum / float64(m.n)
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	if slices.Min(values) == slices.Max(values) {
		return values[0], values[0]
	}
	floats.ScaleTo(m.sums, values[0], m.counts[0])
	for i, v := range values[1:] {
		floats.AddScaled(m.sums, v, m.counts[i+1])
	}
	// The sum of a resample has this standard deviation: few lie further out,
	// and only they need be put in order.
	out := 1.4 * math.Sqrt(squares)
	if m.weights == nil {
		low, high = m.ends(sum, out)
	} else {
		low, high = m.end(sum-out, 1), m.end(sum+out, -1)
	}
	return low / float64(m.n), high / float64(m.n)
}

// ends are the sums, of equal weights, that bring the mass from the lowest and
// from the highest on to the tail. They are as far from the middle as out, unless
// few are.
func (m *MeanBand) ends(middle, out float64) (low, high float64) {
	lowest, highest := m.lowest[:0], m.highest[:0]
	for _, s := range m.sums {
		switch d := s - middle; {
		case math.Abs(d) < out:
		case d < 0:
			lowest = append(lowest, s)
		default:
			highest = append(highest, -s)
		}
	}
	k := place(m.tail, len(m.sums))
	if len(lowest) <= k {
		lowest = append(lowest[:0], m.sums...)
	}
	if len(highest) <= k {
		highest = highest[:0]
		for _, s := range m.sums {
			highest = append(highest, -s)
		}
	}
	m.lowest, m.highest = lowest, highest
	return selected(lowest, k), -selected(highest, k)
}

// end is the sum that brings the mass from one end on to the tail: from the
// lowest where side is 1, from the highest where it is -1.
func (m *MeanBand) end(beyond, side float64) float64 {
	m.edge = m.edge[:0]
	mass := 0.0
	for r, s := range m.sums {
		if side*(s-beyond) <= 0 {
			m.edge = append(m.edge, r)
			mass += m.weights[r]
		}
	}
	if mass < m.tail+slackMass {
		m.edge = m.edge[:0]
		for r := range m.sums {
			m.edge = append(m.edge, r)
		}
	}
	slices.SortFunc(m.edge, func(a, b int) int { return cmp.Compare(side*m.sums[a], side*m.sums[b]) })
	mass = 0
	for _, r := range m.edge {
		if mass += m.weights[r]; mass >= m.tail-slackMass {
			return m.sums[r]
		}
	}
	return m.sums[m.edge[len(m.edge)-1]]
}
