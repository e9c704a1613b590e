package results

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
)

// A Sample is the end of a trajectory that a policy drew.
type Sample struct {
	Index  int64     // from 0
	State  string    // terminal state, for readers; "" on continuous environments
	Point  []float64 // coordinates, on continuous environments
	LogPF  float64   // log p_F(τ), in nats
	LogPB  float64   // log p_B(τ|x), in nats
	LogR   float64   // log r(x), in nats
	Cell   string    // id of the cell whose policy it is
	Policy string    // which of its policies, such as "final"
	Step   int64     // gradient steps that the policy has taken
}

// samplesFile names what [WriteSamples] writes, in its metadata.
const samplesFile = "samples.parquet"

// sampleColumns are the columns of a sample, but for the coordinates of a point, which
// come before log_pf.
var sampleColumns, sampleLogs = []column[Sample]{
	text("cell", "id of the cell", func(s *Sample) *string { return &s.Cell }).must(),
	text("policy", "which of its kept networks", func(s *Sample) *string { return &s.Policy }).must(),
	integer("step", "gradient steps that it has taken", func(s *Sample) *int64 { return &s.Step }).must(),
	integer("sample", "number of the sample, from 0", func(s *Sample) *int64 { return &s.Index }).must(),
	text("state", "terminal state; null on continuous environments, whose points have the columns x1, x2, ...", func(s *Sample) *string { return &s.State }),
}, []column[Sample]{
	number("log_pf", "nats", "log p_F(τ), of the trajectory drawn", func(s *Sample) *float64 { return &s.LogPF }).must(),
	number("log_pb", "nats", "log p_B(τ|x)", func(s *Sample) *float64 { return &s.LogPB }).must(),
	number("log_r", "nats", "log r(x)", func(s *Sample) *float64 { return &s.LogR }).must(),
}

// coordinates are the columns of a point.
func coordinates(dim int) (list []column[Sample]) {
	for i := range dim {
		list = append(list, number("x"+strconv.Itoa(i+1), "", "a coordinate", func(s *Sample) *float64 { return &s.Point[i] }).must())
	}
	return list
}

// WriteSamples writes samples as Parquet, whose points have dim coordinates: 0 on
// discrete environments. Its metadata have the provenance and a seal, as the files of a
// sweep directory do.
func WriteSamples(w io.Writer, dim int, p Provenance, samples iter.Seq[Sample]) error {
	columns := slices.Concat(sampleColumns, coordinates(dim), sampleLogs)
	t := &table{samplesFile, "a sample", headings(columns...), "", nil}
	return encodeTable(w, t, nil, footer{provenance: p}, func(t *tableWriter) error {
		for s := range samples {
			if len(s.Point) != dim {
				return fmt.Errorf("sample %d has %d coordinates, not %d", s.Index, len(s.Point), dim)
			}
			t.row = gather(t.row[:0], columns, &s)
			if err := t.add(t.row, nil); err != nil {
				return err
			}
		}
		return nil
	})
}
