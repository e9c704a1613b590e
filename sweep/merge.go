package sweep

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

// Merge joins directories of one suite, such as the shards of a sweep, in the
// directory out, which may already hold results of the suite. Unless forced, it
// refuses to mix suites or revisions of the algorithms, and cells with two
// different results; if forced, the first of two results stands.
func Merge(dirs []string, out string, force bool, o Options) (*Summary, error) {
	if _, err := os.Stat(filepath.Join(out, suiteFile)); err == nil {
		dirs = append([]string{out}, dirs...)
	}
	// Read everything and check that it fits together.
	p, err := Load(dirs[0], out, Selection{})
	if err != nil {
		return nil, err
	}
	if err := p.decideFrom(dirs...); err != nil {
		return nil, err
	}
	if err := mergeable(p, dirs, force); err != nil {
		return nil, err
	}
	how := settingOf(p, o)
	if err := belongs(p); err != nil && !force {
		return nil, err
	}
	if err := prepare(how.options.FS, p, o.Anonymous); err != nil {
		return nil, err
	}
	start := time.Now()
	dir, err := openDir(how, start, time.Now())
	if err != nil {
		return nil, err
	}
	copied := &policyMerger{setting: how, dirs: dirs}
	if err := appendAll(dir, dirs, copied.copy); err != nil {
		return nil, err
	}
	if err := dir.Compact(); err != nil {
		return nil, err
	}
	copied.tell()
	s, err := Summarize(p)
	if s != nil {
		s.Seconds = time.Since(start).Seconds()
	}
	return s, err
}

// appendAll appends what the directories hold to another one; each is called with every
// run before.
func appendAll(to *results.Dir, dirs []string, each func(*results.Run) error) error {
	const (
		batch = 1000    // runs in a file of the journal
		large = 100_000 // evaluations in a file of the journal
	)
	var runs []results.Run
	points := 0
	flush := func() error {
		err := to.Append(runs...)
		runs, points = runs[:0], 0
		return err
	}
	set, err := results.Scan(func(r *results.Run) error {
		if err := each(r); err != nil {
			return err
		}
		runs, points = append(runs, *r), points+len(r.Curve)
		if len(runs) < batch && points < large {
			return nil
		}
		return flush()
	}, dirs...)
	if err == nil {
		err = flush()
	}
	if err == nil {
		err = to.AppendInstances(set.Instances...)
	}
	return err
}

// mergeable reads the directories once, so nothing is written if one of them cannot be
// read or, unless forced, does not belong with the others.
func mergeable(p *Plan, dirs []string, force bool) error {
	listed := idsOf(p.Suite.Cells)
	var foreign []*results.Run
	set, err := results.Scan(func(r *results.Run) error {
		if !listed[r.ID] {
			foreign = append(foreign, &results.Run{Cell: results.Cell{ID: r.ID, Environment: r.Environment, Objective: r.Objective, Seed: r.Seed}})
		}
		return nil
	}, dirs...)
	if errors.Is(err, fs.ErrNotExist) {
		return &usage.Error{Err: err}
	}
	if err != nil || force {
		return err
	}
	return mixed(p, set.Conflicts, foreign, dirs)
}

// mixed describes what prevents directories from being merged; foreign are the runs of
// cells that the suite does not list.
func mixed(p *Plan, conflicts []results.Conflict, foreign []*results.Run, dirs []string) error {
	const force = "; --force merges them all the same"
	first := usage.QuotePath(dirs[0])
	for _, dir := range dirs[1:] {
		other, err := suites.ReadDir(dir)
		if err != nil {
			return asUsage(err)
		}
		kept, err := suites.ReadSettings(dir)
		switch {
		case err != nil:
			return err
		case other.Name != p.Suite.Name:
			return usage.Errorf("%s holds the suite %s and %s the suite %s%s", first, p.Suite.Name, usage.QuotePath(dir), other.Name, force)
		case string(other.Text) != string(p.Suite.Text):
			return usage.Errorf("%s and %s hold different versions of the suite %s: %s%s", first, usage.QuotePath(dir), p.Suite.Name, differingLine(string(p.Suite.Text), string(other.Text)), force)
		case strings.Join(kept, "\n") != strings.Join(p.Selection.Set, "\n"):
			return usage.Errorf("%s was run with %s and %s with %s%s", first, settings(p.Selection.Set), usage.QuotePath(dir), settings(kept), force)
		}
	}
	if err := revisions(foreign); err != nil {
		return err
	}
	if len(conflicts) > 0 {
		lines := make([]string, len(conflicts))
		for i, c := range conflicts {
			lines[i] = c.Error()
			if len(c.Runs) == 2 {
				lines[i] += ": " + strings.Replace(difference(&c.Runs[0], &c.Runs[1]), " now", " there", 1)
			}
		}
		return fmt.Errorf("%s\nnothing was merged; --force keeps the first of each", strings.Join(lines, "\n"))
	}
	return nil
}

// settings returns the settings as typed on a command line.
func settings(set []string) string {
	if len(set) == 0 {
		return "no --set"
	}
	words := make([]string, len(set))
	for i, s := range set {
		words[i] = "--set " + usage.Quote(s)
	}
	return strings.Join(words, " ")
}

// differingLine returns the first line in which two texts differ.
func differingLine(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d is %q and %q", i+1, x[i], y[i])
		}
	}
	return fmt.Sprintf("one ends after line %d", min(len(x), len(y)))
}

// revisions rejects cells that are not the suite's: if the suite is the same,
// they were made with other revisions of the algorithms.
func revisions(foreign []*results.Run) error {
	if len(foreign) == 0 {
		return nil
	}
	r := foreign[0]
	return usage.Errorf("%s not the suite's, such as %s (%s, %s, seed %d): made by another revision of the algorithms, or from an earlier version of the suite; --force keeps them beside the others, hidden",
		are(len(foreign)), r.ID, r.Environment, r.Objective, r.Seed)
}

func are(cells int) string {
	if cells == 1 {
		return "1 cell is"
	}
	return fmt.Sprintf("%d cells are", cells)
}
