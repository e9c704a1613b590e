package gfn

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gfnbench/gfn/env"
	"gfnbench/gfn/internal/vec"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/network"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/policy"
	"gfnbench/gfn/stream"
)

// Revision is bumped by hand when the trainer starts to give other numbers for the same
// Spec. It is part of every cell's identity.
const Revision = 1

// A Trainer is one run in progress. Create it with New and call Step until Done. Only one
// goroutine may use it; many trainers may share an Instance.
type Trainer struct {
	spec     Spec
	instance *Instance
	kind     *objective.Kind

	policy    policy.Policy
	objective objective.Objective
	schedule  network.Schedule
	scheduleZ network.Schedule // of log Z
	adam      *network.Adam
	config    network.AdamConfig
	logZ      network.Scalar // the learned log Z, or the scalar of every log flow
	shift     float64        // the run's constant shift of log w

	step     int // gradient steps taken
	watch    func(row Row, evaluated bool)
	done     bool
	diverged bool

	rng      stream.Stream
	batch    *objective.Batch
	coef     objective.Coefficients
	gradNorm float64
	first    []float32 // the first of a Mixer's two gradients
	second   objective.Coefficients
	seen     *seen
	eval     evaluation
	measured [metric.NumEvaluated]bool // what the last evaluation gave in addition to the training batch
}

// New returns a trainer at step 0. It enumerates the states, or draws the samples, that
// evaluation needs, unless another run has done so in the same Instance. It ignores
// spec.Environment and spec.Params, because in has them.
//
// New returns an error if the objective, its parameters, the schedule, the activation,
// the hidden layers of a GIN or the number of steps are invalid; if the environment lacks
// what the spec asks for (the kind of policy, or what "exact" needs, for log Z or for
// evaluation); or if the objective is not defined on so small a batch, with exploration,
// with a learned backward policy or, for an objective with state flows, on a continuous
// environment.
func New(spec Spec, in *Instance) (*Trainer, error) {
	t := &Trainer{spec: spec, instance: in, kind: objective.Lookup(spec.Objective.Name)}
	if err := t.check(); err != nil {
		return nil, err
	}
	var err error
	if t.objective, err = t.kind.Make(spec.Objective); err != nil {
		return nil, err
	}
	if t.policy, err = newPolicy(spec, in.Env, t.kind); err != nil {
		return nil, err
	}
	t.schedule = network.Schedule{Kind: spec.Optimizer.Schedule, Power: spec.Optimizer.Power, Steps: spec.Steps}
	t.scheduleZ = t.schedule
	if z := spec.Optimizer.LogZSchedule; z != "" && z != "same" {
		t.scheduleZ.Kind = z
	}
	for _, s := range []network.Schedule{t.schedule, t.scheduleZ} {
		if err := s.Check(); err != nil {
			return nil, err
		}
	}
	t.config = network.AdamConfig{Beta1: spec.Optimizer.Beta1, Beta2: spec.Optimizer.Beta2, Epsilon: spec.Optimizer.Epsilon}
	t.adam = network.NewAdam(len(t.policy.Params().Data), t.config)
	if d, ok := in.Env.(env.Discrete); ok {
		logTau, err := in.LogTau(spec.Modes, spec.Eval.MaxStates)
		if err != nil {
			return nil, err
		}
		t.seen = newSeen(spec.TopK, d.Words(), logTau)
	}
	return t, t.startEvaluation()
}

// check returns an error if the spec cannot be trained.
func (t *Trainer) check() error {
	s := &t.spec
	switch {
	case t.kind == nil:
		return fmt.Errorf("unknown objective %q", s.Objective.Name)
	case s.Batch < t.kind.MinBatch(s.Objective.ControlVariate):
		return fmt.Errorf("%s with control variate %q needs a batch of at least %d, not %d",
			s.Objective.Name, s.Objective.ControlVariate, t.kind.MinBatch(s.Objective.ControlVariate), s.Batch)
	case s.Steps < 1 || s.EvalEvery < 1:
		return fmt.Errorf("steps and eval_every must be at least 1, not %d and %d", s.Steps, s.EvalEvery)
	case s.Optimizer.LogZInit == "exact" && !t.instance.Env.Capabilities().LogZ.OK:
		return fmt.Errorf("log_z_init is exact, but %s", t.instance.Env.Capabilities().LogZ.Why)
	}
	for _, c := range []struct{ what, value, choices string }{
		{"backward", s.Backward, "uniform learned"},
		{"policy.output_init", s.Policy.OutputInit, "zero torch"},
		{"policy.input", s.Policy.Input, "one-hot ids embedding"},
		{"optimizer.log_z_init", s.Optimizer.LogZInit, "zero shift batch exact value"},
		{"eval.mode", s.Eval.Mode, "auto exact sampled"},
		{"eval.from", s.Eval.From, "target both"},
	} {
		if choices := strings.Fields(c.choices); c.value != "" && !slices.Contains(choices, c.value) {
			return fmt.Errorf("%s is %q: expected one of %s", c.what, c.value, strings.Join(choices, ", "))
		}
	}
	return nil
}

// SetThreads makes the run's steps and evaluations use n threads; a new Trainer uses 1.
// The numbers do not change. More threads pay off if networks or batches are large and
// processors would otherwise be idle.
func (t *Trainer) SetThreads(n int) { t.policy.Params().SetThreads(n) }

