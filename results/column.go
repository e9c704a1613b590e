package results

import (
	"math"
	"time"

	"gfnbench/gfn/param"
	"gfnbench/results/columnar"
)

// A column declares one column of rows of type T. Files, journal, digest and
// documents loop over these declarations: a field of a row stands nowhere else.
type column[T any] struct {
	heading
	get func(*T) param.Value
	set func(*T, param.Value) // accepts whatever get returned, including null
}

// A heading is what a column declares, whatever the type of its rows.
type heading struct {
	columnar.Field
	optional  bool   // null is a distinct value and does not mean 0 or ""
	placed    bool   // it holds one of the row's parameters
	unit, doc string // unit: "" for a pure number
}

// field declares a column for a field of a row. to converts the field to a
// value, and from converts it back.
func field[T, F any](name string, t columnar.Type, doc string, at func(*T) *F, to func(F) param.Value, from func(param.Value) F) column[T] {
	return column[T]{heading{Field: columnar.Field{Name: name, Type: t}, doc: doc},
		func(x *T) param.Value { return to(*at(x)) },
		func(x *T, v param.Value) { *at(x) = from(v) }}
}

// must makes the column one without nulls.
func (c column[T]) must() column[T] { c.Required = true; return c }

// plain marks the column as one whose values rarely repeat.
func (c column[T]) plain() column[T] { c.Plain = true; return c }

// may marks the column as one in which null is a distinct value.
func (c column[T]) may() column[T] { c.optional = true; return c }

// named gives the column another name.
func (c column[T]) named(name string) column[T] { c.Name = name; return c }

// without writes null instead of the value none.
func (c column[T]) without(none param.Value) column[T] {
	value := c.get
	c.get = func(x *T) param.Value {
		if v := value(x); v != none {
			return v
		}
		return param.Value{}
	}
	return c
}

// text declares a string, null if it is empty.
func text[T any](name, doc string, at func(*T) *string) column[T] {
	return field(name, columnar.String, doc, at, of[string], param.Value.Text).without(param.Of(""))
}

// integer declares an integer.
func integer[T any](name, doc string, at func(*T) *int64) column[T] {
	return field(name, columnar.Int64, doc, at, of[int64], func(v param.Value) int64 { return int64(v.Int()) })
}

// boolean declares a boolean.
func boolean[T any](name, doc string, at func(*T) *bool) column[T] {
	return field(name, columnar.Bool, doc, at, of[bool], param.Value.Bool)
}

// number declares a measured number; null means NaN.
func number[T any](name, unit, doc string, at func(*T) *float64) column[T] {
	c := field(name, columnar.Float64, doc, at, param.OfFloat, orNaN).plain()
	c.unit = unit
	return c
}

// stderror declares a standard error, null if it is NaN, that is, absent.
func stderror[T any](name, doc string, at func(*T) *float64) column[T] {
	return number(name, "", doc, at).without(param.OfFloat(math.NaN()))
}

// instant declares a time, null if it is the zero time.
func instant[T any](name, doc string, at func(*T) *time.Time) column[T] {
	micros := func(t time.Time) param.Value { return param.Of(t.UnixMicro()) }
	return field(name, columnar.Timestamp, doc, at, micros, func(v param.Value) time.Time {
		if v.IsNull() {
			return time.Time{}
		}
		return time.UnixMicro(int64(v.Int())).UTC()
	}).without(micros(time.Time{})).may()
}

// setting declares a value of the given type that a row may lack.
func setting[T any](name string, t columnar.Type, doc string, at func(*T) *param.Value) column[T] {
	return field(name, t, doc, at, of[param.Value], of[param.Value]).may()
}

// parameter declares a number among a row's parameters that has its own place
// in the files.
func parameter[T any](name, doc string, at func(*T) *[]Param) column[T] {
	c := setting(name, columnar.Float64, doc, func(*T) *param.Value { return nil })
	c.placed = true
	c.get = func(x *T) param.Value { return find(*at(x), name) }
	c.set = func(x *T, v param.Value) {
		if !v.IsNull() {
			*at(x) = append(*at(x), Param{name, v})
		}
	}
	return c
}

func of[F any](x F) param.Value { return param.Of(x) }

// orNaN returns v as a number, or NaN if it is null.
func orNaN(v param.Value) float64 {
	if x, ok := v.Number(); ok {
		return x
	}
	return math.NaN()
}

// within turns columns of a part into columns of the row that contains it.
func within[T, U any](columns []column[U], part func(*T) *U) []column[T] {
	all := make([]column[T], len(columns))
	for i, c := range columns {
		all[i] = column[T]{c.heading,
			func(x *T) param.Value { return c.get(part(x)) },
			func(x *T, v param.Value) { c.set(part(x), v) }}
	}
	return all
}

// headings returns what the columns declare.
func headings[T any](columns ...column[T]) []heading {
	all := make([]heading, len(columns))
	for i := range columns {
		all[i] = columns[i].heading
	}
	return all
}

// get returns the value of the named column; ok is false if there is no such
// column.
func get[T any](columns []column[T], x *T, name string) (v param.Value, ok bool) {
	for i := range columns {
		if columns[i].Name == name {
			return columns[i].get(x), true
		}
	}
	return param.Value{}, false
}

// gather appends the row's values in the columns.
func gather[T any](row []param.Value, columns []column[T], x *T) []param.Value {
	for i := range columns {
		row = append(row, columns[i].get(x))
	}
	return row
}

// take sets the rows' values from a row group, except rows for which at returns
// nil.
func take[T any](g *rowGroup, columns []column[T], at func(row int) *T) {
	for i := range columns {
		set := columns[i].set
		g.values(columns[i].Name, func(row int, v param.Value) {
			if x := at(row); x != nil {
				set(x, v)
			}
		})
	}
}

// A sink takes the parts of values: it is the journal's encoder or the digest.
type sink interface {
	flag(bool)
	int(int64)
	float(float64)
	string(string)
}

// pour writes a row's values in the columns to a sink.
func pour[T any](s sink, columns []column[T], x *T) {
	for i := range columns {
		columns[i].pour(s, columns[i].get(x))
	}
}

// pour writes one value of the column.
func (h *heading) pour(s sink, v param.Value) {
	if h.optional {
		s.flag(!v.IsNull())
		if v.IsNull() {
			return
		}
	}
	switch h.Type {
	case columnar.Float64:
		s.float(orNaN(v))
	case columnar.String:
		s.string(v.Text())
	case columnar.Bool:
		if v.Bool() {
			s.int(1)
			return
		}
		s.int(0)
	default:
		s.int(int64(v.Int()))
	}
}
