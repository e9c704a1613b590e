//go:build unix

package trainertest

import (
	"math"
	"math/bits"

	"gfnbench/gfn/env"
	"gfnbench/gfn/stream"
	"gfnbench/trainer"
)

// Bugs lists the bugs that the trainer can be given and that checks of its answers can
// find.
var Bugs = []string{
	"a wrong mask", "a mask that forbids the exit", "a wrong backward mask", "sum", "nan", "probabilities in place of logarithms",
	"byte order", "shape", "dropout", "answers in another order", "stale log-probabilities", "an ε left in log p_F", "a temperature",
	"an ε in samples alone", "one trajectory again and again", "samples of one seed", "samples without a seed", "log p_F of another action",
	"swapped P_B", "a P_B over all actions", "an exit action counted twice", "a band off by one", "a reward in place of its logarithm", "a log r of the wrong sign",
	"a loss without log Z", "a loss that is summed", "a mean over transitions", "a step uphill", "a step that is not taken", "log Z is not trained",
	"a shared seed", "a run that depends on how often it is asked", "a run that depends on questions", "a save without the moments",
	"a density that is not normalised",
	"actions exchanged", "logarithms of base 2", "half precision", "an averaged network", "a reward exponent", "a reward exponent in training alone",
	"rewards of default parameters", "exploration in training", "a step too many", "a log Z of the step before", "log Z that begins at 1",
	"a schedule one step ahead", "a schedule that is not applied", "one learning rate for all", "swapped learning rates", "no bias correction", "gradient descent", "a flow without its scalar",
	"a clipped gradient", "a policy uphill", "a target that is not differentiated",
	"a save without the schedule's step", "a schedule that ends at the step asked for", "a start that keeps the moments",
	"an output layer that does not start at zero", "an output_init that is not obeyed", "initial weights of one seed",
}

// spoil applies the bugs in log-probabilities of a state.
func (t *tabular) spoil(key string, log []float64) []float64 {
	legal := 0
	for _, x := range log {
		if !math.IsInf(x, -1) {
			legal++
		}
	}
	switch {
	case t.has("a wrong mask"):
		return allowed(t.at(key).Value[:len(log)], log, 0, true)
	case t.has("a mask that forbids the exit") && legal > 1:
		return allowed(t.at(key).Value[:len(log)], log, len(log)-1, false)
	case t.has("stale log-probabilities"):
		if old, ok := t.stale[key]; ok {
			return old
		}
		t.stale[key] = log
	case t.has("nan"):
		log[0] = math.NaN()
	case t.has("sum"):
		for a := range log {
			log[a] += 0.01
		}
	case t.has("probabilities in place of logarithms"):
		for a, x := range log {
			log[a] = math.Exp(x)
		}
	case t.has("an ε left in log p_F"):
		for a, x := range log {
			if !math.IsInf(x, -1) {
				log[a] = math.Log(0.9*math.Exp(x) + 0.1/float64(legal))
			}
		}
	case t.has("actions exchanged") && !math.IsInf(log[0]+log[1], -1):
		log[0], log[1] = log[1], log[0]
	case t.has("logarithms of base 2"):
		for a := range log {
			log[a] /= math.Ln2
		}
	case t.has("half precision"):
		for a, x := range log {
			log[a] = half(x)
		}
	case t.has("an averaged network"):
		return t.averaged(key, log)
	case t.has("dropout"):
		for a := range log {
			log[a] *= 1 + 0.1*float64(t.calls%3)
		}
		normalise(log)
	case t.has("a temperature"):
		for a := range log {
			log[a] *= 0.8
		}
		normalise(log)
	}
	return log
}

// half rounds to a significand of 11 bits.
func half(x float64) float64 {
	f, e := math.Frexp(x)
	return math.Ldexp(math.RoundToEven(f*(1<<11))/(1<<11), e)
}

// averaged returns the policy of a state with a moving average of what it has learned,
// which moves once in each question.
func (t *tabular) averaged(key string, log []float64) []float64 {
	old, ok := t.stale[key]
	if !ok {
		old = make([]float64, len(log))
		t.stale[key] = old
	}
	out := make([]float64, len(log))
	for a, x := range log {
		old[a] += 0.5 * (t.at(key).Value[a] - old[a])
		if out[a] = old[a]; math.IsInf(x, -1) {
			out[a] = x
		}
	}
	normalise(out)
	return out
}

// allowed returns the policy of logits with the mask of log, in which action is set to
// ok.
func allowed(logits, log []float64, action int, ok bool) []float64 {
	mask := make([]uint64, env.MaskWords(len(log)))
	for a, x := range log {
		if a == action && ok || a != action && !math.IsInf(x, -1) {
			mask[a>>6] |= 1 << (a & 63)
		}
	}
	return masked(logits, mask)
}

// spoilBack applies the bugs in log-probabilities of the backward policy.
func (t *tabular) spoilBack(s []uint64, log []float64) []float64 {
	if t.has("a wrong backward mask") {
		return allowed(t.row(t.backKey(s), len(log)).Value, log, 0, true)
	}
	return log
}

func normalise(log []float64) {
	sum := 0.0
	for _, x := range log {
		sum += math.Exp(x)
	}
	for a := range log {
		log[a] -= math.Log(sum)
	}
}

