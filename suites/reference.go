package suites

import (
	"cmp"
	"maps"
	"slices"

	"gfnbench/suites/document"
	"gfnbench/usage"
)

// A Reference describes a table's paper values: where they come from, how they were
// probably measured, and what makes ours agree with them.
type Reference struct {
	Source   string            // where the values are printed, and what their spread means
	Measured Metric            // the metric that the paper probably shows; zero: the table's
	Moved    map[string]string // by the label of a row, or of a row and a column: the choice that moved it
}

// MovedBy returns the choice that moved a cell to the paper's value: the cell's own, or
// its row's.
func (r *Reference) MovedBy(row, column string) string {
	return cmp.Or(r.Moved[row+"/"+column], r.Moved[row])
}

// referenceKeys are the keys of [table.reference].
var referenceKeys = []string{"source", "measured", "moved"}

// reference reads the [table.reference] of a table.
func (r *reader) reference(v values) *Reference {
	n := v.nodes["reference"]
	if n == nil || !r.table(n) {
		return nil
	}
	ref := &Reference{Moved: make(map[string]string)}
	for _, f := range n.Fields {
		switch f.Key {
		case "source":
			ref.Source, _ = r.textOf(f)
		case "measured":
			ref.Measured = r.metric(values{nodes: map[string]*document.Node{"metric": f}}, n)
		case "moved":
			if !r.table(f) {
				continue
			}
			for _, m := range f.Fields {
				ref.Moved[m.Key], _ = r.textOf(m)
			}
		default:
			r.atKey(f, "unknown key %q in [table.reference]%s", f.Key, usage.DidYouMean(f.Key, referenceKeys))
		}
	}
	if ref.Source == "" {
		r.at(n, "[table.reference] needs the key source: where the paper's values are printed")
	}
	return ref
}

// textOf returns the text of a node, or reports that it has none.
func (r *reader) textOf(n *document.Node) (string, bool) {
	text, ok := n.Text()
	if !ok {
		r.at(n, "%s is %s: expected a string", n.Key, n.Describe())
	}
	return text, ok
}

// movedNames checks that choices belong to existing rows or cells.
func (r *reader) movedNames(n *document.Node, rows, columns map[string]bool) {
	if n == nil || n.Field("moved") == nil {
		return
	}
	known := maps.Clone(rows)
	for row := range rows {
		for column := range columns {
			known[row+"/"+column] = true
		}
	}
	for _, f := range n.Field("moved").Fields {
		if !known[f.Key] {
			r.atKey(f, "there is no row, nor row and column, %q%s", f.Key, usage.DidYouMean(f.Key, slices.Sorted(maps.Keys(known))))
		}
	}
}
