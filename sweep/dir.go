package sweep

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/results/lease"
	"gfnbench/suites"
	"gfnbench/usage"
)

// Names within a sweep directory, besides those of packages results and suites.
const (
	suiteFile      = "suite.toml"
	journalDir     = "journal"
	checkpointsDir = "checkpoints"
	lossesDir      = "losses"
)

// An input is a file of the suite that a sweep directory holds.
type input struct {
	name string
	data []byte
}

// inputs returns the suite's files, its settings and, last, the suite itself,
// which makes the directory a results directory.
func inputs(p *Plan) []input {
	var list []input
	for _, f := range p.Suite.Files {
		list = append(list, input{filepath.Join(suites.DirFiles, suites.CopyName(f.Name)), []byte(f.Data)})
	}
	settings := ""
	if len(p.Selection.Set) > 0 {
		settings = strings.Join(p.Selection.Set, "\n") + "\n"
	}
	return append(list, input{suites.DirSettings, []byte(settings)}, input{suiteFile, p.Suite.Text})
}

// kept reports whether the directory holds the input. Empty settings need no
// file.
func (k input) kept(fsys disk.FS, dir string) bool {
	old, err := disk.Read(fsys, filepath.Join(dir, k.name))
	if errors.Is(err, fs.ErrNotExist) {
		return k.name == suites.DirSettings && len(k.data) == 0
	}
	return err == nil && string(old) == string(k.data)
}

// same reports whether the plan's directory keeps exactly its suite, with checksums
// unless it is of version 0.1.0, which has neither these nor an origin.
func same(p *Plan) bool {
	_, sums := os.Stat(filepath.Join(p.Dir, suites.DirSums))
	_, origin := os.Stat(filepath.Join(p.Dir, suites.DirOrigin))
	if sums != nil && origin == nil || suites.CheckOrigin(p.Dir) != nil {
		return false
	}
	return !slices.ContainsFunc(inputs(p), func(k input) bool { return !k.kept(disk.OS, p.Dir) })
}

// MakeDir makes the plan's directory and keeps the suite in it, as a run does, but
// trains nothing. The error is a *usage.Error if the directory holds another
// suite's results or something else; other errors come from the file system.
func MakeDir(p *Plan) error {
	if err := belongs(p); err != nil {
		return err
	}
	return prepare(disk.OS, p, false)
}

// prepare makes the plan's directory, which is new or belongs to its suite. It
// keeps the suite, its settings and its files there and, unless anonymous, where
// the suite came from.
func prepare(fsys disk.FS, p *Plan, anonymous bool) error {
	sums, err := readSums(fsys, p.Dir)
	if err != nil {
		return err
	}
	list := inputs(p)
	if !anonymous {
		list = append(sums.origin(fsys, p), list...) // the suite is last
	}
	if err := sums.begin(fsys, p.Dir, list); err != nil {
		return err
	}
	for _, k := range list {
		if k.kept(fsys, p.Dir) {
			continue
		}
		if err := sums.keepEarlier(fsys, p.Dir, k); err != nil {
			return err
		}
		if err := writeInput(fsys, filepath.Join(p.Dir, k.name), k.data); err != nil {
			return err
		}
	}
	return sums.finish(fsys, p.Dir, list)
}

// writeInput writes a file and makes the folder it is in.
func writeInput(fsys disk.FS, path string, data []byte) error {
	if err := disk.MkdirAll(fsys, filepath.Dir(path)); err != nil {
		return err
	}
	return disk.WriteFile(fsys, path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// tidy removes what dead processes left behind: temporary files and records.
func (s *setting) tidy(w *lease.Watcher) {
	w.RemoveRecords()
	folders := []string{".", lease.Folder, lease.Workers, lossesDir, policiesDir, liveDir, suites.DirFiles}
	spread, _ := s.options.FS.ReadDir(filepath.Join(s.plan.Dir, checkpointsDir)) // there may be none
	for _, e := range spread {
		folders = append(folders, filepath.Join(checkpointsDir, e.Name()))
	}
	w.RemoveTemps(folders...)
}

// belongs rejects a directory of another suite, or of something else.
func belongs(p *Plan) error {
	entries, err := os.ReadDir(p.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if errors.Is(err, syscall.ENOTDIR) {
		return usage.Errorf("%s is no folder: give another directory with -o", usage.QuotePath(p.Dir))
	}
	if err != nil {
		return usage.Errorf("%s cannot hold results: %w", usage.QuotePath(p.Dir), err)
	}
	text, err := results.ReadSuite(p.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		own := []string{journalDir, lease.Folder, lease.Workers, checkpointsDir, lossesDir, policiesDir, liveDir, suites.DirFiles, suites.DirSettings, suites.DirSums, suites.DirOrigin}
		foreign := slices.IndexFunc(entries, func(e fs.DirEntry) bool { return !slices.Contains(own, e.Name()) && !disk.IsTemp(e.Name()) })
		missing := &suites.SumError{Dir: p.Dir, Name: suiteFile, What: "is missing"}
		switch recorded, _ := suites.ReadSums(p.Dir); { // damaged, they record nothing
		case foreign < 0 || restores(p, missing):
			return nil
		case len(recorded[suiteFile]) > 0:
			return missing
		}
		return usage.Errorf("%s is not a sweep directory: it holds %s but no %s; give another one with -o", usage.QuotePath(p.Dir), usage.Quote(entries[foreign].Name()), suiteFile)
	}
	if err != nil || text == string(p.Suite.Text) {
		return err
	}
	old, err := suites.ReadDir(p.Dir)
	if damaged, ok := errors.AsType[*suites.SumError](err); ok {
		if restores(p, damaged) {
			return nil
		}
		return err
	}
	if err != nil {
		return usage.Errorf("%s holds results of another suite, which is not valid here; give another directory with -o:\n%w", usage.QuotePath(p.Dir), err)
	}
	if old.Name != p.Suite.Name {
		return usage.Errorf("%s holds results of the suite %s, not %s: give another directory with -o", usage.QuotePath(p.Dir), old.Name, p.Suite.Name)
	}
	if other := takesOver(p); other != "" && !p.Replace {
		return usage.Errorf("%s holds results of %s, another suite named %s: give another directory with -o, or use --replace to replace that suite and hide the results that this one does not list", usage.QuotePath(p.Dir), other, p.Suite.Name)
	}
	return nil
}

// CheckDir rejects a directory of another suite, or of something else, as a run does.
// The error is a *usage.Error.
func CheckDir(p *Plan) error { return belongs(p) }

// read returns what the directory holds, without curves. The Set is empty if
// the directory holds nothing yet.
func read(dir string) (*results.Set, error) {
	set, err := results.ReadFinal(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return &results.Set{}, nil
	}
	return set, err
}
