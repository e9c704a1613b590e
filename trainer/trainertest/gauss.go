//go:build unix

package trainertest

import (
	"math"

	"gfnbench/gfn/stream"
	"gfnbench/trainer"
)

// Parameters of the policy in the plane: x ~ N(mean, sd²) and, given x, y ~ N(shift +
// slope x, sdY²), with logarithms of the standard deviations.
const (
	gaussMean = iota
	gaussLogSD
	gaussShift
	gaussSlope
	gaussLogSDY
	numGauss
)

// gaussKey is the key of these parameters in the table.
const gaussKey = "gauss"

// logDensity returns log p_T of a point, and writes its gradient to g if g is not nil.
func (t *tabular) logDensity(x, y float64, g []float64) float64 {
	v := t.run.Rows[gaussKey].Value
	sx, sy := math.Exp(v[gaussLogSD]), math.Exp(v[gaussLogSDY])
	u, w := (x-v[gaussMean])/sx, (y-v[gaussShift]-v[gaussSlope]*x)/sy
	if g != nil {
		g[gaussMean], g[gaussLogSD] = u/sx, u*u-1
		g[gaussShift], g[gaussSlope], g[gaussLogSDY] = w/sy, w*x/sy, w*w-1
	}
	return -math.Log(2*math.Pi) - v[gaussLogSD] - v[gaussLogSDY] - (u*u+w*w)/2
}

// descendDensity takes a step of trajectory balance on its own samples and returns the
// loss.
func (t *tabular) descendDensity(rng *stream.Stream) (loss float64) {
	v := t.run.Rows[gaussKey].Value
	g := &gradient{rows: map[string][]float64{gaussKey: make([]float64, numGauss)}}
	score, n := make([]float64, numGauss), float64(t.batch)
	for range t.batch {
		x := v[gaussMean] + math.Exp(v[gaussLogSD])*rng.Normal()
		y := v[gaussShift] + v[gaussSlope]*x + math.Exp(v[gaussLogSDY])*rng.Normal()
		d := t.run.LogZ.Value[0] + t.logDensity(x, y, score) - t.density.LogReward([]float64{x, y})
		for i, s := range score {
			g.rows[gaussKey][i] += 2 * d * s / n
		}
		g.logZ += 2 * d / n
		loss += d * d / n
	}
	t.adam(g)
	return loss
}

func (t *tabular) densities(f *trainer.Frame) (any, []trainer.Array, error) {
	points, err := f.Floats("points", -1, 2)
	if err != nil {
		return nil, nil, err
	}
	log := make([]float64, len(points)/2)
	for i := range log {
		log[i] = t.logDensity(points[2*i], points[2*i+1], nil)
		if t.has("a density that is not normalised") {
			log[i] += math.Log(2 * math.Pi)
		}
	}
	if t.has("nan") {
		log[0] = math.NaN()
	}
	return nil, []trainer.Array{trainer.Floats("log_p", log, len(log))}, nil
}
