package sweep

import (
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/stream"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

// Samples says which samples to draw.
type Samples struct {
	Cell   string // its id, or the beginning of one
	Policy string // name of one of its kept networks; "": the last
	N      int    // how many
	Seed   int    // of the samples: fewer with the same seed are the first of more
}

// Sample draws from a kept network of a cell in the plan's directory, without
// exploration, and writes the samples to w as Parquet. Equal requests give equal rows, on
// every machine. The error is a *usage.Error if there is no such cell or network.
func Sample(p *Plan, s Samples, w io.Writer, o Options) error {
	r, err := Inspect(p, s.Cell)
	if err != nil {
		return err
	}
	if err := r.canMeasure(p.Dir); err != nil {
		return err
	}
	list, err := ReadPolicies(p.Dir, r.Run)
	if err != nil {
		return &usage.Error{Err: err}
	}
	kept, err := choose(list, s.Policy)
	if err != nil {
		return err
	}
	spec := r.Cell.Spec()
	spec.Exploration = 0
	t, err := gfn.New(spec, r.Cell.Instance())
	if err == nil {
		err = t.SetWeights(kept.Weights)
	}
	if err != nil {
		return err
	}
	dim := 0
	if e, ok := r.Cell.Instance().Env.(env.Continuous); ok {
		dim = e.Dim()
	}
	about := provenance(o.Anonymous, o.Command, string(p.Suite.Text), time.Now())
	return results.WriteSamples(w, dim, about, drawn(t, r.Cell, kept, s))
}

// canMeasure refuses a cell that the suite does not list, or that has no result.
func (r *Record) canMeasure(dir string) error {
	switch {
	case r.Cell == nil:
		return usage.Errorf("cell %s: %s", r.ID, r.Why(dir))
	case r.Run == nil || !r.Run.Status.Complete():
		return usage.Errorf("cell %s has no result: %s", r.ID, r.Why(dir))
	}
	return nil
}

// choose returns the network of that name, or the last.
func choose(list []KeptPolicy, name string) (*KeptPolicy, error) {
	var names []string
	for i := range list {
		if list[i].Name == name || name == "" && i == len(list)-1 {
			return &list[i], nil
		}
		names = append(names, list[i].Name)
	}
	if len(names) == 0 {
		return nil, usage.Errorf("no network of the cell was kept: it ended before the steps that [keep] names")
	}
	return nil, usage.Errorf("there is no network %s of the cell%s: there are %s", usage.Quote(name), usage.DidYouMean(name, names), strings.Join(names, ", "))
}

// perStream is how many samples one stream of random numbers gives.
const perStream = 1024

// drawn draws the samples. A whole chunk is drawn each time, so the first samples do not
// depend on how many there are.
func drawn(t *gfn.Trainer, c *suites.Cell, p *KeptPolicy, s Samples) iter.Seq[results.Sample] {
	return func(yield func(results.Sample) bool) {
		key := stream.NewKey("samples", c.ID, p.Name, strconv.Itoa(s.Seed))
		for i := 0; i < s.N; {
			for d := range t.Draws(key.Stream("draw", uint64(i/perStream)), perStream) {
				if i == s.N {
					return
				}
				row := results.Sample{Index: int64(i), Point: d.Point, LogPF: d.LogPF, LogPB: d.LogPB, LogR: d.LogR, Cell: c.ID, Policy: p.Name, Step: int64(p.Step)}
				if e, ok := c.Instance().Env.(env.Discrete); ok {
					row.State = e.Format(d.State)
				}
				if i++; !yield(row) {
					return
				}
			}
		}
	}
}
