package sheet

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// A CSV writes records of CSV in which no spreadsheet finds a formula.
type CSV struct{ *csv.Writer }

// NewCSV returns a CSV that writes to w once it is flushed.
func NewCSV(w io.Writer) CSV { return CSV{csv.NewWriter(w)} }

// Write writes one record. It puts an apostrophe, which spreadsheets do not show, before
// a text that begins with =, +, - or @ and is not a number.
func (c CSV) Write(record []string) error {
	cells := make([]string, len(record))
	for i, text := range record {
		cells[i] = inert(text)
	}
	return c.Writer.Write(cells)
}

// inert returns a cell that spreadsheets do not take for a formula.
func inert(text string) string {
	if text == "" || !strings.ContainsRune("=+-@", rune(text[0])) {
		return text
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return text
	}
	return "'" + text
}
