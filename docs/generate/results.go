package main

import (
	"strings"

	"gfnbench/gfn/metric"
	"gfnbench/results"
)

// resultsTable describes one Parquet file.
type resultsTable struct {
	Name, Rows string
	Columns    []results.ColumnInfo
	Metrics    bool                 // whether the metric columns follow
	After      []results.ColumnInfo // columns after these
}

// metricRow describes one metric.
type metricRow struct{ Name, Type, Unit, Definition, StdErr, Better string }

func viewResults() (any, error) {
	var data struct {
		Version int
		Tables  []resultsTable
		Metrics []metricRow
	}
	data.Version = results.SchemaVersion
	isMetric := map[string]bool{}
	for _, m := range metric.Evaluated() {
		info := m.Info()
		r := metricRow{Name: info.Name, Type: "float64", Unit: info.Unit, Definition: info.Definition}
		if info.Integer {
			r.Type = "int64"
		}
		if info.Estimable {
			r.StdErr = "`" + info.Name + "_stderr`"
			isMetric[info.Name+"_stderr"] = true
		}
		isMetric[info.Name] = true
		r.Better = map[metric.Direction]string{metric.LowerBetter: "lower", metric.GreaterBetter: "greater"}[info.Better]
		data.Metrics = append(data.Metrics, r)
	}
	for _, t := range results.Schema() {
		table := resultsTable{Name: t.Name, Rows: t.Rows}
		for _, c := range t.Columns {
			if isMetric[c.Name] && strings.Contains("runs.parquet curves.parquet", t.Name) {
				table.Metrics = true
				continue
			}
			if table.Metrics {
				table.After = append(table.After, c)
				continue
			}
			table.Columns = append(table.Columns, c)
		}
		data.Tables = append(data.Tables, table)
	}
	return data, nil
}
