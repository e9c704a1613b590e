package suites

import (
	"fmt"
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

// decode turns a node into a value of the key's type: an int, float64, bool,
// string, []int, []float64 or []string. It is false where a problem was
// reported.
func (c *checker) decode(k *Key, n *node) (any, bool) {
	v, ok := k.convert(n)
	if !ok {
		c.at(n, "%s is %s: expected %s", k.Name, n.text(), k.expected())
		return nil, false
	}
	switch v := v.(type) {
	case int:
		return v, c.inRange(k, n, float64(v))
	case float64:
		return v, c.inRange(k, n, v)
	case []int:
		for i, x := range v {
			if len(n.items) == len(v) && !c.inRange(k, n.items[i], float64(x)) {
				return nil, false
			}
		}
	case []float64:
		for i, x := range v {
			if !c.inRange(k, n.items[i], x) {
				return nil, false
			}
		}
	case string:
		return v, c.word(k, n, v)
	}
	return v, true
}

func (c *checker) inRange(k *Key, n *node, x float64) bool {
	if k.inRange(x) {
		return true
	}
	switch {
	case k == keyAlpha && x == 1:
		c.at(n, "alpha is 1, which is the objective reverse-kl: expected any number but 0 and 1")
	case k == keyAlpha:
		c.at(n, "alpha is 0, which is the objective forward-kl: expected any number but 0 and 1")
	case k.Max >= distant && x > k.Max:
		c.at(n, "%s is %s: expected %s, at most %g", k.Name, n.text(), k.expected(), k.Max)
	default:
		c.at(n, "%s is %s: expected %s", k.Name, n.text(), k.expected())
	}
	return false
}

// word checks a string: choices, or a duration.
func (c *checker) word(k *Key, n *node, v string) bool {
	if k.Type == Duration {
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
func (k *Key) expected() string {
	words := map[Type]string{
		Int: "an integer", Float: "a number", Bool: "true or false", String: "a string", Ints: "a list of integers such as [64, 64]",
		Floats: "a list of numbers", Strings: "a list of strings", Duration: `a duration such as "90s" or "1h30m"`,
		Seeds: fmt.Sprintf("a number of seeds from 1 to %d such as 3", maxSeeds) + ", or a list of different seed indices such as [0, 1, 2]", LogZInit: "a number or one of " + strings.Join(k.Choices, ", "),
		Names: "a name or a list of names", Select: "a table such as { objective = \"tb\" }", Settings: "a table such as { steps = 512 }",
		Metrics: "a metric, or a table such as { gmm = \"jsd\", default = \"l1\" }", Nested: "a table of tables of strings", Options: "a table",
	}[k.Type]
	r := k.Range()
	switch {
	case r == "" || k.Type == Seeds:
	case k.Type == Ints || k.Type == Floats:
		words += ", each " + r
	default:
		words += " " + r
	}
	return words
}

// convert turns a node into a value of the key's type, bounds unchecked.
func (k *Key) convert(n *node) (any, bool) {
	switch k.Type {
	case Int:
		x, ok := n.integer()
		return x, ok
	case Float:
		x, ok := n.number()
		return x, ok
	case Bool:
		x, ok := n.value.(bool)
		return x, ok
	case String, Duration:
		x, ok := n.str()
		return x, ok
	case LogZInit:
		if x, ok := n.value.(string); ok {
			return x, ok
		}
		x, ok := n.number()
		return x, ok
	case Ints:
		return listOf(n, (*node).integer)
	case Floats:
		return listOf(n, (*node).number)
	case Strings:
		return listOf(n, (*node).str)
	case Names:
		if s, ok := n.str(); ok {
			return []string{s}, true
		}
		return listOf(n, (*node).str)
	case Seeds:
		return seeds(n)
	}
	return nil, false
}

// maxSeeds bounds a number of seeds, which nobody wants beyond it.
const maxSeeds = 100_000

// seeds is a count or a list of distinct indices.
func seeds(n *node) (any, bool) {
	if count, ok := n.value.(int64); ok {
		if count < 1 || count > maxSeeds {
			return nil, false
		}
		list := make([]int, count)
		for i := range list {
			list[i] = i
		}
		return list, true
	}
	v, ok := listOf(n, (*node).integer)
	list, _ := v.([]int)
	if !ok || len(list) == 0 {
		return nil, false
	}
	unique := slices.Clone(list)
	slices.Sort(unique)
	return list, len(slices.Compact(unique)) == len(list)
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
func listOf[T any](n *node, convert func(*node) (T, bool)) (any, bool) {
	if n.kind != array {
		return []T(nil), false
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
