package diff

import (
	"bytes"
	"strings"
	"testing"

	"gfnbench/report/reporttest"
	"gfnbench/report/sheet"
	"gfnbench/results"
	"gfnbench/suites"
)

// TestCompareShared: the note counts the settings that the rows call identical, and says if
// that holds only for the seeds that both sides have.
func TestCompareShared(t *testing.T) {
	all := reporttest.Load(t, diffSuite, func(_ *suites.Cell, r *results.Run) { linear(r, 1) })
	part := reporttest.Load(t, diffSuite, func(c *suites.Cell, r *results.Run) {
		if linear(r, 1); r.Objective == "tb" && c.Seed > 2 {
			r.Status = ""
		}
	})
	for _, tt := range []struct {
		b    string
		note string
	}{
		{"all", "4 of 4 settings are identical, bit for bit."},
		{"part", "4 of 4 settings are identical, bit for bit, in the seeds that both have."},
	} {
		b := all
		if tt.b == "part" {
			b = part
		}
		d, err := Compare(all, b, Options{Stat: "final"})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := d.Write(&out, sheet.Form{Format: "markdown"}); err != nil {
			t.Fatal(err)
		}
		if strings.Count(out.String(), "| identical |") != 4 || !strings.Contains(out.String(), tt.note) {
			t.Errorf("%s: no %q in\n%s", tt.b, tt.note, &out)
		}
	}
}
