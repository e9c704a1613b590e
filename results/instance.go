package results

import (
	"fmt"
	"iter"
	"slices"

	"gfnbench/gfn/param"
	"gfnbench/results/columnar"
)

// An Instance is what was drawn for one environment instance.
type Instance struct {
	ID          string  // key: its name in the suite, with the parameters that vary if it has several instances
	Environment string  // name in the suite
	Fields      []Field // what was drawn or given
}

// A Field is one drawn quantity: numbers or texts, not both.
type Field struct {
	Name    string    // such as "f"
	Numbers []float64 // row-major for a matrix
	Texts   []string  // such as a tree in Newick form
}

// Scalar returns a field of one number.
func Scalar(name string, x float64) Field { return Field{Name: name, Numbers: []float64{x}} }

// A drawn is one number or string of an instance: a row of instances.parquet.
type drawn struct {
	instance, environment, field string
	index                        int64
	value, text                  param.Value // one of the two
}

var instanceColumns = []column[drawn]{
	text("instance", "key of the instance: its name in the suite, with the parameters that vary in brackets where it has several",
		func(d *drawn) *string { return &d.instance }).must(),
	text("environment", "its name in the suite", func(d *drawn) *string { return &d.environment }),
	text("field", "what was drawn or given, or is known", func(d *drawn) *string { return &d.field }),
	integer("index", "position in the field", func(d *drawn) *int64 { return &d.index }),
	setting("value", columnar.Float64, "a number", func(d *drawn) *param.Value { return &d.value }).plain(),
	setting("text", columnar.String, "or a line of text", func(d *drawn) *param.Value { return &d.text }),
}

// drawn lists the rows of the instance.
func (in *Instance) drawn() iter.Seq[drawn] {
	return func(yield func(drawn) bool) {
		for _, f := range in.Fields {
			for k := range f.len() {
				d := drawn{instance: in.ID, environment: in.Environment, field: f.Name, index: int64(k)}
				if len(f.Texts) > 0 {
					d.text = param.Of(f.Texts[k])
				} else {
					d.value = param.OfFloat(f.Numbers[k])
				}
				if !yield(d) {
					return
				}
			}
		}
	}
}

// len returns how many numbers or texts the field has.
func (f *Field) len() int { return max(len(f.Numbers), len(f.Texts)) }

// check reports anything in the instance that cannot be written.
func (in *Instance) check() error {
	if in.ID == "" || len(in.Fields) == 0 {
		return fmt.Errorf("instance %q of %q has no id or no fields", in.ID, in.Environment)
	}
	texts := []string{in.ID, in.Environment}
	for i, f := range in.Fields {
		if slices.ContainsFunc(in.Fields[:i], func(g Field) bool { return g.Name == f.Name }) {
			return fmt.Errorf("instance %q: field %q is given twice", in.ID, f.Name)
		}
		texts = append(append(texts, f.Name), f.Texts...)
		if (len(f.Numbers) > 0) == (len(f.Texts) > 0) {
			return fmt.Errorf("instance %q: field %q must hold numbers or texts", in.ID, f.Name)
		}
	}
	if err := checkTexts(texts...); err != nil {
		return fmt.Errorf("instance %q: %w", in.ID, err)
	}
	return nil
}