// Done reports whether the run has ended, at its last step or by diverging.
func (t *Trainer) Done() bool { return t.done }

// Diverged reports whether the run ended because the loss, the norm of the gradient, or
// the derivative with respect to log Z was not finite.
func (t *Trainer) Diverged() bool { return t.diverged }

// StepsTaken returns the number of gradient steps taken.
func (t *Trainer) StepsTaken() int { return t.step }

// Step samples one batch and evaluates if an evaluation is due. Then it takes one
// gradient step or, after the last evaluation, ends the run. The row is valid if
// evaluated is true. Its loss and gradient norm belong to the batch just sampled, so all
// values of a row are at the same parameters.
//
// Errors come from evaluations: a defect of the environment, or an objective in
// Spec.Variance that is unknown or needs state flows. Divergence is not an error. After
// an error, or once Done returns true, Step must not be called again.
func (t *Trainer) Step() (row Row, evaluated bool, err error) {
	t.rng.Reset(t.spec.Streams, "sampling", uint64(t.step))
	t.batch = t.policy.Sample(&t.rng, t.spec.Batch)
	if t.step == 0 {
		t.begin()
	}
	t.differentiate()
	t.diverged = !finite(t.coef.Loss) || !finite(t.gradNorm) || !finite(t.coef.LogZ)
	last := t.step == t.spec.Steps || t.diverged
	if evaluated = last || t.due(); evaluated {
		if row, err = t.evaluate(last); err != nil {
			return row, false, err
		}
	}
	t.remember()
	if t.varianceDue() && !t.diverged {
		if row.Variance, err = t.measureVariance(); err != nil { // measuring variance ends the batch
			return row, false, err
		}
	}
	if t.watch != nil {
		t.watch(row, evaluated)
	}
	if t.done = last; !last {
		t.update()
		t.step++
	}
	return row, evaluated, nil
}

// remember notes the terminal states that the batch reached.
func (t *Trainer) remember() {
	if d, ok := t.policy.(*policy.Discrete); ok {
		for n, logR := range t.batch.LogR {
			t.seen.add(d.Terminal(n), logR)
		}
	}
}

// due reports whether the step asks for an evaluation.
func (t *Trainer) due() bool { return t.step%t.spec.EvalEvery == 0 || t.varianceDue() }

// begin sets what depends on the first batch: the shift and the learned log Z.
func (t *Trainer) begin() {
	b := t.batch
	logW, maxR, sum := make([]float64, len(b.LogPF)), math.Inf(-1), 0.0
	for n := range logW {
		logW[n] = b.LogR[n] + b.LogPB[n] - b.LogPF[n]
		sum += logW[n]
		maxR = max(maxR, b.LogR[n])
	}
	t.shift = t.kind.Shift(t.spec.Objective, logW)
	start := 0.0
	switch t.spec.Optimizer.LogZInit {
	case "shift":
		start = maxR
	case "batch":
		start = sum / float64(len(logW))
	case "exact":
		start = t.instance.Env.LogZ()
	}
	t.logZ = network.NewScalar(start + t.spec.Optimizer.LogZValue)
}

// differentiate computes the loss and the gradient of the current batch.
func (t *Trainer) differentiate() {
	b, p := t.batch, t.policy.Params()
	b.Shift, b.LogZ = t.shift, t.logZ.Value
	for i := range b.LogF {
		b.LogF[i] += t.logZ.Value
	}
	t.gradient(t.kind, t.objective, b, &t.coef)
	t.gradNorm = math.Sqrt(vec.SumSquares(p.Grad))
}

// gradient sets Params().Grad to the objective's gradient on the policy's last
// batch.
func (t *Trainer) gradient(k *objective.Kind, o objective.Objective, b *objective.Batch, c *objective.Coefficients) {
	c.Fit(k, o, b, t.spec.Backward == "learned")
	o.Coefficients(b, c)
	p := t.policy.Params()
	p.ZeroGrad()
	t.policy.Gradient(c)
	mixer, ok := o.(objective.Mixer)
	if !ok || len(c.Second) == 0 {
		return
	}
	t.first = append(t.first[:0], p.Grad...)
	p.ZeroGrad()
	t.second.LogPF = c.Second
	t.policy.Gradient(&t.second)
	wS, wG := mixer.Mix(vec.SumSquares(t.first), vec.Dot(t.first, p.Grad))
	vec.Scale(p.Grad, float32(wG))
	vec.Axpy(p.Grad, float32(wS), t.first)
}

// update takes one gradient step.
func (t *Trainer) update() {
	p := t.policy.Params()
	if c := t.spec.ClipNorm; c > 0 && t.gradNorm > c {
		vec.Scale(p.Grad, float32(c/t.gradNorm))
	}
	t.adam.Step(p, float64(t.schedule.Factor(t.step)*t.spec.Optimizer.LR))
	if t.kind.LearnsLogZ {
		t.logZ.Step(t.coef.LogZ, float64(t.scheduleZ.Factor(t.step)*t.spec.Optimizer.LogZLR), t.config)
	}
}

func finite(x float64) bool { return x-x == 0 }
