package results

import (
	"slices"
	"strings"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
)

// A Param is the value of one further axis or hyperparameter, such as
// "optimizer.lr".
type Param struct {
	Name  string      // name of its column
	Value param.Value // null if it does not apply
}

// Fixed returns the columns of a cell, besides its id, that every sweep has.
func Fixed() (names []string) {
	for _, c := range cellColumns[1:] {
		names = append(names, c.Name)
	}
	return names
}

// ColumnOf returns the column of a setting: its own name, or run.NAME if a
// metric has that name, such as top_k.
func ColumnOf(setting string) string {
	if _, taken := metric.Lookup(setting); taken {
		return "run." + setting
	}
	return setting
}

// SettingOf is the inverse of ColumnOf.
func SettingOf(column string) string {
	if name, ok := strings.CutPrefix(column, "run."); ok && ColumnOf(name) == column {
		return name
	}
	return column
}

// find returns the value of the named parameter, or null if there is none.
func find(params []Param, name string) param.Value {
	for i := range params {
		if params[i].Name == name {
			return params[i].Value
		}
	}
	return param.Value{}
}

// placedNames are the parameters that have fixed columns beside a cell's
// fields.
var placedNames = func() (names []string) {
	for i := range cellColumns {
		if cellColumns[i].placed {
			names = append(names, cellColumns[i].Name)
		}
	}
	return names
}()

func placed(name string) bool { return slices.Contains(placedNames, name) }

// as converts a value to a column's type, which must be at least as wide.
func as(v param.Value, t param.Type) param.Value {
	switch {
	case v.Type() == t || v.IsNull():
		return v
	case t == param.Float:
		return param.OfFloat(v.Float())
	}
	return param.Of(v.String())
}

// maxInt bounds integers: from it on, readers that store numbers as float64 (JavaScript,
// R) would alter them.
const maxInt = param.Exact + 1

// A Column is the name and type of a parameter's column.
type Column struct {
	Name string     // such as "optimizer.lr"
	Type param.Type // type of its values; lists are strings
}

// widen returns the narrowest column type that holds values of both.
func widen(a, b param.Type) param.Type {
	number := func(t param.Type) bool { return t == param.Int || t == param.Float }
	switch {
	case !b.Scalar():
		return param.String
	case a == b || b == param.Null:
		return a
	case a == param.Null:
		return b
	case number(a) && number(b):
		return param.Float
	}
	return param.String
}

// Columns returns the union of the cells' parameters that have no fixed column:
// their names, in the order in which the cells list them, each with the
// narrowest type that holds every value.
func Columns(cells []Cell) []Column {
	u := newUnion(nil)
	for i := range cells {
		u.add(cells[i].Params)
	}
	return u.columns
}

// A union collects columns. Cells of a sweep usually list the same names in the
// same order, so it tries the next position first.
type union struct {
	columns []Column
	at      map[string]int
}

func newUnion(columns []Column) *union {
	u := &union{columns: slices.Clone(columns), at: map[string]int{}}
	for i, c := range columns {
		u.at[c.Name] = i
	}
	return u
}

func (u *union) add(params []Param) {
	next := 0 // where the previous parameter's column ends
	for _, p := range params {
		if !placed(p.Name) {
			next = u.put(next, Column{p.Name, p.Value.Type()})
		}
	}
}

// join adds columns.
func (u *union) join(columns []Column) {
	next := 0
	for _, c := range columns {
		next = u.put(next, c)
	}
}

// put adds a column, at the given place if it is new, and returns the next place.
func (u *union) put(i int, c Column) (next int) {
	if i >= len(u.columns) || u.columns[i].Name != c.Name {
		j, ok := u.at[c.Name]
		if !ok {
			u.insert(i, c.Name)
			j = i
		}
		i = j
	}
	u.columns[i].Type = widen(u.columns[i].Type, c.Type)
	return i + 1
}

func (u *union) insert(i int, name string) {
	u.columns = append(u.columns, Column{})
	copy(u.columns[i+1:], u.columns[i:])
	u.columns[i] = Column{Name: name}
	for j := i; j < len(u.columns); j++ {
		u.at[u.columns[j].Name] = j
	}
}
