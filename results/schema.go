package results

import (
	"slices"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/results/columnar"
)

// A TableInfo documents one Parquet file of a sweep directory.
type TableInfo struct {
	Name    string       // file name
	Rows    string       // what a row is
	Columns []ColumnInfo // in order of the file
}

// A ColumnInfo documents one column.
type ColumnInfo struct {
	Name       string // as in the file
	Type       string // type of its values, such as "float64"
	Unit       string // "" for a pure number, or none
	Definition string // meaning
}

// Schema documents every table. The parameters of the cells, whose names and
// types depend on the sweep, appear as one column named "...".
func Schema() []TableInfo {
	var all []TableInfo
	for _, t := range append(slices.Clone(tables), addedTable) {
		info := TableInfo{Name: t.file, Rows: t.rows}
		add := func(headings []heading) {
			for _, h := range headings {
				info.Columns = append(info.Columns, ColumnInfo{h.Name, h.Type.String(), h.unit, h.doc})
			}
		}
		add(t.lead)
		if t.params != "" {
			info.Columns = append(info.Columns, ColumnInfo{"...", "", "", t.params})
		}
		add(t.tail)
		all = append(all, info)
	}
	return all
}

// A table describes one Parquet file.
type table struct {
	file, rows string
	lead       []heading
	params     string // what the parameter columns after lead are; "" if there are none
	tail       []heading
}

// headings returns the table's columns, including those of the parameters.
func (t *table) headings(params []Column) []heading {
	all := slices.Clone(t.lead)
	for _, p := range params {
		all = append(all, heading{Field: columnar.Field{Name: p.Name, Type: columnType(p.Type)}})
	}
	return append(all, t.tail...)
}

// columnType returns the column type for a parameter. A parameter that is null in
// every cell gets a string column.
func columnType(t param.Type) columnar.Type {
	switch t {
	case param.Bool:
		return columnar.Bool
	case param.Int:
		return columnar.Int64
	case param.Float:
		return columnar.Float64
	}
	return columnar.String
}

const (
	runsFile      = "runs.parquet"
	curvesFile    = "curves.parquet"
	timingFile    = "timing.parquet"
	varianceFile  = "variance.parquet"
	instancesFile = "instances.parquet"
	suiteFile     = "suite.toml"
	journalDir    = "journal"
)

const cellParams = "one column for each further axis or hyperparameter of the suite, such as optimizer.lr, with the type of its values; null if it does not apply"

var (
	runsTable = &table{runsFile, "a cell", headings(cellColumns...), cellParams,
		slices.Concat(headings(runColumns...), headings(pointsColumn, measurementsColumn), metricColumns, headings(messageColumn))}

	curvesTable = &table{curvesFile, "an evaluation of a cell", headings(cellColumns...), cellParams,
		append(headings(stepColumn.must()), metricColumns...)}

	timingTable = &table{timingFile, "a cell; nothing here is reproducible", append(headings(idColumn("id of the cell")), headings(timingColumns...)...), "", nil}

	varianceTable = &table{varianceFile, "the batch gradient of one objective at the parameters of a cell at a step",
		append(headings(measuredCell...), headings(varianceColumns...)...),
		"one column for each further parameter of an objective measured; null for others", nil}

	instancesTable = &table{instancesFile, "one number or line of text of what an environment instance is", headings(instanceColumns...), "", nil}

	tables = []*table{runsTable, curvesTable, timingTable, varianceTable, instancesTable}
)

// These columns are written, and on reading compared with the rows that exist.
var (
	pointsColumn = column[Run]{
		heading: heading{Field: columnar.Field{Name: "points", Type: columnar.Int64, Required: true}, doc: "evaluations: rows of the cell in curves.parquet"},
		get:     func(r *Run) param.Value { return param.Of(len(r.Curve)) },
	}
	measurementsColumn = column[Run]{
		heading: heading{Field: columnar.Field{Name: "measurements", Type: columnar.Int64}, doc: "rows of the cell in variance.parquet; null in files of version 0.1.0"},
		get:     func(r *Run) param.Value { return param.Of(len(r.Variance)) },
	}
)

var stepColumn = integer("step", "gradient steps taken before the evaluation", func(p *Point) *int64 { return &p.Step })

func idColumn(doc string) column[Run] {
	return text("cell", doc, func(r *Run) *string { return &r.ID }).must()
}

// measuredCell lists the columns of a measurement that belong to its cell.
var measuredCell = []column[Run]{
	idColumn("id of the trained cell"),
	text("environment", "environment of the cell", func(r *Run) *string { return &r.Environment }),
	integer("seed", "seed index of the cell", func(r *Run) *int64 { return &r.Seed }),
}

// stderrSuffix makes the column of a standard error from its metric's.
const stderrSuffix = "_stderr"

// metricColumns are the columns of the registry's metrics; each estimable
// metric is followed by its standard error. metricBits are their bits in
// [Values].
var metricColumns, metricBits = func() (columns []heading, bits []uint) {
	for i, id := range metric.Evaluated() {
		m := id.Info()
		c := number[float64](m.Name, m.Unit, m.Definition, nil).heading
		if m.Integer {
			c.Type = columnar.Int64
		}
		columns, bits = append(columns, c), append(bits, uint(2*i))
		if m.Estimable {
			columns = append(columns, number[float64](m.Name+stderrSuffix, m.Unit, "standard error of "+m.Name+"; null if that is exact", nil).heading)
			bits = append(bits, uint(2*i+1))
		}
	}
	return columns, bits
}()
