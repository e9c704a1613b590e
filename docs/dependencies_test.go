package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDependencies checks that dependencies.md lists the modules of go.mod that we import
// and those that are in the programs, on any system, and no others.
func TestDependencies(t *testing.T) {
	text, err := os.ReadFile("dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\| (\S+/\S+) \|`).FindAllStringSubmatch(string(text), -1) {
		listed[m[1]] = true
	}
	needed := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(string(mod), -1) {
		needed[m[1]] = true
	}
	for _, system := range []string{"linux", "windows"} {
		list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "./cmd/...", "gonum.org/v1/plot/vg/...")
		list.Dir, list.Env = root, append(os.Environ(), "GOOS="+system)
		out, err := list.Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, module := range strings.Fields(string(out)) {
			needed[module] = true
		}
	}
	delete(needed, "gfnbench")
	for module := range needed {
		if !listed[module] {
			t.Errorf("%s is not in dependencies.md", module)
		}
	}
	for module := range listed {
		if !needed[module] {
			t.Errorf("%s is in dependencies.md and in no program", module)
		}
	}
}
