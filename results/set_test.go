package results

import "testing"

// TestSameInstance: a version that says more about an instance does not contradict one
// that says less; one that says something else does.
func TestSameInstance(t *testing.T) {
	of := func(fields ...Field) *Instance { return &Instance{ID: "x", Environment: "x", Fields: fields} }
	f := Field{Name: "f", Numbers: []float64{1, 2}}
	file := Field{Name: "data_file", Texts: []string{"a.csv"}}
	for _, tt := range []struct {
		name string
		a, b *Instance
		want bool
	}{
		{"alike", of(f, file), of(f, file), true},
		{"one says more", of(f), of(f, file), true},
		{"the other says more", of(f, file), of(file), true},
		{"other numbers", of(f, file), of(Field{Name: "f", Numbers: []float64{1, 3}}, file), false},
		{"other texts", of(f, file), of(f, Field{Name: "data_file", Texts: []string{"b.csv"}}), false},
		{"another environment", of(f), &Instance{ID: "x", Environment: "y", Fields: []Field{f}}, false},
	} {
		if got := sameInstance(tt.a, tt.b); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
