package results

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/results/columnar"
)

// A Status tells how a run ended.
type Status string

// Statuses of runs. Done and Diverged are results: such a run is never repeated, and the
// first one of a cell stands. The others are attempts, which a result or a later attempt
// replaces.
const (
	Done        Status = "done"        // trained to its last step
	Diverged    Status = "diverged"    // loss, gradient norm or derivative with respect to log Z not finite
	Pruned      Status = "pruned"      // stopped at a rung of [tune]; it may continue
	Failed      Status = "failed"      // an error or a panic
	Timeout     Status = "timeout"     // ran longer than allowed
	Lost        Status = "lost"        // its process died
	Interrupted Status = "interrupted" // stopped by a signal
)

// Statuses lists every status.
func Statuses() []Status {
	return []Status{Done, Diverged, Pruned, Failed, Timeout, Lost, Interrupted}
}

// Complete reports whether the status is a result.
func (s Status) Complete() bool { return s == Done || s == Diverged }

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
	Step    int64   // gradient steps taken; if the run diverged, the step at which it did
	Curve   []Point // evaluations in ascending order of step
	Message string  // why the run is not done; "" otherwise

	Timing   Timing        // the part that is not reproducible
	Variance []VarianceRow // measured spread of gradients, if asked for
}

// A Point is one evaluation: the metrics at one step.
type Point struct {
	Step int64 // gradient steps taken before it
	Values
}

// Final returns the metrics of the last evaluation.
func (r *Run) Final() Values {
	if len(r.Curve) == 0 {
		return Values{}
	}
	return r.Curve[len(r.Curve)-1].Values
}

// FailedAfter returns the value of Timing.FailedAfter that the next attempt at a tuning
// cell must record, so that no rung is decided again.
func (r *Run) FailedAfter() param.Value {
	if v := r.Timing.FailedAfter; !v.IsNull() || r.Status != Failed && r.Status != Timeout {
		return v
	}
	if n := len(r.Curve); n > 0 {
		return param.Of(r.Curve[n-1].Step)
	}
	return param.Of(-1)
}

// Timing is the part of a run that is not reproducible. It is kept apart, in
// timing.parquet, and never enters a digest. Strings may be empty.
type Timing struct {
	Host       string    // "" if it is to stay anonymous
	Attempt    int64     // 1 for the first
	Start, End time.Time // kept to the microsecond
	Wall       float64   // seconds spent, over all attempts
	Rate       float64   // trajectories per second
	CPU        string    // model
	SIMD       string    // instruction set used by the kernels
	Go         string    // toolchain version
	Revision   string    // code revision, with "-dirty" appended if the code was changed
	Stack      string    // of a panic
	Policy     string    // SHA-256 of the file with the cell's networks; "" if none are kept

	Threads        float64 // threads of a gradient step of the last attempt, on average; 0: one throughout
	TrainerSeconds float64 // processor time of the other program that trained the cell; 0: none
	TrainerBytes   int64   // the most memory that it used; 0: none, or unknown

	// FailedAfter is the step of the last evaluation before an attempt at a tuning cell
	// failed or timed out and was run again, or -1 if there was none. Later rungs rank
	// the cell last, as before. It is null if no attempt failed.
	FailedAfter param.Value
}

// A VarianceRow is the measured spread of one objective's batch gradient at
// fixed parameters (da Silva et al. 2024, Figure 2): the parameters that the
// run had after Step gradient steps under its own objective. gfn.VarianceRow
// describes the scale.
type VarianceRow struct {
	Step           int64       // gradient steps taken before it
	Objective      string      // what was measured
	Params         []Param     // its parameters
	ControlVariate param.Value // a text; null if the objective takes none
	Batch          int64       // trajectories per batch
	Replicates     int64       // independent batches
	TraceCov       float64     // Tr Cov of the batch gradient
	TraceCovStdErr float64     // its standard error; NaN if exact
	GradNormSq     float64     // ‖mean gradient‖²
	Cosine         float64     // mean cosine to the reference gradient
	CosineStdErr   float64     // its standard error; NaN if exact
	ReferenceBatch int64       // trajectories of the reference gradient; 0 if that is exact
	Exact          bool        // the reference is the exact gradient, by enumeration
	BiasSq         float64     // ‖expected - exact gradient‖²; 0 unless Exact
	BiasSqStdErr   float64     // its standard error; 0 unless Exact
	ExactNormSq    float64     // ‖exact gradient‖²; 0 unless Exact
}

