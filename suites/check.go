package suites

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"gfnbench/gfn/param"
	"gfnbench/suites/document"
	"gfnbench/usage"
)

// A checker collects problems, each once.
type checker struct {
	problems []document.Problem
	seen     map[document.Problem]bool
}

func (c *checker) add(p document.Problem) {
	if len(c.problems) >= document.MaxProblems {
		return
	}
	if c.seen == nil {
		c.seen = make(map[document.Problem]bool)
	}
	if !c.seen[p] {
		c.seen[p] = true
		c.problems = append(c.problems, p)
	}
}

// at reports a problem at the value n.
func (c *checker) at(n *document.Node, format string, args ...any) {
	if len(c.problems) >= document.MaxProblems {
		return
	}
	c.add(n.Source.Problem(n.At, n.Path(), fmt.Sprintf(format, args...)))
}

// atKey reports a problem at the key of n.
func (c *checker) atKey(n *document.Node, format string, args ...any) {
	if len(c.problems) >= document.MaxProblems {
		return
	}
	c.add(n.Source.Problem(n.KeyAt, n.Path(), fmt.Sprintf(format, args...)))
}

// table reports whether n is a table, and adds a problem if it is not.
func (c *checker) table(n *document.Node) bool {
	if n.Kind != document.Table {
		c.at(n, "%s is %s: expected a table", n.Path(), n.Describe())
	}
	return n.Kind == document.Table
}

