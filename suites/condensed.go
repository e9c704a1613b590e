package suites

import (
	"slices"
	"strconv"
	"strings"

	"gfnbench/suites/document"
)

// keys of a table that only one of its forms has.
var (
	ofCondensed = []string{"tasks", "normalise"}
	ofValues    = []string{"columns", "summary", "paper", "reference"}
)

// condensed reads the tasks of a table that condenses several, and checks that a table has
// the keys of its kind.
func (r *reader) condensed(t *Table, v values, n *document.Node) {
	others, kinds := ofCondensed, TableKinds[1:]
	if t.Condensed() {
		t.Tasks, t.Normalise = v.list("tasks"), v.text("normalise")
		r.columns(n.Field("tasks"), t.Tasks)
		others, kinds = ofValues, TableKinds[:1]
		if t.Normalise == ByBase && t.Base == "" {
			r.at(n, "normalise = %q needs the key base: %s", ByBase, keyOf(tableSection.Keys, "base").Doc)
		}
		if strings.HasSuffix(t.Stat, "-to") {
			r.at(n.Field("stat"), "stat = %q is for kind = %q: times have no common scale", t.Stat, TableOfValues)
		}
	} else if n.Field("columns") == nil {
		r.at(n, "%s needs the key columns: %s", tableSection.Header(), keyOf(tableSection.Keys, "columns").Doc)
	}
	for _, key := range others {
		if f := n.Field(key); f != nil {
			r.atKey(f, "%s is for kind = %s", key, orList(kinds))
		}
	}
	crossing := n.Field("columns")
	if t.Condensed() {
		crossing = n.Field("tasks")
	}
	for _, c := range t.Across() {
		if slices.Contains(t.Rows, c) {
			if crossing == nil {
				crossing = n.Field("rows") // the default tasks
			}
			r.at(crossing, "%s is in rows and in %s", c, map[bool]string{false: "columns", true: "tasks"}[t.Condensed()])
		}
	}
}

// orList quotes words and joins them: "a", "b" or "c".
func orList(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = strconv.Quote(w)
	}
	if last := len(quoted) - 1; last > 0 {
		return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
	}
	return quoted[0]
}
