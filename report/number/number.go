// Package number writes numbers for people: as many digits as can be trusted, one
// minus sign, scientific notation only where plain digits would be long.
package number

import (
	"math"
	"strconv"
	"strings"
)

// significant is how many significant digits a number has where nothing says
// how far it can be trusted.
const significant = 4

// Format writes a number for people: plain where that is short, else in
// scientific notation.
func Format(x float64) string {
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
	return minus(fixed(x, significant-1-exponent(x)))
}

// PlusMinus writes a number and its spread with the same decimals: as many as
// give the spread two significant digits, and the number no more than four.
func PlusMinus(x, spread float64) string {
	if math.IsNaN(spread) || math.IsNaN(x) || math.IsInf(x, 0) {
		return Format(x)
	}
	decimals := significant - 1 - exponent(x)
	if spread > 0 {
		decimals = min(decimals, 1-exponent(spread))
	}
	if decimals > 6 {
		return minus(fixed(x, decimals)) + " ± " + fixed(spread, 1-exponent(spread))
	}
	decimals = max(decimals, 0)
	return minus(fixed(x, decimals)) + " ± " + fixed(spread, decimals)
}

// Bracketed writes a number and its interval with the same decimals.
func Bracketed(x, low, high float64) string {
	if math.IsNaN(low) || math.IsNaN(high) || math.IsInf(x, 0) {
		return Format(x)
	}
	decimals := significant - 1 - exponent(x)
	if width := high - low; width > 0 && !math.IsInf(width, 0) {
		decimals = min(decimals, 1-exponent(width))
	}
	write := func(x float64) string {
		if math.IsInf(x, 0) {
			return Format(x)
		}
		return minus(fixed(x, max(decimals, 0)))
	}
	return write(x) + " [" + write(low) + ", " + write(high) + "]"
}

// exponent is the decimal exponent of x: 2 for 123, -2 for 0.0123.
func exponent(x float64) int {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	_, e, _ := strings.Cut(strconv.FormatFloat(math.Abs(x), 'e', significant-1, 64), "e")
	n, _ := strconv.Atoi(e)
	return n
}

// fixed writes x with that many decimals; where these would be many, in
// scientific notation.
func fixed(x float64, decimals int) string {
	switch {
	case decimals > 6 && x != 0:
		return strconv.FormatFloat(x, 'e', 2, 64)
	case math.Abs(x) >= 1e7:
		return strconv.FormatFloat(x, 'e', significant-1, 64)
	}
	return strconv.FormatFloat(x, 'f', max(decimals, 0), 64)
}

// minus writes a negative number with the minus sign of typography.
func minus(s string) string {
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		return "−" + rest
	}
	return s
}

// Percent writes a relative change with its sign: "−54%".
func Percent(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
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
	switch {
	case math.IsNaN(p):
		return "p –"
	case p < 1e-4:
		return "p=" + strconv.FormatFloat(p, 'e', 1, 64)
	}
	return "p=" + strconv.FormatFloat(p, 'g', 2, 64)
}

// Probability writes a p-value without its name.
func Probability(p float64) string { return strings.TrimLeft(P(p), "p= ") }

// Plain writes a number for programs, in the fewest digits that read back the
// same; empty for NaN.
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

// Finite returns a pointer to x, nil where it is not finite: null in JSON.
func Finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
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
