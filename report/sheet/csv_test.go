package sheet

import (
	"strings"
	"testing"
)

// TestCSV: cells that a spreadsheet would evaluate become text, and numbers stay numbers.
func TestCSV(t *testing.T) {
	for cell, want := range map[string]string{
		"=1+1": "'=1+1", "+cmd": "'+cmd", "-x": "'-x", "@SUM(A1)": "'@SUM(A1)", "=HYPERLINK(\"x\")": `"'=HYPERLINK(""x"")"`,
		"-3": "-3", "+3": "+3", "-1.5e-7": "-1.5e-7", "-Inf": "-Inf", "NaN": "NaN", "": "",
		"a - b": "a - b", "–": "–", "tb": "tb", "'=1": "'=1",
	} {
		var b strings.Builder
		c := NewCSV(&b)
		if err := c.Write([]string{cell}); err != nil {
			t.Fatal(err)
		}
		c.Flush()
		if got := strings.TrimSuffix(b.String(), "\n"); got != want {
			t.Errorf("%q is written as %s, want %s", cell, got, want)
		}
	}
}
