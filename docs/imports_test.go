package docs

import (
	"os/exec"
	"strings"
	"testing"
)

// alone lists the modules that one folder imports and no other; folders on the
// right of may are what those on the left may import of ours.
var (
	alone = map[string]string{
		"github.com/apache/arrow/go/v17":    "results",
		"github.com/sourcegraph/conc":       "sweep",
		"github.com/BurntSushi/toml":        "suites",
		"github.com/olekukonko/tablewriter": "report",
		"gonum.org/v1/plot":                 "report",
		"github.com/spf13/cobra":            "cmd",
		"github.com/schollz/progressbar/v3": "sweep",
		"github.com/klauspost/compress":     "results",
		"golang.org/x/term":                 "cmd",
	}
	may = map[string]string{
		"gfn":     "gfn",
		"suites":  "suites gfn",
		"results": "results gfn/param gfn/metric",
		"sweep":   "sweep suites results gfn",
		"report":  "report suites results gfn",
		"cmd":     "cmd report sweep suites results gfn",
	}
)

// TestImports: imports point one way, and what can be replaced is fenced in.
func TestImports(t *testing.T) {
	list := exec.Command("go", "list", "-f", "{{$p := .ImportPath}}{{range .Imports}}{{$p}} {{.}}\n{{end}}", "./gfn/...", "./suites/...", "./results/...", "./sweep/...", "./report/...", "./cmd/...")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		importer, imported, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		folder := top(importer)
		if top(imported) != "" && !allowed(strings.TrimPrefix(imported, "gfnbench/"), may[folder]) {
			t.Errorf("%s imports %s: %s may import %s", importer, imported, folder, may[folder])
		}
		for module, owner := range alone {
			if (imported == module || strings.HasPrefix(imported, module+"/")) && folder != owner {
				t.Errorf("%s imports %s: only %s does", importer, imported, owner)
			}
		}
	}
}

// allowed reports whether a package lies in one of the folders.
func allowed(path, folders string) bool {
	for folder := range strings.FieldsSeq(folders) {
		if path == folder || strings.HasPrefix(path, folder+"/") {
			return true
		}
	}
	return false
}

// top is the top folder of a package of ours, or "".
func top(path string) string {
	rest, ok := strings.CutPrefix(path, "gfnbench/")
	if !ok {
		return ""
	}
	folder, _, _ := strings.Cut(rest, "/")
	return folder
}
