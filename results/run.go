package results

import (
	"errors"
	"fmt"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"math"
	"strings"
	"time"
)

// A Status says how a run ended.
type Status string

// The statuses. Done, Diverged and Pruned are results: such a run is never
// repeated and the first one of a cell stands. The others are attempts, which
// a result, or a later attempt, replaces.
const (
	Done        Status = "done"        // trained to its last step
	Diverged    Status = "diverged"    // loss, gradient norm or derivative by log Z not finite
	Pruned      Status = "pruned"      // stopped early by the sweep's pruning rule
	Failed      Status = "failed"      // an error or a panic
	Timeout     Status = "timeout"     // ran longer than allowed
	Lost        Status = "lost"        // its process died
	Interrupted Status = "interrupted" // stopped by a signal
)

// Statuses lists every status.
func Statuses() []Status {
	return []Status{Done, Diverged, Pruned, Failed, Timeout, Lost, Interrupted}
}

// Complete reports whether the status is that of a result.
func (s Status) Complete() bool { return s == Done || s == Diverged || s == Pruned }

func (s Status) valid() bool {
	for _, t := range Statuses() {
		if s == t {
			return true
		}
	}
	return false
}

// A Run is one finished cell, or an attempt at one.
type Run struct {
	Cell
	Status  Status  // how it ended
	Step    int64   // gradient steps taken; where a run diverged, the step at which
	Curve   []Point // evaluations in ascending order of step
	Message string  // why the run is not done; "" otherwise

	Timing   Timing        // what is not reproducible about it
	Variance []VarianceRow // measured spread of gradients, where asked for
}

// A Point is one evaluation: the metrics at one step.
type Point struct {
	Step int64 // gradient steps taken before it
	Values
}

// Final is the metrics of the last evaluation.
func (r *Run) Final() Values {
	if len(r.Curve) == 0 {
		return Values{}
	}
	return r.Curve[len(r.Curve)-1].Values
}

// Timing is what is not reproducible about a run. It is kept apart, in
// timing.parquet, and never enters a digest. Strings may be empty.
type Timing struct {
	Host       string    // "" where it is to stay anonymous
	Attempt    int64     // 1 for the first
	Start, End time.Time // kept to the microsecond
	Wall       float64   // seconds spent, over all attempts
	Rate       float64   // trajectories per second
	CPU        string    // model
	SIMD       string    // instruction set the kernels took
	Go         string    // toolchain version
	Revision   string    // code revision, "-dirty" appended where altered
	Stack      string    // of a panic
}

// A VarianceRow is the measured spread of one objective's batch gradient at
// fixed parameters (da Silva et al. 2024, Figure 2): those the run had after
// Step gradient steps, under its own objective. gfn.VarianceRow says on which
// scale.
type VarianceRow struct {
	Step             int64    // gradient steps taken before it
	Objective        string   // what was measured
	Alpha, A, Lambda *float64 // nil where the objective has none
	ControlVariate   *string  // nil where the objective takes none
	Batch            int64    // trajectories per batch
	Replicates       int64    // independent batches
	TraceCov         float64  // Tr Cov of the batch gradient
	TraceCovStdErr   float64  // its standard error; NaN where exact
	GradNormSq       float64  // ‖mean gradient‖²
	Cosine           float64  // mean cosine to the reference gradient
	CosineStdErr     float64  // its standard error; NaN where exact
	ReferenceBatch   int64    // trajectories of the reference gradient; 0 where that is exact
	Exact            bool     // by enumeration: no sampling error
}

// Get is the value of a column of the measured objective; ok is false for others.
func (v *VarianceRow) Get(column string) (value param.Value, ok bool) {
	switch column {
	case "objective", "alpha", "a", "lambda", "control_variate":
		measured := Cell{Objective: v.Objective, Alpha: v.Alpha, A: v.A, Lambda: v.Lambda, ControlVariate: v.ControlVariate}
		return measured.Get(column), true
	}
	return param.Value{}, false
}

// An Instance is what was drawn for one environment instance.
type Instance struct {
	ID          string  // key: the name, or a hash where parameters vary it
	Environment string  // name in the suite
	Fields      []Field // what was drawn or given
}

// A Field is one drawn quantity: numbers or texts, not both.
type Field struct {
	Name    string    // such as "f"
	Numbers []float64 // row-major where it is a matrix
	Texts   []string  // such as a tree in Newick form
}

// Scalar is a field of one number.
func Scalar(name string, x float64) Field { return Field{Name: name, Numbers: []float64{x}} }

// check reports what of the run cannot be written.
func (r *Run) check() error {
	if err := r.Cell.check(); err != nil {
		return err
	}
	var errs []error
	if !r.Status.valid() {
		errs = append(errs, fmt.Errorf("unknown status %q", r.Status))
	}
	errs = append(errs, checkInt("step", r.Step), checkInt("attempt", r.Timing.Attempt))
	for i := range r.Curve {
		p := &r.Curve[i]
		if p.Step < 0 || i > 0 && p.Step <= r.Curve[i-1].Step {
			errs = append(errs, fmt.Errorf("evaluation %d: step %d does not ascend", i, p.Step))
		}
		errs = append(errs, checkInt("step", p.Step))
		for m := range metric.NumEvaluated {
			if x, ok := p.Get(m); ok && m.Info().Integer && (x != math.Trunc(x) || math.Abs(x) >= maxInt) {
				errs = append(errs, fmt.Errorf("step %d: %v = %v is not an integer below 2^53", p.Step, m, x))
			}
		}
	}
	for i := range r.Variance {
		v := &r.Variance[i]
		errs = append(errs, checkInt("batch", v.Batch), checkInt("replicates", v.Replicates), checkInt("step", v.Step))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("cell %s: %w", r.ID, err)
	}
	return nil
}

// maxMessage is how many bytes of a message or a stack are kept: a file holds
// those of a whole row group.
const maxMessage = 15 << 10

// normalize makes the run as it will be read back: times in UTC and to the
// microsecond, texts valid UTF-8 and of bounded length.
func (r *Run) normalize() {
	t := &r.Timing
	for _, x := range []*time.Time{&t.Start, &t.End} {
		if !x.IsZero() {
			*x = x.UTC().Truncate(time.Microsecond)
		}
	}
	for _, s := range []*string{&r.Message, &t.Host, &t.CPU, &t.SIMD, &t.Go, &t.Revision, &t.Stack} {
		if len(*s) > maxMessage {
			*s = (*s)[:maxMessage] + "…"
		}
		*s = strings.ToValidUTF8(*s, "\uFFFD")
	}
}
