// Package columnar writes and reads flat tables as sealed Parquet files.
//
// A sealed file carries in its footer a SHA-256 over all its bytes, so a file
// that was truncated or altered is rejected before any of it is decoded. To
// every other reader it is an ordinary Parquet file: flat columns of bool,
// int64, float64, UTF-8 strings and UTC timestamps, compressed with zstd, in
// row groups of at most [MaxGroup] rows.
//
// The Parquet library it builds on, Arrow for Go 17, writes the files and reads
// their footers. Pages are decoded here, because the library loops for ever on
// some damaged pages and allocates whatever memory their headers ask for.
// [Open] and [Reader.Read] check each declared size against the bytes that are
// there. The package works around further defects; see NewWriter and the zstd
// codec.
package columnar

import (
	"fmt"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

// MaxGroup is the largest number of rows in a row group.
const MaxGroup = 64 << 10

// A Type is the type of a column.
type Type uint8

// The types.
const (
	Bool      Type = iota
	Int64          // signed
	Float64        // IEEE 754 binary64, every NaN and infinity kept
	String         // UTF-8
	Timestamp      // microseconds since 1970 in UTC, as an Int64
)

// String returns the type's name.
func (t Type) String() string {
	return [...]string{"bool", "int64", "float64", "string", "timestamp"}[t]
}

// A Field describes a column.
type Field struct {
	Name     string // unique in the file
	Type     Type   // type of its values
	Required bool   // no value is null
	Plain    bool   // values rarely repeat, so no dictionary is used; not known after reading
}

// A KeyValue is one pair of a file's metadata.
type KeyValue struct {
	Key, Value string // UTF-8
}

// A Column is a run of values of one column. The values that are not null are
// packed in the slice of the column's type. Valid says for each row whether it
// has a value (1) or is null (0); it is nil for a required column.
type Column struct {
	Field
	Valid   []int16   // one element per row
	Bools   []bool    // values of type Bool
	Ints    []int64   // values of type Int64 or Timestamp
	Floats  []float64 // values of type Float64
	Strings []string  // values of type String
}

// NewColumn makes an empty column.
func NewColumn(f Field) *Column { return &Column{Field: f} }

// Reset empties the column but keeps its memory.
func (c *Column) Reset() {
	c.Valid, c.Bools, c.Ints = c.Valid[:0], c.Bools[:0], c.Ints[:0]
	c.Floats, c.Strings = c.Floats[:0], c.Strings[:0]
}

// Rows returns the number of rows, including nulls.
func (c *Column) Rows() int {
	if !c.Required {
		return len(c.Valid)
	}
	return c.packed()
}

// packed returns the number of values that are not null.
func (c *Column) packed() int {
	switch c.Type {
	case Bool:
		return len(c.Bools)
	case Float64:
		return len(c.Floats)
	case String:
		return len(c.Strings)
	}
	return len(c.Ints)
}

func (c *Column) valid() {
	if !c.Required {
		c.Valid = append(c.Valid, 1)
	}
}

// Null appends a null. It panics if the column is required.
func (c *Column) Null() {
	if c.Required {
		panic("columnar: null in required column " + c.Name)
	}
	c.Valid = append(c.Valid, 0)
}

// Bool appends a value to a column of type Bool.
func (c *Column) Bool(x bool) { c.valid(); c.Bools = append(c.Bools, x) }

// Int appends a value to a column of type Int64 or Timestamp.
func (c *Column) Int(x int64) { c.valid(); c.Ints = append(c.Ints, x) }

// Float appends a value to a column of type Float64.
func (c *Column) Float(x float64) { c.valid(); c.Floats = append(c.Floats, x) }

// String appends a value to a column of type String. It must be valid UTF-8.
func (c *Column) String(s string) { c.valid(); c.Strings = append(c.Strings, s) }

// node returns the field as the schema represents it.
func (f Field) node() (schema.Node, error) {
	repetition := parquet.Repetitions.Optional
	if f.Required {
		repetition = parquet.Repetitions.Required
	}
	var logical schema.LogicalType = schema.NoLogicalType{}
	physical := parquet.Types.Int64
	switch f.Type {
	case Bool:
		physical = parquet.Types.Boolean
	case Float64:
		physical = parquet.Types.Double
	case String:
		physical, logical = parquet.Types.ByteArray, schema.StringLogicalType{}
	case Timestamp:
		logical = schema.NewTimestampLogicalType(true, schema.TimeUnitMicros)
	}
	return schema.NewPrimitiveNodeLogical(f.Name, repetition, logical, physical, -1, -1)
}

// fieldOf is the inverse of node.
func fieldOf(c *schema.Column) (Field, error) {
	f := Field{Name: c.Name(), Required: c.MaxDefinitionLevel() == 0}
	logical := c.LogicalType()
	none := logical == nil || logical.IsNone()
	switch {
	case c.MaxRepetitionLevel() > 0 || c.MaxDefinitionLevel() > 1:
		return f, fmt.Errorf("column %q is not flat", c.Path())
	case c.PhysicalType() == parquet.Types.Boolean && none:
		f.Type = Bool
	case c.PhysicalType() == parquet.Types.Double && none:
		f.Type = Float64
	case c.PhysicalType() == parquet.Types.Int64 && none:
		f.Type = Int64
	case c.PhysicalType() == parquet.Types.Int64 && logical.Equals(schema.NewTimestampLogicalType(true, schema.TimeUnitMicros)):
		f.Type = Timestamp
	case c.PhysicalType() == parquet.Types.ByteArray && logical.Equals(schema.StringLogicalType{}):
		f.Type = String
	default:
		return f, fmt.Errorf("column %q has the unknown type %v (%v)", f.Name, c.PhysicalType(), logical)
	}
	return f, nil
}
