// Package number writes numbers for readers and for programs. Readers get as
// many digits as can be trusted, a proper minus sign, one notation per column,
// and powers of ten as ×10⁻⁶.
package number

import (
	"math"
	"strconv"
	"strings"
)

// significant is how many significant digits a number gets if nothing says how
// far it can be trusted.
const significant = 4

// mostDecimals is the largest number of decimals in plain notation.
const mostDecimals = 6

// A Style is the notation of the numbers in a column. [Style.See] chooses it from
// all of them.
type Style struct {
	Scientific bool // write numbers with a power of ten
	Count      bool // all numbers are whole and have no spread
}

// See adapts the style so it can also write this number. The spread is NaN if
// there is none.
func (s *Style) See(x, spread float64) {
	switch {
	case !finite(x) || x == 0 && !(spread > 0 && finite(spread)):
	case decimals(x, spread) > mostDecimals, math.Abs(x) >= 1e7:
		s.Scientific = true
	}
}

// Format writes a number on its own.
func (s Style) Format(x float64) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case math.IsInf(x, 1):
		return "∞"
	case math.IsInf(x, -1):
		return "−∞"
	case x == math.Trunc(x) && math.Abs(x) < 1e6:
		return minus(strconv.FormatFloat(x, 'f', -1, 64))
	}
	return s.write(x, math.NaN(), func(w func(float64) string) string { return w(x) })
}

// PlusMinus writes a number and its spread with the same decimals: enough to
// give the spread two significant digits and the number at most four. A count
// without spread is a whole number.
func (s Style) PlusMinus(x, spread float64) string {
	if math.IsNaN(spread) || !finite(x) || s.Count && spread == 0 && x == math.Trunc(x) {
		return s.Format(x)
	}
	return s.write(x, spread, func(w func(float64) string) string { return w(x) + " ± " + w(spread) })
}

// Bracketed writes a number and its interval with the same decimals. One that these
// decimals would make a zero gets two digits of its own, so that its side of zero shows.
func (s Style) Bracketed(x, low, high float64) string {
	if math.IsNaN(low) || math.IsNaN(high) || math.IsInf(x, 0) || s.Count && low == high && x == math.Trunc(x) {
		return s.Format(x)
	}
	return s.write(x, high-low, func(w func(float64) string) string {
		one := func(y float64) string {
			text := w(y)
			if y != 0 && !s.Scientific && strings.Trim(text, "−0.") == "" {
				return Brief(y)
			}
			return text
		}
		return one(x) + " [" + one(low) + ", " + one(high) + "]"
	})
}

// write writes numbers of the size of x, known to within spread, by calling
// text.
func (s Style) write(x, spread float64, text func(func(float64) string) string) string {
	power := 0
	if s.Scientific {
		if power = exponent(x); x == 0 {
			power = exponent(spread)
		}
	}
	n := max(0, min(decimals(scaled(x, -power), scaled(spread, -power)), mostDecimals))
	out := text(func(y float64) string {
		if math.IsInf(y, 0) {
			return s.Format(y)
		}
		return minus(strconv.FormatFloat(scaled(y, -power), 'f', n, 64))
	})
	if power == 0 {
		return out
	}
	if strings.Contains(out, " ") {
		out = "(" + out + ")"
	}
	return out + "×10" + superscripts.Replace(strconv.Itoa(power))
}

// scaled returns x times a power of ten, even one beyond the range of numbers.
func scaled(x float64, power int) float64 {
	const most = 300
	if power > most {
		return x * math.Pow10(most) * math.Pow10(power-most)
	}
	return x * math.Pow10(power)
}

var superscripts = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// decimals returns how many decimals of x can be trusted.
func decimals(x, spread float64) int {
	n := significant - 1 - exponent(x)
	if x == 0 && spread > 0 && finite(spread) {
		return 1 - exponent(spread)
	}
	if spread > 0 && finite(spread) {
		n = min(n, 1-exponent(spread))
	}
	return n
}

// exponent returns the decimal exponent of x: 2 for 123, -2 for 0.0123.
func exponent(x float64) int {
	if x == 0 || !finite(x) {
		return 0
	}
	_, e, _ := strings.Cut(strconv.FormatFloat(math.Abs(x), 'e', significant-1, 64), "e")
	n, _ := strconv.Atoi(e)
	return n
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// minus replaces the hyphen of a negative number by a minus sign, and leaves it out before
// a zero, even one that was rounded.
func minus(s string) string {
	rest, ok := strings.CutPrefix(s, "-")
	switch {
	case !ok:
		return s
	case strings.Trim(rest, "0.") == "":
		return rest
	}
	return "−" + rest
}

// of returns the style of a number that stands alone.
func of(x, spread float64) (s Style) {
	s.See(x, spread)
	return s
}

// Format writes a number that stands alone.
func Format(x float64) string { return of(x, math.NaN()).Format(x) }

// PlusMinus writes a number that stands alone, and its spread.
func PlusMinus(x, spread float64) string { return of(x, spread).PlusMinus(x, spread) }

// Bracketed writes a number that stands alone, and its interval.
func Bracketed(x, low, high float64) string { return of(x, high-low).Bracketed(x, low, high) }

// Brief writes a number with two significant digits, or "–" if there is none.
func Brief(x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	text := strconv.FormatFloat(x, 'g', 2, 64)
	if a := math.Abs(x); a >= 100 && a < 1e6 {
		text = strconv.FormatFloat(math.Round(x), 'f', -1, 64)
	}
	if mantissa, e, ok := strings.Cut(text, "e"); ok {
		power, _ := strconv.Atoi(e)
		text = mantissa + "×10" + superscripts.Replace(strconv.Itoa(power))
	}
	return minus(text)
}

// Percent writes a relative change with its sign: "−54%".
func Percent(x float64) string {
	if !finite(x) {
		return "–"
	}
	s := strconv.FormatFloat(math.Abs(100*x), 'f', 0, 64)
	if math.Abs(100*x) < 9.95 {
		s = strconv.FormatFloat(math.Abs(100*x), 'f', 1, 64)
	}
	if x < 0 {
		return "−" + s + "%"
	}
	return "+" + s + "%"
}

// P writes a p-value with its name: "p=0.012".
func P(p float64) string {
	if math.IsNaN(p) {
		return "p –"
	}
	return "p=" + Probability(p)
}

// Probability writes a p-value, or "–" if there is none.
func Probability(p float64) string {
	switch {
	case math.IsNaN(p):
		return "–"
	case p <= 0 || p >= 1e-4:
		return strconv.FormatFloat(p, 'g', 2, 64)
	}
	mantissa, e, _ := strings.Cut(strconv.FormatFloat(p, 'e', 1, 64), "e")
	power, _ := strconv.Atoi(e)
	return mantissa + "×10" + superscripts.Replace(strconv.Itoa(power))
}

// Plain writes a number for programs, in the fewest digits that read back to
// the same number, or "" for NaN.
func Plain(x float64) string {
	switch {
	case math.IsNaN(x):
		return ""
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// Finite returns a pointer to x, or nil if x is not finite, which JSON writes
// as null.
func Finite(x float64) *float64 {
	if !finite(x) {
		return nil
	}
	return &x
}

// Count writes a number of things: "1 seed", "3 seeds".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// Counts writes a range of numbers of things: "3 seeds", "1 to 3 seeds".
func Counts(fewest, most int, noun string) string {
	if fewest >= most {
		return Count(most, noun)
	}
	return strconv.Itoa(fewest) + " to " + Count(most, noun)
}
