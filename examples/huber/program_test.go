package huber

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// swept is a suite with the objective's parameter as an axis.
const swept = `schema = 1
name = "huber"
[run]
seeds = 1
steps = 4
batch = 8
eval_every = 4
policy = { hidden = [8] }
[environment.grid]
kind = "hypergrid"
height = 4
[[grid]]
objective = ["tb", "huber-tb"]
delta = [0.5, 1.0]
[[table]]
name = "deltas"
rows = "environment"
columns = ["objective", "delta"]
metric = "l1"
`

// program runs one of the programs in bin and returns what it prints.
func program(t *testing.T, bin, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command(filepath.Join(bin, args[0]), args[1:]...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// commandLine uses the programs in bin as a user does whose suite names the objective.
func commandLine(t *testing.T, bin string) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "huber.toml"), []byte(swept), 0o644); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string { t.Helper(); return program(t, bin, dir, args...) }
	run("sweep", "run", "huber.toml", "-q")
	if env := run("sweep", "env", "--json"); !strings.Contains(env, `"path": "gonum.org/v1/gonum"`) {
		t.Errorf("env does not name the modules of the program:\n%s", env)
	}
	digest := strings.TrimSpace(run("sweep", "digest", "huber"))
	if status := run("sweep", "status", "huber"); !strings.Contains(status, "3") {
		t.Errorf("status says nothing of 3 cells:\n%s", status)
	}
	var cells []struct {
		Cell  string
		Delta *float64
	}
	if err := json.Unmarshal([]byte(run("report", "export", "huber", "--json", "-f", "delta=0.5")), &cells); err != nil || len(cells) == 0 {
		t.Fatalf("%v: no cell with delta = 0.5", err)
	}
	if out := run("sweep", "why", cells[0].Cell, "huber"); !strings.Contains(out, "delta") {
		t.Errorf("why does not say what delta is:\n%s", out)
	}
	run("sweep", "logs", cells[0].Cell, "huber")
	run("sweep", "verify", "huber", "--sample", "1")
	run("sweep", "retry", "huber")
	if again := strings.TrimSpace(run("sweep", "digest", "huber")); again != digest {
		t.Errorf("the digest is %s, and was %s", again, digest)
	}
	if table := run("report", "table", "huber", "deltas"); !strings.Contains(table, "delta=0.5") || !strings.Contains(table, "delta=1") {
		t.Errorf("the table has no columns of delta:\n%s", table)
	}
	if csv := run("report", "export", "huber"); !strings.Contains(strings.SplitN(csv, "\n", 2)[0], ",delta,") {
		t.Errorf("the export has no column delta:\n%s", csv)
	}
	if schema := run("sweep", "schema"); !json.Valid([]byte(schema)) || !strings.Contains(schema, `"axis.delta"`) {
		t.Error("the schema does not know the axis delta")
	}
}

// TestPrograms checks that the programs of this folder have the whole command line.
func TestPrograms(t *testing.T) {
	bin := t.TempDir()
	build(t, "build", "-o", bin+"/", "./sweep", "./report")
	commandLine(t, bin)
}

// TestAddition adds the objective to the repository as one new file and one line in
// another, here in an overlay, and checks that both programs know it everywhere.
func TestAddition(t *testing.T) {
	if testing.Short() {
		t.Skip("builds both programs anew")
	}
	const folder = "../../gfn/objective/"
	code, registry := read(t, "huber.go"), read(t, folder+"registry.go")
	for _, change := range [][2]string{
		{"package huber", "package objective"}, {"\n\t\"gfnbench/gfn/objective\"", ""}, {"objective.", ""},
		{"var Kind = &Kind{", "var huberKind = Kind{"},
	} {
		code = strings.ReplaceAll(code, change[0], change[1])
	}
	added := strings.Replace(registry, "\t&tbKind,\n", "\t&tbKind,\n\t&huberKind,\n", 1)
	if strings.Count(added, "\n") != strings.Count(registry, "\n")+1 {
		t.Fatal("the registry does not take the objective as one line")
	}
	dir, replace := t.TempDir(), map[string]string{}
	for name, text := range map[string]string{"huber.go": code, "registry.go": added} {
		path, err := filepath.Abs(folder + name)
		if err != nil {
			t.Fatal(err)
		}
		replace[path] = filepath.Join(dir, name)
		if err := os.WriteFile(replace[path], []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o644); err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	build(t, "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", bin+"/", "../../cmd/sweep", "../../cmd/report")
	commandLine(t, bin)
}

func build(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
