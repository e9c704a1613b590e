package results

import (
	"errors"
	"fmt"
	"strconv"

	"gfnbench/results/columnar"
)

// A RefusedError says that a file of a sweep directory cannot be trusted, and
// what to do about it. Nothing of the file was used.
type RefusedError struct {
	Path string // of the file
	Err  error  // what is wrong with it
	Do   string // what to do
}

// Error names the file, what is wrong and what to do.
func (e *RefusedError) Error() string { return fmt.Sprintf("%s: %v; %s", e.Path, e.Err, e.Do) }

// Unwrap returns what is wrong with the file.
func (e *RefusedError) Unwrap() error { return e.Err }

var errNewer = errors.New("it was written by a newer version of this program")

// refuse adds the file's name to an error about a file, unless the error has it already.
func refuse(path string, err error) error {
	if _, named := errors.AsType[*RefusedError](err); named || err == nil {
		return err
	}
	do, ours := mend(path)
	switch {
	case errors.Is(err, errNewer):
		do = "use that version, or a newer one"
	case errors.Is(err, columnar.ErrForeign) && !ours:
		do = "point the command at files as a sweep wrote them"
	}
	return &RefusedError{path, err, do}
}

// checkVersion returns the version of a file's format, if a program that knows
// versions up to known can read it.
func checkVersion(version string, known int) (int, error) {
	v, err := strconv.Atoi(version)
	switch {
	case err != nil || v < 1:
		return 0, fmt.Errorf("%w: its format's version is %q", columnar.ErrForeign, version)
	case v > known:
		return 0, fmt.Errorf("%w: its format is of version %d and this program knows %d", errNewer, v, known)
	}
	return v, nil
}
