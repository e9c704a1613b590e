package command

import (
	"bytes"
	"io"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"gfnbench/report/sheet"
)

// A Table aligns columns that end with tabs, as package tabwriter does. On a
// terminal, the text after the last tab of a line that is too long continues
// below itself.
type Table struct {
	out   io.Writer
	width int // 0 means unlimited
	text  bytes.Buffer
}

// NewTable returns a table that Flush writes to w.
func NewTable(w io.Writer) *Table { return &Table{out: w, width: OutputWidth(w)} }

// Write adds to the table.
func (t *Table) Write(p []byte) (int, error) { return t.text.Write(p) }

// Flush writes the table.
func (t *Table) Flush() error {
	var aligned strings.Builder
	w := tabwriter.NewWriter(&aligned, 0, 0, 2, ' ', 0)
	_, _ = w.Write(t.text.Bytes()) // a strings.Builder never fails
	_ = w.Flush()
	lines := strings.Split(aligned.String(), "\n")
	for i, raw := range strings.Split(t.text.String(), "\n") {
		last := raw[strings.LastIndexByte(raw, '\t')+1:]
		lines[i] = hang(lines[i], utf8.RuneCountInString(lines[i])-utf8.RuneCountInString(last), t.width)
	}
	t.text.Reset()
	_, err := io.WriteString(t.out, strings.Join(lines, "\n"))
	return err
}

// hang breaks a line that is longer than the given columns. The rest continues
// under the column at which the line's last cell begins.
func hang(line string, at, columns int) string {
	const least = 20 // columns; text in fewer cannot be read
	if columns == 0 || utf8.RuneCountInString(line) <= columns {
		return line
	}
	if at > columns-least {
		at = 4
	}
	head, rest := string([]rune(line)[:at]), string([]rune(line)[at:])
	return head + strings.ReplaceAll(sheet.Fill(rest, max(columns-at, least), ""), "\n", "\n"+strings.Repeat(" ", at))
}
