//go:build unix

package trainertest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/network"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
	"gfnbench/trainer"
)

// Variable names the environment variable that makes a test's program a trainer:
// its value lists the faults, separated by commas, or is "none".
const Variable = "GFNBENCH_TEST_TRAINER"

// Main runs the trainer, and ends the program, where the variable is set. TestMain
// calls it first.
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

// Command returns the command of the test's own program with faults, separated by
// commas.
func Command(faults string) []string {
	self, err := os.Executable()
	if err != nil {
		panic(err) // the test itself runs
	}
	return []string{"env", Variable + "=" + faults, self}
}

// A row is what is learned of a state: a logit for each action and, last, log F,
// with Adam's moments of each.
type row struct{ Value, M, V []float64 }

// tabular trains a table with trajectory or detailed balance.
type tabular struct {
	faults []string
	env    env.Discrete
	start  trainer.Start
	batch  int
	lr     [2]float64 // of the table and of log Z
	sched  network.Schedule
	root   stream.Key
	run    run
	known  map[string][]uint64  // the states that are not terminal, once they were asked for
	stale  map[string][]float64 // of a fault: what it said first
}

// run is what later steps depend on.
type run struct {
	Step int
	Rows map[string]*row
	LogZ row // of one value
}

func (t *tabular) has(fault string) bool { return slices.Contains(t.faults, fault) }

func (t *tabular) answer(f *trainer.Frame) (fields any, arrays []trainer.Array, err error) {
	t.misbehave(f.Message)
	switch f.Message {
	case trainer.MessageHello:
		h := trainer.Hello{Protocol: trainer.Version, Name: "tabular", Version: "1",
			Environments: []string{"hypergrid", "sets", "sequences", "bitseq", "ising"}, Objectives: []string{"tb", "db"},
			Parameters: []string{"batch", "optimizer.lr", "optimizer.log_z_lr", "optimizer.schedule", "optimizer.power"},
			Offers:     []string{trainer.MessageSample, trainer.MessageSave, trainer.MessageLoad, trainer.MessageLoss, trainer.MessageUpdate, trainer.MessageFit}}
		if t.has("cannot save") {
			h.Offers = h.Offers[:1]
		}
		return h, nil, nil
	case trainer.MessageStart:
		return nil, nil, t.begin(f)
	case trainer.MessageTrain:
		return t.train(f)
	case trainer.MessagePolicy:
		return t.policy(f)
	case trainer.MessageSample:
		return t.sample(f)
	case trainer.MessageSave:
		state, err := json.Marshal(t.run)
		return nil, []trainer.Array{trainer.Bytes("state", state, len(state))}, err
	case trainer.MessageLoad:
		state, err := f.Bytes("state", -1)
		if err == nil {
			err = json.Unmarshal(state, &t.run)
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

// begin begins the run.
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
		given[name] = valueOf(param.Find(k.Params, name), text)
	}
	if h := given["height"]; t.has("a band off by one") && !h.IsNull() {
		given["r1"], given["r2"] = given["r2"], given["r1"]
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
	t.env = e.(env.Discrete)
	t.root = stream.NewKey(fmt.Sprint(t.start.Seed))
	if t.has("a shared seed") {
		t.root = stream.NewKey("0")
	}
	t.known = nil
	t.run, t.stale = run{Rows: map[string]*row{}, LogZ: newRow(1)}, nil
	return err
}

// setting reads a setting of the cell.
func (t *tabular) setting(name string, to any) error {
	text, ok := t.start.Settings[name]
	if !ok {
		return fmt.Errorf("the cell has no setting %s", name)
	}
	return json.Unmarshal(text, to)
}

// valueOf reads a value of a declared parameter.
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

// key returns the bytes of a state in messages.
func (t *tabular) key(s []uint64) string {
	b := make([]byte, t.env.Features())
	for _, i := range t.env.AppendFeatures(nil, s) {
		b[i] = 1
	}
	return string(b)
}

// at returns what is learned of a state.
func (t *tabular) at(key string) *row {
	r := t.run.Rows[key]
	if r == nil {
		new := newRow(t.env.Actions() + 1)
		r = &new
		t.run.Rows[key] = r
	}
	return r
}

// logPolicy returns the log-probabilities of the actions in a state.
func (t *tabular) logPolicy(s []uint64) []float64 {
	n := t.env.Actions()
	mask := make([]uint64, env.MaskWords(n))
	t.env.Mask(s, mask)
	if t.has("a wrong mask") {
		mask[0] |= 1
	}
	logits, log := t.at(t.key(s)).Value, make([]float64, n)
	for a := range log {
		log[a] = math.Inf(-1)
		if mask[a>>6]>>(a&63)&1 != 0 {
			log[a] = logits[a]
		}
	}
	sum := fmath.LogSumExp(log)
	for a := range log {
		log[a] -= sum
	}
	return log
}
