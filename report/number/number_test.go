package number

import (
	"math"
	"testing"
)

func TestNumbers(t *testing.T) {
	tests := []struct {
		x, spread float64
		want      string
	}{
		{0.03121, 0.0021, "0.0312 ± 0.0021"},
		{0.031214, 0.00000123, "0.03121 ± 0.00000"},
		{1.95, 0.5, "1.95 ± 0.50"},
		{123.4, 32, "123 ± 32"},
		{3, 0, "3.000 ± 0.000"},
		{-2.5, 0.25, "−2.50 ± 0.25"},
		{0.0999, 0.0996, "0.100 ± 0.100"},
		{1.5e-9, 2e-10, "(1.50 ± 0.20)×10⁻⁹"},
		{123456, 1234, "123456 ± 1234"},
		{0, 0, "0.000 ± 0.000"},
		{-1.04e-6, math.NaN(), "−1.040×10⁻⁶"},
		{2.5e8, 1e7, "(2.50 ± 0.10)×10⁸"},
		{2, math.NaN(), "2"},
		{math.NaN(), math.NaN(), "–"},
		{math.Inf(1), 1, "∞"},
		{5e-324, 0, "(4.941 ± 0.000)×10⁻³²⁴"},
		{2e-300, 1e-300, "(2.0 ± 1.0)×10⁻³⁰⁰"},
		{1.1e308, 1e307, "(1.10 ± 0.10)×10³⁰⁸"},
		{math.Copysign(0, -1), 0, "0.000 ± 0.000"},
		{math.Copysign(0, -1), math.NaN(), "0"},
		{-0.0004, 0.5, "0.00 ± 0.50"},
		{0, 1e-9, "(0.0 ± 1.0)×10⁻⁹"},
		{1 + 1e-12, 1e-12, "1.000 ± 0.000"},
	}
	for _, tt := range tests {
		if got := PlusMinus(tt.x, tt.spread); got != tt.want {
			t.Errorf("PlusMinus(%v, %v) = %q, want %q", tt.x, tt.spread, got, tt.want)
		}
	}
}

func TestBrief(t *testing.T) {
	for x, want := range map[float64]string{0.0123: "0.012", -0.5: "−0.5", 1.7: "1.7", 42.4: "42", 123.4: "123", 1.26e-6: "1.3×10⁻⁶", 2.5e7: "2.5×10⁷", 0: "0"} {
		if got := Brief(x); got != want {
			t.Errorf("Brief(%v) = %q, want %q", x, got, want)
		}
	}
}

// TestStyle: the numbers of a column have one notation, and counts are whole.
func TestStyle(t *testing.T) {
	var s Style
	for _, x := range []float64{1.04e-6, 0.5} {
		s.See(x, x/10)
	}
	if got, want := s.PlusMinus(1.04e-6, 1e-7)+", "+s.PlusMinus(0.5, 0.05), "(1.04 ± 0.10)×10⁻⁶, (5.00 ± 0.50)×10⁻¹"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := s.Bracketed(-2e-6, -3e-6, -1e-6), "(−2.0 [−3.0, −1.0])×10⁻⁶"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := Bracketed(-0.0018, -5.84, -0.00066)+", "+Bracketed(0.001, -2.5, 2.5)+", "+Bracketed(1.2, 0, 5), "−0.0018 [−5.8, −0.00066], 0.001 [−2.5, 2.5], 1.2 [0.0, 5.0]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	count := Style{Count: true}
	if got, want := count.PlusMinus(4, 0)+", "+count.PlusMinus(4.5, 0.7)+", "+count.Bracketed(4, 4, 4), "4, 4.50 ± 0.70, 4"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := Probability(0.000012)+", "+Probability(0.03125), "1.2×10⁻⁵, 0.031"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
