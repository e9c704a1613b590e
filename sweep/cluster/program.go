package cluster

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gfnbench/results/disk"
)

// ProgramPath returns the program that the tasks of a job run: a copy of the program
// that submitted it, so the sweep does not depend on what is installed later.
func (j *Job) ProgramPath() string { return filepath.Join(j.Dir, folder, j.Program) }

// programName returns the name of the running program's copy. Different programs have
// different names, because tasks of an earlier submission may still run theirs.
func programName() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return nameOf(f)
}

// nameOf returns the name under which a program is kept, which includes the
// beginning of its SHA-256.
func nameOf(f io.Reader) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s%x", programPrefix, h.Sum(nil)[:6]), nil
}

const programPrefix = "sweep-"

// Sum returns the first digits of the SHA-256 of the program that the tasks of a
// job run. They check it before they start.
func (j *Job) Sum() string { return strings.TrimPrefix(j.Program, programPrefix) }

// isProgram reports whether the file at path is the program of that name, whole
// and unaltered.
func isProgram(path, name string) bool {
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	got, err := nameOf(f)
	return err == nil && got == name
}

// keepProgram copies the running program into a sweep directory, replacing
// whatever has its name there.
func keepProgram(dir, name string) error {
	path := filepath.Join(dir, folder, name)
	if !isProgram(path, name) {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		err = disk.WriteFile(disk.OS, path, func(w io.Writer) error {
			f, err := os.Open(self)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = io.Copy(w, f)
			return err
		})
		if err != nil {
			return err
		}
	}
	return os.Chmod(path, 0o755)
}
