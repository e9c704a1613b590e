package sweep

import (
	"testing"
	"time"
)

// TestCovered: time outside all spans is idle, and time in several spans counts once.
func TestCovered(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 1, 1, 0, minute, 0, 0, time.UTC) }
	spans := [][2]time.Time{{at(8), at(9)}, {at(0), at(3)}, {at(2), at(4)}, {at(2), at(3)}, {at(30), at(40)}}
	if got := covered(spans, at(1), at(10)); got != 4*time.Minute {
		t.Errorf("covered %v, want 4 minutes: 1 to 4 and 8 to 9", got)
	}
	if got := covered(nil, at(1), at(10)); got != 0 {
		t.Errorf("no span covers %v", got)
	}
}
