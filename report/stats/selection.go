package stats

// A selection holds the scores of chosen seeds, reused between resamples.
type selection [][]float64

func newSelection(sizes []int) selection {
	s := make(selection, len(sizes))
	for t, n := range sizes {
		s[t] = make([]float64, n)
	}
	return s
}

// of returns the scores at the indices; there may be fewer than the sizes.
func (s selection) of(strata [][]float64, indices [][]int) [][]float64 {
	for t, chosen := range indices {
		s[t] = s[t][:len(chosen)]
		for i, o := range chosen {
			s[t][i] = strata[t][o]
		}
	}
	return s
}

// sizesOf returns the lengths of the strata.
func sizesOf[T any](strata [][]T) []int {
	sizes := make([]int, len(strata))
	for t, s := range strata {
		sizes[t] = len(s)
	}
	return sizes
}
