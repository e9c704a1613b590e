package conformance

import (
	"math"

	"gfnbench/gfn/env"
	"gfnbench/gfn/stream"
)

// points returns samples of the target.
func (k *kit) points() []float64 {
	e := k.cell.Instance().Env.(env.Continuous)
	rng := stream.NewKey("conformance").Stream("points", 0)
	list := make([]float64, 100*e.Dim())
	for i := 0; i < len(list); i += e.Dim() {
		e.SampleTarget(rng, list[i:i+e.Dim()])
	}
	return list
}

// densities asks for log p_T of the points.
func (k *kit) densities(points []float64) ([]float64, error) {
	dim := k.cell.Instance().Env.(env.Continuous).Dim()
	return k.session.LogDensities(k.ctx, points, len(points)/dim, dim)
}

// finite checks that densities are finite, and that each depends on its point alone.
func (k *kit) finite() error {
	dim := k.cell.Instance().Env.(env.Continuous).Dim()
	points := k.points()
	all, err := k.densities(points)
	if err != nil {
		return err
	}
	last, err := k.densities(points[len(points)-dim:])
	if err == nil && !near(last[0], all[len(all)-1]) {
		return found("densities that depend on the other points asked for", "log p_T of %.4g is %.6g among others and %.6g alone", points[len(points)-dim:], all[len(all)-1], last[0])
	}
	return err
}

// mass checks that a density of two coordinates integrates to 1, by the midpoint rule
// over a square far larger than the target. The grid resolves components as narrow as its
// step; no untrained policy has narrower ones.
func (k *kit) mass() error {
	const half, step = 20.0, 0.2
	if k.cell.Instance().Env.(env.Continuous).Dim() != 2 {
		return notPlane
	}
	sum := 0.0
	for x := -half + step/2; x < half; x += step {
		var row []float64
		for y := -half + step/2; y < half; y += step {
			row = append(row, x, y)
		}
		log, err := k.densities(row)
		if err != nil {
			return err
		}
		for _, l := range log {
			sum += math.Exp(l) * step * step
		}
	}
	if math.Abs(sum-1) > 0.01 {
		return found("a density that is not normalised, of one coordinate alone, or without the weights of the mixture", "the density of the policy at step 0 integrates to %.4g over the square of side %v", sum, 2*half)
	}
	return nil
}
