package suites

import (
	"fmt"
	"slices"
	"strings"

	"gfnbench/suites/document"
)

// An AxisEnd says how far the lines of a panel reach in the paper, judging by its axis.
type AxisEnd struct {
	Panel     string  // values of the panel's columns, joined by "/"
	Top       bool    // the highest point of its lines; otherwise the lowest
	Low, High float64 // that point lies between these
}

// axisEnds reads how far the paper's lines reach, in the order of the suite.
func (r *reader) axisEnds(v values) (list []AxisEnd) {
	n := v.nodes["paper"]
	if n == nil || !r.table(n) {
		return nil
	}
	for _, panel := range n.Fields {
		if !r.table(panel) {
			continue
		}
		for _, f := range panel.Fields {
			e := AxisEnd{Panel: panel.Key, Top: f.Key == "top"}
			if !slices.Contains([]string{"top", "bottom"}, f.Key) {
				r.atKey(f, "%q is no end of an axis: use top, the highest point of the lines, or bottom, the lowest", f.Key)
				continue
			}
			if e.Low, e.High = r.between(f); e.High >= e.Low {
				list = append(list, e)
			}
		}
	}
	return list
}

// between reads "LOW to HIGH". For any other text it reports a problem and returns a high
// below low.
func (r *reader) between(n *document.Node) (low, high float64) {
	text, _ := n.Text()
	left, right, ok := strings.Cut(text, " to ")
	if _, err := fmt.Sscan(left+" "+right, &low, &high); !ok || err != nil || !(low <= high) {
		r.at(n, "%s is %s: expected two numbers, the smaller one first, as in \"200 to 300\"", n.Key, n.Describe())
		return 0, -1
	}
	return low, high
}
