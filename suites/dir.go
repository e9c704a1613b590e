package suites

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// A sweep directory keeps what its cells came from: the suite, verbatim, the
// settings of the command line, one a line, and copies of the files that the
// suite names.
const (
	dirSuite    = "suite.toml"
	DirSettings = "set.txt"
	DirFiles    = "files"
)

// CopyName is the name, within [DirFiles], of the copy of a file that a suite
// names: the same name with its separators escaped.
func CopyName(file string) string { return url.PathEscape(file) }

// ReadDir reads the suite of a sweep directory, with the settings and the files
// that are kept there. Each element of set is a further "key=value". The error
// is of type Problems where the suite is invalid.
func ReadDir(dir string, set ...string) (*Suite, error) {
	path := filepath.Join(dir, dirSuite)
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	kept, err := ReadSettings(dir)
	if err != nil {
		return nil, err
	}
	open := func(file string) ([]byte, error) {
		return os.ReadFile(filepath.Join(dir, DirFiles, CopyName(file)))
	}
	return Parse(path, data, open, append(kept, set...)...)
}

// ReadSettings are the settings of the command line, "key=value", that a sweep
// directory keeps.
func ReadSettings(dir string) ([]string, error) {
	data, err := os.ReadFile(filepath.Join(dir, DirSettings))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return strings.FieldsFunc(string(data), func(r rune) bool { return r == '\n' }), nil
}
