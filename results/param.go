package results

import (
	"gfnbench/gfn/param"
	"slices"
)

// A Param is the value of one further axis or hyperparameter, such as
// "optimizer.lr". Its name is the name of its column.
type Param struct {
	Name  string      // of the column
	Value param.Value // null where it does not apply
}

// as converts a value to a column's type, which must be as wide.
func as(v param.Value, t param.Type) param.Value {
	switch {
	case v.Type() == t || v.IsNull():
		return v
	case t == param.Float:
		return param.OfFloat(v.Float())
	}
	return param.Of(v.String())
}

// maxInt bounds integers: beyond 2^53 readers that hold numbers as float64,
// JavaScript's and R's, would alter them.
const maxInt = 1 << 53

// A Column is the name and type of a parameter's column.
type Column struct {
	Name string     // such as "optimizer.lr"
	Type param.Type // of its values; lists are text
}

// widen is the narrowest type of column that holds values of both.
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

// Columns is the union of the cells' parameters: their names in the order in
// which the cells list them, and for each the narrowest type that holds every
// value.
func Columns(cells []Cell) []Column {
	u := newUnion(nil)
	for i := range cells {
		u.add(cells[i].Params)
	}
	return u.columns
}

// A union collects columns. Cells of a sweep mostly list the same names in the
// same order, so the last position is tried first.
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
		i := next
		if i >= len(u.columns) || u.columns[i].Name != p.Name {
			j, ok := u.at[p.Name]
			if !ok {
				u.insert(i, p.Name)
				j = i
			}
			i = j
		}
		u.columns[i].Type = widen(u.columns[i].Type, p.Value.Type())
		next = i + 1
	}
}

func (u *union) insert(i int, name string) {
	u.columns = append(u.columns, Column{})
	copy(u.columns[i+1:], u.columns[i:])
	u.columns[i] = Column{Name: name}
	for j := i; j < len(u.columns); j++ {
		u.at[u.columns[j].Name] = j
	}
}
