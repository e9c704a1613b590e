package suites

import (
	"slices"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/objective"
	"gfnbench/suites/document"
	"gfnbench/suites/plain"
	"gfnbench/usage"
)

// A Naming is an entry of [labels]: what readers see instead of a name.
type Naming struct {
	Name  string // as in the suite
	Label string // for readers
}

// named returns what labels may name, by kind. Within each kind a label may name only
// one.
func (r *reader) named() [][]string {
	var objectives, variates []string
	for _, k := range objective.Kinds {
		objectives = append(objectives, k.Name)
	}
	for _, cv := range objective.ControlVariates {
		variates = append(variates, cv.Name)
	}
	return [][]string{metric.Names(), objectives, variates, r.suite.Environments, r.columnNames()}
}

func (r *reader) readLabels() {
	n := r.root.Field(labelsSection.Name)
	if n == nil {
		return
	}
	kinds := r.named()
	seen := make(map[string]string) // name by label, within each kind
	var read func(prefix string, n *document.Node)
	read = func(prefix string, n *document.Node) {
		for _, f := range n.Fields {
			name := prefix + f.Key
			if f.Kind == document.Table { // optimizer.lr without quotes
				read(name+".", f)
				continue
			}
			label, ok := f.Text()
			switch {
			case !slices.Contains(slices.Concat(kinds...), name):
				r.atKey(f, "%s is not a name: expected %s%s", name, labelsSection.Free, usage.DidYouMean(name, slices.Concat(kinds...)))
			case !ok || label == "":
				r.at(f, "%s is %s: expected what readers see, as a string", name, f.Describe())
			case plain.Line(label) != nil:
				r.at(f, "%s: %v", name, plain.Line(label))
			}
			for i, kind := range kinds {
				key := string(rune('0'+i)) + label
				if other, twice := seen[key]; twice && slices.Contains(kind, name) {
					r.at(f, "%s has the label of %s: nobody could tell them apart", name, other)
				} else if slices.Contains(kind, name) {
					seen[key] = name
				}
			}
			r.suite.Labels = append(r.suite.Labels, Naming{Name: name, Label: label})
		}
	}
	read("", n)
}
