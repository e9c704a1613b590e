package suites

import (
	"fmt"
	"math"
	"strconv"

	"gfnbench/suites/document"
	"gfnbench/usage"
)

// A Size is the smallest difference that counts, or the largest that does not: the
// smallest effect, the margin or the tolerance of a claim.
type Size struct {
	By     string  // one of SizeUnits; "" if none is given
	Amount float64 // in that unit; above 0
	Why    string  // reason for an absolute one; "" if none is given
}

// SizeUnits are the units of a Size: relative to the value of b, or to the stated value;
// the standard deviation over the units of the claim; absolute, in the metric's unit.
var SizeUnits = []string{"relative", "spread", "absolute"}

// Given reports whether there is a size.
func (z Size) Given() bool { return z.By != "" }

// Of returns the size in the unit of the metric, for values of the given magnitude and
// standard deviation.
func (z Size) Of(magnitude, sd float64) float64 {
	switch z.By {
	case "relative":
		return z.Amount * math.Abs(magnitude)
	case "spread":
		return z.Amount * sd
	}
	return z.Amount
}

// String describes the size in words.
func (z Size) String() string {
	switch z.By {
	case "relative":
		return strconv.FormatFloat(100*z.Amount, 'g', 4, 64) + "%"
	case "spread":
		return fmt.Sprintf("%v sd", z.Amount)
	case "":
		return "0"
	}
	return fmt.Sprint(z.Amount)
}

// size reads a size: a number, which is absolute, or a table such as
// { relative = 0.1 }.
func (r *reader) size(v values, key string) (z Size) {
	n := v.nodes[key]
	if n == nil {
		return z
	}
	if x, ok := n.Number(); ok {
		return r.amount(n, Size{By: "absolute", Amount: x})
	}
	if n.Kind != document.Table {
		r.at(n, "%s is %s: expected a number above 0, or a table such as { relative = 0.1 }, { spread = 1 } or { absolute = 0.05, why = \"…\" }", key, n.Describe())
		return z
	}
	for _, f := range n.Fields {
		x, isNumber := f.Number()
		switch {
		case f.Key == "why":
			if z.Why, _ = f.Text(); z.Why == "" {
				r.at(f, "why is %s: expected the reason of an absolute %s", f.Describe(), key)
			}
		case !isSizeUnit(f.Key):
			r.atKey(f, "unknown key %q in %s%s", f.Key, key, usage.DidYouMean(f.Key, append([]string{"why"}, SizeUnits...)))
		case z.Given():
			r.atKey(f, "%s is %s already: give one of the two", key, z.By)
		case !isNumber:
			r.at(f, "%s is %s: expected a number above 0", f.Key, f.Describe())
		default:
			z.By, z.Amount = f.Key, x
			r.amount(f, z)
		}
	}
	switch {
	case !z.Given():
		r.at(n, "%s gives no size: expected one of the keys relative, spread and absolute", key)
	case z.By == "absolute" && z.Why == "":
		r.at(n, "an absolute %s needs a reason, why = \"…\": what differs by less in every sweep shows nothing; or give { relative = … } or { spread = … }", key)
	}
	return z
}

func isSizeUnit(name string) bool {
	return name == SizeUnits[0] || name == SizeUnits[1] || name == SizeUnits[2]
}

// amount checks the number of a size.
func (r *reader) amount(n *document.Node, z Size) Size {
	if !(z.Amount > 0 && z.Amount <= 1e300) {
		r.at(n, "%s is %s: expected a number above 0", n.Key, n.Describe())
	}
	return z
}
