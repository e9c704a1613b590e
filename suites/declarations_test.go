package suites

import (
	"encoding/json"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/param"
	"gfnbench/results/readerstest"
)

// TestDeclarations checks that every key is documented and accepts its default.
func TestDeclarations(t *testing.T) {
	for _, s := range Sections() {
		keys := s.Keys
		if s.Runs {
			keys = append(slices.Clone(keys), runKeys...)
		}
		if s.Doc == "" {
			t.Errorf("%s has no documentation", s.Header())
		}
		for _, k := range keys {
			if k.Doc == "" || strings.HasSuffix(k.Doc, ".") {
				t.Errorf("%s, %s: documentation is %q, expected a phrase", s.Header(), k.Name, k.Doc)
			}
			if _, err := k.Check(k.Default); err != nil {
				t.Errorf("%s: its default is not a value it takes: %v", k.Name, err)
			}
			if (k.applies == nil) != (k.When == "") {
				t.Errorf("%s: where it applies is not both declared and documented", k.Name)
			}
		}
	}
}

// TestIntegersAreExact: a suite accepts no integer that results refuse.
func TestIntegersAreExact(t *testing.T) {
	check := func(of string, p param.Param) {
		if number := p.Type == param.Int || p.Type == param.Ints; number && p.Range.Contains(param.Exact+1) {
			t.Errorf("%s of %s has no upper bound", p.Name, of)
		}
	}
	for _, k := range runKeys {
		check("[run]", k.Param)
	}
	for _, kind := range kinds.All {
		for _, p := range kind.Params {
			check(kind.Name, p)
		}
	}
}

// TestParameterNames checks that parameters with the same name have the same type in
// every environment, since they share a column of the results, and that none has the name
// of a [run] key, unless only one of the two is a table.
func TestParameterNames(t *testing.T) {
	types := make(map[string]param.Type)
	for _, kind := range kinds.All {
		for _, p := range kind.Params {
			if other, ok := types[p.Name]; ok && other != p.Type {
				t.Errorf("%s of %s is %s, elsewhere it is %s", p.Name, kind.Name, p.Type, other)
			}
			types[p.Name] = p.Type
			if cellKey(p.Name) != nil || p.Name == "kind" {
				t.Errorf("%s of %s is a key of [run] too", p.Name, kind.Name)
			}
		}
	}
}

// TestDefinitions: every reference of the schema has a definition, every definition is
// used, and no two share a name.
func TestDefinitions(t *testing.T) {
	var schema map[string]any
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	defs := schema["$defs"].(map[string]any)
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`"\$ref": "#/\$defs/(.*)"`).FindAllStringSubmatch(string(Schema()), -1) {
		used[m[1]] = true
		if defs[m[1]] == nil {
			t.Errorf("%s is not defined", m[1])
		}
	}
	for name := range defs {
		if !used[name] {
			t.Errorf("nothing refers to the definition %s", name)
		}
	}
	for _, name := range []string{metricDef, distributionDef} {
		if cellKey(name) != nil || isRunTable(name) {
			t.Errorf("the definition %s has the name of a key", name)
		}
	}
}

// TestSchema: the schema has every key, and Python's jsonschema accepts the shipped
// suites and rejects bad ones.
func TestSchema(t *testing.T) {
	var schema struct {
		Properties map[string]any
	}
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	// The schema has all sections, keys and kinds.
	for _, s := range Sections()[1:] {
		name, _, _ := strings.Cut(s.Name, ".")
		if schema.Properties[name] == nil {
			t.Errorf("the schema has no %s", s.Header())
		}
	}
	for _, name := range append(names(runKeys), environmentKinds()...) {
		if !strings.Contains(string(Schema()), `"`+name+`"`) {
			t.Errorf("the schema has no %s", name)
		}
	}
	// It accepts the shipped suites and rejects bad ones.
	const script = `
import json, sys, jsonschema
try:
    import tomllib
except ModuleNotFoundError:  # before Python 3.11
    import tomli as tomllib
schema = json.load(sys.stdin)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
def valid(name):
    return validator.is_valid(tomllib.load(open(name, "rb")))
wrong = [name for name in sys.argv[1:] if not valid(name)]
bad = [name for name in ("keys", "values", "limits", "meaning", "arrays") if valid(f"testdata/bad/{name}.toml")]
if wrong or bad:
    sys.exit(f"not valid: {wrong}; bad suites that are valid: {bad}")
`
	args := []string{"-c", script}
	for _, name := range Shipped() {
		args = append(args, name+".toml")
	}
	cmd := exec.Command(readerstest.Python(t), args...)
	cmd.Stdin = strings.NewReader(string(Schema()))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
