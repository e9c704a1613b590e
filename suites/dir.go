package suites

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"gfnbench/suites/document"
)

// A sweep directory keeps what its cells came from: the suite, verbatim; the
// settings of the command line, one per line; and copies of the files that the
// suite names.
const (
	dirSuite    = "suite.toml"
	DirSettings = "set.txt"
	DirFiles    = "files"
)

// DirOrigin is the file that says where the suite of a sweep directory came from.
const DirOrigin = "origin.txt"

// maxOrigin is more than a path has.
const maxOrigin = 64 << 10

// maxCopyName is the longest name of a copy: file systems allow 255 bytes, and
// a temporary file beside it has 43 more.
const maxCopyName = 212

// CopyName returns the name, within [DirFiles], of the copy of a file that a suite
// names: the same name with its separators escaped or, for a long name, its end
// after a hash of it.
func CopyName(file string) string {
	name := url.PathEscape(file)
	if len(name) <= maxCopyName {
		return name
	}
	hash := sha256.Sum256([]byte(file))
	return fmt.Sprintf("%x-%s", hash[:8], name[len(name)-100:])
}

// ReadDir reads the suite of a sweep directory, with the settings and the files that are
// kept there. Each element of set is a further "key=value". The error is of type
// document.Problems if the suite is invalid, and a *SumError if one of its files has
// changed since it was written.
func ReadDir(dir string, set ...string) (*Suite, error) {
	path := filepath.Join(dir, dirSuite)
	data, err := readKept(dir, dirSuite, document.MaxSize)
	if err != nil {
		return nil, err
	}
	kept, err := ReadSettings(dir)
	if err != nil {
		return nil, err
	}
	if err := CheckOrigin(dir); err != nil {
		return nil, err
	}
	var damaged *SumError
	open := func(file string) ([]byte, error) {
		data, err := readKept(dir, filepath.Join(DirFiles, CopyName(file)), maxFile)
		if sum, ok := errors.AsType[*SumError](err); ok {
			damaged = sum
		}
		return data, err
	}
	s, err := ParseKept(path, data, open, append(kept, set...)...)
	if damaged != nil {
		return nil, damaged
	}
	return s, err
}

// CheckOrigin reports, as a *SumError, that the origin which a sweep directory records
// is not as it was written.
func CheckOrigin(dir string) error {
	if _, err := readKept(dir, DirOrigin, maxOrigin); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// ReadSettings returns the command-line settings, "key=value", that a sweep
// directory keeps.
func ReadSettings(dir string) ([]string, error) {
	data, err := readKept(dir, DirSettings, document.MaxSize)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return strings.FieldsFunc(string(data), func(r rune) bool { return r == '\n' }), nil
}

// ReadText returns the text of a suite, without parsing it, and the command-line
// settings that it was run with. path is a suite file, a sweep directory or, if it
// is neither, the name of a shipped suite.
func ReadText(path string) (text []byte, set []string, err error) {
	if info, statErr := os.Stat(path); statErr == nil && info.IsDir() {
		if text, err = readKept(path, dirSuite, document.MaxSize); err == nil {
			set, err = ReadSettings(path)
		}
		return text, set, err
	}
	text, _, err = find(path)
	return text, nil, err
}
