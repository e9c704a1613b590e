package results

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// A Set is what one or more sweep directories hold.
type Set struct {
	Suite      string     // text of suite.toml of the first directory
	Provenance Provenance // provenance of the Parquet files of the first directory
	Runs       []Run      // one for each cell, in ascending order of cell id
	Columns    []Column   // the parameters' columns
	Instances  []Instance // in ascending order of id

	// Partial says that a sweep is still being written, or stopped before its
	// journal was compacted: Pending journal files were merged in.
	Partial bool
	Pending int

	// Conflicts are cells with two different results, and instances drawn
	// differently. The result read first stands.
	Conflicts []Conflict
}

// A Conflict is a cell, or an environment instance, for which two sources hold
// different results.
type Conflict struct {
	ID            string // of the cell or of the instance
	First, Second string // the files they came from; First stands
	Runs          []Run  // the two runs, for a cell
}

// Error describes the conflict.
func (c Conflict) Error() string {
	what := "cell"
	if c.Runs == nil {
		what = "instance"
	}
	return fmt.Sprintf("%s %s has different results in %s and in %s", what, c.ID, c.First, c.Second)
}

// Find returns the run of a cell, or nil if there is none.
func (s *Set) Find(id string) *Run {
	i := sort.Search(len(s.Runs), func(i int) bool { return s.Runs[i].ID >= id })
	if i == len(s.Runs) || s.Runs[i].ID != id {
		return nil
	}
	return &s.Runs[i]
}

// Digest returns the [Digest] of the set's runs.
func (s *Set) Digest() string { return Digest(s.Runs) }

// A merger collects runs and instances. The first result of a cell stands.
type merger struct {
	runs      []Run
	sources   []string // of each run
	at        map[string]int
	instances []Instance
	from      []string // of each instance
	drawn     map[string]int
	conflicts []Conflict
}

func newMerger() *merger {
	return &merger{at: map[string]int{}, drawn: map[string]int{}}
}

// add merges one run. It takes over r.
func (m *merger) add(r Run, source string) {
	i, ok := m.at[r.ID]
	if !ok {
		m.at[r.ID] = len(m.runs)
		m.runs, m.sources = append(m.runs, r), append(m.sources, source)
		return
	}
	stands := sourced{&m.runs[i], m.sources[i]}
	if c := stands.join(&r, source); c != nil {
		m.conflicts = append(m.conflicts, *c)
	}
	m.sources[i] = stands.path
}

// join merges another run of the cell into s. It returns a conflict if both are results
// and differ.
func (s *sourced) join(r *Run, path string) *Conflict {
	old := s.run
	switch {
	case old.Status.Complete() && r.Status.Complete():
		if !old.Agrees(r) {
			return &Conflict{r.ID, s.path, path, []Run{*old, *r}}
		}
		if p := r.Timing.Policy; p != "" && (old.Timing.Policy == "" || later(&r.Timing, &old.Timing)) {
			old.Timing.Policy = p // it was run again for its networks
		}
	case !old.Status.Complete() && (r.Status.Complete() || later(&r.Timing, &old.Timing)):
		if !r.Status.Complete() && len(r.Curve) < len(old.Curve) {
			r.Curve = old.Curve // an attempt that ends sooner removes no evaluation
		}
		*old, s.path = *r, path
	}
	return nil
}

// Agrees reports whether two complete runs of a cell agree in everything that
// is reproducible. It does not compare their parameters: the ids agree, and
// another version may have described them differently.
func (r *Run) Agrees(with *Run) bool {
	a, b := *r, *with
	a.Params, b.Params = nil, nil
	if a.Status == Pruned && b.Status == Pruned { // no digest covers these
		a.Status, b.Status = Done, Done
	}
	return Digest([]Run{a}) == Digest([]Run{b})
}

func later(a, b *Timing) bool {
	return a.Attempt > b.Attempt || a.Attempt == b.Attempt && a.End.After(b.End)
}

func (m *merger) addInstance(in Instance, source string) {
	i, ok := m.drawn[in.ID]
	if !ok {
		m.drawn[in.ID] = len(m.instances)
		m.instances, m.from = append(m.instances, in), append(m.from, source)
		return
	}
	if !sameInstance(&m.instances[i], &in) {
		m.conflicts = append(m.conflicts, Conflict{ID: in.ID, First: m.from[i], Second: source})
	}
}

// sameInstance reports whether two descriptions of an instance agree in the
// fields that both have: another version may have recorded fewer.
func sameInstance(a, b *Instance) bool {
	return a.Environment == b.Environment && !slices.ContainsFunc(a.Fields, func(f Field) bool {
		i := slices.IndexFunc(b.Fields, func(g Field) bool { return g.Name == f.Name })
		return i >= 0 && !f.equal(&b.Fields[i])
	})
}

func (f *Field) equal(g *Field) bool {
	return slices.Equal(f.Texts, g.Texts) &&
		slices.EqualFunc(f.Numbers, g.Numbers, func(x, y float64) bool { return canonicalBits(x) == canonicalBits(y) })
}

// grow makes room for n more runs.
func (m *merger) grow(n int) {
	m.runs, m.sources = slices.Grow(m.runs, n), slices.Grow(m.sources, n)
}

// set returns what was merged, sorted. It has at least the given columns.
func (m *merger) set(columns []Column) *Set {
	s := &Set{Runs: m.runs, Instances: m.sortedInstances(), Conflicts: m.conflicts}
	slices.SortFunc(s.Runs, func(a, b Run) int { return strings.Compare(a.ID, b.ID) })
	u := newUnion(columns)
	for i := range s.Runs {
		u.add(s.Runs[i].Params)
	}
	s.Columns = u.columns
	return s
}

func (m *merger) sortedInstances() []Instance {
	slices.SortFunc(m.instances, func(a, b Instance) int { return strings.Compare(a.ID, b.ID) })
	return m.instances
}
