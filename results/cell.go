package results

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"gfnbench/gfn/param"
	"gfnbench/results/columnar"
)

// A Cell is one fully resolved run: what each of its rows repeats.
type Cell struct {
	ID             string      // 16 hexadecimal digits, lower case
	Environment    string      // name of the instance in the suite
	Objective      string      // name of its kind, such as "tb"
	ControlVariate param.Value // a text; null if the objective takes none
	Seed           int64       // seed index, not the seed of a generator

	// Params are the objective's parameters and the other axes and hyperparameters,
	// in the order of their columns. A parameter that does not apply is null or
	// left out.
	Params []Param
}

// cellColumns are a cell's fields and the parameters that have a fixed place in
// every file.
var cellColumns = []column[Cell]{
	text("cell", "id: 16 hexadecimal digits of a hash of the resolved parameters", func(c *Cell) *string { return &c.ID }).must(),
	text("environment", "name of the environment instance in the suite", func(c *Cell) *string { return &c.Environment }).must(),
	text("objective", "training objective", func(c *Cell) *string { return &c.Objective }).must(),
	parameter("alpha", "order of a Renyi or Tsallis divergence; null for others", (*Cell).params),
	parameter("a", "parameter of linex; null for others", (*Cell).params),
	parameter("lambda", "parameter of subtb; null for others", (*Cell).params),
	setting("control_variate", columnar.String, "control variate; null if the objective takes none", func(c *Cell) *param.Value { return &c.ControlVariate }),
	integer("seed", "seed index", func(c *Cell) *int64 { return &c.Seed }).must(),
}

func (c *Cell) params() *[]Param { return &c.Params }

// Get returns the cell's value in a column of a field or a parameter. It is null
// if the column does not apply.
func (c *Cell) Get(column string) param.Value {
	if v, ok := get(cellColumns, c, column); ok {
		return v
	}
	return find(c.Params, column)
}

// Set sets the cell's value in a column that has none yet: a field or a
// parameter.
func (c *Cell) Set(column string, v param.Value) {
	for i := range cellColumns {
		if cellColumns[i].Name == column {
			cellColumns[i].set(c, v)
			return
		}
	}
	c.Params = append(c.Params, Param{column, v})
}

// SetRole sets the role of the cell; "" removes it.
func (c *Cell) SetRole(role string) {
	c.Params = slices.DeleteFunc(slices.Clone(c.Params), func(p Param) bool { return p.Name == param.Role })
	if role != "" {
		c.Params = append(c.Params, Param{param.Role, param.Of(role)})
	}
}

// check reports anything in the cell that cannot be written.
func (c *Cell) check() error {
	if !validID(c.ID) {
		return fmt.Errorf("cell id %q is not 16 hexadecimal digits", c.ID)
	}
	var errs []error
	if c.Environment == "" || c.Objective == "" {
		errs = append(errs, errors.New("environment or objective is empty"))
	}
	errs = append(errs, checkSettings(c.ControlVariate, c.Params, reserved), checkInt("seed", c.Seed), checkTexts(c.Environment, c.Objective))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("cell %s: %w", c.ID, err)
	}
	return nil
}

// checkSettings reports anything in a control variate and parameters that
// cannot be written beside columns with the reserved names.
func checkSettings(cv param.Value, params []Param, reserved map[string]bool) error {
	var errs []error
	if t := cv.Type(); t != param.Null && t != param.String {
		errs = append(errs, fmt.Errorf("control variate %v is not text", cv))
	}
	errs = append(errs, checkTexts(cv.Text()))
	for i, p := range params {
		_, isNumber := p.Value.Number()
		switch {
		case reserved[p.Name] || p.Name == "":
			errs = append(errs, fmt.Errorf("parameter name %q is taken by another column", p.Name))
		case placed(p.Name) && !isNumber && !p.Value.IsNull():
			errs = append(errs, fmt.Errorf("%s = %v is not a number, as its column is declared", p.Name, p.Value))
		case slices.ContainsFunc(params[:i], func(q Param) bool { return q.Name == p.Name }):
			errs = append(errs, fmt.Errorf("parameter %q is given twice", p.Name))
		}
		if p.Value.Type() == param.Int {
			errs = append(errs, checkInt(p.Name, int64(p.Value.Int())))
		}
		errs = append(errs, checkTexts(p.Name, p.Value.String()))
	}
	return errors.Join(errs...)
}

func checkTexts(texts ...string) error {
	for _, s := range texts {
		if !utf8.ValidString(s) {
			return fmt.Errorf("%q is not valid UTF-8", s)
		}
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

// reserved are the column names that no parameter of a cell may take.
var reserved = taken(runsTable, curvesTable, mergedTable)

// taken returns the names of the tables' columns, except those of parameters.
func taken(tables ...*table) map[string]bool {
	names := map[string]bool{}
	for _, t := range tables {
		for _, h := range t.headings(nil) {
			names[h.Name] = !placed(h.Name)
		}
	}
	return names
}
