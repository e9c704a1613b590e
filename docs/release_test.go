package docs

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"gfnbench/results/readerstest"
)

// TestCitation checks CITATION.cff with the schema of the Citation File
// Format 1.2.0.
func TestCitation(t *testing.T) {
	const script = `
import importlib.util, json, os, sys, jsonschema, yaml
package = importlib.util.find_spec("cffconvert").submodule_search_locations[0]  # not imported: its requirements are not there
schema = json.load(open(os.path.join(package, "schemas/1.2.0/schema.json")))
citation = yaml.load(open(sys.argv[1]), yaml.BaseLoader)  # dates as text
problems = list(jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).iter_errors(citation))
sys.exit("\n".join(f"{list(p.path)}: {p.message}" for p in problems) or 0)
`
	if out, err := exec.Command(readerstest.Python(t), "-c", script, filepath.Join(root, "CITATION.cff")).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestChangelog checks that the newest release of the changelog is the one in
// CITATION.cff.
func TestChangelog(t *testing.T) {
	changes, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	citation, err := os.ReadFile(filepath.Join(root, "CITATION.cff"))
	if err != nil {
		t.Fatal(err)
	}
	release := regexp.MustCompile(`(?m)^## \[(\d\S*)\] - (\S+)$`).FindSubmatch(changes)
	if release == nil {
		t.Fatal("the changelog has no release: ## [VERSION] - DATE")
	}
	for key, value := range map[string][]byte{"version": release[1], "date-released": release[2]} {
		if line := fmt.Sprintf("\n%s: %s\n", key, value); !strings.Contains(string(citation), line) {
			t.Errorf("CITATION.cff has another %s than the changelog, %s", key, value)
		}
	}
}

// TestDist builds the archive of this system with everything that comes with it. With
// GFNBENCH_SOAK=1 it builds it twice, which must give the same bytes.
func TestDist(t *testing.T) {
	target := runtime.GOOS + "/" + runtime.GOARCH
	if runtime.GOOS == "windows" {
		t.Skip("the archive that is looked into is a tar file")
	}
	sums := dist(t, target)
	if os.Getenv("GFNBENCH_SOAK") != "" {
		if again := dist(t, target); again != sums {
			t.Errorf("two builds differ:\n%s%s", sums, again)
		}
	}
}

func dist(t *testing.T, target string) string {
	t.Helper()
	dir := t.TempDir()
	c := exec.Command("go", "run", "./.ci/dist", "-o", dir, "-targets", target)
	c.Dir = root
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	sums, err := os.ReadFile(filepath.Join(dir, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	archives, _ := filepath.Glob(filepath.Join(dir, "*.tar.gz"))
	if len(archives) != 1 || !strings.Contains(string(sums), filepath.Base(archives[0])) {
		t.Fatalf("archives %q, checksums\n%s", archives, sums)
	}
	files := untar(t, archives[0], dir)
	for _, name := range []string{"sweep", "report", "README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff", "sweep.1", "sweep-run.1", "report-table.1"} {
		if !files[name] {
			t.Errorf("the archive has no %s", name)
		}
	}
	if out, err := exec.Command(filepath.Join(dir, "sweep"), "list", "suites").Output(); err != nil || !bytes.Contains(out, []byte("quickstart")) {
		t.Errorf("the program of the archive does not run: %v\n%s", err, out)
	}
	checkBill(t, dir)
	checkWheel(t, dir)
	return string(sums)
}

// checkWheel installs the wheel into a clean environment, without a network, and runs the
// package's tests there with the readers' pandas and Polars. mypy checks its types.
func checkWheel(t *testing.T, dir string) {
	t.Helper()
	python := readerstest.Python(t)
	wheels, _ := filepath.Glob(filepath.Join(dir, "*.whl"))
	if len(wheels) != 1 {
		t.Fatalf("wheels %q", wheels)
	}
	run := func(program string, args ...string) string {
		c := exec.Command(program, args...)
		c.Dir = root
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %q: %v\n%s", program, args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	const packages = "import sysconfig; print(sysconfig.get_path('purelib'))"
	clean := filepath.Join(dir, "clean")
	run(python, "-m", "venv", clean)
	installed := filepath.Join(clean, "bin", "python")
	run(installed, "-m", "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", wheels[0])
	if err := os.WriteFile(filepath.Join(run(installed, "-c", packages), "readers.pth"), []byte(run(python, "-c", packages)+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	run(installed, "-m", "unittest", "discover", "-s", "python/tests")
	run(python, "-m", "mypy", "--strict", "--ignore-missing-imports", "--cache-dir", t.TempDir(), "python/gfnbench")
}

// untar unpacks the files of an archive, without their folder.
func untar(t *testing.T, archive, dir string) map[string]bool {
	t.Helper()
	f, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]bool{}
	r := tar.NewReader(z)
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		name := path.Base(h.Name)
		if err := os.WriteFile(filepath.Join(dir, name), data, h.FileInfo().Mode()); err != nil {
			t.Fatal(err)
		}
		files[name] = true
	}
}

// checkBill looks for a module that must be there, with version and licence.
func checkBill(t *testing.T, dir string) {
	t.Helper()
	paths, _ := filepath.Glob(filepath.Join(dir, "*.cdx.json"))
	if len(paths) != 1 {
		t.Fatalf("bills of materials %q", paths)
	}
	text, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	var bill struct {
		Components []struct {
			Name, Version string
			Licenses      []struct{ License struct{ ID string } }
		}
	}
	if err := json.Unmarshal(text, &bill); err != nil {
		t.Fatal(err)
	}
	for _, c := range bill.Components {
		if c.Name == "github.com/apache/arrow/go/v17" && strings.HasPrefix(c.Version, "v17.") && len(c.Licenses) == 1 && c.Licenses[0].License.ID == "Apache-2.0" {
			return
		}
	}
	t.Errorf("the bill of materials has no Arrow:\n%s", text)
}
