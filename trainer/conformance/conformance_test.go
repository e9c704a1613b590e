//go:build unix

package conformance_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"gfnbench/gfn/param"
	"gfnbench/suites"
	"gfnbench/trainer"
	"gfnbench/trainer/conformance"
	"gfnbench/trainer/trainertest"
)

// options returns the options that check a trainer with bugs in this process.
func options(bugs string, environments ...string) conformance.Options {
	return conformance.Options{
		Environments: environments, Samples: 2000,
		Open: func(ctx context.Context) (*trainer.Session, error) {
			return trainer.Greet(ctx, trainertest.Local(bugs), "test")
		},
		Cell: func(environment, objective string, set param.Values) (conformance.Cell, error) {
			return suites.SmallCell(environment, objective, set)
		},
	}
}

// check runs the checks and returns their results.
func check(t *testing.T, o conformance.Options) (list []conformance.Result) {
	t.Helper()
	o.Report = func(r conformance.Result) { list = append(list, r) }
	if _, err := conformance.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	return list
}

// failed returns the results that failed.
func failed(list []conformance.Result) (out []conformance.Result) {
	for _, r := range list {
		if r.Status == conformance.Failed {
			out = append(out, r)
		}
	}
	return out
}

// A correct trainer passes every check in every environment, and no check is left out.
func TestCorrect(t *testing.T) {
	list := check(t, options("none"))
	for _, r := range list {
		if ok := r.Status == conformance.Passed || r.Case == "hypergrid/db" && (r.Check == "learns" || r.Check == "log_z"); !ok {
			t.Errorf("%+v", r)
		}
	}
	for _, name := range []string{"hypergrid/tb", "hypergrid/db", "hypergrid/tb/learned", "bitseq/tb", "ising/tb", "banana/tb"} {
		if !slices.ContainsFunc(list, func(r conformance.Result) bool { return r.Case == name }) {
			t.Errorf("%s was not checked", name)
		}
	}
}

// docs/trainers.md lists every check.
func TestDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/trainers.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range append(check(t, options("none", "hypergrid")), check(t, options("none", "banana"))...) {
		if !strings.Contains(string(text), "| `"+r.Check+"` |") {
			t.Errorf("docs/trainers.md does not list %s", r.Check)
		}
	}
}

