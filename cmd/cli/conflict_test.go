package cli

import (
	"errors"

	"github.com/rogpeppe/go-internal/testscript"

	"gfnbench/gfn/metric"
	"gfnbench/results"
)

// dispute records a second result of a cell, as another program would: dispute DIR
// [compact].
func dispute(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: dispute DIR [compact]")
	}
	s, err := results.Read(ts.MkAbs(args[0]))
	ts.Check(err)
	d, err := results.Create(ts.MkAbs(args[0]), results.Options{})
	ts.Check(err)
	run := s.Runs[0]
	run.Curve[len(run.Curve)-1].Set(metric.L1, 1.5)
	ts.Check(d.Append(run))
	if len(args) > 1 {
		err := d.Compact()
		if _, conflict := errors.AsType[*results.ConflictError](err); !conflict {
			ts.Fatalf("the compaction found no conflict: %v", err)
		}
	}
}
