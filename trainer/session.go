package trainer

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// A Session asks a program one request after another, and checks what can be checked
// without its environment. Errors are those of [Process.Call].
type Session struct {
	Caller
	Hello Hello // what the program said about itself
}

// A Caller carries requests to a program and its replies back: a [Process] or, in tests,
// a trainer in the same process.
type Caller interface {
	// Call sends a request and returns its reply, as [Process.Call] does.
	Call(ctx context.Context, message string, fields any, maxBody int64, arrays ...Array) (*Frame, error)

	// Blame ends the program for a fault in its reply, as [Process.Blame] does.
	Blame(message string, err error) error

	// Close ends the program and returns what it used.
	Close() Usage
}

// Open starts a program and asks what it is. harness is the name and version of the
// asking program.
func Open(ctx context.Context, c Command, harness string) (*Session, error) {
	p, err := Run(c)
	if err != nil {
		return nil, err
	}
	return Greet(ctx, p, harness)
}

// Greet asks a running program what it is, and closes it if that fails.
func Greet(ctx context.Context, p Caller, harness string) (*Session, error) {
	s := &Session{Caller: p}
	f, err := p.Call(ctx, MessageHello, Greeting{Version, harness}, 0)
	if err == nil {
		if err = f.Decode(&s.Hello); err == nil {
			err = s.Hello.check()
		}
		if err != nil {
			err = p.Blame(MessageHello, err)
		}
	}
	if err != nil {
		p.Close()
		return nil, err
	}
	return s, nil
}

func (h *Hello) check() error {
	switch {
	case h.Protocol != Version:
		return fmt.Errorf("it speaks version %d of the protocol: this program speaks %d", h.Protocol, Version)
	case h.Name == "" || h.Version == "":
		return errors.New("it says no name or no version")
	}
	return nil
}

// Offers reports whether the program answers an optional message.
func (s *Session) Offers(message string) bool { return slices.Contains(s.Hello.Offers, message) }

// Start begins a run. It returns an error if the program lacks the environment or the
// objective.
func (s *Session) Start(ctx context.Context, r Start, arrays ...Array) error {
	if h := &s.Hello; !slices.Contains(h.Environments, r.Environment.Kind) {
		return &Error{MessageStart, &Refusal{fmt.Sprintf("it has the environments %q, and not %q", h.Environments, r.Environment.Kind)}, ""}
	} else if !slices.Contains(h.Objectives, r.Objective.Name) {
		return &Error{MessageStart, &Refusal{fmt.Sprintf("it has the objectives %q, and not %q", h.Objectives, r.Objective.Name)}, ""}
	}
	_, err := s.Call(ctx, MessageStart, r, 0, arrays...)
	return err
}

// Train trains up to a step, or until the run diverges.
func (s *Session) Train(ctx context.Context, to int) (t Trained, err error) {
	f, err := s.Call(ctx, MessageTrain, Train{to}, 0)
	if err != nil {
		return t, err
	}
	if err = f.Decode(&t); err == nil && t.Step != to && !(t.Diverged && t.Step >= 0 && t.Step < to) {
		err = fmt.Errorf("it was to train up to step %d, and says that it is at step %d", to, t.Step)
	}
	if err != nil {
		return t, s.Blame(MessageTrain, err)
	}
	return t, nil
}

// Tolerance is how far the sum of the probabilities in a state may be from 1: enough for
// float32, too little for half precision.
const Tolerance = 1e-4

// LogProbabilities returns log P(a|s) of n states, as n rows of actions values. of is
// "forward" or "backward". Each state is a row of features bytes. terminal marks the
// terminal states with 1; it is nil for forward, where none is terminal. A row that does
// not sum to 1 is an error.
func (s *Session) LogProbabilities(ctx context.Context, of string, states, terminal []byte, n, actions int) ([]float64, error) {
	arrays := []Array{Bytes("states", states, n, len(states)/max(n, 1))}
	if terminal != nil {
		arrays = append(arrays, Bytes("terminal", terminal, n))
	}
	f, err := s.Call(ctx, MessagePolicy, Policy{of}, int64(8*n*actions), arrays...)
	if err != nil {
		return nil, err
	}
	x, err := f.Floats("log_p", n, actions)
	for i := 0; err == nil && i < n; i++ {
		if err = checkRow(x[i*actions : (i+1)*actions]); err != nil {
			err = fmt.Errorf("row %d: %w", i, err)
		}
	}
	if err != nil {
		return nil, s.Blame(MessagePolicy, err)
	}
	return x, nil
}

// checkRow returns an error if row does not hold log-probabilities.
func checkRow(row []float64) error {
	sum := 0.0
	for a, x := range row {
		if math.IsNaN(x) || math.IsInf(x, 1) {
			return fmt.Errorf("the log-probability of action %d is %v", a, x)
		}
		sum += math.Exp(x)
	}
	if !(math.Abs(sum-1) <= Tolerance) {
		return fmt.Errorf("the probabilities sum to %.6g, and not to 1", sum)
	}
	return nil
}

