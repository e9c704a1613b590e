package methods

import (
	"slices"
	"testing"

	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/results"
)

// TestWithInstances: a task is named with its instances where it has several.
func TestWithInstances(t *testing.T) {
	var rows []*report.Row
	for i, name := range []string{"grid", "sets", "sets", "words", "words", "words"} {
		run := &results.Run{}
		run.Environment = name
		if name != "grid" {
			run.Params = []results.Param{{Name: param.Instance, Value: param.Of(i / 2)}}
		}
		rows = append(rows, &report.Row{Run: run})
	}
	if got := withInstances(rows, []string{"grid", "sets", "words"}); !slices.Equal(got, []string{"grid", "sets with 2 instances", "words with 2 instances"}) {
		t.Error(got)
	}
}
