package reportcmd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/report/sheet"
	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/suites"
	"gfnbench/usage"
)

// toStdout reports whether -o, or its absence, means standard output.
func (s *source) toStdout() bool { return toStdout(s.output) }

func toStdout(output string) bool {
	return slices.Contains([]string{"", "-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}, output)
}

// checkOutput rejects, before anything is read, an output that cannot be written
// or that is part of what will be read. The error is a *usage.Error.
func (s *source) checkOutput(dirs []string) error {
	if s.toStdout() {
		return nil
	}
	path := filepath.Clean(s.output)
	info, err := os.Stat(path)
	isFolder := err == nil && info.IsDir() || endsInSeparator(s.output)
	if isFolder && !s.intoFolder {
		return usage.Errorf("-o %s is a folder: name a file in it", s.output)
	}
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return usage.Errorf("-o %s: the folder %s does not exist: create it, or name another", s.output, folder)
	} else if err != nil {
		return usage.Errorf("-o %s: %w", s.output, err)
	} else if !info.IsDir() {
		return usage.Errorf("-o %s: %s is not a directory", s.output, folder)
	}
	if s.suite != "" && sameFile(path, s.suite) {
		return usage.Errorf("-o %s is the suite that is read: name another file", s.output)
	}
	if results.HasResults(folder) {
		dirs = append(slices.Clone(dirs), folder)
	}
	for _, dir := range dirs {
		if partOf(path, dir) {
			return usage.Errorf("-o %s is part of the results in %s: name another file", s.output, dir)
		}
	}
	return nil
}

// isFolder reports whether -o names a folder for files: an existing one, or one
// to be made, whose name has no extension or ends in a separator.
func isFolder(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return endsInSeparator(path) || filepath.Ext(path) == ""
	}
	return info.IsDir()
}

// target returns the file that -o means. If it means a folder, target makes the
// folder and returns the file with the given name in it.
func (s *source) target(name string) (string, error) {
	if !isFolder(s.output) {
		return s.output, nil
	}
	if err := os.Mkdir(s.output, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return filepath.Join(s.output, name), nil
}

func endsInSeparator(path string) bool { return path != "" && os.IsPathSeparator(path[len(path)-1]) }

func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// sweepParts are what a sweep directory consists of, besides Parquet files.
var sweepParts = []string{
	"suite.toml", suites.DirSettings, suites.DirFiles, suites.DirSums, suites.DirOrigin, "damaged", "journal", "conflicts", "leases", "workers", "losses", "policies", "live", "checkpoints", "cluster", "compact.lock",
}

// partOf reports whether a path is part of the results at dir, a sweep directory
// or a merged file, however the path is spelled.
func partOf(path, dir string) bool {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return sameFile(path, dir)
	}
	rel, err := filepath.Rel(resolved(dir), resolved(path))
	if err != nil || !filepath.IsLocal(rel) {
		return false
	}
	first, _, below := strings.Cut(filepath.ToSlash(rel), "/")
	if !below && strings.EqualFold(filepath.Ext(first), ".parquet") {
		return true
	}
	return slices.ContainsFunc(sweepParts, func(name string) bool { return strings.EqualFold(name, first) })
}

// resolved returns the absolute path, without symbolic links, of a file that need
// not exist.
func resolved(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	if target, err := os.Readlink(path); err == nil { // a link to something that does not exist
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		return filepath.Join(folder, filepath.Base(path))
	}
	return path
}

// write calls f with the file of -o, or with standard output. If files were
// left out, it ends with the exit code of an error, although the rest is
// written.
func (s *source) write(c *cobra.Command, f func(io.Writer) error) error {
	if err := s.writeAll(c, f); err != nil || len(s.refused) == 0 {
		return err
	}
	return outcome(exitInternal)
}

func (s *source) writeAll(c *cobra.Command, f func(io.Writer) error) error {
	if s.toStdout() {
		return f(c.OutOrStdout())
	}
	return writeFile(s.output, f)
}

// reportForm returns the form for a format. Text is no wider than the terminal it
// goes to.
func (s *source) reportForm(c *cobra.Command, format string) sheet.Form {
	f := sheet.Form{Format: format}
	if s.toStdout() {
		f.Width = command.OutputWidth(c.OutOrStdout())
	}
	return f
}

// writeFile writes a file that is complete or, if anything goes wrong, unchanged.
// It makes everything first, so an interruption leaves nothing behind. It writes
// directly to anything that is not a regular file, such as a pipe.
func writeFile(path string, f func(io.Writer) error) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() || ofProcess(path) {
		return writeDirectly(path, f)
	}
	var b bytes.Buffer
	if err := f(&b); err != nil {
		return err
	}
	path = resolved(path) // a symbolic link stays a link
	if err != nil {
		return disk.WriteFile(disk.OS, path, copyOf(&b))
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err // a file that may not be written may not be replaced either
	}
	if err := file.Close(); err != nil {
		return err
	}
	t, err := disk.Prepare(disk.OS, path, copyOf(&b))
	if errors.Is(err, fs.ErrPermission) { // the folder is not writable
		return os.WriteFile(path, b.Bytes(), info.Mode().Perm())
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(t.Path, info.Mode().Perm()); err != nil {
		t.Discard()
		return err
	}
	if err := t.Commit(); err != nil {
		return err
	}
	return disk.SyncDir(disk.OS, filepath.Dir(path))
}

func copyOf(b *bytes.Buffer) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(b.Bytes())
		return err
	}
}

// ofProcess reports whether a path belongs to a file that the process has open.
func ofProcess(path string) bool {
	return slices.ContainsFunc([]string{"/dev/fd/", "/dev/std", "/proc/"}, func(prefix string) bool { return strings.HasPrefix(path, prefix) })
}

func writeDirectly(path string, f func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	err = f(file)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}
