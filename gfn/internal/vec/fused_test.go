package vec

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	functionLine = regexp.MustCompile(`^(\S+) STEXT`)
	fusedLine    = regexp.MustCompile(`\(([^()]*:\d+)\)\s+(FN?M(?:ADD|SUB)[DS])\b`)
)

// fusedIn compiles packages for arm64, where the compiler fuses x*y+z. It returns the fused
// instructions in the assembly listings that match the pattern, with function and line.
// It leaves out packages that do not compile.
func fusedIn(t *testing.T, dir, pattern string) (found []string, functions int) {
	t.Helper()
	cmd := exec.Command("go", "build", "-gcflags="+pattern+"=-S", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOARCH=arm64", "GOOS=linux", "CGO_ENABLED=0", "GOFLAGS=")
	listing, _ := cmd.CombinedOutput()
	function := ""
	for line := range strings.Lines(string(listing)) {
		if m := functionLine.FindStringSubmatch(line); m != nil {
			function = m[1]
			functions++
		} else if m := fusedLine.FindStringSubmatch(line); m != nil {
			found = append(found, fmt.Sprintf("%s: %s in %s", m[1], m[2], function))
		}
	}
	return found, functions
}

// TestNoFusedInstructions: results must not depend on whether a CPU fuses a
// multiplication with an addition, so every product is rounded explicitly,
// float64(x*y) + z. The function fused, which is inlined, must be fused.
func TestNoFusedInstructions(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles all packages for arm64")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	found, functions := fusedIn(t, filepath.Join("..", ".."), "gfnbench/gfn/...")
	if functions < 50 {
		t.Fatalf("found %d functions in the listing; has its format changed?", functions)
	}
	wanted := 0
	for _, f := range found {
		if strings.Contains(f, "vec/fma.go:") {
			wanted++
			continue
		}
		t.Error(f)
	}
	if wanted < 9 {
		t.Errorf("%d products of the portable Gemm are fused, want 8 of chain8 and one of fma32", wanted)
	}
}

// TestFusedIsFound: the search finds fused instructions.
func TestFusedIsFound(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil || testing.Short() {
		t.Skip("needs the go command")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":   "module control\n\ngo 1.26\n",
		"fused.go": "package control\n\nfunc Fused(x, y, z float64) float64 { return x*y + z }\n\nfunc Rounded(x, y, z float32) float32 { return float32(x*y) + z }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	found, functions := fusedIn(t, dir, "control/...")
	if functions != 2 || len(found) != 1 || !strings.HasSuffix(found[0], "fused.go:3: FMADDD in control.Fused") {
		t.Errorf("found %q in %d functions, want one FMADDD in Fused", found, functions)
	}
}
