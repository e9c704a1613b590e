package envtest

import (
	"fmt"
	"math"

	"gfnbench/gfn/fmath"
)

// blocks is the number of coarse cells along each coordinate.
const blocks = 8

// grid holds integrals over the box in one or two dimensions by the midpoint rule, whose
// error for a smooth density falls faster than any power of the step.
type grid struct {
	dim     int
	mass    float64
	block   []float64 // mass of each of the blocks, first coordinate slowest
	mean    [2]float64
	product [2][2]float64 // E x_i x_j
}

// checkQuadrature integrates the density and compares with the declared Z.
func (c *continuous) checkQuadrature() error {
	d := c.Dim()
	if d > 2 {
		return nil
	}
	if c.cells%blocks != 0 {
		return fmt.Errorf("%d quadrature nodes are no multiple of %d", c.cells, blocks)
	}
	logZ := c.LogZ()
	if !c.Capabilities().LogZ.OK {
		logZ = 0
	}
	g := &grid{dim: d, block: make([]float64, blocks*max(1, (d-1)*blocks))}
	second := 1
	if d == 2 {
		second = c.cells
	}
	// Add up the density at the midpoints of the cells.
	x := make([]float64, d)
	weight := 1.0
	for i := range d {
		weight *= (c.hi[i] - c.lo[i]) / float64(c.cells)
	}
	node := func(i, k int) float64 {
		return c.lo[i] + float64((c.hi[i]-c.lo[i])*(float64(k)+0.5)/float64(c.cells))
	}
	for k0 := range c.cells {
		x[0] = node(0, k0)
		for k1 := range second {
			b := k0 * blocks / c.cells
			if d == 2 {
				x[1] = node(1, k1)
				b = b*blocks + k1*blocks/c.cells
			}
			p := float64(weight * fmath.Exp(c.LogReward(x)-logZ))
			g.add(x, b, p)
		}
	}
	g.normalise()
	c.grid = g
	if c.Capabilities().LogZ.OK && !(g.mass >= 1-c.mass && g.mass <= 1+1e-7) {
		return fmt.Errorf("the density integrates to %v over the box, expected 1 within %v", g.mass, c.mass)
	}
	return nil
}

func (g *grid) add(x []float64, block int, p float64) {
	g.mass += p
	g.block[block] += p
	for i := range x {
		g.mean[i] += float64(p * x[i])
		for j := range x {
			g.product[i][j] += float64(p * x[i] * x[j])
		}
	}
}

func (g *grid) normalise() {
	for b := range g.block {
		g.block[b] /= g.mass
	}
	for i := range g.mean {
		g.mean[i] /= g.mass
		for j := range g.mean {
			g.product[i][j] /= g.mass
		}
	}
}

// checkBlocks compares the number of samples in each block with its mass.
func (g *grid) checkBlocks(samples, lo, hi []float64) error {
	counts := make([]int, len(g.block))
	n := 0
	for at := 0; at < len(samples); at += g.dim {
		b := 0
		for i, x := range samples[at : at+g.dim] {
			k := int(math.Floor((x - lo[i]) / (hi[i] - lo[i]) * blocks))
			if k < 0 || k >= blocks {
				b = -1
				break
			}
			b = b*blocks + k
		}
		if b >= 0 {
			counts[b]++
			n++
		}
	}
	// The integral over an empty block may be 0 in floating point.
	p := make([]float64, len(g.block))
	for i := range p {
		p[i] = max(g.block[i], 1e-300)
	}
	return chiSquare(counts, p, n)
}

// checkMoments compares first and second moments.
func (g *grid) checkMoments(samples []float64) error {
	for i := range g.dim {
		var m meanVariance
		for at := 0; at < len(samples); at += g.dim {
			m.add(samples[at+i])
		}
		if !m.agrees(g.mean[i]) {
			return fmt.Errorf("the mean of coordinate %d is %v, expected %v", i, m.mean, g.mean[i])
		}
		for j := range i + 1 {
			var m meanVariance
			for at := 0; at < len(samples); at += g.dim {
				m.add(float64(samples[at+i] * samples[at+j]))
			}
			if !m.agrees(g.product[i][j]) {
				return fmt.Errorf("the mean of x_%d x_%d is %v, expected %v", i, j, m.mean, g.product[i][j])
			}
		}
	}
	return nil
}

// meanVariance accumulates a mean and a variance (Welford 1962).
type meanVariance struct {
	n       int
	mean, s float64
}

func (m *meanVariance) add(x float64) {
	m.n++
	d := x - m.mean
	m.mean += d / float64(m.n)
	m.s += float64(d * (x - m.mean))
}

// agrees reports whether the mean is within five standard errors of want.
func (m *meanVariance) agrees(want float64) bool {
	err := math.Sqrt(m.s / float64(m.n-1) / float64(m.n))
	return math.Abs(m.mean-want) <= float64(5*err)+1e-9
}
