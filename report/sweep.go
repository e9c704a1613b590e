package report

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gfnbench/report/number"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/suites/document"
	"gfnbench/tuning"
	"gfnbench/usage"
)

// A Sweep is what one or more sweep directories hold, seen through their suite.
type Sweep struct {
	Dirs  []string      // directories that were read, as given
	Name  string        // of the suite or, without one, of the first directory
	Title string        // of the suite
	Suite *suites.Suite // nil if no directory has a suite that can be read
	Set   *results.Set  // everything that the directories hold
	Rows  []*Row        // those of the plan, in its order, then those outside it if they are shown

	// Tuning are the cells of a suite with [tune] that chose the settings of those in
	// Rows. They enter no table, figure, claim or test. State tells how they chose.
	Tuning []*Row
	State  *tuning.State // nil without [tune]

	Planned int      // cells that the suite plans
	Missing int      // planned cells without a result
	Hidden  int      // results outside the plan that are not shown
	Foreign bool     // Options.Suite plans no cell of these directories; only its declarations are used
	Notes   []string // what a reader must know about the sweep as a whole
	Refused []error  // damaged files that were left out

	cells    []*suites.Cell // of the directories' suites
	digested []*Row         // the rows of the digest: all those of the plan, shown or not
	digest   string         // once it was asked for
	finals   bool           // only the last evaluation of each curve was read
}

// Options configures [Load]. Every field is optional.
type Options struct {
	// Hidden also shows results outside the plan.
	Hidden bool
	// KeepGoing reads what can be read if a file is damaged or missing, and lists
	// the files left out in Sweep.Refused.
	KeepGoing bool
	// Suite is a suite whose tables, claims and figures replace those of the
	// directories: a path or the name of a shipped suite.
	Suite string
	// Finals leaves the curves on disk, where [Sweep.Curves] reads them. Such a sweep can
	// only be exported. With KeepGoing, or in a suite with [tune], curves are read all
	// the same.
	Finals bool
}

// Load reads sweep directories, or files of results.WriteMerged. Given several, it takes the plan
// and the declarations from the first suite and adds the cells of the others to the plan. The error
// is a *results.RefusedError if a file is damaged, wraps fs.ErrNotExist if a directory is missing,
// and is of type document.Problems if Options.Suite is invalid.
func Load(o Options, dirs ...string) (*Sweep, error) {
	s := &Sweep{Dirs: dirs, finals: o.Finals && !o.KeepGoing && !tuned(dirs)}
	read, err := results.Read, error(nil)
	if s.finals {
		read = results.ReadFinal
	}
	if o.KeepGoing {
		s.Set, s.Refused = results.ReadPartly(dirs...)
		for _, err := range s.Refused {
			s.note("left out: %v", err)
		}
	} else if s.Set, err = read(dirs...); err != nil {
		return nil, err
	}
	planned, err := s.plan(o)
	if err != nil {
		return nil, err
	}
	s.rows(planned, o.Hidden)
	s.digested = s.All()
	if err := s.add(); err != nil && o.KeepGoing {
		s.Refused = append(s.Refused, err)
		s.note("left out: %v", err)
	} else if err != nil {
		return nil, err
	}
	s.conflicts()
	if s.State != nil && s.Suite.Undecided() > 0 {
		s.note("tuning is not finished: %d of %s have no setting yet and are tested later", s.Suite.Undecided(), number.Count(len(s.State.Arms), "arm"))
	}
	if s.Missing > 0 {
		s.note("partial: %d of %d cells have no result yet", s.Missing, s.Planned)
	}
	if s.Hidden > 0 {
		s.note("hidden: %s outside of the suite's plan (--hidden shows them)", number.Count(s.Hidden, "result"))
	}
	return s, nil
}

// All returns the cells that are shown, including tuning cells.
func (s *Sweep) All() []*Row { return append(s.Tuning[:len(s.Tuning):len(s.Tuning)], s.Rows...) }

// Digest returns the digest of the results of the plan, as `sweep digest` prints
// it. Neither a filter nor results outside the plan change it. If nothing is
// planned it covers all results.
func (s *Sweep) Digest() string {
	if s.digest != "" {
		return s.digest
	}
	var runs []*results.Run
	for _, r := range s.digested {
		if r.Run != nil && (r.Cell != nil || s.Planned == 0) {
			runs = append(runs, r.Run)
		}
	}
	slices.SortFunc(runs, func(a, b *results.Run) int { return strings.Compare(a.ID, b.ID) })
	d := results.NewDigester()
	for _, r := range runs {
		part := s.State.Part(*r)
		d.Add(&part)
	}
	s.digest = d.Sum()
	return s.digest
}

func (s *Sweep) note(format string, args ...any) {
	s.Notes = append(s.Notes, fmt.Sprintf(format, args...))
}

// plan reads the suites of the directories and lists their cells.
func (s *Sweep) plan(o Options) ([]*suites.Cell, error) {
	var cells []*suites.Cell
	seen := make(map[string]bool)
	for _, dir := range s.Dirs {
		suite, err := suiteOf(dir)
		if damaged, ok := errors.AsType[*suites.SumError](err); ok && !o.KeepGoing {
			return nil, damaged
		}
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				s.note("this version cannot read the suite of %s: %s", dir, firstLine(err))
			}
			continue
		}
		state := tuning.Decide(suite, s.Set.Find)
		if s.Suite == nil {
			s.Suite, s.State = suite, state
		}
		for _, c := range suite.Cells {
			if !seen[c.ID] {
				seen[c.ID] = true
				cells = append(cells, c)
			}
		}
	}
	s.cells = cells
	if o.Suite != "" {
		var err error
		if cells, err = s.declare(o.Suite, cells); err != nil {
			return nil, err
		}
	}
	s.Name = nameOf(s.Dirs[0])
	if s.Suite != nil {
		s.Name, s.Title = s.Suite.Name, s.Suite.Title
	}
	return cells, nil
}

