package suites

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// external is a suite with one outside trainer.
const external = `schema = 1
name = "x"
[run]
seeds = 1
[environment.grid]
kind = "hypergrid"
[trainer.mine]
command = ["python3", "sub/mine.py"]
version = "1.2"
files = ["sub/mine.py"]
[[grid]]
objective = ["tb"]
trainer = ["gfnbench", "mine"]
`

// readExternal reads the suite with replacements and the given content of the file.
func readExternal(t *testing.T, content string, replace ...string) (*Suite, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"x.toml": strings.NewReplacer(replace...).Replace(external), "sub/mine.py": content} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return Read(filepath.Join(dir, "x.toml"))
}

func mustReadExternal(t *testing.T, content string, replace ...string) *Suite {
	t.Helper()
	s, err := readExternal(t, content, replace...)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Cells) != 2 || s.Cells[0].Trainer() != nil || s.Cells[1].Trainer() != s.Trainers[0] {
		t.Fatalf("%d cells", len(s.Cells))
	}
	return s
}

// Name, version and files are part of a cell's id, but the command is not. Cells of this
// program have the same ids as without trainers.
func TestTrainerIDs(t *testing.T) {
	s := mustReadExternal(t, "a")
	alone, err := readExternal(t, "a", `trainer = ["gfnbench", "mine"]`, "")
	if err != nil {
		t.Fatal(err)
	}
	if alone.Cells[0].ID != s.Cells[0].ID {
		t.Errorf("an own cell has the id %s, and %s beside others", alone.Cells[0].ID, s.Cells[0].ID)
	}
	for name, tt := range map[string]struct {
		content string
		replace []string
		same    bool
	}{
		"nothing": {"a", nil, true},
		"command": {"a", []string{`"python3"`, `"/opt/python"`}, true},
		"file":    {"b", nil, false},
		"version": {"a", []string{`"1.2"`, `"1.3"`}, false},
		"name":    {"a", []string{"trainer.mine", "trainer.yours", `"mine"]`, `"yours"]`}, false},
	} {
		other := mustReadExternal(t, tt.content, tt.replace...)
		if same := other.Cells[1].ID == s.Cells[1].ID; same != tt.same {
			t.Errorf("%s changed: the same id: %v", name, same)
		}
		if same := other.Trainers[0].Hash() == s.Trainers[0].Hash(); same != (name == "nothing" || name == "version" || name == "name") {
			t.Errorf("%s changed: the same hash: %v", name, same)
		}
	}
}

func TestTrainerProblems(t *testing.T) {
	for want, replace := range map[string][]string{
		`there is no [trainer.mime] (did you mean "mine"?)`: {`"mine"]`, `"mime"]`},
		`is this program's own`:                             {"[trainer.mine]", "[trainer.gfnbench]", `, "mine"]`, "]"},
		`needs the key version`:                             {`version = "1.2"`, ""},
		`command is empty`:                                  {`["python3", "sub/mine.py"]`, "[]"},
		`files has "../a.py": expected a path below`:        {`files = ["sub/mine.py"]`, `files = ["../a.py"]`},
		`cannot be read`:                                    {`files = ["sub/mine.py"]`, `files = ["b.py"]`},
		`"sub/mine.py" twice`:                               {`files = [`, `files = ["sub/mine.py", `},
		`timeout is "x"`:                                    {`version =`, "timeout = \"x\"\nversion ="},
	} {
		if _, err := readExternal(t, "a", replace...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, expected %q", replace, err, want)
		}
	}
}
