//go:build unix

package sweep

import (
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"gfnbench/gfn/metric"
	"gfnbench/results"
	"gfnbench/trainer/trainertest"
)

// value returns a metric of a row with its standard error.
func value(t *testing.T, r *results.Run, evaluation int, m metric.Metric) (x, stderr float64) {
	t.Helper()
	row := &r.Curve[evaluation]
	x, ok := row.Get(m)
	if !ok {
		t.Fatalf("evaluation %d has no %v", evaluation, m)
	}
	stderr, _ = row.StdErr(m)
	return x, stderr
}

// A trainer of densities is evaluated at samples of the target. At step 0 it has the
// standard normal distribution of the plane: with E x² = 1, E y² = 7 and the entropy of
// the banana, KL(π‖p_T) = 3 - ln(1 - 0.9²)/2.
func TestExternalContinuous(t *testing.T) {
	text := with(t, followed(t, "none"), "kind = \"hypergrid\"\ndim = 2\nheight = 3\n", "kind = \"banana\"\n",
		"batch = 16", "batch = 64\neval = { samples = 4000, final_samples = 4000 }", `trainer = ["gfnbench", "tabular"]`, `trainer = ["tabular"]`)
	dir := t.TempDir()
	p := load(t, text, dir, Selection{})
	_, err := Run(t.Context(), p, Options{Trust: true})
	must(t, err)
	set, err := results.Read(dir)
	must(t, err)
	other := set.Find(p.Cells[0].ID)
	if other.Status != results.Done || len(other.Curve) != 4 {
		t.Fatalf("%v %s, %d evaluations", other.Status, other.Message, len(other.Curve))
	}
	x, stderr := value(t, other, 0, metric.KLTargetPT)
	if want := 3 - math.Log(1-0.81)/2; !(stderr > 0) || math.Abs(x-want) > 5*stderr {
		t.Errorf("KL(π‖p_T) is %v ± %v, expected %v", x, stderr, want)
	}
	first, _ := value(t, other, 1, metric.Loss)
	last, _ := value(t, other, 3, metric.Loss)
	if !(last < first) {
		t.Errorf("the loss went from %v to %v", first, last)
	}
	v, err := Verify(t.Context(), load(t, text, dir, Selection{}), 0, Options{Trust: true})
	must(t, err)
	if v.Cells != 1 || len(v.Mismatches) > 0 {
		t.Errorf("run again: %+v", v)
	}
	text = with(t, text, trainertest.Variable+"=none", trainertest.Variable+"=nan")
	p = load(t, text, t.TempDir(), Selection{})
	_, err = Run(t.Context(), p, Options{Trust: true})
	must(t, err)
	set, err = results.Read(p.Dir)
	must(t, err)
	if r := set.Find(p.Cells[0].ID); r.Status != results.Failed || !strings.Contains(r.Message, "log_densities: log_p[0] is NaN") {
		t.Errorf("%v: %s", r.Status, r.Message)
	}
}

// Where the backward policy is learned, evaluation asks for it: at step 0 it is uniform, and
// both have the same exact metrics of trajectories.
func TestExternalLearnedBackward(t *testing.T) {
	text := with(t, followed(t, "none"), "batch = 16", "batch = 16\nbackward = \"learned\"")
	dir := t.TempDir()
	own, other := ends(t, text, dir, Options{Workers: 2})
	if other.Status != results.Done || own.Status != results.Done {
		t.Fatalf("%v %s", other.Status, other.Message)
	}
	for _, m := range []metric.Metric{metric.L1, metric.TrajKLFwd, metric.TrajKLRev, metric.ELBO, metric.EUBO} {
		x, _ := value(t, own, 0, m)
		y, _ := value(t, other, 0, m)
		if math.Abs(x-y) > 1e-12*math.Max(1, math.Abs(x)) {
			t.Errorf("%v of uniform policies is %v, and %v by the trainer", m, x, y)
		}
	}
	first, _ := value(t, other, 0, metric.TrajKLRev)
	last, _ := value(t, other, 3, metric.TrajKLRev)
	if !(last < first/2) {
		t.Errorf("KL(p_F‖p_B) went from %v to %v", first, last)
	}
	v, err := Verify(t.Context(), load(t, text, dir, Selection{}), 0, Options{Workers: 2, Trust: true})
	must(t, err)
	if v.Cells != 2 || len(v.Mismatches) > 0 {
		t.Errorf("run again: %+v", v)
	}
	_, other = ends(t, with(t, text, trainertest.Variable+"=none", trainertest.Variable+"=a wrong backward mask"), t.TempDir(), Options{})
	if other.Status != results.Failed || !strings.Contains(other.Message, "the backward mask of") {
		t.Errorf("%v: %s", other.Status, other.Message)
	}
}

// Where the states are too many and the target has no exact samples, trajectories of the
// policy tell the evidence lower bound. That of the uniform policy on n spins is
// n ln 2 on average, as the mean of log r is 0; without samples the cell fails and says why.
func TestExternalFromSamples(t *testing.T) {
	text := with(t, followed(t, "none"), "kind = \"hypergrid\"\ndim = 2\nheight = 3\n", "kind = \"ising\"\nside = 13\n",
		"steps = 60", "steps = 2", "eval_every = 20", "eval_every = 1")
	own, other := ends(t, text, t.TempDir(), Options{})
	if own.Status != results.Done || other.Status != results.Done || len(other.Curve) != 3 {
		t.Fatalf("%v %s, %d evaluations", other.Status, other.Message, len(other.Curve))
	}
	x, stderr := value(t, other, 0, metric.ELBO)
	if want := 169 * math.Ln2; !(stderr > 0) || math.Abs(x-want) > 6*stderr {
		t.Errorf("the lower bound is %v ± %v, expected %v", x, stderr, want)
	}
	if _, ok := other.Curve[0].Get(metric.L1); ok {
		t.Error("there is an L1")
	}
	_, other = ends(t, with(t, text, trainertest.Variable+"=none", trainertest.Variable+"=cannot sample"), t.TempDir(), Options{})
	if other.Status != results.Failed || !strings.Contains(other.Message, "evaluation needs samples of the policy, which the trainer does not offer") {
		t.Errorf("%v: %s", other.Status, other.Message)
	}
}

// A trainer has no file of the sweep open, and what it writes under their names lies in
// its own folder: the results are those of one that does not.
func TestExternalWritesToOurFiles(t *testing.T) {
	links, _ := filepath.Glob("/proc/self/fd/*") // the pattern is valid; elsewhere there are none
	for _, link := range links {
		if fd, err := strconv.Atoi(filepath.Base(link)); err == nil && fd > 2 {
			syscall.CloseOnExec(fd) // whoever runs the tests may have left files open
		}
	}
	_, want := ends(t, followed(t, "none"), t.TempDir(), Options{})
	own, other := ends(t, followed(t, "writes to its parent's files"), t.TempDir(), Options{Workers: 2})
	if own.Status != results.Done {
		t.Errorf("the own cell is %v: %s", own.Status, own.Message)
	}
	if what := difference(want, other); what != "" {
		t.Errorf("%s (%s)", what, other.Message)
	}
}
