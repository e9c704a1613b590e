package suites

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// maxFile is the largest size, in bytes, of a file that a suite names.
const maxFile = 64 << 20

// MaxFile is the largest size of a file that a suite names, in MiB.
const MaxFile = maxFile >> 20

// ReadData reads a file that a suite may name: a regular one of at most [MaxFile] MiB.
func ReadData(path string) ([]byte, error) { return readFile(path, maxFile) }

// readFile reads a regular file of at most that many bytes. Others, such as
// pipes and devices, may have no end.
func readFile(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		pe.Op = "open" // opening would wait for the other end of a pipe
	}
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	tooLarge := fmt.Errorf("%s has more than %d bytes", path, most)
	if info.Size() > most {
		return nil, tooLarge
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most { // it grew, or reports no size
		err = tooLarge
	}
	return data, err
}

// prose are the keys whose strings are for readers and may have several lines.
var prose = map[string]bool{"title": true, "text": true, "where": true, "why": true, "paper": true}