// Get returns the value in a column of variance.parquet for a field or a
// parameter of the measured objective; ok is false for other columns.
func (v *VarianceRow) Get(column string) (value param.Value, ok bool) {
	if value, ok = get(varianceColumns, v, column); ok {
		return value, ok
	}
	value = find(v.Params, column)
	return value, !value.IsNull()
}

// check reports anything in the measurement that cannot be written.
func (v *VarianceRow) check() error {
	return errors.Join(checkInt("batch", v.Batch), checkInt("replicates", v.Replicates), checkInt("step", v.Step),
		checkInt("reference batch", v.ReferenceBatch), checkTexts(v.Objective),
		checkSettings(v.ControlVariate, v.Params, varianceNames))
}

// check reports anything in the run that cannot be written.
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
		errs = append(errs, r.Variance[i].check())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("cell %s: %w", r.ID, err)
	}
	return nil
}

// runColumns are a run's fields. In the files its message follows the metrics.
var (
	runColumns = []column[Run]{
		text("status", "done, diverged, pruned, failed, timeout, lost or interrupted", func(r *Run) *string { return (*string)(&r.Status) }).must(),
		integer("step", "gradient steps taken; if the run diverged, the step at which it did", func(r *Run) *int64 { return &r.Step }).must(),
	}
	messageColumn = text("message", "why the run is not done; null if it is done", func(r *Run) *string { return &r.Message })
)

// timingColumns are the fields of timing.parquet beside the cell.
var timingColumns = []column[Timing]{
	text("host", "machine; null if anonymous", func(t *Timing) *string { return &t.Host }),
	integer("attempt", "number of the last attempt, 1 for the first", func(t *Timing) *int64 { return &t.Attempt }),
	instant("start", "start of the last attempt", func(t *Timing) *time.Time { return &t.Start }),
	instant("end", "end of the last attempt", func(t *Timing) *time.Time { return &t.End }),
	number("wall_seconds", "s", "time spent over all attempts, including evaluations and checkpoints", func(t *Timing) *float64 { return &t.Wall }),
	number("trajectories_per_second", "1/s", "trajectories of the last attempt's gradient steps, divided by its wall time, including evaluations and checkpoints",
		func(t *Timing) *float64 { return &t.Rate }),
	text("cpu", "model of the processor", func(t *Timing) *string { return &t.CPU }),
	text("simd", "instruction set used by the kernels", func(t *Timing) *string { return &t.SIMD }),
	text("go", "version of the toolchain", func(t *Timing) *string { return &t.Go }),
	text("revision", "revision of the code", func(t *Timing) *string { return &t.Revision }),
	field("threads", columnar.Float64, "threads of a gradient step of the last attempt, on average, where cores without work were lent to the cell; null if it had one throughout",
		func(t *Timing) *float64 { return &t.Threads }, param.OfFloat, param.Value.Float).without(param.OfFloat(0)).may(),
	field("trainer_seconds", columnar.Float64, "processor time of the program that trained the cell, in its last attempt, in s; null if this program did",
		func(t *Timing) *float64 { return &t.TrainerSeconds }, param.OfFloat, param.Value.Float).without(param.OfFloat(0)).may(),
	integer("trainer_bytes", "the most memory that it used; null if this program trained the cell, or the system does not tell", func(t *Timing) *int64 { return &t.TrainerBytes }).without(param.Of(int64(0))),
	setting("failed_after", columnar.Int64, "of a cell that tunes and was run again after it failed or timed out, the step of the last evaluation before that, -1 if there was none; null for others. It ranks last at later rungs", func(t *Timing) *param.Value { return &t.FailedAfter }),
	text("policy", "SHA-256 of policies/CELL.safetensors, the cell's networks; null if they are not kept", func(t *Timing) *string { return &t.Policy }),
	text("stack", "stack of a panic; null if there was none", func(t *Timing) *string { return &t.Stack }),
}

