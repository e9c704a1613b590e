package process

import "testing"

// The lines are of proc(5), with names that look like what follows them.
func TestParseStat(t *testing.T) {
	const rest = " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20 21"
	for stat, want := range map[string]struct {
		start uint64
		dead  bool
	}{
		"12 (sweep) S" + rest:      {4711, false},
		"12 (a) Z 1 (b) R" + rest:  {4711, false},
		"12 (x y) Z" + rest:        {4711, true},
		"12 ()) X" + rest:          {4711, true},
		"12 (sweep) S 1 2 3":       {0, false},
		"":                         {0, false},
		"12 (sweep) R 1 2 3 4 5 6": {0, false},
	} {
		if start, dead := parseStat(stat); start != want.start || dead != want.dead {
			t.Errorf("%q: %d, %v", stat, start, dead)
		}
	}
}
