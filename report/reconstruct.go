package report

import (
	"math"
	"strconv"
	"strings"

	"gfnbench/report/stats"
	"gfnbench/suites"
)

// A Reconstruction compares one cell of a printed table with ours.
type Reconstruction struct {
	Row, Column Label   // of the table
	Printed     string  // as in the paper: "0.07±0.00"
	Mean, SD    float64 // of the printed value
	Exact       Spread  // the table's own metric
	Measured    Spread  // the metric that the paper probably shows

	Metric, MeasuredMetric string // names of these metrics

	// Z is how many of the paper's standard deviations the measured mean lies above
	// the printed one. A printed deviation of 0.00 counts as half of its last digit.
	Z     float64
	Moved string // the choice that brought ours there
}

// A Spread is the mean and standard deviation of a setting's runs over seeds and
// instances together, as in a paper that draws an instance for each seed.
type Spread struct {
	N        int     // number of runs
	Mean, SD float64 // NaN if there are too few
}

// SameDigits reports whether the mean prints like the paper's.
func (r *Reconstruction) SameDigits() bool {
	text, _, _ := strings.Cut(r.Printed, "±")
	return strconv.FormatFloat(r.Measured.Mean, 'f', decimalsOf(text), 64) == text
}

// Reconstruct compares every cell of a table that has a printed value with ours. The
// error is usage.ErrNoMatch if the table has no cells.
func (s *Sweep) Reconstruct(spec *suites.Table) ([]*Reconstruction, error) {
	rows, err := s.tableRows(spec)
	if err != nil {
		return nil, err
	}
	exact, err := s.spreads(spec, spec.Metric, rows)
	if err != nil {
		return nil, err
	}
	measured, err := s.spreads(spec, spec.MeasuredMetric(), rows)
	if err != nil {
		return nil, err
	}
	var list []*Reconstruction
	for _, row := range s.Labels(spec.Rows, rows) {
		for _, column := range s.Labels(spec.Columns, rows) {
			printed := spec.Paper[row.Key][column.Key]
			mean, sd, ok := parsePrinted(printed)
			if !ok {
				continue
			}
			at := [2]string{row.Key, column.Key}
			c := &Reconstruction{Row: row, Column: column, Printed: printed, Mean: mean, SD: sd, Exact: exact[at], Measured: measured[at]}
			environment := environmentAt(spec, at, rows)
			c.Metric, c.MeasuredMetric = spec.Metric.Of(environment), spec.MeasuredMetric().Of(environment)
			c.Z = (c.Measured.Mean - mean) / sd
			if spec.Reference != nil {
				c.Moved = spec.Reference.MovedBy(row.Key, column.Key)
			}
			list = append(list, c)
		}
	}
	return list, nil
}

// environmentAt returns the environment of the cells at a row and column of a table.
func environmentAt(spec *suites.Table, at [2]string, rows []*Row) string {
	for _, r := range rows {
		if suites.Label(spec.Rows, r.Value) == at[0] && suites.Label(spec.Columns, r.Value) == at[1] {
			return r.Environment()
		}
	}
	return ""
}

// spreads returns the mean and deviation of the runs of each row and column.
func (s *Sweep) spreads(spec *suites.Table, of suites.Metric, rows []*Row) (map[[2]string]Spread, error) {
	by, err := s.Stats(of, spec.Stat, spec.Threshold, rows)
	if err != nil {
		return nil, err
	}
	values := make(map[[2]string][]float64)
	for _, r := range rows {
		at := [2]string{suites.Label(spec.Rows, r.Value), suites.Label(spec.Columns, r.Value)}
		if score := r.Score(by[r.Environment()]); score.Kind == Measured {
			values[at] = append(values[at], score.Value)
		} else if values[at] == nil {
			values[at] = []float64{}
		}
	}
	spreads := make(map[[2]string]Spread)
	for at, v := range values {
		spreads[at] = Spread{N: len(v), Mean: stats.Mean(v), SD: stats.SD(v)}
	}
	return spreads, nil
}

// parsePrinted reads "0.07±0.00". A deviation smaller than half of the mean's last digit
// cannot be distinguished from it.
func parsePrinted(text string) (mean, sd float64, ok bool) {
	left, right, ok := strings.Cut(strings.ReplaceAll(text, " ", ""), "±")
	if !ok {
		return 0, 0, false
	}
	mean, err := strconv.ParseFloat(left, 64)
	sd, err2 := strconv.ParseFloat(right, 64)
	return mean, max(sd, math.Pow10(-decimalsOf(left))/2), err == nil && err2 == nil
}

// decimalsOf returns the number of digits after the decimal point.
func decimalsOf(text string) int {
	_, digits, _ := strings.Cut(text, ".")
	return len(digits)
}