// spoilRows makes an array of rows and applies the bugs in it.
func (t *tabular) spoilRows(all []float64, n, columns int) trainer.Array {
	switch {
	case t.has("shape"):
		return trainer.Floats("log_p", all, columns, n)
	case t.has("byte order"):
		for i, x := range all {
			all[i] = math.Float64frombits(bits.ReverseBytes64(math.Float64bits(x)))
		}
	case t.has("answers in another order"):
		for i := range n / 2 {
			a, b := all[i*columns:(i+1)*columns], all[(n-1-i)*columns:(n-i)*columns]
			for j := range a {
				a[j], b[j] = b[j], a[j]
			}
		}
	}
	return trainer.Floats("log_p", all, n, columns)
}

// parents returns the number of parents of a state; before is the number for the state
// before it.
func (t *tabular) parents(s []uint64, before int) int {
	switch {
	case t.has("swapped P_B"):
		return max(1, before)
	case t.has("a P_B over all actions"):
		return t.env.BackwardActions()
	}
	return t.env.Parents(s)
}

// logReward returns log r of a terminal state.
func (t *tabular) logReward(s []uint64) float64 {
	r := t.env.LogReward(s)
	switch {
	case t.has("a reward exponent") || t.has("a reward exponent in training alone") && t.training:
		return 2 * r
	case t.has("a log r of the wrong sign"):
		return -r
	case t.has("a band off by one") && t.start.Environment.Kind == "hypergrid":
		// The outer band with its edge: |x/(height-1) - 1/2| >= 1/4.
		outer, height := true, t.env.Features()/(t.env.Actions()-1)
		for i, j := range t.env.AppendFeatures(nil, s) {
			x := float64(int(j)-i*height) / float64(height-1)
			outer = outer && math.Abs(x-0.5) >= 0.25
		}
		if outer && r == math.Log(1e-3) {
			return math.Log(1e-3 + 0.5)
		}
	}
	return r
}

// index returns the number that selects the random numbers of the next steps.
func (t *tabular) index(to int) uint64 {
	switch {
	case t.has("a run that depends on how often it is asked"):
		return uint64(to)
	case t.has("a run that depends on questions"):
		return uint64(t.run.Step) + t.calls<<20
	}
	return uint64(t.run.Step)
}

// sampleSeed returns the seed to use for samples.
func (t *tabular) sampleSeed(seed int64) uint64 {
	switch {
	case t.has("samples of one seed"):
		return 0
	case t.has("samples without a seed"):
		t.calls++
		return t.calls
	}
	return uint64(seed)
}

// samplesWith returns the ε of exploration in samples.
func (t *tabular) samplesWith() float64 {
	if t.has("an ε in samples alone") {
		return 0.1
	}
	return 0
}

// first returns the run at step 0.
func (t *tabular) first() run {
	r := run{Rows: map[string]*row{}, LogZ: newRow(1)}
	if t.has("log Z that begins at 1") {
		r.LogZ.Value[0] = 1
	}
	if t.has("a start that keeps the moments") && t.run.Rows != nil {
		copy(r.LogZ.V, t.run.LogZ.V)
	}
	return r
}

// random reports whether the table starts at random values.
func (t *tabular) random() bool {
	return (t.torch || t.has("an output layer that does not start at zero")) && !t.has("an output_init that is not obeyed")
}

// initial returns the key of the random numbers of the table at the start.
func (t *tabular) initial() stream.Key {
	if t.has("initial weights of one seed") {
		return stream.NewKey("0")
	}
	return t.root
}

// trainsWith returns the ε of exploration in training.
func (t *tabular) trainsWith() float64 {
	if t.has("exploration in training") {
		return 0.1
	}
	return 0
}

// extra returns the number of steps taken beyond those asked for.
func (t *tabular) extra() int {
	if t.has("a step too many") {
		return 1
	}
	return 0
}

// factor returns the schedule's factor at the step.
func (t *tabular) factor() float64 {
	step, s := t.run.Step, t.sched
	switch {
	case t.has("a step uphill"):
		return -1
	case t.has("a schedule one step ahead"):
		step++
	case t.has("a schedule that is not applied"):
		return 1
	case t.has("a save without the schedule's step"):
		step -= t.loaded
	case t.has("a schedule that ends at the step asked for") && t.training:
		s.Steps = t.to
	}
	return s.Factor(min(step, s.Steps-1))
}

// distort applies the bugs in a gradient.
func (t *tabular) distort(g *gradient) {
	factor := 1.0
	switch {
	case t.has("a policy uphill"):
		factor = -1
	case t.has("a clipped gradient"):
		sum := g.logZ * g.logZ
		for _, row := range g.rows {
			for _, x := range row {
				sum += x * x
			}
		}
		factor = min(1, 1/math.Sqrt(sum))
		g.logZ *= factor
	default:
		return
	}
	for _, row := range g.rows {
		for i := range row {
			row[i] *= factor
		}
	}
}

// rates returns the learning rates of the table and of log Z.
func (t *tabular) rates() (table, logZ float64) {
	switch {
	case t.has("one learning rate for all"):
		return t.lr[1], t.lr[1]
	case t.has("swapped learning rates"):
		return t.lr[1], t.lr[0]
	}
	return t.lr[0], t.lr[1]
}

// saved returns the run as a save holds it.
func (t *tabular) saved() run {
	if !t.has("a save without the moments") {
		return t.run
	}
	r := run{t.run.Step, map[string]*row{}, newRow(1)}
	r.LogZ.Value[0] = t.run.LogZ.Value[0]
	for key, old := range t.run.Rows {
		new := newRow(len(old.Value))
		copy(new.Value, old.Value)
		r.Rows[key] = &new
	}
	return r
}
