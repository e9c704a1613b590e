package param

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unique"
)

// A Type is the type of a value.
type Type uint8

// Types of values. The scalars come first, in the order of widening: a column that holds
// integers and floats has type Float, and one that holds any other combination has type
// String. Comments give the Go type that [Of] accepts.
const (
	Null    Type = iota // no value: the setting does not apply, or is not given (nil)
	Bool                // bool
	Int                 // int or int64
	Float               // float64
	String              // string
	Ints                // []int
	Floats              // []float64
	Strings             // []string
	Matrix              // [][]float64, row by row
	Path                // File: a file that a suite names
)

// String returns the type's name in documents and messages.
func (t Type) String() string {
	return [...]string{"null", "boolean", "integer", "number", "string", "list of integers", "list of numbers",
		"list of strings", "list of lists of numbers", "file"}[t]
}

// Scalar reports whether values of the type are scalars.
func (t Type) Scalar() bool { return t <= String }

// A Value is the value of a setting. The zero Value is null. Values are
// comparable with ==.
type Value struct {
	typ  Type
	bits uint64 // of a boolean, an integer or a float
	text string // a string, or the canonical text of a list or a file
	file unique.Handle[File]
}

// A File is the content of a file.
type File struct {
	Name string // as written in the suite
	Data string // all of it
}

// Of returns the value of a Go value of one of the types listed with Type. It returns a
// Value unchanged and panics for other types.
func Of(x any) Value {
	switch x := x.(type) {
	case nil:
		return Value{}
	case Value:
		return x
	case bool:
		if x {
			return Value{typ: Bool, bits: 1}
		}
		return Value{typ: Bool}
	case int:
		return Value{typ: Int, bits: uint64(x)}
	case int64:
		return Value{typ: Int, bits: uint64(x)}
	case float64:
		return OfFloat(x)
	case string:
		return Value{typ: String, text: x}
	case []int:
		return Value{typ: Ints, text: list(x, func(i int) string { return strconv.Itoa(i) })}
	case []float64:
		return Value{typ: Floats, text: list(x, number)}
	case []string:
		return Value{typ: Strings, text: list(x, quote)}
	case [][]float64:
		return Value{typ: Matrix, text: list(x, func(row []float64) string { return list(row, number) })}
	case File:
		sum := sha256.Sum256([]byte(x.Data))
		return Value{typ: Path, text: "sha256:" + hex.EncodeToString(sum[:]), file: unique.Make(x)}
	}
	panic(fmt.Sprintf("param: no value of type %T", x))
}

// OfFloat returns the value of a float; every NaN is the same value.
func OfFloat(x float64) Value {
	if math.IsNaN(x) {
		return Value{typ: Float, bits: 0x7ff8000000000001}
	}
	return Value{typ: Float, bits: math.Float64bits(x)}
}

// Type returns the value's type.
func (v Value) Type() Type { return v.typ }

// IsNull reports whether there is no value.
func (v Value) IsNull() bool { return v.typ == Null }

// Number returns the value of an integer or a float.
func (v Value) Number() (x float64, ok bool) {
	switch v.typ {
	case Int:
		return float64(int64(v.bits)), true
	case Float:
		return math.Float64frombits(v.bits), true
	}
	return 0, false
}

// Int returns the value of an integer, 0 for other types.
func (v Value) Int() int {
	if v.typ != Int {
		return 0
	}
	return int(int64(v.bits))
}

// Float returns the value of an integer or a float, 0 for other types.
func (v Value) Float() float64 { x, _ := v.Number(); return x }

// Bool returns the value of a boolean, false for other types.
func (v Value) Bool() bool { return v.typ == Bool && v.bits == 1 }

// Text returns the value of a string, "" for other types.
func (v Value) Text() string {
	if v.typ != String {
		return ""
	}
	return v.text
}

// File returns the file, and whether the value is one.
func (v Value) File() (f File, ok bool) {
	if v.typ != Path {
		return File{}, false
	}
	return v.file.Value(), true
}

// Ints returns the elements of a list of integers, nil for other types.
func (v Value) Ints() []int {
	var list []int
	if v.typ == Ints {
		for _, x := range numbers(v.text) {
			list = append(list, int(x))
		}
	}
	return list
}

