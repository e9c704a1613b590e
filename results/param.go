package results

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// A Kind is the type of a parameter's value and of its column.
type Kind uint8

// The kinds, in the order of widening: a column that holds integers and floats
// is of floats, one that holds anything else together is of strings.
const (
	Null Kind = iota
	Bool
	Int
	Float
	String
)

// String names the kind.
func (k Kind) String() string {
	return [...]string{"null", "bool", "int64", "float64", "string"}[k]
}

// A Param is the value of one further axis or hyperparameter, such as
// "optimizer.lr". Its name is the name of its column.
type Param struct {
	Name  string // of the column
	Value Value  // null where it does not apply
}

// A Value is a parameter's value. The zero Value is null: the parameter does
// not apply. Values are comparable.
type Value struct {
	kind Kind
	bits uint64 // of an int, a float or a bool
	text string
}

// IntValue, FloatValue, BoolValue and StringValue make values.
func IntValue(x int64) Value { return Value{kind: Int, bits: uint64(x)} }

// FloatValue makes a value of a float.
func FloatValue(x float64) Value { return Value{kind: Float, bits: canonicalBits(x)} }

// StringValue makes a value of a string.
func StringValue(s string) Value { return Value{kind: String, text: s} }

// BoolValue makes a value of a bool.
func BoolValue(b bool) Value {
	if b {
		return Value{kind: Bool, bits: 1}
	}
	return Value{kind: Bool}
}

// Kind is the value's type.
func (v Value) Kind() Kind { return v.kind }

// IsNull reports whether there is no value.
func (v Value) IsNull() bool { return v.kind == Null }

// Number is the value of an int or a float.
func (v Value) Number() (x float64, ok bool) {
	switch v.kind {
	case Int:
		return float64(int64(v.bits)), true
	case Float:
		return math.Float64frombits(v.bits), true
	}
	return 0, false
}

// String is the value as text, the same for equal numbers of either kind:
// numbers in the fewest digits that read back the same, null as "".
func (v Value) String() string {
	switch v.kind {
	case Int:
		return strconv.FormatInt(int64(v.bits), 10)
	case Float:
		x := math.Float64frombits(v.bits)
		if x == math.Trunc(x) && math.Abs(x) < maxInt {
			return strconv.FormatFloat(x, 'f', 0, 64)
		}
		return strconv.FormatFloat(x, 'g', -1, 64)
	case Bool:
		return strconv.FormatBool(v.bits == 1)
	}
	return v.text
}

// as converts the value to a column's kind, which must be as wide.
func (v Value) as(k Kind) Value {
	switch {
	case v.kind == k || v.kind == Null:
		return v
	case k == Float:
		x, _ := v.Number()
		return FloatValue(x)
	case k == String:
		return StringValue(v.String())
	}
	panic(fmt.Sprintf("results: a value of kind %v in a column of kind %v", v.kind, k))
}

// maxInt bounds integers: beyond 2^53 readers that hold numbers as float64,
// JavaScript's and R's, would alter them.
const maxInt = 1 << 53

// A Column is the name and type of a parameter's column.
type Column struct {
	Name string // such as "optimizer.lr"
	Kind Kind   // type of its values
}

// widen is the narrowest kind that holds both.
func widen(a, b Kind) Kind {
	switch {
	case a == b || b == Null:
		return a
	case a == Null:
		return b
	case (a == Int || a == Float) && (b == Int || b == Float):
		return Float
	}
	return String
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
		u.columns[i].Kind = widen(u.columns[i].Kind, p.Value.kind)
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
