package results

import (
	"errors"
	"fmt"
	"gfnbench/gfn/param"
	"unicode/utf8"
)

// A Cell is one fully resolved run: what every one of its rows repeats.
type Cell struct {
	ID          string // 16 hexadecimal digits, lower case
	Environment string // name of the instance in the suite
	Objective   string // name of its kind, such as "tb"

	Alpha, A, Lambda *float64 // nil where the objective has none
	ControlVariate   *string  // nil where the objective takes none
	Seed             int64    // index, not the seed of a generator

	// Params are the further axes and hyperparameters, in the order of their
	// columns. A parameter that does not apply is null or left out.
	Params []Param
}

// Get is the cell's value in a column: "environment", "objective", "alpha",
// "a", "lambda", "control_variate", "seed", "cell" or a parameter's. It is null
// where the column does not apply.
func (c *Cell) Get(column string) param.Value {
	optional := func(x *float64) param.Value {
		if x == nil {
			return param.Value{}
		}
		return param.OfFloat(*x)
	}
	switch column {
	case "cell":
		return param.Of(c.ID)
	case "environment":
		return param.Of(c.Environment)
	case "objective":
		return param.Of(c.Objective)
	case "alpha":
		return optional(c.Alpha)
	case "a":
		return optional(c.A)
	case "lambda":
		return optional(c.Lambda)
	case "control_variate":
		if c.ControlVariate == nil {
			return param.Value{}
		}
		return param.Of(*c.ControlVariate)
	case "seed":
		return param.Of(c.Seed)
	}
	for i := range c.Params {
		if c.Params[i].Name == column {
			return c.Params[i].Value
		}
	}
	return param.Value{}
}

// set is the inverse of Get for all but the parameters.
func (c *Cell) set(column string, v param.Value) {
	number := func() *float64 {
		x, ok := v.Number()
		if !ok {
			return nil
		}
		return &x
	}
	switch column {
	case "cell":
		c.ID = v.Text()
	case "environment":
		c.Environment = v.Text()
	case "objective":
		c.Objective = v.Text()
	case "alpha":
		c.Alpha = number()
	case "a":
		c.A = number()
	case "lambda":
		c.Lambda = number()
	case "control_variate":
		if !v.IsNull() {
			text := v.Text()
			c.ControlVariate = &text
		}
	case "seed":
		c.Seed = int64(v.Int())
	}
}

// check reports what of the cell cannot be written.
func (c *Cell) check() error {
	if !validID(c.ID) {
		return fmt.Errorf("cell id %q is not 16 hexadecimal digits", c.ID)
	}
	var errs []error
	if c.Environment == "" || c.Objective == "" {
		errs = append(errs, errors.New("environment or objective is empty"))
	}
	texts := []string{c.Environment, c.Objective}
	if c.ControlVariate != nil {
		texts = append(texts, *c.ControlVariate)
	}
	for i, p := range c.Params {
		if reserved[p.Name] || p.Name == "" {
			errs = append(errs, fmt.Errorf("parameter name %q is taken by another column", p.Name))
		}
		for _, q := range c.Params[:i] {
			if q.Name == p.Name {
				errs = append(errs, fmt.Errorf("parameter %q is given twice", p.Name))
			}
		}
		if p.Value.Type() == param.Int {
			errs = append(errs, checkInt(p.Name, int64(p.Value.Int())))
		}
		texts = append(texts, p.Name, p.Value.String())
	}
	errs = append(errs, checkInt("seed", c.Seed))
	for _, s := range texts {
		if !utf8.ValidString(s) {
			errs = append(errs, fmt.Errorf("%q is not valid UTF-8", s))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("cell %s: %w", c.ID, err)
	}
	return nil
}

func validID(id string) bool {
	for i := range len(id) {
		if c := id[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(id) == 16
}

func checkInt(what string, x int64) error {
	if x <= -maxInt || x >= maxInt {
		return fmt.Errorf("%s = %d is beyond 2^53, which readers that hold numbers as floats would alter", what, x)
	}
	return nil
}

// reserved are the column names no parameter may take.
var reserved = func() map[string]bool {
	names := map[string]bool{}
	for _, t := range []*table{runsTable, curvesTable, mergedTable} {
		for _, c := range t.columns(nil) {
			names[c.Name] = true
		}
	}
	return names
}()
