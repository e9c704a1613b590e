package stats

import "fmt"

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

// byPoint turns task × seed × point into point × task × seed.
func byPoint(curves [][][]float64) ([][][]float64, error) {
	points := 0
	if len(curves) > 0 && len(curves[0]) > 0 {
		points = len(curves[0][0])
	}
	columns := make([][][]float64, points)
	for p := range columns {
		columns[p] = make([][]float64, len(curves))
	}
	for t := range curves {
		for s, curve := range curves[t] {
			if len(curve) != points {
				return nil, fmt.Errorf("task %d, seed %d: %w: %d points, the first has %d; bring them to one grid", t, s, ErrLength, len(curve), points)
			}
			for p, v := range curve {
				columns[p][t] = append(columns[p][t], v)
			}
		}
	}
	return columns, nil
}