// varianceColumns are the fields of variance.parquet beside those of the cell.
var varianceColumns = []column[VarianceRow]{
	integer("step", "gradient steps taken before the measurement", func(v *VarianceRow) *int64 { return &v.Step }).must(),
	text("objective", "objective measured", func(v *VarianceRow) *string { return &v.Objective }),
	parameter("alpha", "order of the objective measured", (*VarianceRow).params),
	parameter("a", "parameter of linex", (*VarianceRow).params),
	parameter("lambda", "parameter of subtb; null, because objectives with state flows are not measured", (*VarianceRow).params),
	setting("control_variate", columnar.String, "control variate measured", func(v *VarianceRow) *param.Value { return &v.ControlVariate }),
	integer("batch", "trajectories per batch", func(v *VarianceRow) *int64 { return &v.Batch }),
	integer("replicates", "R, independent batches", func(v *VarianceRow) *int64 { return &v.Replicates }),
	number("trace_cov", "", "Tr Cov of the batch gradient: Σ_r ‖g_r - mean g‖²/(R-1) over the R batches", func(v *VarianceRow) *float64 { return &v.TraceCov }),
	stderror("trace_cov_stderr", "its standard error", func(v *VarianceRow) *float64 { return &v.TraceCovStdErr }),
	number("grad_norm_sq", "", "‖mean g‖² over the batches; on average larger than for the expected gradient by Tr Cov/R",
		func(v *VarianceRow) *float64 { return &v.GradNormSq }),
	number("cosine", "", "mean cosine of g_r to the reference gradient", func(v *VarianceRow) *float64 { return &v.Cosine }),
	stderror("cosine_stderr", "its standard error", func(v *VarianceRow) *float64 { return &v.CosineStdErr }),
	integer("reference_batch", "trajectories of the reference gradient, the same estimator on one large batch", func(v *VarianceRow) *int64 { return &v.ReferenceBatch }).without(param.Of(0)),
	boolean("exact", "whether the reference is the exact gradient of the objective, by dynamic programming", func(v *VarianceRow) *bool { return &v.Exact }),
	ifExact(number("bias_sq", "", "‖E g - exact gradient‖², unbiased over the batches: the mean squared error of a batch's gradient is this plus trace_cov; null without the exact gradient",
		func(v *VarianceRow) *float64 { return &v.BiasSq })),
	ifExact(number("bias_sq_stderr", "", "its standard error, by the jackknife", func(v *VarianceRow) *float64 { return &v.BiasSqStdErr })),
	ifExact(number("exact_norm_sq", "", "‖exact gradient‖²", func(v *VarianceRow) *float64 { return &v.ExactNormSq })),
}

// ifExact makes a column null in rows without the exact gradient. The column comes after
// exact.
func ifExact(c column[VarianceRow]) column[VarianceRow] {
	value, set := c.get, c.set
	c.set = func(v *VarianceRow, x param.Value) {
		if v.Exact {
			set(v, x)
		}
	}
	c.get = func(v *VarianceRow) param.Value {
		if !v.Exact {
			return param.Value{}
		}
		return value(v)
	}
	return c
}

func (v *VarianceRow) params() *[]Param { return &v.Params }

// varianceNames are the column names that no parameter of a measured objective
// may take.
var varianceNames = taken(varianceTable)

// maxMessage is how many bytes of a message or a stack are kept, because a file
// holds those of a whole row group.
const maxMessage = 15 << 10

// normalize makes the run equal to what will be read back: times in UTC and to
// the microsecond, strings valid UTF-8 and of bounded length.
func (r *Run) normalize() {
	messageColumn.normalize(r)
	for i := range timingColumns {
		timingColumns[i].normalize(&r.Timing)
	}
}

func (c *column[T]) normalize(x *T) {
	v := c.get(x)
	if v.Type() == param.String {
		s := v.Text()
		if len(s) > maxMessage {
			s = s[:maxMessage] + "…"
		}
		v = param.Of(strings.ToValidUTF8(s, "\uFFFD"))
	}
	c.set(x, v)
}
