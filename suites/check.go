package suites

import (
	"fmt"
	"gfnbench/gfn/param"
	"math"
	"slices"
	"strings"
	"time"
)

// A checker collects problems, each once.
type checker struct {
	problems []Problem
	seen     map[Problem]bool
}

func (c *checker) add(p Problem) {
	if c.seen == nil {
		c.seen = make(map[Problem]bool)
	}
	if !c.seen[p] {
		c.seen[p] = true
		c.problems = append(c.problems, p)
	}
}

// at reports a problem where the value n stands.
func (c *checker) at(n *node, format string, args ...any) {
	c.add(n.src.problem(n.at, n.path(), fmt.Sprintf(format, args...)))
}

// atKey reports a problem where the key of n stands.
func (c *checker) atKey(n *node, format string, args ...any) {
	c.add(n.src.problem(n.keyAt, n.path(), fmt.Sprintf(format, args...)))
}

// table reports whether n is a table, and a problem if it is not.
func (c *checker) table(n *node) bool {
	if n.kind != table {
		c.at(n, "%s is %s: expected a table", n.path(), n.text())
	}
	return n.kind == table
}

// flatten visits the keys of a table and of the tables in it by their dotted
// names, which are known ones; keys may be written optimizer.lr, "optimizer.lr"
// or optimizer = { lr = ... }.
func (c *checker) flatten(n *node, where string, known []string, visit func(name string, n *node)) {
	seen := make(map[string]bool)
	var walk func(n *node, prefix string)
	walk = func(n *node, prefix string) {
		for _, f := range n.fields {
			name := prefix + f.key
			isPrefix := slices.ContainsFunc(known, func(k string) bool { return strings.HasPrefix(k, name+".") })
			switch isKnown := slices.Contains(known, name); {
			case isKnown && seen[name]:
				c.atKey(f, "%s is given twice in %s", name, where)
			case isKnown && !(isPrefix && f.kind == table):
				seen[name] = true
				visit(name, f)
			case isPrefix && f.kind == table:
				walk(f, name+".")
			case isPrefix:
				c.at(f, "%s is %s: expected a table with the keys %s", name, f.text(), strings.Join(below(known, name), ", "))
			default:
				hint := suggestKey(name, known)
				if hint == "" && where == "--set" {
					hint = ": it sets keys of [run], for every cell, and params.NAME; -f chooses environments"
				}
				c.atKey(f, "unknown key %q in %s%s", name, where, hint)
			}
		}
	}
	walk(n, "")
}

// below lists the keys of the table prefix.
func below(known []string, prefix string) []string {
	var keys []string
	for _, k := range known {
		if rest, ok := strings.CutPrefix(k, prefix+"."); ok {
			keys = append(keys, rest)
		}
	}
	return keys
}

// suggestKey is didYouMean, which also finds a key under another table than the
// given one: optimizer.lr for lr, steps for run.steps.
func suggestKey(name string, known []string) string {
	if s := didYouMean(name, known); s != "" {
		return s
	}
	for _, k := range known {
		if strings.HasSuffix(k, "."+name) {
			return fmt.Sprintf(" (did you mean %q?)", k)
		}
	}
	if _, rest, ok := strings.Cut(name, "."); ok && slices.Contains(known, rest) {
		return fmt.Sprintf(" (did you mean %q?)", rest)
	}
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		if list := below(known, name[:i]); len(list) > 0 {
			return ": expected one of " + strings.Join(list, ", ")
		}
	}
	return ""
}

// decode turns a node into a value of the key. It is false where a problem was
// reported.
func (c *checker) decode(k *Key, n *node) (param.Value, bool) {
	v, ok := k.convert(n)
	if !ok {
		c.at(n, "%s is %s: expected %s", k.Name, n.text(), k.expected())
		return param.Value{}, false
	}
	if v.Type() == param.String {
		return v, c.word(k, n, v.Text())
	}
	for i, x := range v.Numbers() {
		at := n
		if i < len(n.items) && n.items[i].kind == scalar {
			at = n.items[i]
		}
		if !c.inRange(k, at, x) {
			return param.Value{}, false
		}
	}
	return v, true
}

func (c *checker) inRange(k *Key, n *node, x float64) bool {
	switch {
	case k.Range.Contains(x):
		return true
	case math.IsNaN(x) || math.IsInf(x, 0): // a problem of the document
		return false
	}
	if why := k.Range.Excluded(x); why != "" {
		c.at(n, "%s is %s, which is %s: expected %s", k.Name, n.text(), why, k.expected())
	} else {
		c.at(n, "%s is %s: expected %s", k.Name, n.text(), k.expects(k.Range.Near(x)))
	}
	return false
}

