package envtest_test

import (
	"fmt"
	"strings"
	"testing"
)

// recorder is a TB that keeps the errors reported to it.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Helper()           {}
func (r *recorder) Error(args ...any) { r.errors = append(r.errors, fmt.Sprint(args...)) }

// wantError checks that an error with the given words was reported.
func wantError(t *testing.T, words string, run func(t testing.TB)) {
	t.Helper()
	r := &recorder{TB: t}
	run(r)
	switch all := strings.Join(r.errors, "\n"); {
	case all == "":
		t.Error("the fault was not found")
	case !strings.Contains(all, words):
		t.Errorf("%q is not in:\n%s", words, all)
	}
}

// wantNone checks that nothing was reported.
func wantNone(t *testing.T, run func(t testing.TB)) {
	t.Helper()
	r := &recorder{TB: t}
	run(r)
	if len(r.errors) > 0 {
		t.Errorf("%q", r.errors)
	}
}
