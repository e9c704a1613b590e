package sweep

import "testing"

// TestRate: three significant digits, never a power of ten.
func TestRate(t *testing.T) {
	for x, want := range map[float64]string{0.12345: "0.123", 9.999: "10", 1370.4: "1370", 82249: "82200", 3.6e6: "3600000"} {
		if got := Rate(x); got != want {
			t.Errorf("Rate(%v) = %s, want %s", x, got, want)
		}
	}
}
