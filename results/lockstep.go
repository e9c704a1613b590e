package results

import "iter"

// A head is a row of runs.parquet.
type head struct {
	run    *Run
	extent extent
}

// lockstep yields the runs of the Parquet files in ascending order of cell id. It puts
// them together row group by row group, so memory does not grow with their number. Rows
// of the journal's cells may belong to a compaction that was cut short, and are not
// compared with runs.parquet.
func (s *snapshot) lockstep(o openedTables, journal *spill) iter.Seq2[sourced, error] {
	return func(yield func(sourced, error) bool) {
		if o[runsTable] == nil {
			return
		}
		rest, err := newTails(o)
		defer rest.stop()
		if err != nil {
			yield(sourced{}, err)
			return
		}
		for h, err := range heads(o[runsTable]) {
			if err == nil {
				_, skip := journal.find(h.run.ID)
				err = rest.complete(&h, skip)
			}
			if !yield(sourced{h.run, s.file}, err) || err != nil {
				return
			}
		}
	}
}

// heads yields the rows of runs.parquet.
func heads(t *tableReader) iter.Seq2[head, error] {
	d := newRunDecoder(t)
	decode := func(g *rowGroup) ([]head, error) {
		runs, extents, err := d.group(g)
		all := make([]head, len(runs))
		for i := range runs {
			all[i] = head{&runs[i], extents[i]}
		}
		return all, err
	}
	return func(yield func(head, error) bool) {
		for of, err := range sections(t, d.names, decode) {
			for _, h := range of.rows {
				if !yield(h, nil) {
					return
				}
			}
			if err != nil {
				yield(head{}, err)
			}
		}
	}
}

// tails reads the files beside runs.parquet.
type tails struct {
	o        openedTables
	curves   *tail[Point]
	timing   *tail[Timing]
	variance *tail[VarianceRow]
	stops    []func()
}

func newTails(o openedTables) (t *tails, err error) {
	t = &tails{o: o}
	t.curves, err = newTail(sections(o[curvesTable], curveNames, func(g *rowGroup) ([]Point, error) { return points(g), nil }))
	if t.stops = append(t.stops, t.curves.stop); err != nil {
		return t, err
	}
	t.timing, err = newTail(sections(o[timingTable], o[timingTable].names(), func(g *rowGroup) ([]Timing, error) { return timings(g), nil }))
	if t.stops = append(t.stops, t.timing.stop); err != nil {
		return t, err
	}
	v := o[varianceTable]
	params := v.parameters()
	t.variance, err = newTail(sections(v, v.names(), func(g *rowGroup) ([]VarianceRow, error) { return measurements(g, params), nil }))
	t.stops = append(t.stops, t.variance.stop)
	return t, err
}

func (t *tails) stop() {
	for _, stop := range t.stops {
		stop()
	}
}

// complete gives a run its curve, its measurements and its timing. Unless skip is set, it
// returns an error if they differ from what its row in runs.parquet says.
func (t *tails) complete(h *head, skip bool) error {
	r := h.run
	last := r.Final()
	var err error
	if r.Curve, err = t.curves.of(r.ID); err != nil {
		return err
	}
	if !skip && !r.hasCurve(h.extent, &last) {
		return r.otherCurve(t.o[curvesTable].path, h.extent)
	}
	if r.Variance, err = t.variance.of(r.ID); err != nil {
		return err
	}
	if v := t.o[varianceTable]; v != nil && !skip && !r.hasVariance(h.extent) {
		return r.otherVariance(v.path, h.extent)
	}
	timing, err := t.timing.of(r.ID)
	if len(timing) > 0 {
		r.Timing = timing[len(timing)-1]
	}
	return err
}