// word checks a string: choices, or a duration.
func (c *checker) word(k *Key, n *node, v string) bool {
	if k.Form == Duration {
		if d, err := time.ParseDuration(v); err != nil || d < 0 {
			c.at(n, "%s is %q: expected %s", k.Name, v, k.expected())
			return false
		}
	}
	if len(k.Choices) > 0 && !slices.Contains(k.Choices, v) {
		c.at(n, "%s is %q: expected one of %s%s", k.Name, v, strings.Join(k.Choices, ", "), didYouMean(v, k.Choices))
		return false
	}
	return true
}

// expected describes the values that the key takes.
func (k *Key) expected() string { return k.expects(k.Range.String()) }

// expects describes the values that the key takes within a range in words.
func (k *Key) expects(in string) string {
	var words string
	switch k.Form {
	case Plain:
		words = map[param.Type]string{
			param.Int: "an integer", param.Float: "a number", param.Bool: "true or false", param.String: "a string",
			param.Ints: "a list of integers such as [64, 64]", param.Floats: "a list of numbers", param.Strings: "a list of strings",
			param.Matrix: "a list of lists of numbers",
		}[k.Type]
	case WordOrNumber:
		words = "a number or one of " + strings.Join(k.Choices, ", ")
	default:
		words = map[Form]string{
			Duration: `a duration such as "90s" or "1h30m"`,
			Seeds:    fmt.Sprintf("a number of seeds from 1 to %d such as 3, or a list of different seed indices such as [0, 1, 2]", maxSeeds),
			Names:    "a name or a list of names", Select: "a table such as { objective = \"tb\" }", Settings: "a table such as { steps = 512 }",
			Metrics: "a metric, or a table such as { gmm = \"jsd\", default = \"l1\" }", Nested: "a table of tables of strings", Options: "a table",
		}[k.Form]
	}
	switch {
	case in == "" || k.Form == Seeds:
		return words
	case k.Type == param.Ints || k.Type == param.Floats || k.Type == param.Matrix:
		return words + ", each " + in
	}
	return words + " " + in
}

// convert turns a node into a value of the key, bounds unchecked.
func (k *Key) convert(n *node) (param.Value, bool) {
	switch k.Form {
	case WordOrNumber:
		if s, ok := n.str(); ok {
			return param.Of(s), true
		}
		return convert(n, param.Float)
	case Names:
		if s, ok := n.str(); ok {
			return param.Of([]string{s}), true
		}
	case Seeds:
		return seeds(n)
	}
	return convert(n, k.Type)
}

// convert turns a node into a value of the type.
func convert(n *node, t param.Type) (param.Value, bool) {
	var x any
	ok := false
	switch t {
	case param.Int:
		x, ok = n.integer()
	case param.Float:
		x, ok = n.number()
	case param.Bool:
		x, ok = n.value.(bool)
	case param.String:
		x, ok = n.str()
	case param.Ints:
		x, ok = listOf(n, (*node).integer)
	case param.Floats:
		x, ok = listOf(n, (*node).number)
	case param.Strings:
		x, ok = listOf(n, (*node).str)
	case param.Matrix:
		x, ok = listOf(n, func(n *node) ([]float64, bool) { return listOf(n, (*node).number) })
	}
	if !ok {
		return param.Value{}, false
	}
	return param.Of(x), true
}

// maxSeeds bounds a number of seeds, which nobody wants beyond it.
const maxSeeds = 100_000

// seeds is a count or a list of distinct indices.
func seeds(n *node) (param.Value, bool) {
	if count, ok := n.integer(); ok {
		if count < 1 || count > maxSeeds {
			return param.Value{}, false
		}
		list := make([]int, count)
		for i := range list {
			list[i] = i
		}
		return param.Of(list), true
	}
	list, ok := listOf(n, (*node).integer)
	if !ok || len(list) == 0 {
		return param.Value{}, false
	}
	unique := slices.Clone(list)
	slices.Sort(unique)
	return param.Of(list), len(slices.Compact(unique)) == len(list)
}

func (n *node) number() (float64, bool) {
	switch x := n.value.(type) {
	case int64:
		return float64(x), true
	case float64:
		if x == 0 {
			x = 0 // no negative zero: it is the same value
		}
		return x, true
	}
	return 0, false
}

func (n *node) str() (string, bool) {
	s, ok := n.value.(string)
	return s, ok
}

// listOf converts the elements of an array.
func listOf[T any](n *node, convert func(*node) (T, bool)) ([]T, bool) {
	if n.kind != array {
		return nil, false
	}
	list := make([]T, len(n.items))
	for i, item := range n.items {
		x, ok := convert(item)
		if !ok {
			return list, false
		}
		list[i] = x
	}
	return list, true
}

func (n *node) integer() (int, bool) {
	x, ok := n.value.(int64)
	return int(x), ok
}
