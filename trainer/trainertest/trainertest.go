//go:build unix

package trainertest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/network"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
	"gfnbench/trainer"
)

// Variable names the environment variable that turns a test's program into a trainer. Its
// value lists faults, separated by commas, or is "none".
const Variable = "GFNBENCH_TEST_TRAINER"

// Main runs the trainer and exits if the variable is set. TestMain calls it first.
func Main() {
	faults, ok := os.LookupEnv(Variable)
	if !ok {
		return
	}
	fmt.Fprintln(os.Stderr, "trainer with faults:", faults)
	t := &tabular{faults: strings.Split(faults, ",")}
	if t.has("ignores its end") {
		signal.Ignore(syscall.SIGTERM)
	}
	if err := trainer.Serve(os.Stdin, os.Stdout, t.answer); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if t.has("ignores its end") {
		time.Sleep(time.Hour)
	}
	os.Exit(0)
}

// Command returns the command that runs the test's own program with faults, separated by
// commas.
func Command(faults string) []string {
	self, err := os.Executable()
	if err != nil {
		panic(err) // the test itself runs
	}
	return []string{"env", Variable + "=" + faults, self}
}

// A row is what is learned about a state: a logit for each action, then log F less log Z,
// with Adam's moments of each value.
type row struct{ Value, M, V []float64 }

// tabular trains a table with trajectory balance or detailed balance.
type tabular struct {
	faults  []string
	env     env.Discrete
	density env.Continuous // instead of env, in a continuous environment
	learned bool           // the backward policy is trained too
	torch   bool           // the table starts at random values
	start   trainer.Start
	batch   int
	lr      [2]float64 // learning rates of the table and of log Z
	sched   network.Schedule
	root    stream.Key
	run     run
	known   map[string][]uint64  // the states, once asked for
	stale   map[string][]float64 // for a fault: what it said first

	// For faults: the number of questions answered, whether it trains, the step asked for,
	// and the step of the save that the run goes on from.
	calls    uint64
	training bool
	to       int
	loaded   int
}

// run is the state on which later steps depend.
type run struct {
	Step int
	Rows map[string]*row
	LogZ row // one value
}

func (t *tabular) has(fault string) bool { return slices.Contains(t.faults, fault) }

func (t *tabular) answer(f *trainer.Frame) (fields any, arrays []trainer.Array, err error) {
	t.misbehave(f.Message)
	switch f.Message {
	case trainer.MessageHello:
		h := trainer.Hello{Protocol: trainer.Version, Name: "tabular", Version: "1",
			Environments: []string{"hypergrid", "sets", "sequences", "bitseq", "ising", "banana"}, Objectives: []string{"tb", "db"},
			Parameters: []string{"batch", "backward", "policy.output_init", "optimizer.lr", "optimizer.log_z_lr", "optimizer.schedule", "optimizer.power"},
			Offers:     []string{trainer.MessageSample, trainer.MessageSave, trainer.MessageLoad, trainer.MessageLoss, trainer.MessageUpdate, trainer.MessageFit}}
		if t.has("cannot save") {
			h.Offers = h.Offers[:1]
		} else if t.has("cannot sample") {
			h.Offers = h.Offers[1:]
		}
		return h, nil, nil
	case trainer.MessageStart:
		return nil, nil, t.begin(f)
	case trainer.MessageTrain:
		return t.train(f)
	case trainer.MessagePolicy:
		return t.policy(f)
	case trainer.MessageDensity:
		return t.densities(f)
	case trainer.MessageSample:
		return t.sample(f)
	case trainer.MessageSave:
		state, err := json.Marshal(t.saved())
		return nil, []trainer.Array{trainer.Bytes("state", state, len(state))}, err
	case trainer.MessageLoad:
		state, err := f.Bytes("state", -1)
		if err == nil {
			err = json.Unmarshal(state, &t.run)
			t.loaded = t.run.Step
		}
		return nil, nil, err
	case trainer.MessageLoss:
		return t.loss(f)
	case trainer.MessageUpdate:
		return t.update(f)
	case trainer.MessageFit:
		return t.fit(f)
	}
	return nil, nil, fmt.Errorf("there is no message %q here", f.Message)
}

// begin starts a run.
func (t *tabular) begin(f *trainer.Frame) error {
	t.start = trainer.Start{}
	if err := f.Decode(&t.start); err != nil {
		return err
	}
	k := kinds.Lookup(t.start.Environment.Kind)
	if k == nil {
		return fmt.Errorf("there is no environment %q", t.start.Environment.Kind)
	}
	given := param.Values{}
	for name, text := range t.start.Environment.Params {
		if t.has("rewards of default parameters") && strings.HasPrefix(name, "r") {
			continue
		}
		given[name] = valueOf(param.Find(k.Params, name), text)
	}
	e, err := k.Make(given)
	if err != nil {
		return err
	}
	var schedule string
	err = errors.Join(t.setting("batch", &t.batch), t.setting("optimizer.lr", &t.lr[0]), t.setting("optimizer.log_z_lr", &t.lr[1]),
		t.setting("optimizer.schedule", &schedule), t.setting("steps", &t.sched.Steps))
	t.sched.Kind, t.sched.Power = schedule, 1
	if _, ok := t.start.Settings["optimizer.power"]; ok {
		err = errors.Join(err, t.setting("optimizer.power", &t.sched.Power))
	}
	if _, ok := t.start.Settings["backward"]; ok {
		var backward string
		err = errors.Join(err, t.setting("backward", &backward))
		t.learned = backward == "learned"
	}
	t.root = stream.NewKey(fmt.Sprint(t.start.Seed), t.variant())
	if t.has("a shared seed") {
		t.root = stream.NewKey("0")
	}
	t.known = nil
	t.loaded, t.torch = 0, string(t.start.Settings["policy.output_init"]) == `"torch"`
	t.stale = map[string][]float64{}
	t.run = t.first()
	t.density, _ = e.(env.Continuous)
	if t.env, _ = e.(env.Discrete); t.env == nil {
		gauss := newRow(numGauss)
		t.run.Rows[gaussKey] = &gauss
	}
	return err
}

// variant returns what makes one correct trainer's random numbers differ from another's,
// such as "seed 3"; usually "".
func (t *tabular) variant() string {
	for _, name := range t.faults {
		if strings.HasPrefix(name, "seed ") {
			return name
		}
	}
	return ""
}

// setting reads a setting of the cell.
func (t *tabular) setting(name string, to any) error {
	text, ok := t.start.Settings[name]
	if !ok {
		return fmt.Errorf("the cell has no setting %s", name)
	}
	return json.Unmarshal(text, to)
}

// valueOf parses a value of a declared parameter.
func valueOf(p *param.Param, text []byte) param.Value {
	read := func(to any) { _ = json.Unmarshal(text, to) } // the harness checked it
	switch p.Type {
	case param.Int:
		var x int
		read(&x)
		return param.Of(x)
	case param.Float:
		var x float64
		read(&x)
		return param.Of(x)
	case param.Floats:
		var x []float64
		read(&x)
		return param.Of(x)
	case param.Strings:
		var x []string
		read(&x)
		return param.Of(x)
	}
	var x string
	read(&x)
	return param.Of(x)
}

func newRow(n int) row {
	return row{make([]float64, n), make([]float64, n), make([]float64, n)}
}
