package suites

import (
	"math"
	"slices"
	"strconv"

	"gfnbench/gfn/param"
	"gfnbench/suites/document"
	"gfnbench/usage"
)

// mistyped reports a value, or an element of a list, whose type is not the key's. If it
// is clear what was meant, it says what to write instead.
func (c *checker) mistyped(k *Key, n *document.Node) {
	if element, ok := elementTypes[k.Type]; ok && k.Form == Plain && n.Kind == document.Array {
		one := &Key{Param: param.Param{Name: k.Name, Type: element, Range: k.Range}}
		for _, item := range n.Items {
			if _, ok := convert(item, element); !ok {
				c.at(item, "%s has %s in it: expected %s%s", k.Name, item.Describe(), k.expected(), one.instead(item))
				return
			}
		}
	}
	c.at(n, "%s is %s: expected %s%s", k.Name, n.Describe(), k.expected(), k.instead(n))
}

// elementTypes maps types of lists to the types of their elements.
var elementTypes = map[param.Type]param.Type{param.Ints: param.Int, param.Floats: param.Float, param.Strings: param.String}

// instead says how to write a mistyped value, or returns "" if it is not clear what was
// meant.
func (k *Key) instead(n *document.Node) string {
	if n.Kind == document.Array && len(n.Items) > 0 && k.Type.Scalar() && k.Type != param.Null && k.Form != Seeds && cellKey(k.Name) == k && k.role != manages && k != keyPair {
		return "; several values belong in a [[grid]]"
	}
	if n.Kind != document.Scalar {
		return ""
	}
	if text, ok := n.Text(); ok && k.Form == WordOrNumber {
		if hint := usage.DidYouMean(text, k.Choices); hint != "" {
			return hint
		}
	}
	for _, meant := range meanings(n, k.Type) {
		v, ok := k.convert(meant.node)
		if !ok || k.Form == Seeds && meant.node.Kind == document.Array || k.Form == Duration || k.Form == Names || len(k.Choices) > 0 && v.Type() == param.String {
			continue
		}
		if slices.ContainsFunc(v.Numbers(), func(x float64) bool { return !k.Range.Contains(x) }) {
			continue
		}
		return ": write " + meant.text
	}
	return ""
}

// A meaning is what a mistyped value may stand for, and how to write that.
type meaning struct {
	node *document.Node
	text string
}

// meanings lists what a scalar may stand for if type t is wanted: a float may be an
// integer, a string the number or boolean that it quotes, a number a string, and any of
// them a list of one.
func meanings(n *document.Node, t param.Type) []meaning {
	var list []meaning
	add := func(value any, text string) { list = append(list, meaning{&document.Node{Value: value}, text}) }
	switch x := n.Value.(type) {
	case float64:
		if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
			add(int64(x), strconv.FormatInt(int64(x), 10))
		}
	case string:
		if i, err := strconv.ParseInt(x, 10, 64); err == nil {
			add(i, strconv.FormatInt(i, 10)) // TOML knows no 007
		} else if f, err := strconv.ParseFloat(x, 64); err == nil {
			add(f, param.Of(f).Canonical()) // nor .5
			if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
				add(int64(f), strconv.FormatInt(int64(f), 10))
			}
		} else if b, err := strconv.ParseBool(x); err == nil {
			add(b, strconv.FormatBool(b))
		}
	}
	if _, ok := n.Value.(string); !ok && t == param.String {
		add(n.Describe(), strconv.Quote(n.Describe()))
	}
	for _, m := range append([]meaning{{n, n.Describe()}}, list...) {
		list = append(list, meaning{&document.Node{Kind: document.Array, Items: []*document.Node{m.node}}, "[" + m.text + "]"})
	}
	return list
}
