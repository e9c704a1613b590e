package docs

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// alone gives each module that only one folder may import. may gives the folders of ours
// that each folder may import.
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
		"trainer": "trainer gfn",
		"suites":  "suites gfn usage",
		"results": "results gfn/param gfn/metric usage",
		"tuning":  "suites results gfn/metric",
		"sweep":   "sweep tuning suites results trainer gfn usage",
		"report":  "report tuning suites results gfn usage",
		"cmd":     "cmd report sweep suites results trainer gfn usage",
	}
)

// layers lists the packages of a folder by layer, from the lowest. The folder itself has
// its own name. A package imports only those of lower layers.
var layers = map[string][]string{
	"report": {"stats number", "report", "sheet", "tune", "claims diff methods export", "figure", "page", "serve"},
}

// TestImports checks that imports follow alone and may.
func TestImports(t *testing.T) {
	for _, pair := range imports(t) {
		importer, imported := pair[0], pair[1]
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

// TestLayers checks that imports within a folder go down, and that every package has a
// layer.
func TestLayers(t *testing.T) {
	found := make(map[string]bool)
	for _, pair := range imports(t) {
		importer, imported := strings.TrimPrefix(pair[0], "gfnbench/"), strings.TrimPrefix(pair[1], "gfnbench/")
		folder := top(pair[0])
		if layers[folder] == nil || strings.HasSuffix(importer, "test") {
			continue
		}
		found[importer] = true
		from := layerOf(folder, importer)
		if from < 0 {
			t.Errorf("%s is in no layer of %s: %q", importer, folder, layers[folder])
		}
		if top(pair[1]) == folder && layerOf(folder, imported) >= from {
			t.Errorf("%s imports %s, which is not below it: %q", importer, imported, layers[folder])
		}
	}
	for folder, list := range layers {
		for room := range strings.FieldsSeq(strings.Join(list, " ")) {
			if path := folder + "/" + room; !found[path] && room != folder {
				t.Errorf("%s has no room %s", folder, room)
			}
		}
	}
}

// layerOf returns the index of a package's layer, or -1 if it has none.
func layerOf(folder, path string) int {
	room := folder
	if path != folder {
		room = strings.TrimPrefix(path, folder+"/")
	}
	return slices.IndexFunc(layers[folder], func(rooms string) bool { return slices.Contains(strings.Fields(rooms), room) })
}

// imports returns pairs of one of our packages and one that it imports.
func imports(t *testing.T) (pairs [][2]string) {
	t.Helper()
	list := exec.Command("go", "list", "-f", "{{$p := .ImportPath}}{{range .Imports}}{{$p}} {{.}}\n{{end}}", "./gfn/...", "./trainer/...", "./suites/...", "./results/...", "./tuning/...", "./sweep/...", "./report/...", "./cmd/...")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		if importer, imported, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			pairs = append(pairs, [2]string{importer, imported})
		}
	}
	return pairs
}

// allowed reports whether a package is in one of the folders.
func allowed(path, folders string) bool {
	for folder := range strings.FieldsSeq(folders) {
		if path == folder || strings.HasPrefix(path, folder+"/") {
			return true
		}
	}
	return false
}

// top returns the top folder of one of our packages, or "".
func top(path string) string {
	rest, ok := strings.CutPrefix(path, "gfnbench/")
	if !ok {
		return ""
	}
	folder, _, _ := strings.Cut(rest, "/")
	return folder
}
