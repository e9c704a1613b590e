// Package reporttest writes results directories with invented but fixed numbers
// for the tests of reports.
package reporttest

import (
	"fmt"
	"time"

	"gfnbench/gfn/metric"
	"gfnbench/results"
	"gfnbench/suites"
)

// Write makes a results directory of a suite, with one run per cell. The runs
// have the curve of Point; edit, which may be nil, can change them. A run whose
// status edit sets to "" is left out.
func Write(dir, suite string, edit func(c *suites.Cell, r *results.Run)) error {
	parsed, err := suites.Parse("suite.toml", []byte(suite), nil)
	if err != nil {
		return err
	}
	provenance := results.Provenance{{Key: "revision", Value: "0123456789abcdef"}, {Key: "go", Value: "go1.26"}, {Key: "cpu", Value: "Example CPU"}, {Key: "simd", Value: "avx2"}}
	d, err := results.Create(dir, results.Options{Suite: suite, Provenance: provenance})
	if err != nil {
		return err
	}
	var runs []results.Run
	for _, c := range parsed.Cells {
		r := Run(c)
		if edit != nil {
			edit(c, &r)
		}
		if r.Status != "" {
			runs = append(runs, r)
		}
	}
	if err := d.WriteSuite(suite); err != nil {
		return err
	}
	if err := d.Append(runs...); err != nil {
		return err
	}
	return d.Compact()
}

// Run returns a finished run of a cell.
func Run(c *suites.Cell) results.Run {
	r := results.Run{Cell: row(c), Status: results.Done}
	spec := c.Spec()
	r.Step = int64(spec.Steps)
	for step := 0; step <= spec.Steps; step += spec.EvalEvery {
		r.Curve = append(r.Curve, Point(c, step, spec.Steps, spec.Batch))
	}
	start := time.Date(2024, 10, 12, 9, 0, c.Seed, 0, time.UTC)
	r.Timing = results.Timing{
		Host: "node1", Attempt: 1, Start: start, End: start.Add(90 * time.Second), Wall: 90, Rate: float64(spec.Steps*spec.Batch) / 90,
		CPU: "Example CPU", SIMD: "avx2", Go: "go1.26", Revision: "0123456789abcdef",
	}
	return r
}

// Point returns an evaluation: l1 falls hyperbolically from 1 to a floor that
// depends on the objective and the seed.
func Point(c *suites.Cell, step, steps, batch int) results.Point {
	p := results.Point{Step: int64(step)}
	h := hash(c.EnvironmentName() + suites.Format(c.Value("objective")) + suites.Format(c.Value("control_variate")))
	floor := 0.05 + 0.1*h + 0.02*hash(suites.Format(c.Value("objective"))+fmt.Sprint(c.EnvironmentName(), c.Seed))
	t := float64(step) / float64(steps)
	l1 := floor + (1-floor)*(1-t)/(1+20*t*(0.5+h))
	p.Set(metric.L1, l1)
	p.Set(metric.TV, l1/2)
	p.Set(metric.JSD, l1/4)
	p.Set(metric.KLTargetPT, l1/3)
	p.Set(metric.Loss, 10*l1*l1)
	p.Set(metric.TopK, 5-2*l1)
	p.Set(metric.Modes, float64(int(40*(1-l1))))
	p.Set(metric.Samples, float64(step*batch))
	return p
}

// hash returns a number in [0, 1) made from text: FNV-1a, mixed as in SplitMix64.
func hash(s string) float64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return float64((h^h>>31)>>11) / (1 << 53)
}

func row(c *suites.Cell) results.Cell {
	row := results.Cell{ID: c.ID}
	for _, a := range c.Axes() {
		row.Set(results.ColumnOf(a.Name), a.Value.Flat())
	}
	return row
}