// flatten visits the keys of a table and of the tables in it by their dotted
// names, which must be known. Keys may be written optimizer.lr, "optimizer.lr"
// or optimizer = { lr = ... }.
func (c *checker) flatten(n *document.Node, where string, known []string, visit func(name string, n *document.Node)) {
	seen := make(map[string]bool)
	var walk func(n *document.Node, prefix string)
	walk = func(n *document.Node, prefix string) {
		for _, f := range n.Fields {
			name := prefix + f.Key
			isPrefix := slices.ContainsFunc(known, func(k string) bool { return strings.HasPrefix(k, name+".") })
			switch isKnown := slices.Contains(known, name); {
			case isKnown && seen[name]:
				c.atKey(f, "%s is given twice in %s", name, where)
			case isKnown && !(isPrefix && f.Kind == document.Table):
				seen[name] = true
				visit(name, f)
			case isPrefix && f.Kind == document.Table:
				walk(f, name+".")
			case isPrefix:
				c.at(f, "%s is %s: expected a table with the keys %s", name, f.Describe(), strings.Join(below(known, name), ", "))
			default:
				hint := suggestKey(name, known)
				if hint == "" && where == "--set" {
					hint = suggestSection(name)
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

// suggestKey does what usage.DidYouMean does, but also finds a key without its
// table, such as steps for run.steps, and lists the keys of a table.
func suggestKey(name string, known []string) string {
	if s := usage.DidYouMean(name, known); s != "" {
		return s
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

// decode turns a node into a value of the key. It returns false if it reported
// a problem.
func (c *checker) decode(k *Key, n *document.Node) (param.Value, bool) {
	v, ok := k.convert(n)
	if !ok {
		c.mistyped(k, n)
		return param.Value{}, false
	}
	if v.Type() == param.String {
		return v, c.word(k, n, v.Text())
	}
	for i, x := range v.Numbers() {
		at := n
		if i < len(n.Items) && n.Items[i].Kind == document.Scalar {
			at = n.Items[i]
		}
		if !c.inRange(k, at, x) {
			return param.Value{}, false
		}
	}
	return v, true
}

func (c *checker) inRange(k *Key, n *document.Node, x float64) bool {
	switch {
	case k.Range.Contains(x):
		return true
	case math.IsNaN(x) || math.IsInf(x, 0): // reported by package document
		return false
	}
	if only, ok := k.Range.Only(); ok {
		c.at(n, "%s is %s: it must be %v", k.Name, n.Describe(), only)
	} else if why := k.Range.Excluded(x); why != "" {
		c.at(n, "%s is %s, which is %s: expected %s", k.Name, n.Describe(), why, k.expected())
	} else {
		c.at(n, "%s is %s: expected %s", k.Name, n.Describe(), k.expects(k.Range.Near(x)))
	}
	return false
}

// word checks a string against choices, or as a duration.
func (c *checker) word(k *Key, n *document.Node, v string) bool {
	if k.Form == Duration {
		if d, err := time.ParseDuration(v); err != nil || d < 0 {
			c.at(n, "%s is %q: expected %s", k.Name, v, k.expected())
			return false
		}
	}
	if k.Form == Start {
		word, _, ok := start(v)
		if !ok {
			c.at(n, "%s is %q: expected %s", k.Name, v, k.expected())
			return false
		}
		v = word
	}
	if len(k.Choices) > 0 && !slices.Contains(k.Choices, v) {
		if k.Form == WordOrNumber {
			c.mistyped(k, n)
		} else {
			c.at(n, "%s is %q: expected one of %s%s", k.Name, v, strings.Join(k.Choices, ", "), usage.DidYouMean(v, k.Choices))
		}
		return false
	}
	return true
}

// expected describes the values that the key takes.
func (k *Key) expected() string { return k.expects(k.Range.String()) }

// expects describes the values that the key takes, with their range in words.
func (k *Key) expects(in string) string {
	var words string
	if _, only := k.Range.Only(); only {
		return in
	}
	if strings.HasPrefix(in, "at ") {
		in = "of " + in
	}
	// What the form, or the type, accepts.
	switch k.Form {
	case Plain:
		if k.Type == param.String && len(k.Choices) > 0 {
			return "one of " + strings.Join(k.Choices, ", ")
		}
		words = map[param.Type]string{
			param.Int: "an integer", param.Float: "a number", param.Bool: "true or false", param.String: "a string",
			param.Ints: "a list of integers such as [64, 64]", param.Floats: "a list of numbers", param.Strings: "a list of strings",
			param.Matrix: "a list of lists of numbers",
		}[k.Type]
	case WordOrNumber:
		choices := "one of " + strings.Join(k.Choices, ", ")
		if len(k.Choices) == 1 {
			choices = k.Choices[0]
		}
		return strings.TrimSuffix("a number "+in, " ") + ", or " + choices
	case Start:
		words = "a number, or one of " + strings.Join(k.Choices, ", ") + `, to which nats may be added as in "shift+6"`
	default:
		words = map[Form]string{
			Duration:  `a duration such as "90s" or "1h30m"`,
			Seeds:     fmt.Sprintf("a number of seeds from 1 to %d such as 3, or a list of different seed indices such as [0, 1, 2]", maxSeeds),
			Instances: fmt.Sprintf("a number of instances from 1 to %d such as 8, or a list of different instance seeds such as [1, 2, 3]", maxSeeds),
			Names:     "a name or a list of names", Select: "a table such as { objective = \"tb\" }", Settings: "a table such as { steps = 512 }",
			Metrics: "a metric, or a table such as { gmm = \"jsd\", default = \"l1\" }", Nested: "a table of tables of strings", Options: "a table",
		}[k.Form]
	}
	// The range.
	switch {
	case in == "" || k.Form == Seeds || k.Form == Instances:
		return words
	case k.Type == param.Ints || k.Type == param.Floats || k.Type == param.Matrix:
		return words + ", each " + in
	}
	return words + " " + in
}

// convert turns a node into a value of the key, without checking its range.
func (k *Key) convert(n *document.Node) (param.Value, bool) {
	switch k.Form {
	case WordOrNumber, Start:
		if s, ok := n.Text(); ok {
			return param.Of(s), true
		}
		return convert(n, param.Float)
	case Names:
		if s, ok := n.Text(); ok {
			return param.Of([]string{s}), true
		}
	case Seeds:
		return seeds(n, 0)
	case Instances:
		return seeds(n, 1)
	}
	return convert(n, k.Type)
}

// convert turns a node into a value of the type.
func convert(n *document.Node, t param.Type) (param.Value, bool) {
	var x any
	ok := false
	switch t {
	case param.Int:
		x, ok = n.Integer()
	case param.Float:
		x, ok = n.Number()
	case param.Bool:
		x, ok = n.Value.(bool)
	case param.String:
		x, ok = n.Text()
	case param.Ints:
		x, ok = document.List(n, (*document.Node).Integer)
	case param.Floats:
		x, ok = document.List(n, (*document.Node).Number)
	case param.Strings:
		x, ok = document.List(n, (*document.Node).Text)
	case param.Matrix:
		x, ok = document.List(n, func(n *document.Node) ([]float64, bool) { return document.List(n, (*document.Node).Number) })
	}
	if !ok {
		return param.Value{}, false
	}
	return param.Of(x), true
}

// maxSeeds bounds the number of seeds; nobody wants more.
const maxSeeds = 100_000

// seeds returns a count, which means the numbers from first on, or a list of
// distinct numbers.
func seeds(n *document.Node, first int) (param.Value, bool) {
	if count, ok := n.Integer(); ok {
		if count < 1 || count > maxSeeds {
			return param.Value{}, false
		}
		list := make([]int, count)
		for i := range list {
			list[i] = first + i
		}
		return param.Of(list), true
	}
	list, ok := document.List(n, (*document.Node).Integer)
	if !ok || len(list) == 0 {
		return param.Value{}, false
	}
	unique := slices.Clone(list)
	slices.Sort(unique)
	return param.Of(list), len(slices.Compact(unique)) == len(list)
}
