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

// earlierDir is the folder, within that of the suite's files, of those that others
// of their names have replaced: results that are hidden now were made from them.
const earlierDir = "earlier"

// sums are the checksums of a directory while its inputs are being written.
type sums struct {
	suites.Sums
	old  suites.Sums // as they were
	text []byte      // as the file is
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

// finish writes the checksums of the inputs alone, and those of files that they do
// not name.
func (s *sums) finish(fsys disk.FS, dir string, list []input) error {
	for _, k := range list {
		delete(s.Sums, filepath.ToSlash(k.name))
		if k.expected() {
			s.Add(k.name, k.data)
		}
	}
	return s.write(fsys, dir)
}

// write replaces the file of checksums, if it is another one.
func (s *sums) write(fsys disk.FS, dir string) error {
	text := s.Text()
	if bytes.Equal(text, s.text) {
		return nil
	}
	s.text = text
	return writeInput(fsys, filepath.Join(dir, suites.DirSums), text)
}

// keepEarlier gives a file of the suite, which another one of its name is about to
// replace, a second name, by its checksum.
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

// restores reports whether running the plan puts back what is damaged in its
// directory: it is of the suite that was there.
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
