package docs

import (
	"os"
	"strings"
	"testing"

	"gfnbench/gfn/env/kinds"
)

// TestOrder: trainers.md says of states and actions what the environments declare,
// which files of kept networks repeat.
func TestOrder(t *testing.T) {
	text, err := os.ReadFile("trainers.md")
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.ReplaceAll(string(text), "`", "")
	for _, k := range kinds.All {
		o := k.Order
		if o.State == "" {
			t.Errorf("%s does not say what its states are", k.Name)
		}
		if row := "\n| " + k.Name + " | " + o.State + " | " + o.Forward + " | " + o.Backward + " |\n"; o.Forward != "" && !strings.Contains(plain, row) {
			t.Errorf("the table of states and actions has not%s", row)
		}
	}
}
