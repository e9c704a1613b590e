package command

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"
)

// OutputWidth returns the largest width in columns for text written to w: the width
// of a terminal, or COLUMNS if that is set on one. It returns 0, no limit, if w is
// not a terminal or its width is unknown.
func OutputWidth(w io.Writer) int {
	f, ok := w.(interface{ Fd() uintptr })
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	if columns, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && columns > 0 {
		return columns
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return max(columns, 0)
}
