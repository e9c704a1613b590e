package command

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"
)

// OutputWidth returns how many columns wide text written to w should be at most: the
// width of a terminal, or COLUMNS where that is set on one; 0: there is no limit,
// because w is no terminal, or one of unknown width.
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
