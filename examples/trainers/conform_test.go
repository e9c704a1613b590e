package trainers

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gfnbench/gfn/param"
	"gfnbench/results/readerstest"
	"gfnbench/suites"
	"gfnbench/trainer"
	"gfnbench/trainer/conformance"
)

// conform runs sweep trainer check of a program of this folder, and returns what
// failed.
func conform(t *testing.T, python, program string) (failed []conformance.Result) {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	o := conformance.Options{
		Open: func(ctx context.Context) (*trainer.Session, error) {
			return trainer.Open(ctx, trainer.Command{Args: []string{python, program}, Dir: dir, Timeout: 10 * time.Minute}, "test")
		},
		Cell: func(environment, objective string, set param.Values) (conformance.Cell, error) {
			return suites.SmallCell(environment, objective, set)
		},
		Report: func(r conformance.Result) {
			t.Logf("%s %s: %s %s %s", r.Case, r.Check, r.Status, r.What, r.Hint)
			if r.Status == conformance.Failed {
				failed = append(failed, r)
			}
		},
	}
	if _, err := conformance.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	return failed
}

// The trainer in numpy passes every check.
func TestNumpyConforms(t *testing.T) {
	for _, r := range conform(t, readerstest.Python(t), "numpy_tb.py") {
		t.Errorf("%+v", r)
	}
}

// findings are what the checks find in the peers, by trainer and check:
// docs/implementations.md has them.
var findings = map[string][]string{
	"gfnx":     {"hypergrid/tb/height=16 loss"}, // 12/15 - 1/2 > 0.3 in float32
	"torchgfn": {"hypergrid/tb/height=21 loss"}, // 18/20 - 1/2 < 0.4 in float32
}

// The trainers of torchgfn and gfnx pass every check but those with which the
// libraries are found to be at fault.
func TestPeers(t *testing.T) {
	dir := os.Getenv("GFNBENCH_PEERS")
	if dir == "" {
		t.Skip("make test-trainers runs it")
	}
	for _, peer := range []string{"torchgfn", "gfnx"} {
		t.Run(peer, func(t *testing.T) {
			var got []string
			for _, r := range conform(t, filepath.Join(dir, "bin", peer+"-python"), peer+"_trainer.py") {
				got = append(got, r.Case+" "+r.Check)
			}
			if a, b := strings.Join(got, ", "), strings.Join(findings[peer], ", "); a != b {
				t.Errorf("failed: %s; expected: %s", a, b)
			}
		})
	}
}
