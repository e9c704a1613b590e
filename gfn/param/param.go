// Package param declares settings and holds their values. Environments, objectives and
// the keys of suites declare a [Param] for each setting. A suite, a cell, a row of the
// results and the head of a table all hold the same [Value], whose canonical text is part
// of a cell's id.
package param

import (
	"fmt"
	"maps"
	"slices"
)

// A Param declares one setting.
type Param struct {
	Name     string   // as in a suite file
	Type     Type     // type of its value
	Default  Value    // null: absent unless given
	Example  Value    // value to suggest if one must be given
	Required bool     // whether it must be given
	Range    Range    // bounds of a number, or of each number in a list
	Choices  []string // values that a string may have; nil: any
	Doc      string   // one line: meaning, unit, source
	When     string   // what it applies to, in words; "": everything
}

// Given is the prefix of columns with what a suite gives in full, a list or a file, as
// text: given.means, given.alignment.
const Given = "given."

// Instance names the column that distinguishes the instances of one environment. It
// copies params.instance_seed if a suite draws several instances.
const Instance = "instance"

// Role names the column that says what a cell of a suite with [tune] is for. It follows
// from the suite, not from training.
const Role = "role"

// Values are settings by name. Absent ones have no entry.
type Values map[string]Value

// Has reports whether the setting is present.
func (v Values) Has(name string) bool { return !v[name].IsNull() }

// Int returns the integer with the given name.
func (v Values) Int(name string) int { return v.get(name, Int).Int() }

// Float returns the number with the given name.
func (v Values) Float(name string) float64 { return v.get(name, Float).Float() }

// Bool returns the boolean with the given name.
func (v Values) Bool(name string) bool { return v.get(name, Bool).Bool() }

// Text returns the string with the given name.
func (v Values) Text(name string) string { return v.get(name, String).Text() }

// get panics if there is no setting with this name and type, because then a kind asks for
// what it did not declare.
func (v Values) get(name string, t Type) Value {
	x := v[name]
	if x.typ != t && !(t == Float && x.typ == Int) {
		panic(fmt.Sprintf("param: %q is of type %v, not %v", name, x.typ, t))
	}
	return x
}

// Floats returns the list of numbers with the given name, or nil.
func (v Values) Floats(name string) []float64 { return v[name].Floats() }

// Ints returns the list of integers with the given name, or nil.
func (v Values) Ints(name string) []int { return v[name].Ints() }

// Strings returns the list of strings with the given name, or nil.
func (v Values) Strings(name string) []string { return v[name].Strings() }

// Matrix returns the rows of the matrix with the given name, or nil.
func (v Values) Matrix(name string) [][]float64 { return v[name].Matrix() }

// File returns the file with the given name, and whether it was given.
func (v Values) File(name string) (f File, ok bool) { return v[name].File() }

// Equal reports whether both hold the same values.
func (v Values) Equal(w Values) bool { return maps.Equal(v, w) }

// Names lists the names in ascending order.
func (v Values) Names() []string { return slices.Sorted(maps.Keys(v)) }

// An Error reports a value that a setting cannot take. Readers of suite files use Param
// to find its position.
type Error struct {
	Param string // the setting at fault
	Msg   string // what is wrong and what would be right
}

// Error returns "PARAM: MSG".
func (e *Error) Error() string { return e.Param + ": " + e.Msg }

// Errorf makes an Error.
func Errorf(param, format string, args ...any) error {
	return &Error{Param: param, Msg: fmt.Sprintf(format, args...)}
}

// Find returns the declaration with the given name, or nil.
func Find(declared []Param, name string) *Param {
	for i := range declared {
		if declared[i].Name == name {
			return &declared[i]
		}
	}
	return nil
}

// Complete checks the values given to owner, such as "hypergrid", against its
// declarations and returns a copy with the defaults filled in. Each error is an *Error;
// errors are in the order of the names.
func Complete(owner string, declared []Param, given Values) (Values, []error) {
	full := make(Values, len(declared))
	for _, p := range declared {
		if !p.Default.IsNull() {
			full[p.Name] = p.Default
		}
	}
	var errs []error
	for _, name := range given.Names() {
		p := Find(declared, name)
		if p == nil {
			errs = append(errs, Errorf(name, "%s has no parameter %q", owner, name))
			continue
		}
		v, err := p.Check(given[name])
		switch {
		case err != nil:
			errs = append(errs, err)
		case !v.IsNull():
			full[name] = v
		}
	}
	for _, p := range declared {
		if p.Required && !given.Has(p.Name) {
			errs = append(errs, Errorf(p.Name, "%s needs %s: %s", owner, p.Name, p.Doc))
		}
	}
	return full, errs
}

// Check converts v to the declared type, such as an integer to a number, and applies
// range and choices. Its error is an *Error.
func (p *Param) Check(v Value) (Value, error) {
	if p.Type == Float && v.typ == Int {
		v = OfFloat(v.Float())
	}
	if v.typ != p.Type && !v.IsNull() {
		return v, Errorf(p.Name, "expected %s, got %v %s", article(p.Type), v.typ, v.Canonical())
	}
	if v.typ == String && len(p.Choices) > 0 && !slices.Contains(p.Choices, v.text) {
		return v, Errorf(p.Name, "%q is not one of %q", v.text, p.Choices)
	}
	for _, x := range v.Numbers() {
		if !p.Range.Contains(x) {
			return v, Errorf(p.Name, "%s", p.Range.Why(x))
		}
	}
	return v, nil
}

// article returns the type's name with its indefinite article.
func article(t Type) string {
	if t == Int {
		return "an " + t.String()
	}
	return "a " + t.String()
}
