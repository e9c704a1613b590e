package docs

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestCitation checks CITATION.cff by the rules of the Citation File Format
// 1.2.0 for the keys that it has.
func TestCitation(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "CITATION.cff"))
	if err != nil {
		t.Fatal(err)
	}
	top := map[string]string{} // keys of the first level
	for _, m := range regexp.MustCompile(`(?m)^([a-z-]+):(?: +(.*))?$`).FindAllStringSubmatch(string(text), -1) {
		if _, twice := top[m[1]]; twice {
			t.Errorf("%s stands twice", m[1])
		}
		top[m[1]] = strings.Trim(m[2], `"`)
	}
	known := "abstract authors cff-version commit contact date-released doi identifiers keywords license license-url message preferred-citation references repository repository-artifact repository-code title type url version"
	for key := range top {
		if !strings.Contains(" "+known+" ", " "+key+" ") {
			t.Errorf("%s is no key of the format", key)
		}
	}
	for _, key := range []string{"authors", "cff-version", "message", "title"} {
		if _, ok := top[key]; !ok {
			t.Errorf("%s is missing", key)
		}
	}
	for key, pattern := range map[string]string{
		"cff-version": `1\.2\.0`, "type": `software|dataset`, "license": `MIT`,
		"version": `\d+\.\d+\.\d+`, "date-released": `\d{4}-\d{2}-\d{2}`,
	} {
		if !regexp.MustCompile(`^(?:` + pattern + `)$`).MatchString(top[key]) {
			t.Errorf("%s is %q", key, top[key])
		}
	}
	if _, err := time.Parse(time.DateOnly, top["date-released"]); err != nil {
		t.Error(err)
	}
	if strings.Contains(string(text), "\t") {
		t.Error("YAML has no tabs")
	}
	for _, m := range regexp.MustCompile(`(?m)^ *orcid: (.*)$`).FindAllStringSubmatch(string(text), -1) {
		if !regexp.MustCompile(`^"?https://orcid\.org/(\d{4}-){3}\d{3}[\dX]"?$`).MatchString(m[1]) {
			t.Errorf("orcid %s", m[1])
		}
	}
}

// TestDist builds the archive of this system, with what comes with it; twice,
// with GFNBENCH_SOAK=1, which must give the same bytes.
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
	c := exec.Command("go", "run", ".ci/dist.go", "-o", dir, "-targets", target)
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
	return string(sums)
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

// checkBill looks for a module that is surely there, with version and licence.
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