// tuned reports whether the suite of a directory tunes, in which case the curves decide
// which cells it has.
func tuned(dirs []string) bool {
	for _, dir := range dirs {
		if suite, err := suiteOf(dir); err == nil && suite.Tune != nil {
			return true
		}
	}
	return false
}

// suiteOf reads the suite of a sweep directory or of a merged file.
func suiteOf(dir string) (*suites.Suite, error) {
	if info, err := os.Stat(dir); err != nil || info.IsDir() {
		return suites.ReadDir(dir)
	}
	text, err := results.ReadSuite(dir)
	if err != nil {
		return nil, err
	}
	if text == "" {
		return nil, fs.ErrNotExist
	}
	return suites.ParseKept("suite.toml", []byte(text), nil)
}

// declare takes the declarations from another suite. The plan becomes those of
// its cells that the directories plan or hold; if there are none, the plan
// stays.
func (s *Sweep) declare(name string, cells []*suites.Cell) ([]*suites.Cell, error) {
	suite, err := suites.Read(name)
	if _, ok := errors.AsType[document.Problems](err); err != nil && !ok {
		return nil, &usage.Error{Err: err}
	} else if err != nil {
		return nil, err
	}
	s.Suite, s.State = suite, tuning.Decide(suite, s.Set.Find)
	inPlan := make(map[string]bool)
	for _, c := range cells {
		inPlan[c.ID] = true
	}
	shared := slices.DeleteFunc(slices.Clone(suite.Cells), func(c *suites.Cell) bool { return !inPlan[c.ID] && s.Set.Find(c.ID) == nil })
	if s.Foreign = len(shared) == 0; s.Foreign {
		s.note("no cell of the suite %s is among these results: what it declares is applied to all of them", suite.Name)
		return cells, nil
	}
	if n := len(suite.Cells) - len(shared); n > 0 {
		s.note("%d of the %s of the suite %s are not among these results", n, number.Count(len(suite.Cells), "cell"), suite.Name)
	}
	return shared, nil
}

// Under returns the sweep seen through another suite, with only those cells that the
// sweep itself shows. It returns nil if the suite has none of them.
func (s *Sweep) Under(suite string) *Sweep {
	shown := make(map[string]bool)
	for _, r := range s.Rows {
		shown[r.ID()] = true
	}
	other := &Sweep{Dirs: s.Dirs, Set: s.Set}
	planned, err := other.declare(suite, s.cells)
	if err != nil || other.Foreign {
		return nil
	}
	other.Name, other.Title = other.Suite.Name, other.Suite.Title
	other.rows(planned, false)
	other.Rows = slices.DeleteFunc(other.Rows, func(r *Row) bool { return !shown[r.ID()] })
	if len(other.Rows) == 0 {
		return nil
	}
	return other
}

// WithoutMissing returns the sweep without the planned cells that have no result yet.
func (s *Sweep) WithoutMissing() *Sweep {
	other := *s
	other.Rows = slices.DeleteFunc(slices.Clone(s.Rows), func(r *Row) bool { return r.Run == nil })
	return &other
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// rows pairs the planned cells with their results.
func (s *Sweep) rows(planned []*suites.Cell, showHidden bool) {
	inPlan := make(map[string]bool, len(planned))
	found := 0
	for _, c := range planned {
		inPlan[c.ID] = true
		run := s.Set.Find(c.ID)
		if run != nil {
			found++
		}
		if c.Role == suites.Tuning {
			s.Tuning = append(s.Tuning, &Row{Cell: c, Run: run})
		} else {
			s.Rows = append(s.Rows, &Row{Cell: c, Run: run})
		}
	}
	var outside []*Row
	for i := range s.Set.Runs {
		if r := &s.Set.Runs[i]; found == 0 || !inPlan[r.ID] {
			outside = append(outside, &Row{Run: r})
		}
	}
	if found == 0 && len(outside) > 0 {
		if len(planned) > 0 {
			s.note("this version plans none of the %d results, so the suite's plan is ignored", len(outside))
		}
		s.Rows, s.Tuning, s.State, planned = nil, nil, nil, nil
	}
	s.Planned, s.Missing = len(planned), len(planned)-found
	if len(s.Rows) > 0 && !showHidden {
		s.Hidden = len(outside)
		return
	}
	slices.SortStableFunc(outside, func(a, b *Row) int {
		return cmp.Or(strings.Compare(a.Run.Environment, b.Run.Environment), strings.Compare(a.Run.Objective, b.Run.Objective),
			cmp.Compare(a.Run.Seed, b.Run.Seed))
	})
	s.Rows = append(s.Rows, outside...)
}

// Columns returns the names of the axes and hyperparameters, those of the suite
// first.
func (s *Sweep) Columns() []string {
	var names []string
	if s.Suite != nil {
		for _, c := range s.Suite.Columns {
			names = append(names, c.Name)
		}
	}
	for _, name := range Axes {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, c := range s.Set.Columns {
		if name := results.SettingOf(c.Name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Axes are the columns that every cell has.
var Axes = results.Fixed()

// nameOf returns the name of the sweep in a directory.
func nameOf(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		abs = dir
	}
	return strings.TrimSuffix(filepath.Base(abs), filepath.Ext(abs))
}
