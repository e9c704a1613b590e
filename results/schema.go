package results

import (
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
	Type       string // of its values, such as "float64"
	Unit       string // "" for a pure number, or none
	Definition string // meaning
}

// Schema documents every table. The parameters of the cells, whose names and
// types depend on the sweep, stand as one column named "...".
func Schema() []TableInfo {
	var all []TableInfo
	for _, t := range tables {
		info := TableInfo{Name: t.file, Rows: t.rows}
		for _, c := range t.columns(nil) {
			info.Columns = append(info.Columns, ColumnInfo{c.Name, c.Type.String(), c.unit, c.doc})
			if c.Name == "seed" && t.params {
				info.Columns = append(info.Columns, ColumnInfo{"...", "", "", "one column for each further axis or hyperparameter of the suite, such as optimizer.lr, with the type of its values; null where it does not apply"})
			}
		}
		all = append(all, info)
	}
	return all
}

// A table describes one Parquet file.
type table struct {
	file, rows string
	params     bool // the cells' parameters follow the seed
	lead, tail []tableColumn
}

type tableColumn struct {
	columnar.Field
	unit, doc string
}

func column(name string, t columnar.Type, doc string) tableColumn {
	return tableColumn{Field: columnar.Field{Name: name, Type: t}, doc: doc}
}

func required(name string, t columnar.Type, doc string) tableColumn {
	c := column(name, t, doc)
	c.Required = true
	return c
}

func measured(name, unit, doc string) tableColumn {
	c := column(name, columnar.Float64, doc)
	c.Plain, c.unit = true, unit
	return c
}

// columns are the table's columns with those of the parameters in place.
func (t *table) columns(params []Column) []tableColumn {
	all := append([]tableColumn(nil), t.lead...)
	for _, p := range params {
		all = append(all, column(p.Name, columnType(p.Type), ""))
	}
	return append(all, t.tail...)
}

// columnType is the type of the column of a parameter. One that is null in every
// cell is a string's.
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

var (
	runsTable = &table{runsFile, "a cell", true, cellTableColumns, append(append([]tableColumn{
		required("status", columnar.String, "done, diverged, pruned, failed, timeout, lost or interrupted"),
		required("step", columnar.Int64, "gradient steps taken; where the run diverged, the step at which"),
		required("points", columnar.Int64, "evaluations: rows of the cell in curves.parquet"),
	}, metricColumns...), column("message", columnar.String, "why the run is not done; null where it is"))}

	curvesTable = &table{curvesFile, "an evaluation of a cell", true, cellTableColumns, append([]tableColumn{
		required("step", columnar.Int64, "gradient steps taken before the evaluation"),
	}, metricColumns...)}

	timingTable = &table{timingFile, "a cell; nothing here is reproducible", false, []tableColumn{
		required("cell", columnar.String, "id of the cell"),
		column("host", columnar.String, "machine; null where anonymous"),
		column("attempt", columnar.Int64, "number of the last attempt, 1 for the first"),
		column("start", columnar.Timestamp, "start of the last attempt"),
		column("end", columnar.Timestamp, "end of the last attempt"),
		{columnar.Field{Name: "wall_seconds", Type: columnar.Float64, Plain: true}, "s", "time spent, over all attempts, evaluations and checkpoints included"},
		{columnar.Field{Name: "trajectories_per_second", Type: columnar.Float64, Plain: true}, "1/s", "trajectories of the last attempt's gradient steps, over its wall time, evaluations and checkpoints included"},
		column("cpu", columnar.String, "model of the processor"),
		column("simd", columnar.String, "instruction set the kernels took"),
		column("go", columnar.String, "version of the toolchain"),
		column("revision", columnar.String, "revision of the code"),
		column("stack", columnar.String, "stack of a panic; null where there was none"),
	}, nil}

	varianceTable = &table{varianceFile, "the batch gradient of one objective at the parameters of a cell at a step", false, []tableColumn{
		required("cell", columnar.String, "id of the cell that was trained"),
		column("environment", columnar.String, "environment of the cell"),
		column("seed", columnar.Int64, "seed index of the cell"),
		required("step", columnar.Int64, "gradient steps taken before the measurement"),
		column("objective", columnar.String, "objective measured"),
		column("alpha", columnar.Float64, "order of the objective measured"),
		column("a", columnar.Float64, "parameter of linex"),
		column("lambda", columnar.Float64, "parameter of subtb; null, as objectives with state flows are not measured"),
		column("control_variate", columnar.String, "control variate measured"),
		column("batch", columnar.Int64, "trajectories per batch"),
		column("replicates", columnar.Int64, "R, independent batches"),
		measured("trace_cov", "", "Tr Cov of the batch gradient: Σ_r ‖g_r - mean g‖²/(R-1) over the R batches"),
		measured("trace_cov_stderr", "", "its standard error"),
		measured("grad_norm_sq", "", "‖mean g‖² over the batches, larger than that of the expected gradient by Tr Cov/R in the mean"),
		measured("cosine", "", "mean cosine of g_r to the reference gradient"),
		measured("cosine_stderr", "", "its standard error"),
		column("reference_batch", columnar.Int64, "trajectories of the reference gradient, the same estimator on one large batch"),
		column("exact", columnar.Bool, "reserved: false in every row of this version"),
	}, nil}

	instancesTable = &table{instancesFile, "one number or line of text of what an environment instance is", false, []tableColumn{
		required("instance", columnar.String, "key of the instance: its name in the suite, with the parameters that vary in brackets where it has several"),
		column("environment", columnar.String, "its name in the suite"),
		column("field", columnar.String, "what was drawn or given, or is known"),
		column("index", columnar.Int64, "position in the field"),
		measured("value", "", "a number"),
		column("text", columnar.String, "or a line of text"),
	}, nil}

	tables = []*table{runsTable, curvesTable, timingTable, varianceTable, instancesTable}
)

var cellTableColumns = []tableColumn{
	required("cell", columnar.String, "id: 16 hexadecimal digits of a hash of the resolved parameters"),
	required("environment", columnar.String, "name of the environment instance in the suite"),
	required("objective", columnar.String, "training objective"),
	column("alpha", columnar.Float64, "order of a Renyi or Tsallis divergence; null for others"),
	column("a", columnar.Float64, "parameter of linex; null for others"),
	column("lambda", columnar.Float64, "parameter of subtb; null for others"),
	column("control_variate", columnar.String, "control variate; null where the objective takes none"),
	required("seed", columnar.Int64, "seed index"),
}

// stderrSuffix makes the column of a standard error from its metric's.
const stderrSuffix = "_stderr"

// metricColumns are those of the registry, each estimable metric's followed by
// that of its standard error; metricBits are their bits in [Values].
var metricColumns, metricBits = func() (columns []tableColumn, bits []uint) {
	for i, id := range metric.Evaluated() {
		m := id.Info()
		c := measured(m.Name, m.Unit, m.Definition)
		if m.Integer {
			c.Type = columnar.Int64
		}
		columns, bits = append(columns, c), append(bits, uint(2*i))
		if m.Estimable {
			columns = append(columns, measured(m.Name+stderrSuffix, m.Unit, "standard error of "+m.Name+"; null where that is exact"))
			bits = append(bits, uint(2*i+1))
		}
	}
	return columns, bits
}()
