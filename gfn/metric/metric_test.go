package metric

import (
	"regexp"
	"testing"
)

// TestRegistry: every metric is fully declared, under a unique name that can be a column
// and by which Lookup finds it.
func TestRegistry(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	for _, m := range All() {
		info := m.Info()
		if !name.MatchString(info.Name) || info.Definition == "" {
			t.Errorf("metric %d is declared as %+v", m, info)
		}
		if found, ok := Lookup(info.Name); !ok || found != m {
			t.Errorf("Lookup(%q) = %v, %t, want %v", info.Name, found, ok, m)
		}
		if evaluated := m < NumEvaluated; evaluated != (info.Source == Evaluation) {
			t.Errorf("%s stands on the wrong side of NumEvaluated", m)
		}
	}
	if _, ok := Lookup("no such metric"); ok {
		t.Error("Lookup finds a metric that does not exist")
	}
}
