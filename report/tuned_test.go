package report_test

import (
	"strings"
	"testing"

	"gfnbench/report/reporttest"
)

// TestTunedNotes: below a table stands what was chosen for each of its arms, and whose
// setting is not chosen yet.
func TestTunedNotes(t *testing.T) {
	s := reporttest.Tuned(t)
	table, err := s.Table(s.Suite.Tables[0])
	if err != nil {
		t.Fatal(err)
	}
	want := `grid/tb: lr=0.01, log_z_lr=1, the best of 6 settings; l1 was 0.1030 on the tuning seeds and is 0.1020 here
torus/tb: lr=0.01, log_z_lr=1, the best of 6 settings; l1 was 0.1030 on the tuning seeds and is 0.1020 here
grid/vargrad: lr=0.1, the best of 6 settings; l1 was 0.05050 on the tuning seeds and is 0.05200 here
no setting chosen yet: torus/vargrad`
	if got := strings.Join(table.Tuned, "\n"); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