// caught says which check finds each bug and what that check reports.
var caught = map[string]struct{ name, what, hint string }{
	"a wrong mask":                                {"hypergrid/tb masks", "forward action 0 is not allowed in (8,0)... and has the probability", "a wrong mask"},
	"a mask that forbids the exit":                {"hypergrid/tb masks", "forward action 2 is allowed in", "forbids too much"},
	"a wrong backward mask":                       {"hypergrid/tb/learned masks", "backward action 0 is not allowed in", "a wrong mask"},
	"sum":                                         {"hypergrid/tb probabilities", "sum to 1.01005", "not normalised"},
	"nan":                                         {"hypergrid/tb probabilities", "of action 0 in (0,0)... is NaN", ""},
	"probabilities in place of logarithms":        {"hypergrid/tb probabilities", "sum to", "in place of their logarithms"},
	"byte order":                                  {"hypergrid/tb probabilities", "", "little-endian float64"},
	"shape":                                       {"hypergrid/tb masks", "expected f8", "a column for each action"},
	"dropout":                                     {"hypergrid/tb repeatable", "other probabilities", "dropout"},
	"answers in another order":                    {"hypergrid/tb masks", "", "decoded otherwise"},
	"stale log-probabilities":                     {"hypergrid/tb fresh", "did not change the log-probabilities", "stale log-probabilities"},
	"an ε left in log p_F":                        {"hypergrid/tb log_pf", "log_pf of trajectory", "an ε of exploration that is left in log_probabilities"},
	"a temperature":                               {"hypergrid/tb fit", "and the table", "a temperature"},
	"an ε in samples alone":                       {"hypergrid/tb its samples", "was taken", "exploration"},
	"one trajectory again and again":              {"hypergrid/tb distribution", "", "one trajectory again and again"},
	"samples of one seed":                         {"hypergrid/tb sample seeds", "two seeds gave the same", "a shared seed"},
	"samples without a seed":                      {"hypergrid/tb sample seeds", "the same seed gave two", "not from those of the request's seed"},
	"log p_F of another action":                   {"hypergrid/tb log_pf", "log_pf of trajectory", "other actions than those that were taken"},
	"swapped P_B":                                 {"sets/tb log_pb", "expected", "swapped P_B"},
	"a P_B over all actions":                      {"hypergrid/tb log_pb", "expected", "over the wrong number of parents"},
	"an exit action counted twice":                {"hypergrid/tb actions", "goes on after it ended", "counted twice"},
	"a band off by one":                           {"hypergrid/tb log_r", "is -0.691149: expected -6.90776", "off by one"},
	"a reward in place of its logarithm":          {"hypergrid/tb log_r", "expected", "a reward in place of its logarithm"},
	"a log r of the wrong sign":                   {"hypergrid/tb loss", "81 trajectories", "the wrong sign of log r"},
	"a loss without log Z":                        {"hypergrid/tb loss", "81 trajectories", "log Z is missing from the loss"},
	"a loss that is summed":                       {"hypergrid/tb loss", "81 trajectories", "a sum over the trajectories in place of their mean"},
	"a mean over transitions":                     {"hypergrid/db loss", "81 trajectories", ""},
	"a step uphill":                               {"hypergrid/tb step", "raised its loss", "a step uphill"},
	"a step that is not taken":                    {"hypergrid/tb step", "did not change its loss", "not taken"},
	"log Z is not trained":                        {"hypergrid/tb log_z", "log Z stays 0 in a step", "no parameter of the optimiser"},
	"a shared seed":                               {"hypergrid/tb other seed", "have the same policy", "a shared seed"},
	"a run that depends on how often it is asked": {"hypergrid/tb division", "20 steps at once and 7 + 13", "depend on `to`"},
	"a run that depends on questions":             {"hypergrid/tb asking", "after questions at step 7", "the training's random numbers"},
	"a save without the moments":                  {"hypergrid/tb saving", "loaded in a new process", "without the optimiser's moments"},
	"actions exchanged":                           {"hypergrid/tb log_pf", "log_pf of trajectory", "other actions than those that were taken"},
	"logarithms of base 2":                        {"hypergrid/tb probabilities", "sum to", "logarithms of base 2"},
	"half precision":                              {"hypergrid/tb train", "sum to", "half precision"},
	"an averaged network":                         {"hypergrid/tb log_pf", "log_pf of trajectory", "averaged parameters"},
	"a reward exponent":                           {"hypergrid/tb log_r", "expected", "2 log r in place of log r"},
	"a reward exponent in training alone":         {"hypergrid/tb its training", "it has the loss", "2 log r in place of log r"},
	"rewards of default parameters":               {"hypergrid/tb/r0=0.02 log_r", "expected", "docs/environments.md"},
	"exploration in training":                     {"hypergrid/tb its training", "it has the loss", "exploration"},
	"a step too many":                             {"hypergrid/tb its training", "log Z moves by", "more or fewer steps"},
	"a log Z of the step before":                  {"hypergrid/tb loss", "train says that log Z is", "of before the last step"},
	"log Z that begins at 1":                      {"hypergrid/tb initial", "log Z is 1 at step 0", "does not start at 0"},
	"a schedule one step ahead":                   {"hypergrid/tb rates", "log Z moves by", "one step ahead"},
	"a schedule that is not applied":              {"hypergrid/tb rates", "log Z moves by", "a schedule that is not applied"},
	"one learning rate for all":                   {"hypergrid/tb rates", "the policy changes", "trains the network, too"},
	"swapped learning rates":                      {"hypergrid/tb rates", "log Z moves by", "log Z"},
	"a flow without its scalar":                   {"hypergrid/db rates", "log Z moves by", "no scalar in log F"},
	"a clipped gradient":                          {"hypergrid/tb rates", "log Z moves by", ""},
	"a policy uphill":                             {"hypergrid/tb learns", "", "uphill"},
	"a target that is not differentiated":         {"hypergrid/db rates", "log Z moves by", ""},
	"no bias correction":                          {"hypergrid/tb rates", "log Z moves by", "the moments' bias"},
	"gradient descent":                            {"hypergrid/tb rates", "log Z moves by", "gradient descent"},
	"a save without the schedule's step":          {"hypergrid/tb saving", "loaded in a new process", "the step"},
	"a schedule that ends at the step asked for":  {"hypergrid/tb division", "20 steps at once and 7 + 13", "a schedule that depend"},
	"a start that keeps the moments":              {"hypergrid/tb same seed", "the same seed have different policies", "left over from the run before"},
	"an output layer that does not start at zero": {"hypergrid/tb initial", "the policy at step 0 is not uniform", "an output layer that does not start at zero"},
	"an output_init that is not obeyed":           {"hypergrid/tb initial", "the policy at step 0 is uniform", "declared and not obeyed"},
	"initial weights of one seed":                 {"hypergrid/tb initial", "begin with the same policy", "not of the request's seed"},
	"a density that is not normalised":            {"banana/tb mass", "integrates to 6.283", "not normalised"},
}

