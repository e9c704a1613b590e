package param

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// TestCanonical checks the text that enters cell ids. The right column is what version
// 0.1.0 wrote.
func TestCanonical(t *testing.T) {
	for _, tt := range []struct {
		value           any
		canonical, text string
	}{
		{nil, "null", ""},
		{true, "true", "true"},
		{-3, "-3", "-3"},
		{1e-3, "0.001", "0.001"},
		{1e6, "1e+06", "1000000"},
		{0.30000000000000004, "0.30000000000000004", "0.30000000000000004"},
		{1e15, "1e+15", "1000000000000000"},
		{1e300, "1e+300", "1e+300"},
		{math.NaN(), "NaN", "NaN"},
		{math.Inf(1), "+Inf", "+Inf"},
		{`a "<b>"`, `"a \"\u003cb\u003e\""`, `a "<b>"`},
		{[]int{64, 64}, "[64,64]", "[64,64]"},
		{[]float64{0.5, -1}, "[0.5,-1]", "[0.5,-1]"},
		{[]string{"a", "b,c"}, `["a","b,c"]`, `["a","b,c"]`},
		{[][]float64{{1, 2}, {3}}, "[[1,2],[3]]", "[[1,2],[3]]"},
		{File{Name: "any", Data: "abc"}, // FIPS 180-2, appendix B.1
			`"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"`,
			"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	} {
		v := Of(tt.value)
		if v.Canonical() != tt.canonical || v.String() != tt.text {
			t.Errorf("%v: canonical %s, text %s, want %s and %s", tt.value, v.Canonical(), v, tt.canonical, tt.text)
		}
		if v != Of(tt.value) {
			t.Errorf("%v is not equal to itself", tt.value)
		}
	}
}

// TestReadBack: lists parse from their canonical text bit for bit, including infinite
// numbers.
func TestReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOf(rapid.Float64().Filter(func(x float64) bool { return x == x })).Draw(t, "numbers")
		if got := Of(numbers).Floats(); len(got)+len(numbers) > 0 && !reflect.DeepEqual(got, numbers) {
			t.Errorf("%v, want %v", got, numbers)
		}
		rows := rapid.SliceOf(rapid.SliceOfN(rapid.Float64Range(-9, 9), 1, 3)).Draw(t, "rows")
		if got := Of(rows).Matrix(); len(got)+len(rows) > 0 && !reflect.DeepEqual(got, rows) {
			t.Errorf("%v, want %v", got, rows)
		}
		words := rapid.SliceOf(rapid.StringN(0, 4, -1)).Draw(t, "words")
		if got := Of(words).Strings(); len(got)+len(words) > 0 && !reflect.DeepEqual(got, words) {
			t.Errorf("%q, want %q", got, words)
		}
	})
}

func TestRange(t *testing.T) {
	refused := Except(Excluded{1, "the objective reverse-kl"})
	for _, tt := range []struct {
		r    Range
		x    float64
		in   bool
		text string
	}{
		{Range{}, math.Inf(1), true, ""},
		{refused, math.Inf(1), false, "other than 1"},
		{Range{}, math.NaN(), false, ""},
		{Between(0, 1), 1, true, "from 0 to 1"},
		{AtLeast(0).Below(1), 1, false, "at least 0 and below 1"},
		{Above(0).To(1e3), 0, false, "above 0 and at most 1000"},
		{Between(1, 1<<24), 1 << 25, false, "at least 1"},
		{Between(0, 0), 0, true, "0"},
		{refused, 1, false, "other than 1"},
		{refused, 2, true, "other than 1"},
	} {
		if tt.r.Contains(tt.x) != tt.in || tt.r.String() != tt.text {
			t.Errorf("%q contains %v: %t, want %q and %t", tt.r, tt.x, tt.r.Contains(tt.x), tt.text, tt.in)
		}
	}
	if why := Between(1, 1<<24).Why(1 << 25); why != "33554432 is out of range: expected from 1 to 16777216" {
		t.Error(why)
	}
	if why := refused.Why(1); why != "1 is the objective reverse-kl" {
		t.Error(why)
	}
}

// TestBinary: a value in a checkpoint is restored unchanged.
func TestBinary(t *testing.T) {
	for _, x := range []any{nil, true, -3, 0.1, "loo", []int{1, 2}, []float64{0.5}, []string{"a"}} {
		b, err := Of(x).MarshalBinary()
		var v Value
		if err == nil {
			err = v.UnmarshalBinary(b)
		}
		if err != nil || v != Of(x) {
			t.Errorf("%v: %v, %v", x, v, err)
		}
	}
	if _, err := Of(File{}).MarshalBinary(); err == nil {
		t.Error("a file has a binary form")
	}
	if err := new(Value).UnmarshalBinary([]byte{200, 0, 0, 0, 0, 0, 0, 0, 0}); err == nil {
		t.Error("an unknown type was read")
	}
}
