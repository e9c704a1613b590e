// Package envtest checks implementations of environments, as testing/fstest checks file
// systems. One call checks every property that package env demands of an environment, and
// so everything that training and exact evaluation rely on.
//
// If there are few enough states, it enumerates them and checks every property at each;
// otherwise it checks along random trajectories. Call it from tests that are not
// parallel, because it counts allocations.
package envtest

import (
	"errors"
	"fmt"
	"math"

	"gfnbench/gfn/env"
	"gfnbench/gfn/stream"
)

// Discrete reports every property that e lacks as an error of t.
func Discrete(t TB, e env.Discrete, opts ...Option) {
	t.Helper()
	report(t, CheckDiscrete(e, opts...))
}

// Continuous reports every property that e lacks as an error of t.
func Continuous(t TB, e env.Continuous, opts ...Option) {
	t.Helper()
	report(t, CheckContinuous(e, opts...))
}

func report(t TB, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

// An Option sizes the checks.
type Option func(*options)

type options struct {
	states  int
	walks   int
	samples int
	cells   int
	mass    float64
	seed    uint64
}

// States sets the largest number of states to enumerate; 20,000 by default.
func States(n int) Option { return func(o *options) { o.states = n } }

// Walks sets the number of random trajectories; 50 by default.
func Walks(n int) Option { return func(o *options) { o.walks = n } }

// Samples sets the number of target samples; 20,000 by default.
func Samples(n int) Option { return func(o *options) { o.samples = n } }

// Cells sets the number of quadrature nodes along each coordinate of a continuous
// environment, a multiple of 8; 800 by default.
func Cells(n int) Option { return func(o *options) { o.cells = n } }

// Outside sets the largest share of a continuous target that may lie outside its box;
// 1e-5 by default.
func Outside(mass float64) Option { return func(o *options) { o.mass = mass } }

// Seed sets the seed of the random numbers; 1 by default.
func Seed(n uint64) Option { return func(o *options) { o.seed = n } }

func newOptions(opts []Option) options {
	o := options{states: 20_000, walks: 50, samples: 20_000, cells: 800, mass: 1e-5, seed: 1}
	for _, opt := range opts {
		opt(&o)
	}
	return o
}

func (o *options) stream(purpose string) *stream.Stream {
	return stream.NewKey("envtest", fmt.Sprint(o.seed)).Stream(purpose, 0)
}

// A check is one named property.
type check[T any] struct {
	name string
	run  func(T) error
}

// runAll runs the checks in order and joins their errors. If the environment panics, the
// running check fails.
func runAll[T any](kind string, checks []check[T], on T) error {
	var errs []error
	for _, c := range checks {
		if err := guard(func() error { return c.run(on) }); err != nil {
			errs = append(errs, fmt.Errorf("%s: %s: %w", kind, c.name, err))
		}
	}
	return errors.Join(errs...)
}

func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return f()
}

// checkCapability requires a reason if a capability is absent, and none if it holds.
func checkCapability(name string, c env.Capability) error {
	if c.OK == (c.Why != "") {
		return fmt.Errorf("capability %s is %v with the reason %q", name, c.OK, c.Why)
	}
	return nil
}

// checkDeclaration checks what all environments, discrete and continuous, declare.
func checkDeclaration(e env.Environment, continuous bool) error {
	if e.Kind() == "" {
		return errors.New("the kind has no name")
	}
	c := e.Capabilities()
	if c.Continuous != continuous {
		return fmt.Errorf("capability Continuous is %v", c.Continuous)
	}
	err := errors.Join(
		checkCapability("Enumerable", c.Enumerable),
		checkCapability("LogZ", c.LogZ),
		checkCapability("TargetSamples", c.TargetSamples),
	)
	if err != nil {
		return err
	}
	if logZ := e.LogZ(); c.LogZ.OK && !finite(logZ) || !c.LogZ.OK && !math.IsNaN(logZ) {
		return fmt.Errorf("log Z is %v although the capability LogZ is %v", logZ, c.LogZ.OK)
	}
	seen := map[string]bool{}
	for _, f := range e.Instance() {
		if f.Name == "" || seen[f.Name] {
			return fmt.Errorf("the instance's field %q has no name of its own", f.Name)
		}
		seen[f.Name] = true
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// near reports whether got is within 1e-12 of want, relative to the larger of |want| and
// 1.
func near(got, want float64) bool {
	return math.Abs(got-want) <= 1e-12*max(1, math.Abs(want))
}
