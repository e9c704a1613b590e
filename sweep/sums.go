package sweep

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"gfnbench/results/disk"
	"gfnbench/suites"
)

// earlierDir is the folder, inside the folder of the suite's files, for files that others
// of the same name have replaced. Results that are now hidden were made from them.
const earlierDir = "earlier"

// sums are the checksums of a directory while its inputs are being written.
type sums struct {
	suites.Sums
	old  suites.Sums // as they were before
	text []byte      // contents of the file now
}

// readSums reads the checksums that a directory has.
func readSums(fsys disk.FS, dir string) (*sums, error) {
	text, err := disk.Read(fsys, filepath.Join(dir, suites.DirSums))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	old, err := suites.ReadSums(dir)
	if _, damaged := errors.AsType[*suites.SumError](err); err != nil && !damaged {
		return nil, err
	}
	s := &sums{suites.Sums{}, old, text}
	for name, list := range old {
		s.Sums[name] = slices.Clone(list)
	}
	return s, nil
}

// begin writes the checksums of the inputs beside those of the files that they
// replace, before they do.
func (s *sums) begin(fsys disk.FS, dir string, list []input) error {
	for _, k := range list {
		if k.expected() {
			s.Add(k.name, k.data)
		}
	}
	return s.write(fsys, dir)
}

// expected reports whether the directory has a file for the input.
func (k input) expected() bool { return k.name != suites.DirSettings || len(k.data) > 0 }

// finish leaves only the checksums of the inputs and of files that the inputs do not
// replace.
func (s *sums) finish(fsys disk.FS, dir string, list []input) error {
	for _, k := range list {
		delete(s.Sums, filepath.ToSlash(k.name))
		if k.expected() {
			s.Add(k.name, k.data)
		}
	}
	return s.write(fsys, dir)
}

// write replaces the file of checksums if it has changed.
func (s *sums) write(fsys disk.FS, dir string) error {
	text := s.Text()
	if bytes.Equal(text, s.text) {
		return nil
	}
	s.text = text
	return writeInput(fsys, filepath.Join(dir, suites.DirSums), text)
}

// keepEarlier gives a second name, made from its checksum, to a file of the suite that
// another one of its name is about to replace.
func (s *sums) keepEarlier(fsys disk.FS, dir string, k input) error {
	folder, name := filepath.Split(k.name)
	if filepath.Clean(folder) != suites.DirFiles {
		return nil
	}
	path := filepath.Join(dir, k.name)
	data, err := disk.Read(fsys, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	sum, known := suites.SumOf(data), s.old[filepath.ToSlash(k.name)]
	if len(known) > 0 && !slices.Contains(known, sum) {
		return nil // no result was made from it
	}
	return writeInput(fsys, filepath.Join(dir, suites.DirFiles, earlierDir, fmt.Sprintf("%.16s-%s", sum, name)), data)
}

// restores reports whether running the plan restores the damaged file of its directory,
// because the plan has the same suite.
func restores(p *Plan, damaged *suites.SumError) bool {
	recorded, err := suites.ReadSums(p.Dir)
	if err != nil || damaged.Name == suites.DirSums {
		return false
	}
	for _, k := range inputs(p) {
		if k.name == damaged.Name || k.name == suiteFile {
			if sums := recorded[filepath.ToSlash(k.name)]; len(sums) == 0 || sums[0] != suites.SumOf(k.data) {
				return false
			}
		}
	}
	return true
}
