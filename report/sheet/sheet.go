// Package sheet writes tables for readers and for programs. A [Sheet] is a table
// of text on any subject; [OfTable] makes one from a [report.Table]. [Write]
// writes sheets as Markdown, plain text, LaTeX or HTML. Programs get a [Record]
// for each slot, as CSV or JSON.
package sheet

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// A Sheet is a table of text, before it is written in a format.
type Sheet struct {
	Name      string     // name for its label in LaTeX
	Title     string     // heading
	Caption   string     // what the fields show
	Head      []string   // names of the columns, those of the stub first
	HeadParts [][]string // for the columns after the stub, the parts of their names if these combine several keys
	Stub      int        // leading columns that name the row
	Across    string     // what the other columns show: "objective/control_variate"
	Prose     []int      // indices of columns of words, which may be wrapped
	Rows      [][]Entry  // one entry for each column of the head
	Footnotes []string   // texts of the marks a, b, c, ...
	Notes     []string   // sentences below it
}

// An Entry is one field of a sheet.
type Entry struct {
	Text   string  // as it is shown
	Name   string  // as LaTeX shows it; "": Text
	Change string  // against the base
	Bold   bool    // the best of its row or column
	Paper  bool    // it quotes the paper
	Marks  []int   // indices into Sheet.Footnotes
	Value  float64 // sorts the field; NaN: its text does
}

// Texts returns a row of plain text.
func Texts(list ...string) []Entry {
	row := make([]Entry, len(list))
	for i, text := range list {
		row[i] = Entry{Text: text, Value: math.NaN()}
	}
	return row
}

// Note adds a sentence below the sheet.
func (sh *Sheet) Note(format string, args ...any) {
	sh.Notes = append(sh.Notes, fmt.Sprintf(format, args...))
}

// Footnote returns the mark of a footnote. It adds the footnote unless one says
// the same.
func (sh *Sheet) Footnote(format string, args ...any) int {
	text := fmt.Sprintf(format, args...)
	if i := slices.Index(sh.Footnotes, text); i >= 0 {
		return i
	}
	sh.Footnotes = append(sh.Footnotes, text)
	return len(sh.Footnotes) - 1
}

// LiftMarks moves a mark that all entries of the sheet have to the notes, and a
// mark that all entries of a row have to the row's name.
func (sh *Sheet) LiftMarks() {
	everywhere := sh.common(slices.Concat(sh.Rows...))
	for _, m := range everywhere {
		sh.Notes = append(sh.Notes, sh.Footnotes[m])
	}
	for _, row := range sh.Rows {
		drop(row, everywhere)
		shared := sh.common(row)
		drop(row, shared)
		row[0].Marks = append(row[0].Marks, shared...)
	}
	sh.Renumber()
}

// common returns the marks shared by all entries that hold a slot's number, if
// there are at least two.
func (sh *Sheet) common(entries []Entry) (marks []int) {
	count, total := make(map[int]int), 0
	for i := range entries {
		if entries[i].Text == "" || entries[i].Paper || i%len(sh.Head) < sh.Stub {
			continue
		}
		total++
		for _, m := range entries[i].Marks {
			count[m]++
		}
	}
	for _, m := range slices.Sorted(maps.Keys(count)) {
		if count[m] == total && total > 1 {
			marks = append(marks, m)
		}
	}
	return marks
}

func drop(row []Entry, marks []int) {
	for i := range row {
		row[i].Marks = slices.DeleteFunc(row[i].Marks, func(m int) bool { return slices.Contains(marks, m) })
	}
}

// Renumber numbers the footnotes in the order in which a reader meets them, and
// drops those without a mark.
func (sh *Sheet) Renumber() {
	to := make(map[int]int)
	var footnotes []string
	for _, row := range sh.Rows {
		for i := range row {
			for k, m := range row[i].Marks {
				if _, ok := to[m]; !ok {
					to[m] = len(footnotes)
					footnotes = append(footnotes, sh.Footnotes[m])
				}
				row[i].Marks[k] = to[m]
			}
		}
	}
	sh.Footnotes = footnotes
}

// Mark returns the sign of a footnote: a to z, then aa, ab, ...
func Mark(i int) string {
	if i >= 26 {
		return Mark(i/26-1) + string(rune('a'+i%26))
	}
	return string(rune('a' + i))
}

// MarkText returns the signs of an entry's footnotes: "a,b".
func (e Entry) MarkText() string {
	list := make([]string, len(e.Marks))
	for i, m := range e.Marks {
		list[i] = Mark(m)
	}
	return strings.Join(list, ",")
}

// DropColumn removes a column.
func (sh *Sheet) DropColumn(j int) {
	sh.Head = slices.Delete(sh.Head, j, j+1)
	if j < sh.Stub {
		sh.Stub--
	}
	sh.Prose = slices.DeleteFunc(sh.Prose, func(k int) bool { return k == j })
	for i, k := range sh.Prose {
		if k > j {
			sh.Prose[i]--
		}
	}
	for i := range sh.Rows {
		sh.Rows[i] = slices.Delete(sh.Rows[i], j, j+1)
	}
}
