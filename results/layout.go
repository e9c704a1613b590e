package results

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/results/columnar"
)

// A layout says which columns the rows of a journal file have, in order. Each
// file names its columns, so columns can be added without a new version of the
// journal.
type layout struct {
	version  int
	cell     []column[Cell]
	run      []column[Run]
	timing   []column[Timing]
	variance []column[VarianceRow]
}

// current is this version's layout.
var current = layout{journalVersion, cellColumns, append(slices.Clone(runColumns), messageColumn), timingColumns, varianceColumns}

// layout1 is the layout of the first version of the journal, whose files name
// no columns and whose variance rows have no further parameters.
const layout1 = "cell environment objective alpha a lambda control_variate seed\n" +
	"status step message\n" +
	"attempt start end wall_seconds trajectories_per_second host cpu simd go revision stack\n" +
	"step objective alpha a lambda control_variate batch replicates trace_cov trace_cov_stderr grad_norm_sq cosine cosine_stderr reference_batch exact"

// String names the columns of each kind of row, one kind per line.
func (l *layout) String() string {
	return strings.Join([]string{line(l.cell), line(l.run), line(l.timing), line(l.variance)}, "\n")
}

func line[T any](columns []column[T]) string {
	names := make([]string, len(columns))
	for i := range columns {
		names[i] = columns[i].Name
	}
	return strings.Join(names, " ")
}

// parseLayout is the inverse of String.
func parseLayout(version int, text string) (*layout, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 {
		return nil, fmt.Errorf("%w: it has %d kinds of rows, not 4", errCodec, len(lines))
	}
	l, err := &layout{version: version}, [4]error{}
	l.cell, err[0] = parseLine(lines[0], current.cell)
	l.run, err[1] = parseLine(lines[1], current.run)
	l.timing, err[2] = parseLine(lines[2], current.timing)
	l.variance, err[3] = parseLine(lines[3], current.variance)
	return l, errors.Join(err[:]...)
}

func parseLine[T any](line string, columns []column[T]) (all []column[T], err error) {
	for _, name := range strings.Fields(line) {
		i := slices.IndexFunc(columns, func(c column[T]) bool { return c.Name == name })
		if i < 0 || len(all) >= len(columns) {
			return nil, fmt.Errorf("%w: it has a column %q", errNewer, name)
		}
		all = append(all, columns[i])
	}
	return all, nil
}

// readRow sets the fields of a row.
func readRow[T any](d *decoder, columns []column[T], x *T) {
	for i := range columns {
		columns[i].set(x, d.scalar(&columns[i].heading))
	}
}

// scalar reads what heading.pour wrote.
func (d *decoder) scalar(h *heading) param.Value {
	if h.optional && d.uint() == 0 {
		return param.Value{}
	}
	switch h.Type {
	case columnar.Float64:
		return param.OfFloat(d.float())
	case columnar.String:
		return param.Of(d.string())
	case columnar.Bool:
		return param.Of(d.int() != 0)
	}
	return param.Of(d.int())
}
