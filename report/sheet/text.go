package sheet

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// text writes the sheet as plain text at most width columns wide, or any width
// if it is 0. It wraps prose, and splits a table that is still wider into blocks
// of columns, each with the names of the rows.
func (sh *Sheet) text(b *bytes.Buffer, width int) error {
	fmt.Fprintf(b, "%s\n%s\n\n", Fill(sh.Title, width, ""), Fill(sh.Caption, width, ""))
	rows := sh.texts(func(e *Entry) string {
		text := e.Text
		if e.Bold {
			text += " *"
		}
		if e.Change != "" {
			text += " (" + e.Change + ")"
		}
		if len(e.Marks) > 0 {
			text += " [" + e.MarkText() + "]"
		}
		return text
	})
	lines := append([][]string{slices.Clone(sh.Head)}, rows...)
	if width > 0 {
		sh.wrapProse(lines, width)
	}
	for i, block := range blocks(columnWidths(lines), sh.Stub, width) {
		if i > 0 {
			b.WriteByte('\n')
		}
		if err := sh.textBlock(b, lines, block, i > 0); err != nil {
			return err
		}
	}
	notes := sh.allNotes(func(m string) string { return "[" + m + "] " }, starred)
	if len(notes) > 0 {
		b.WriteByte('\n')
	}
	for _, n := range notes {
		fmt.Fprintln(b, Fill(n, width, "    "))
	}
	return nil
}

// textBlock writes some of the columns of lines, the first of which is the head.
// A block after the first leaves out rows in which it would have only the names.
func (sh *Sheet) textBlock(b *bytes.Buffer, lines [][]string, block []int, later bool) error {
	var chosen [][]string
	for i, line := range lines {
		row := make([]string, len(block))
		for k, j := range block {
			row[k] = line[j]
		}
		if i == 0 || !later || slices.ContainsFunc(row[sh.Stub:], func(text string) bool { return text != "" }) {
			chosen = append(chosen, row)
		}
	}
	plain := renderer.NewBlueprint(tw.Rendition{
		Borders: tw.BorderNone, Symbols: tw.NewSymbols(tw.StyleNone),
		Settings: tw.Settings{Separators: tw.SeparatorsNone, Lines: tw.LinesNone},
	})
	var table bytes.Buffer
	if err := sh.table(&table, plain, chosen[0], chosen[1:]); err != nil {
		return err
	}
	for line := range strings.Lines(table.String()) {
		fmt.Fprintln(b, strings.TrimRight(line, " \n"))
	}
	return nil
}

// columnWidths returns the widths of the columns of lines.
func columnWidths(lines [][]string) []int {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for j, text := range line {
			for part := range strings.SplitSeq(text, "\n") {
				widths[j] = max(widths[j], columns(part))
			}
		}
	}
	return widths
}

// columns returns how many columns of a terminal a text takes, in any locale, since the
// signs in numbers are narrow.
func columns(text string) int { return twwidth.WidthWithOptions(text, twwidth.Options{}) }

// padding is the width that a table adds around each column.
const padding = 2

// lineWidth returns the width of a line with columns of these widths. The padding at its
// end is not written.
func lineWidth(widths []int) int {
	sum := -padding / 2
	for _, w := range widths {
		sum += w + padding
	}
	return sum
}

// narrowest is the smallest width of a column of prose.
const narrowest = 24

// wrapProse wraps the columns of prose at words until lines are no wider than
// width, or no column can become narrower. It wraps the widest first, and none
// more than necessary.
func (sh *Sheet) wrapProse(lines [][]string, width int) {
	widths := columnWidths(lines)
	for over := lineWidth(widths) - width; over > 0; over = lineWidth(widths) - width {
		widest, next := -1, narrowest
		for _, j := range sh.Prose {
			switch {
			case widest < 0 || widths[j] > widths[widest]:
				if widest >= 0 {
					next = max(next, widths[widest])
				}
				widest = j
			case widths[j] < widths[widest]:
				next = max(next, widths[j])
			}
		}
		if widest < 0 || widths[widest] <= narrowest {
			break
		}
		widths[widest] = max(next, widths[widest]-over)
	}
	for _, j := range sh.Prose {
		for _, line := range lines {
			line[j] = Fill(line[j], widths[j], "")
		}
	}
}

// blocks divides columns of these widths into blocks no wider than width; 0 is
// no limit. Each block begins with the first columns, which name the rows. A
// column that is too wide gets a separate block.
func blocks(widths []int, stub, width int) [][]int {
	names := make([]int, stub)
	for j := range names {
		names[j] = j
	}
	list := [][]int{slices.Clone(names)}
	line := slices.Clone(widths[:stub])
	for j := stub; j < len(widths); j++ {
		if line = append(line, widths[j]); width > 0 && len(line) > stub+1 && lineWidth(line) > width {
			list = append(list, slices.Clone(names))
			line = append(slices.Clone(widths[:stub]), widths[j])
		}
		list[len(list)-1] = append(list[len(list)-1], j)
	}
	return list
}

// starred says in a note what text shows in place of bold letters.
func starred(note string) string {
	if rest, ok := strings.CutPrefix(note, "bold: "); ok {
		return "*: " + rest
	}
	return note
}
