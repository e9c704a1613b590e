package envtest

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"gfnbench/gfn/env"
)

// CheckContinuous returns an error for every property that e lacks, joined, or nil. It
// integrates the density only in one and two dimensions.
func CheckContinuous(e env.Continuous, opts ...Option) error {
	c := &continuous{Continuous: e, options: newOptions(opts)}
	return runAll(e.Kind(), []check[*continuous]{
		{"declaration", (*continuous).checkDeclaration},
		{"log reward", (*continuous).checkLogReward},
		{"quadrature", (*continuous).checkQuadrature},
		{"target samples", (*continuous).checkSamples},
		{"Stein's identity", (*continuous).checkStein},
		{"concurrent use", (*continuous).checkConcurrent},
	}, c)
}

// continuous is an environment under test.
type continuous struct {
	env.Continuous
	options
	lo, hi []float64
	grid   *grid     // nil in more than two dimensions
	drawn  []float64 // samples × Dim
}

func (c *continuous) checkDeclaration() error {
	c.lo, c.hi = c.Box()
	if d := c.Dim(); d < 1 || len(c.lo) != d || len(c.hi) != d {
		return fmt.Errorf("%d dimensions, but a box of %d lower and %d upper bounds", d, len(c.lo), len(c.hi))
	}
	for i := range c.lo {
		if !finite(c.lo[i]) || !finite(c.hi[i]) || c.lo[i] >= c.hi[i] {
			return fmt.Errorf("coordinate %d: box from %v to %v", i, c.lo[i], c.hi[i])
		}
	}
	if !c.Capabilities().TargetSamples.OK {
		return fmt.Errorf("capability TargetSamples must hold: SampleTarget is part of the interface")
	}
	return checkDeclaration(c.Continuous, true)
}

// checkLogReward requires finite values at random points of the box, the same values when
// asked twice, and no allocation.
func (c *continuous) checkLogReward() error {
	rng := c.stream("box")
	x := make([]float64, c.Dim())
	for range 200 {
		for i := range x {
			x[i] = c.lo[i] + float64((c.hi[i]-c.lo[i])*rng.Float64())
		}
		before := slices.Clone(x)
		first := c.LogReward(x)
		if !finite(first) || c.LogReward(x) != first || !slices.Equal(x, before) {
			return fmt.Errorf("at %v: %v, then %v at %v", before, first, c.LogReward(x), x)
		}
	}
	if n := testing.AllocsPerRun(20, func() { c.LogReward(x) }); n != 0 && !raceDetector {
		return fmt.Errorf("LogReward allocates %v times", n)
	}
	return nil
}

// checkSamples compares samples with the integrals: the share outside the box, the counts
// in 8 or 8 × 8 blocks by chi-square, and the means and covariances.
func (c *continuous) checkSamples() error {
	rng := c.stream("target samples")
	d := c.Dim()
	c.drawn = make([]float64, c.samples*d)
	outside := 0
	for n := range c.samples {
		x := c.drawn[n*d : (n+1)*d]
		for i := range x {
			x[i] = math.NaN()
		}
		c.SampleTarget(rng, x)
		inside := true
		for i := range x {
			inside = inside && x[i] >= c.lo[i] && x[i] <= c.hi[i]
		}
		if !inside {
			outside++
		}
		if !finite(c.LogReward(x)) {
			return fmt.Errorf("log r of the sample %v is %v", x, c.LogReward(x))
		}
	}
	expected := float64(float64(c.samples) * c.mass * float64(d))
	if float64(outside) > expected+float64(5*math.Sqrt(expected))+2 {
		return fmt.Errorf("%d of %d samples are outside the box", outside, c.samples)
	}
	if c.grid == nil {
		return nil
	}
	if err := c.grid.checkBlocks(c.drawn, c.lo, c.hi); err != nil {
		return err
	}
	return c.grid.checkMoments(c.drawn)
}

// checkStein tests the samples against the slope of the log density, which needs no
// integral: E ∂_j log r = 0 and E x_i ∂_j log r = -δ_ij in any dimension.
func (c *continuous) checkStein() error {
	d := c.Dim()
	y := make([]float64, d)
	for j := range d {
		h := float64(1e-5 * (c.hi[j] - c.lo[j]))
		for i := -1; i < d; i++ {
			var m meanVariance
			for n := range c.samples {
				x := c.drawn[n*d : (n+1)*d]
				copy(y, x)
				y[j] = x[j] + h
				up := c.LogReward(y)
				y[j] = x[j] - h
				slope := (up - c.LogReward(y)) / (2 * h)
				if i >= 0 {
					slope *= x[i]
				}
				m.add(slope)
			}
			want := 0.0
			if i == j {
				want = -1
			}
			if !m.agrees(want) {
				return fmt.Errorf("coordinates %d and %d: mean %v, expected %v", i, j, m.mean, want)
			}
		}
	}
	return nil
}

// checkConcurrent samples on several goroutines at once, for the race detector, and
// compares with the same samples drawn one after the other.
func (c *continuous) checkConcurrent() error {
	sums := make([]float64, 4)
	run := func(g int) {
		rng := c.stream(fmt.Sprint("concurrent ", g))
		x := make([]float64, c.Dim())
		sums[g] = 0
		for range 50 {
			c.SampleTarget(rng, x)
			sums[g] += c.LogReward(x)
		}
	}
	errs := make([]error, len(sums))
	var wait sync.WaitGroup
	for g := range sums {
		wait.Go(func() { errs[g] = guard(func() error { run(g); return nil }) })
	}
	wait.Wait()
	together := slices.Clone(sums)
	for g := range sums {
		if errs[g] != nil {
			return errs[g]
		}
		run(g)
	}
	if !slices.Equal(together, sums) {
		return fmt.Errorf("samples of %d goroutines at once differ from the same samples one after the other", len(sums))
	}
	return nil
}
