package cluster

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"gfnbench/results/disk"
)

// ProgramPath is the program that the tasks of a job run: a copy of the one that
// submitted it, so that the sweep does not depend on what is installed later.
func (j *Job) ProgramPath() string { return filepath.Join(j.Dir, folder, j.Program) }

// programName is the name of the running program's copy. It tells programs apart,
// since tasks of an earlier submission may still run theirs.
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
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return fmt.Sprintf("sweep-%x", h.Sum(nil)[:6]), nil
}

// keepProgram copies the running program into a sweep directory.
func keepProgram(dir, name string) error {
	path := filepath.Join(dir, folder, name)
	if _, err := os.Stat(path); err != nil {
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
