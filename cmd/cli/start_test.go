package cli

import (
	"os"
	"strings"
	"testing"

	"gfnbench/cmd/cli/internal/starter"
)

// TestPurposes: testdata/start.txt trains every suite to start from, and the made-up data
// are those of examples/owndata, which says how they were made.
func TestPurposes(t *testing.T) {
	script, err := os.ReadFile("testdata/start.txt")
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]string{"alignment": "species.fasta", "table": "greenhouse.csv"}
	for _, p := range starter.Purposes {
		if !strings.Contains(string(script), "exec sweep run "+p.Name+".toml") {
			t.Errorf("no test trains the suite for %s", p.Name)
		}
		if p.Data == "" {
			continue
		}
		want, err := os.ReadFile("../../examples/owndata/" + made[p.Name])
		if err != nil {
			t.Fatal(err)
		}
		if p.Example() != string(want) {
			t.Errorf("%s differs from examples/owndata/%s", p.Data, made[p.Name])
		}
	}
}
