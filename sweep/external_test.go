//go:build unix

package sweep

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gfnbench/gfn/metric"
	"gfnbench/results"
	"gfnbench/trainer/trainertest"
)

// externalSuite has a cell of this program and one of a test trainer with faults.
func externalSuite(faults string) string {
	command, err := json.Marshal(trainertest.Command(faults))
	if err != nil {
		panic(err) // strings
	}
	return fmt.Sprintf(`schema = 1
name = "external"
[run]
seeds = 1
steps = 60
batch = 16
eval_every = 20
checkpoint_every = "1ms"
optimizer.lr = 0.2
policy = { hidden = [4] }
[environment.grid]
kind = "hypergrid"
dim = 2
height = 3
[trainer.tabular]
command = %s
version = "1"
timeout = "1m"
[[grid]]
objective = ["tb"]
trainer = ["gfnbench", "tabular"]
`, command)
}

// with replaces text and fails if there is nothing to replace.
func with(t *testing.T, text string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("the suite has no %q", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

// ends runs a suite and returns the runs of this program's cell and the trainer's.
func ends(t *testing.T, text, dir string, o Options) (own, other *results.Run) {
	t.Helper()
	o.Trust = true
	p := load(t, text, dir, Selection{})
	_, err := Run(t.Context(), p, o)
	must(t, err)
	set, err := results.Read(dir)
	must(t, err)
	if len(p.Cells) != 2 {
		t.Fatalf("%d cells", len(p.Cells))
	}
	return set.Find(p.Cells[0].ID), set.Find(p.Cells[1].ID)
}

// followed is a suite whose settings the trainer obeys.
func followed(t *testing.T, faults string) string {
	return with(t, externalSuite(faults), "policy = { hidden = [4] }\n", "")
}

// A table of zeros is the uniform policy, and so is a network with a zero output layer:
// at step 0 both have the same exact metrics. The trainer's policy improves, and its
// results repeat.
func TestExternal(t *testing.T) {
	text, dir := followed(t, "none"), t.TempDir()
	own, other := ends(t, text, dir, Options{Workers: 2})
	if other.Status != results.Done || len(other.Curve) != 4 || other.Step != 60 {
		t.Fatalf("%v %s, %d evaluations", other.Status, other.Message, len(other.Curve))
	}
	for _, m := range []metric.Metric{metric.L1, metric.JSD, metric.KLPTTarget, metric.KLTargetPT, metric.ELBO, metric.EUBO, metric.SAlpha} {
		x, ok := own.Curve[0].Get(m)
		y, okToo := other.Curve[0].Get(m)
		if !ok || !okToo || math.Abs(x-y) > 1e-12*math.Max(1, math.Abs(x)) {
			t.Errorf("%v of the uniform policy is %v, and %v by the trainer", m, x, y)
		}
	}
	first, _ := other.Curve[0].Get(metric.L1)
	last, _ := other.Curve[3].Get(metric.L1)
	if !(last < first/2) {
		t.Errorf("L1 went from %v to %v", first, last)
	}
	if x, ok := other.Curve[3].Get(metric.Loss); !ok || !(x > 0) {
		t.Errorf("the loss is %v", x)
	}
	if v := other.Get("trainer").Text(); v != "tabular" {
		t.Errorf("the column trainer has %q", v)
	}
	if other.Timing.TrainerSeconds <= 0 || other.Timing.TrainerBytes < 1<<20 || own.Timing.TrainerSeconds != 0 {
		t.Errorf("it took %v s and %d bytes", other.Timing.TrainerSeconds, other.Timing.TrainerBytes)
	}
	v, err := Verify(t.Context(), load(t, text, dir, Selection{}), 0, Options{Workers: 2, Trust: true})
	must(t, err)
	if v.Cells != 2 || len(v.Mismatches) > 0 {
		t.Errorf("run again: %+v", v)
	}
}

// Verify finds a trainer whose results do not repeat.
func TestExternalThatVaries(t *testing.T) {
	dir := t.TempDir()
	_, other := ends(t, followed(t, "none"), dir, Options{})
	p := load(t, followed(t, "a shared seed"), dir, Selection{}) // the command is not part of the id
	v, err := Verify(t.Context(), p, 0, Options{Trust: true})
	must(t, err)
	if len(v.Mismatches) != 1 || v.Mismatches[0].Cell != other.ID {
		t.Errorf("%+v", v)
	}
}

// Every fault costs only the trainer's cell, and is named.
func TestExternalFaults(t *testing.T) {
	for faults, want := range map[string]string{
		"late hang":      "train: no answer for 300ms",
		"late death":     "train: it died: exit status 7",
		"kill":           "train: it died: signal: killed",
		"late rubbish":   `train: no message, but "loss 0.3`,
		"late gigabytes": "train: no message",
		"out of order":   "out of order",
		"nan":            "log_probabilities: row 0: the log-probability of action 0 is NaN",
		"sum":            "log_probabilities: row 0: the probabilities sum to 1.01005",
		"shape":          `log_probabilities: log_probabilities: the array "log_p" is f8`,
		"a wrong mask":   "log_probabilities: the forward mask of (2,0)... is wrong: action 0 is not allowed",
		"fork":           "",
	} {
		t.Run(faults, func(t *testing.T) {
			t.Parallel()
			text := followed(t, faults)
			if strings.Contains(faults, "hang") {
				text = with(t, text, `timeout = "1m"`, `timeout = "300ms"`)
			}
			own, other := ends(t, text, t.TempDir(), Options{Workers: 2})
			if own.Status != results.Done {
				t.Errorf("the own cell is %v: %s", own.Status, own.Message)
			}
			if want == "" {
				if other.Status != results.Done {
					t.Errorf("%v: %s", other.Status, other.Message)
				}
				return
			}
			if other.Status != results.Failed || !strings.HasPrefix(other.Message, "trainer tabular: ") || !strings.Contains(other.Message, want) {
				t.Errorf("%v: %s, expected %q", other.Status, other.Message, want)
			}
			if !strings.Contains(other.Message, "its last words: trainer with faults: "+faults) {
				t.Errorf("no last words: %s", other.Message)
			}
		})
	}
}

func TestExternalDiverges(t *testing.T) {
	_, other := ends(t, followed(t, "divergence"), t.TempDir(), Options{})
	final := other.Final()
	x, ok := final.Get(metric.L1)
	if other.Status != results.Diverged || !ok || !math.IsNaN(x) {
		t.Errorf("%v at %d, L1 %v", other.Status, other.Step, x)
	}
}

// A setting that the trainer does not obey fails the cell, and so does another version or
// a missing objective.
func TestExternalRefuses(t *testing.T) {
	for want, text := range map[string]string{
		"sets policy.hidden, which the trainer tabular 1 does not declare": externalSuite("none"),
		`its version is "1", and the suite declares "2"`:                   with(t, followed(t, "none"), `version = "1"`, `version = "2"`),
		`and not "subtb"`:      with(t, followed(t, "none"), `"tb"`, `"subtb"`),
		"it cannot be started": with(t, followed(t, "none"), `command = ["env",`, `command = ["/no/such/env",`),
	} {
		own, other := ends(t, text, t.TempDir(), Options{})
		if own.Status != results.Done || other.Status != results.Failed || !strings.Contains(other.Message, want) {
			t.Errorf("%v: %s, expected %q", other.Status, other.Message, want)
		}
	}
}

func TestUntrusted(t *testing.T) {
	p := load(t, followed(t, "none"), t.TempDir(), Selection{})
	if _, err := Run(t.Context(), p, Options{}); err == nil || !strings.Contains(err.Error(), "not trusted") {
		t.Errorf("%v", err)
	}
}

// A run that was interrupted, or whose trainer was killed, gives the same rows as a run
// in one go, whether or not the trainer can save.
func TestExternalResumes(t *testing.T) {
	_, want := ends(t, followed(t, "none"), t.TempDir(), Options{})
	for _, faults := range []string{"none", "cannot save"} {
		text, dir := followed(t, faults), t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		p := load(t, text, dir, Selection{})
		time.AfterFunc(300*time.Millisecond, cancel)
		_, err := Run(ctx, p, Options{Trust: true})
		if err != nil && err != ErrInterrupted {
			t.Fatal(err)
		}
		_, got := ends(t, text, dir, Options{})
		if what := difference(want, got); what != "" {
			t.Errorf("%s, interrupted: %s", faults, what)
		}
	}
	for _, faults := range []string{"late kill once", "late kill once,cannot save"} {
		t.Setenv("GFNBENCH_TEST_ONCE", filepath.Join(t.TempDir(), "killed"))
		_, got := ends(t, followed(t, faults), t.TempDir(), Options{})
		if what := difference(want, got); what != "" {
			t.Errorf("%s: %s (%s)", faults, what, got.Message)
		}
		if _, err := os.Stat(os.Getenv("GFNBENCH_TEST_ONCE")); err != nil {
			t.Errorf("%s: it was not killed", faults)
		}
	}
}
