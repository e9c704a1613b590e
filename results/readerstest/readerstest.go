// Package readerstest finds programs from outside that read our files in tests;
// .ci/readers.sh installs and pins them.
package readerstest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Python returns the interpreter that has pandas, pyarrow, Polars, DuckDB, matplotlib, jsonschema,
// TensorBoard, SciPy, rliable and mypy. If there is none, the test is skipped, or fails with CI=true or
// GFNBENCH_REQUIRE_READERS set.
func Python(t testing.TB) string {
	t.Helper()
	return find(t, "venv", "bin", "python")
}

// NodeModules returns the folder of node modules that has hyparquet. If there is none
// it does as Python does.
func NodeModules(t testing.TB) string {
	t.Helper()
	return find(t, "node_modules")
}

func find(t testing.TB, path ...string) string {
	t.Helper()
	c := exec.Command(filepath.Join(Root(t), ".ci", "readers.sh"))
	c.Stderr = os.Stderr
	out, err := c.Output()
	found := filepath.Join(append([]string{strings.TrimSpace(string(out))}, path...)...)
	if err == nil {
		_, err = os.Stat(found)
	}
	switch {
	case err == nil:
	case os.Getenv("CI") == "true" || os.Getenv("GFNBENCH_REQUIRE_READERS") != "":
		t.Fatal(err)
	default:
		t.Skipf("the readers are not installed: %v", err)
	}
	return found
}

// Root returns the repository's folder.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}
