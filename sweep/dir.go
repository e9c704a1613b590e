package sweep

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/suites"
)

// Names within a sweep directory, besides those of packages results and suites.
const (
	suiteFile      = "suite.toml"
	journalDir     = "journal"
	leasesDir      = "leases"
	checkpointsDir = "checkpoints"
)

// prepare makes the plan's directory, or takes one of the same suite, and keeps
// in it the suite, its settings and its files.
func prepare(fsys disk.FS, p *Plan) error {
	if err := belongs(p); err != nil {
		return err
	}
	for _, dir := range []string{p.Dir, filepath.Join(p.Dir, leasesDir)} {
		if err := disk.MkdirAll(fsys, dir); err != nil {
			return err
		}
	}
	if len(p.Suite.Files) > 0 {
		if err := disk.MkdirAll(fsys, filepath.Join(p.Dir, suites.DirFiles)); err != nil {
			return err
		}
	}
	for _, f := range p.Suite.Files {
		if err := keep(fsys, filepath.Join(p.Dir, suites.DirFiles, suites.CopyName(f.Name)), f.Data); err != nil {
			return err
		}
	}
	settings := ""
	if len(p.Selection.Set) > 0 {
		settings = strings.Join(p.Selection.Set, "\n") + "\n"
	}
	path := filepath.Join(p.Dir, suites.DirSettings)
	if _, err := fsys.Stat(path); err == nil || settings != "" {
		if err := keep(fsys, path, []byte(settings)); err != nil {
			return err
		}
	}
	return keep(fsys, filepath.Join(p.Dir, suiteFile), p.Suite.Text)
}

// keep writes a file unless it is there with that content.
func keep(fsys disk.FS, path string, data []byte) error {
	if old, err := disk.Read(fsys, path); err == nil && string(old) == string(data) {
		return nil
	}
	return disk.WriteFile(fsys, path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// belongs refuses a directory of another suite, or of something else.
func belongs(p *Plan) error {
	entries, err := os.ReadDir(p.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return usage("%s cannot hold results: %w", p.Dir, err)
	}
	text, err := results.ReadSuite(p.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		own := []string{journalDir, leasesDir, suites.DirFiles, suites.DirSettings}
		foreign := slices.IndexFunc(entries, func(e fs.DirEntry) bool { return !slices.Contains(own, e.Name()) && !disk.IsTemp(e.Name()) })
		if foreign >= 0 {
			return usage("%s is no sweep directory: it holds %s but no %s; give another one with -o", p.Dir, entries[foreign].Name(), suiteFile)
		}
		return nil
	}
	if err != nil || text == string(p.Suite.Text) {
		return err
	}
	old, err := suites.ReadDir(p.Dir)
	if err != nil {
		return usage("%s holds results of another suite, which is not valid here; give another directory with -o:\n%w", p.Dir, err)
	}
	if old.Name != p.Suite.Name {
		return usage("%s holds results of the suite %s, not %s: give another directory with -o", p.Dir, old.Name, p.Suite.Name)
	}
	return nil
}

// read is what the directory holds, without curves; an empty Set where it holds
// nothing yet.
func read(dir string) (*results.Set, error) {
	set, err := results.ReadFinal(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return &results.Set{}, nil
	}
	return set, err
}
