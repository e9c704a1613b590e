package suites

import (
	"testing"

	"gfnbench/gfn"
)

// TestTrainable checks that what a suite accepts can be trained: a trainer accepts the
// spec of every cell of the smallest shipped suite.
func TestTrainable(t *testing.T) {
	s, err := Read("smoke")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Cells {
		if _, err := gfn.New(c.Spec(), c.Instance()); err != nil {
			t.Errorf("%s: %v", c.Canonical(), err)
		}
	}
}