// LogDensities returns log p_T of n points with dim coordinates each.
func (s *Session) LogDensities(ctx context.Context, points []float64, n, dim int) ([]float64, error) {
	f, err := s.Call(ctx, MessageDensity, nil, int64(8*n), Floats("points", points, n, dim))
	if err != nil {
		return nil, err
	}
	x, err := f.Floats("log_p", n)
	if err == nil {
		err = finite("log_p", x)
	}
	if err != nil {
		return nil, s.Blame(MessageDensity, err)
	}
	return x, nil
}

func finite(name string, list []float64) error {
	for i, x := range list {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("%s[%d] is %v", name, i, x)
		}
	}
	return nil
}

// Trajectories are trajectories of a discrete environment. Trajectory i has the actions
// Start[i] to Start[i+1], exclusive.
type Trajectories struct {
	Start, Actions []int64 // offsets into Actions, one more than there are trajectories; and the actions
}

func (t *Trajectories) arrays() []Array {
	return []Array{Ints("start", t.Start, len(t.Start)), Ints("actions", t.Actions, len(t.Actions))}
}

// Samples are trajectories of a program's policy with their log p_F and log p_B, each
// summed over the trajectory, and the log-rewards of their ends.
type Samples struct {
	Trajectories
	LogPF, LogPB, LogR []float64 // in nats
}

// Sample draws n trajectories of at most longest actions.
func (s *Session) Sample(ctx context.Context, n int, seed int64, longest int) (*Samples, error) {
	f, err := s.Call(ctx, MessageSample, Sample{n, seed}, int64(8*(n*longest+n+1+3*n)))
	if err != nil {
		return nil, err
	}
	t := &Samples{}
	if err := errors.Join(t.read(f, n)); err != nil {
		return nil, s.Blame(MessageSample, err)
	}
	return t, nil
}

func (t *Samples) read(f *Frame, n int) (err error) {
	if t.Start, err = f.Ints("start", n+1); err != nil {
		return err
	}
	if t.Actions, err = f.Ints("actions", -1); err != nil {
		return err
	}
	if t.Start[0] != 0 || t.Start[n] != int64(len(t.Actions)) || !slices.IsSorted(t.Start) {
		return fmt.Errorf("start does not divide the %d actions: it must ascend from 0 to that number", len(t.Actions))
	}
	for _, a := range []struct {
		name string
		to   *[]float64
	}{{"log_pf", &t.LogPF}, {"log_pb", &t.LogPB}, {"log_r", &t.LogR}} {
		if *a.to, err = f.Floats(a.name, n); err == nil {
			err = finite(a.name, *a.to)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Loss returns the value of the objective on a batch of trajectories, and the program's
// log p_F and log p_B of each. It also returns log F of each state that an action starts
// from, or nil if the program has no flows.
func (s *Session) Loss(ctx context.Context, t *Trajectories) (*Valued, error) {
	n := len(t.Start) - 1
	f, err := s.Call(ctx, MessageLoss, nil, int64(8*(3*n+len(t.Actions))), t.arrays()...)
	if err != nil {
		return nil, err
	}
	v := &Valued{}
	if err := v.read(f, n, len(t.Actions)); err != nil {
		return nil, s.Blame(MessageLoss, err)
	}
	return v, nil
}

// Valued is a batch as the program values it.
type Valued struct {
	Loss
	LogPF, LogPB, LogF []float64 // in nats
}

func (v *Valued) read(f *Frame, n, transitions int) (err error) {
	if err = f.Decode(&v.Loss); err != nil {
		return err
	}
	if v.LogPF, err = f.Floats("log_pf", n); err == nil {
		v.LogPB, err = f.Floats("log_pb", n)
	}
	if err == nil && f.Shape("log_f") != nil {
		v.LogF, err = f.Floats("log_f", transitions)
	}
	return errors.Join(err, finite("log_pf", v.LogPF), finite("log_pb", v.LogPB), finite("log_f", v.LogF))
}

// Update takes one gradient step on a batch.
func (s *Session) Update(ctx context.Context, t *Trajectories) error {
	_, err := s.Call(ctx, MessageUpdate, nil, 0, t.arrays()...)
	return err
}

// Fit sets the program's forward policy to a table of log-probabilities, with rows for
// states, its flows to logF, one for each of these states, and its log Z.
func (s *Session) Fit(ctx context.Context, states []byte, logPF, logF []float64, logZ float64) error {
	n := len(logF)
	_, err := s.Call(ctx, MessageFit, Fit{logZ}, 0,
		Bytes("states", states, n, len(states)/n), Floats("log_p", logPF, n, len(logPF)/n), Floats("log_f", logF, n))
	return err
}

// maxState is the largest size of a saved run in bytes.
const maxState = 1 << 30

// Save returns the run as bytes.
func (s *Session) Save(ctx context.Context) ([]byte, error) {
	f, err := s.Call(ctx, MessageSave, nil, maxState)
	if err != nil {
		return nil, err
	}
	state, err := f.Bytes("state", -1)
	if err != nil {
		return nil, s.Blame(MessageSave, err)
	}
	return state, nil
}

// Load continues a run from what Save returned. The run must have just been started.
func (s *Session) Load(ctx context.Context, state []byte) error {
	_, err := s.Call(ctx, MessageLoad, nil, 0, Bytes("state", state, len(state)))
	return err
}
