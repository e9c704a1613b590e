package page

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gfnbench/report/reporttest"
)

// TestManyLines opens a page of 2 objectives × 13 learning rates, of which words has only
// the two highest. Initially the first line of each objective of grid is on, and the
// first that words has of each, which grid has too: 4 and 2. A panel whose lines are all
// off says so.
func TestManyLines(t *testing.T) {
	browser(t)
	dir := filepath.Join(t.TempDir(), "lines")
	suite := strings.NewReplacer(`"tb", "vargrad", "db", "reverse-kl", "forward-kl"`, `"tb", "vargrad"`, "seeds = 10", "seeds = 1").Replace(reporttest.Many(13))
	suite += `[[exclude]]
match = { environment = "words", "optimizer.lr" = [1e-5, 2e-5, 3e-5, 4e-5, 5e-5, 6e-5, 7e-5, 8e-5, 9e-5, 10e-5, 11e-5] }
why = "the highest alone"
`
	if err := reporttest.Write(dir, suite, nil); err != nil {
		t.Fatal(err)
	}
	script := `
  const chart = document.querySelector(".legend.many").parentElement;
  const seen = { count: chart.querySelector(".count").textContent };
  seen.lines = [...chart.querySelectorAll(".panel")].map((p) => p.querySelectorAll(".mean").length);
  [...chart.querySelectorAll("button")].find((b) => b.textContent === "No lines").click();
  seen.off = [...chart.querySelectorAll(".panel > svg")].map((p) => p.textContent);
  return seen;`
	dom, console := visit(t, act(t, write(t, pageOf(t, dir)), script), rest)
	var got struct {
		Count string
		Lines []int
		Off   []string
	}
	outcome(t, dom, console, &got)
	none := "none of the lines here is switched on"
	if got.Count != "4 of 26 lines" || !slices.Equal(got.Lines, []int{4, 2}) || !slices.Equal(got.Off, []string{none, none}) {
		t.Errorf("%+v", got)
	}
}
