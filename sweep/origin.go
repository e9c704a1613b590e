package sweep

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gfnbench/results/disk"
	"gfnbench/suites"
	"gfnbench/usage"
)

// The file suites.DirOrigin records in one line where the suite of a directory came
// from: the path of the suite file, relative to the directory, or the name of a
// shipped suite. It tells an edited suite from another one with the same name.

// shippedOrigin begins the origin of a shipped suite.
const shippedOrigin = "shipped "

// originOf returns the origin of the suite that Load reads for an argument that is
// not a directory.
func originOf(arg, dir string) string {
	if _, err := os.Stat(arg); err != nil {
		return shippedOrigin + suites.ShippedName(arg)
	}
	from, errFrom := filepath.Abs(dir)
	to, errTo := filepath.Abs(arg)
	if errFrom != nil || errTo != nil {
		return ""
	}
	if path, err := filepath.Rel(from, to); err == nil {
		return filepath.ToSlash(path)
	}
	return filepath.ToSlash(to)
}

// originPath returns the path of a suite file from its origin in a directory, or ""
// for a shipped suite.
func originPath(origin, dir string) string {
	if strings.HasPrefix(origin, shippedOrigin) {
		return ""
	}
	path := filepath.FromSlash(origin)
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	return path
}

// readOrigin returns the origin that a directory records, "" for none.
func readOrigin(fsys disk.FS, dir string) string {
	text, err := disk.Read(fsys, filepath.Join(dir, suites.DirOrigin))
	if err != nil {
		return "" // a directory of version 0.1.0, or an anonymous one
	}
	return strings.TrimSuffix(string(text), "\n")
}

// takesOver returns the suite that the plan's directory was made with, if it is not
// the plan's: another file that still exists, or a shipped suite. A file that no
// longer exists was probably moved, and is taken for the plan's.
func takesOver(p *Plan) (other string) {
	old := readOrigin(disk.OS, p.Dir)
	if p.origin == "" || old == "" || old == p.origin {
		return ""
	}
	path := originPath(old, p.Dir)
	if path == "" {
		return "the shipped suite"
	}
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	if now := originPath(p.origin, p.Dir); now != "" {
		if same, err := os.Stat(now); err == nil && os.SameFile(info, same) {
			return ""
		}
	}
	return usage.QuotePath(nearby(path))
}

// nearby returns a path as one would type it here: relative to the working directory
// if it is inside.
func nearby(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(here, abs); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return abs
}

// origin returns the file that records the origin of the plan's suite: the one that
// the directory has, if it keeps its suite, else a new one. There is none if the
// origin is unknown.
func (s *sums) origin(fsys disk.FS, p *Plan) []input {
	old, err := disk.Read(fsys, filepath.Join(p.Dir, suites.DirOrigin))
	known := s.old[suites.DirOrigin]
	whole := err == nil && (len(known) == 0 || slices.Contains(known, suites.SumOf(old)))
	switch {
	case whole && (p.origin == "" || (input{suiteFile, p.Suite.Text}).kept(fsys, p.Dir)):
		return []input{{suites.DirOrigin, old}}
	case p.origin == "":
		return nil
	}
	return []input{{suites.DirOrigin, []byte(p.origin + "\n")}}
}
