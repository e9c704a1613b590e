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
		{1.5e-9, 2e-10, "1.50e-09 ± 2.00e-10"},
		{123456, 1234, "123456 ± 1234"},
		{0, 0, "0.000 ± 0.000"},
		{2, math.NaN(), "2"},
		{math.NaN(), math.NaN(), "–"},
		{math.Inf(1), 1, "∞"},
	}
	for _, tt := range tests {
		if got := PlusMinus(tt.x, tt.spread); got != tt.want {
			t.Errorf("PlusMinus(%v, %v) = %q, want %q", tt.x, tt.spread, got, tt.want)
		}
	}
}
