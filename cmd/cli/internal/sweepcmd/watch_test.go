package sweepcmd

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
)

// TestWatch: a sweep that is watched is shown at once, again once it has changed, and no
// more when its last cell has ended. The clock is that of synctest.
func TestWatch(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "two")
	const suite = "schema = 1\nname = \"two\"\n[run]\nseeds = 2\nsteps = 10\n[environment.grid]\nkind = \"hypergrid\"\ndim = 1\nheight = 3\n[[grid]]\nobjective = [\"tb\"]\n"
	add := func(seed int) {
		err := reporttest.Write(dir, suite, func(c *suites.Cell, r *results.Run) {
			if c.Seed != seed {
				r.Status = ""
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	add(0)
	synctest.Test(t, func(t *testing.T) {
		var shown strings.Builder
		a := &app{stdout: &shown, stderr: &shown, drawn: &shown}
		var err error
		ended := false
		go func() {
			err = a.watch(t.Context(), []string{dir})
			ended = true
		}()
		synctest.Wait()
		first := shown.String()
		if !strings.Contains(words(first), "done 1") || !strings.Contains(words(first), "not run 1") {
			t.Errorf("at first it shows %q", first)
		}
		time.Sleep(10 * watching)
		if again := shown.String(); again != first || ended {
			t.Errorf("nothing has changed, and it shows %q", again)
		}
		add(1)
		time.Sleep(2 * watching)
		synctest.Wait()
		rest := strings.TrimPrefix(shown.String(), first)
		if !strings.Contains(words(rest), "done 2") || !ended || err != nil {
			t.Errorf("after the last cell it shows %q, ended %t, %v", rest, ended, err)
		}
	})
}

// words returns a text without its columns.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