// Every bug is caught by the check that is meant for it, and is named.
func TestBugs(t *testing.T) {
	for _, bug := range trainertest.Bugs {
		t.Run(bug, func(t *testing.T) {
			t.Parallel()
			want, ok := caught[bug]
			if !ok {
				t.Fatal("no check is named for it")
			}
			o := options(bug)
			if bug == "an ε in samples alone" {
				o.Samples = 10_000
			}
			subject, _, _ := strings.Cut(want.name, " ")
			o.Environments, o.Objectives = strings.Split(subject, "/")[:1], strings.Split(subject, "/")[1:2]
			list := failed(check(t, o))
			i := slices.IndexFunc(list, func(r conformance.Result) bool { return r.Case+" "+r.Check == want.name })
			if i < 0 {
				t.Fatalf("%s did not find it; failed: %+v", want.name, list)
			}
			if r := list[i]; !strings.Contains(r.What, want.what) || !strings.Contains(r.Hint, want.hint) {
				t.Errorf("%q, %q: expected %q, %q", r.What, r.Hint, want.what, want.hint)
			}
		})
	}
	if len(caught) != len(trainertest.Bugs) {
		t.Errorf("%d bugs are planted, and %d are to be caught", len(trainertest.Bugs), len(caught))
	}
}

// A trainer that answers no optional message does not fail for it.
func TestNotOffered(t *testing.T) {
	list := check(t, options("cannot save", "sets"))
	if out := failed(list); len(out) > 0 {
		t.Errorf("%+v", out)
	}
	for _, name := range []string{"saving", "loss", "step", "fit"} {
		i := slices.IndexFunc(list, func(r conformance.Result) bool { return r.Check == name })
		if i < 0 || list[i].Status != conformance.NotOffered {
			t.Errorf("%s: %+v", name, list)
		}
	}
}

// A correct trainer always passes, with other random numbers each time: 1,000 times if
// GFNBENCH_SOAK is set.
func TestSoak(t *testing.T) {
	times := 2
	if os.Getenv("GFNBENCH_SOAK") != "" {
		times = 1000
	}
	for worker := range 2 {
		t.Run(fmt.Sprint(worker), func(t *testing.T) {
			t.Parallel()
			for i := worker; i < times; i += 2 {
				o := options(fmt.Sprintf("seed %d", i), "hypergrid")
				o.Samples, o.Objectives = 1000, []string{"tb"}
				if out := failed(check(t, o)); len(out) > 0 {
					t.Fatalf("time %d: %+v", i, out)
				}
				if i%100 >= 98 {
					t.Logf("%d times passed", i/2+1)
				}
			}
		})
	}
}
