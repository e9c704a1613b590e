package suites

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"gfnbench/suites/document"
	"gfnbench/usage"
)

// DirSums is the file of a sweep directory with the checksums of what it keeps of its
// suite, in the format of sha256sum -c, after a line with the checksum of this text. A
// directory of version 0.1.0 has none.
const DirSums = "inputs.sha256"

// Sums are the checksums of a sweep directory, by the file's path within it. While a file
// is being replaced it has two, of the old and the new file.
type Sums map[string][]string

// SumOf returns the checksum of a file's content.
func SumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Add adds the checksum of a file's content, if it is not there.
func (s Sums) Add(name string, data []byte) {
	name = filepath.ToSlash(name)
	if sum := SumOf(data); !slices.Contains(s[name], sum) {
		s[name] = append(s[name], sum)
	}
}

// Text returns the sums as their file holds them.
func (s Sums) Text() []byte {
	var names []string
	for name := range s {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		for _, sum := range s[name] {
			fmt.Fprintf(&b, "%s  %s\n", sum, name)
		}
	}
	return fmt.Appendf(nil, "# %s\n%s", SumOf([]byte(b.String())), b.String())
}

// A SumError reports that a file kept by a sweep directory has changed since it was
// written.
type SumError struct {
	Dir  string // the sweep directory
	Name string // of the file, within it
	What string // what is wrong with it
}

// Error names the file and the ways to recover.
func (e *SumError) Error() string {
	dir := usage.QuotePath(e.Dir)
	sums := usage.QuotePath(filepath.Join(e.Dir, DirSums))
	if e.Name == DirSums {
		return fmt.Sprintf("%s %s; delete it if the suite and its files are as they should be: the next run writes it anew", sums, e.What)
	}
	return fmt.Sprintf("%s %s (%s); restore it from a copy; or run the suite from where it came, with its --set, which puts it back: sweep run SUITE -o %s; sweep mend %s restores a suite.toml from the Parquet files; to take it as it is, delete %s",
		usage.QuotePath(filepath.Join(e.Dir, e.Name)), e.What, sums, dir, dir, sums)
}

// ReadSums returns the checksums of a sweep directory, or none if it has no such file.
// The error is a *SumError if the file is damaged.
func ReadSums(dir string) (Sums, error) {
	data, err := readFile(filepath.Join(dir, DirSums), document.MaxSize)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	head, text, _ := strings.Cut(string(data), "\n")
	if head != "# "+SumOf([]byte(text)) {
		return nil, &SumError{dir, DirSums, "was damaged or edited"}
	}
	s := Sums{}
	for line := range strings.Lines(text) {
		if sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  "); ok {
			s[name] = append(s[name], sum)
		}
	}
	return s, nil
}

// readKept reads a file that a sweep directory keeps, and checks it. It reads a file that
// does not match again, because a run may be replacing it.
func readKept(dir, name string, most int64) (data []byte, err error) {
	const looks = 3
	for range looks {
		var sums Sums
		if sums, err = ReadSums(dir); err != nil {
			continue
		}
		data, err = readFile(filepath.Join(dir, name), most)
		want := sums[filepath.ToSlash(name)]
		switch {
		case len(want) == 0 && name == DirSettings && len(sums) > 0 && len(data) > 0:
			err = &SumError{dir, name, "was added by hand"}
		case len(want) == 0:
			return data, err
		case errors.Is(err, fs.ErrNotExist):
			err = &SumError{dir, name, "is missing"}
		case err != nil:
			return nil, err
		case slices.Contains(want, SumOf(data)):
			return data, nil
		default:
			err = &SumError{dir, name, "does not match its checksum: it was damaged or edited"}
		}
	}
	return nil, err
}
