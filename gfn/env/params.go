package env

import (
	"fmt"
	"sort"
)

// A Kind is a registered environment: its parameters, how to make an instance,
// and the revision of its algorithm, which enters every cell's identity.
type Kind struct {
	Name     string   // as in a suite file
	Doc      string   // one line
	Params   []Param  // what it can be given, in the order of listings
	Revision int      // bumped by hand when the same parameters give other numbers
	Policies []string // policy kinds that can act in it, the default first
	Small    Params   // of an instance with few enough states for every test; nil: the defaults

	// New makes an instance of parameters that Complete has checked and completed;
	// Make does both. Its errors are *ParamError where one parameter is at fault.
	New func(p Params) (Environment, error)
}

// A ParamType is the type of a parameter's value in Params.
type ParamType string

// The types of parameters and, in brackets, the Go type of the value in Params.
const (
	Int    ParamType = "int"     // int
	Float  ParamType = "float"   // float64
	Bool   ParamType = "bool"    // bool
	String ParamType = "string"  // string
	Floats ParamType = "floats"  // []float64
	Ints   ParamType = "ints"    // []int
	Texts  ParamType = "strings" // []string
	Matrix ParamType = "matrix"  // [][]float64
	Path   ParamType = "file"    // File: a path in the suite, already read
)

// A Param declares one parameter of an environment.
type Param struct {
	Name     string    // as in a suite file
	Type     ParamType // of its value
	Default  any       // of that type; nil: absent unless given
	Required bool      // it must be given
	Min, Max float64   // bounds of a number, or of each element; both zero: unbounded
	Choices  []string  // the values a String may take, if restricted
	Doc      string    // one line: meaning, unit, where from
}

// A File is the content of a file that a suite names.
type File struct {
	Name string // as written in the suite
	Data []byte // all of it
}

// Params are an instance's parameters by name, with the defaults filled in.
// Absent optional parameters have no key.
type Params map[string]any

// Int is the integer parameter of that name; it panics where the kind does not
// declare one, a programmer's error.
func (p Params) Int(name string) int { return get[int](p, name) }

// Float is the float parameter of that name.
func (p Params) Float(name string) float64 { return get[float64](p, name) }

// Bool is the boolean parameter of that name.
func (p Params) Bool(name string) bool { return get[bool](p, name) }

// Text is the string parameter of that name.
func (p Params) Text(name string) string { return get[string](p, name) }

// Has reports whether the optional parameter was given or has a default.
func (p Params) Has(name string) bool { _, ok := p[name]; return ok }

// Floats is the array parameter of that name, or nil where it is absent.
func (p Params) Floats(name string) []float64 { v, _ := p[name].([]float64); return v }

// Ints is the integer array parameter of that name, or nil where it is absent.
func (p Params) Ints(name string) []int { v, _ := p[name].([]int); return v }

// Texts is the string array parameter of that name, or nil where it is absent.
func (p Params) Texts(name string) []string { v, _ := p[name].([]string); return v }

// Matrix is the matrix parameter of that name, or nil where it is absent.
func (p Params) Matrix(name string) [][]float64 { v, _ := p[name].([][]float64); return v }

// File is the file parameter of that name; ok tells whether it was given.
func (p Params) File(name string) (f File, ok bool) { f, ok = p[name].(File); return f, ok }

func get[T any](p Params, name string) T {
	v, ok := p[name].(T)
	if !ok {
		panic(fmt.Sprintf("env: parameter %q is %T, not %T", name, p[name], v))
	}
	return v
}

// A ParamError is a value that an environment cannot take. Readers of suite
// files use Param to say where it stands.
type ParamError struct {
	Param string // the parameter at fault
	Msg   string // what is wrong and what would be right
}

// Error is "PARAM: MSG".
func (e *ParamError) Error() string { return e.Param + ": " + e.Msg }

// Errorf makes a ParamError.
func Errorf(param, format string, args ...any) error {
	return &ParamError{Param: param, Msg: fmt.Sprintf(format, args...)}
}

// Complete checks p against the declared parameters (types, bounds, unknown and
// missing names) and returns a copy with the defaults filled in. All errors are
// *ParamError; the parameters are checked in order of their names.
func (k *Kind) Complete(p Params) (Params, []error) {
	full := make(Params, len(k.Params))
	declared := make(map[string]*Param, len(k.Params))
	for i := range k.Params {
		declared[k.Params[i].Name] = &k.Params[i]
		if d := k.Params[i].Default; d != nil {
			full[k.Params[i].Name] = d
		}
	}
	names := make([]string, 0, len(p))
	for name := range p {
		names = append(names, name)
	}
	sort.Strings(names)
	var errs []error
	for _, name := range names {
		d, ok := declared[name]
		if !ok {
			errs = append(errs, Errorf(name, "%s has no parameter %q", k.Name, name))
			continue
		}
		v, err := d.check(p[name])
		if err != nil {
			errs = append(errs, err)
			continue
		}
		full[name] = v
	}
	for i := range k.Params {
		if d := &k.Params[i]; d.Required && !full.Has(d.Name) && p[d.Name] == nil {
			errs = append(errs, Errorf(d.Name, "%s needs %s: %s", k.Name, d.Name, d.Doc))
		}
	}
	return full, errs
}

// Make completes the parameters and makes the instance. Its error is the first
// of Complete's, or that of New.
func (k *Kind) Make(p Params) (Environment, error) {
	full, errs := k.Complete(p)
	if len(errs) > 0 {
		return nil, errs[0]
	}
	return k.New(full)
}

// check converts v to the declared type (an integer serves as a float) and
// applies bounds and choices.
func (d *Param) check(v any) (any, error) {
	if d.Type == Float {
		if i, ok := v.(int); ok {
			v = float64(i)
		}
	}
	ok := false
	var numbers []float64
	switch x := v.(type) {
	case int:
		ok, numbers = d.Type == Int, []float64{float64(x)}
	case float64:
		ok, numbers = d.Type == Float, []float64{x}
	case bool:
		ok = d.Type == Bool
	case string:
		ok = d.Type == String
		if ok && len(d.Choices) > 0 && !contains(d.Choices, x) {
			return nil, Errorf(d.Name, "%q is not one of %q", x, d.Choices)
		}
	case []float64:
		ok, numbers = d.Type == Floats, x
	case []int:
		ok = d.Type == Ints
		for _, i := range x {
			numbers = append(numbers, float64(i))
		}
	case []string:
		ok = d.Type == Texts
	case [][]float64:
		ok = d.Type == Matrix
		for _, row := range x {
			numbers = append(numbers, row...)
		}
	case File:
		ok = d.Type == Path
	}
	if !ok {
		return nil, Errorf(d.Name, "expected %s, got %T %v", d.Type, v, v)
	}
	for _, x := range numbers {
		if x != x {
			return nil, Errorf(d.Name, "is not a number")
		}
		if (d.Min != 0 || d.Max != 0) && (x < d.Min || x > d.Max) {
			return nil, Errorf(d.Name, "%v is outside [%v, %v]", x, d.Min, d.Max)
		}
	}
	return v, nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