// Floats returns the elements of a list of numbers, nil for other types.
func (v Value) Floats() []float64 {
	if v.typ != Floats {
		return nil
	}
	return numbers(v.text)
}

// Strings returns the elements of a list of strings, nil for other types.
func (v Value) Strings() []string {
	var list []string
	if v.typ == Strings {
		mustRead(json.Unmarshal([]byte(v.text), &list))
	}
	return list
}

// Matrix returns the rows of a list of lists of numbers, nil for other types.
func (v Value) Matrix() [][]float64 {
	if v.typ != Matrix || v.text == "[]" {
		return nil
	}
	var rows [][]float64
	for row := range strings.SplitSeq(v.text[1:len(v.text)-1], "],") {
		rows = append(rows, numbers(strings.Trim(row, "[]")))
	}
	return rows
}

// numbers parses a list of numbers from its canonical text, which may contain infinite
// ones.
func numbers(text string) []float64 {
	list := []float64{}
	for s := range strings.SplitSeq(strings.Trim(text, "[]"), ",") {
		if s != "" {
			x, err := strconv.ParseFloat(s, 64)
			mustRead(err)
			list = append(list, x)
		}
	}
	return list
}

// mustRead panics on an error, because a canonical text always parses.
func mustRead(err error) {
	if err != nil {
		panic("param: a canonical text does not read back: " + err.Error())
	}
}

// Numbers returns every number in the value, which for a list are its elements.
func (v Value) Numbers() []float64 {
	switch v.typ {
	case Int, Float:
		return []float64{v.Float()}
	case Ints:
		var all []float64
		for _, i := range v.Ints() {
			all = append(all, float64(i))
		}
		return all
	case Floats:
		return v.Floats()
	case Matrix:
		var all []float64
		for _, row := range v.Matrix() {
			all = append(all, row...)
		}
		return all
	}
	return nil
}

// Canonical writes the value as JSON in exactly one way: floats as the shortest text that
// parses to the same bits, a file as its SHA-256.
func (v Value) Canonical() string {
	switch v.typ {
	case Null:
		return "null"
	case Float:
		return number(v.Float())
	case String, Path:
		return quote(v.text)
	}
	return v.String()
}

// MarshalJSON writes the canonical text, or null for a number that is not finite.
func (v Value) MarshalJSON() ([]byte, error) {
	if x, ok := v.Number(); ok && (math.IsNaN(x) || math.IsInf(x, 0)) {
		return []byte("null"), nil
	}
	return []byte(v.Canonical()), nil
}

// String writes the value for people and for columns of text: strings without quotes,
// lists as JSON, null as "". Equal numbers of either type give the same text.
func (v Value) String() string {
	switch v.typ {
	case Bool:
		return strconv.FormatBool(v.bits == 1)
	case Int:
		return strconv.FormatInt(int64(v.bits), 10)
	case Float:
		x := v.Float()
		if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
			return strconv.FormatFloat(x, 'f', 0, 64)
		}
		return number(x)
	}
	return v.text
}

// Flat returns the value as a column of the results holds it: scalars unchanged,
// everything else as text.
func (v Value) Flat() Value {
	if v.typ.Scalar() {
		return v
	}
	return Value{typ: String, text: v.text}
}

func list[T any](x []T, text func(T) string) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, e := range x {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(text(e))
	}
	b.WriteByte(']')
	return b.String()
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

func quote(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	return string(text)
}

// MarshalBinary encodes the value for a checkpoint. It returns an error for files, which
// belong to an instance and not to a checkpoint.
func (v Value) MarshalBinary() ([]byte, error) {
	if v.typ == Path {
		return nil, errors.New("param: a file has no binary form")
	}
	b := binary.LittleEndian.AppendUint64([]byte{byte(v.typ)}, v.bits)
	return append(b, v.text...), nil
}

// UnmarshalBinary is the inverse of MarshalBinary.
func (v *Value) UnmarshalBinary(b []byte) error {
	if len(b) < 9 || Type(b[0]) >= Path {
		return errors.New("param: no value's binary form")
	}
	*v = Value{typ: Type(b[0]), bits: binary.LittleEndian.Uint64(b[1:]), text: string(b[9:])}
	return nil
}
