package report

import (
	"math"
	"strings"
)

// A PageTable is a table as text, with the numbers by which it can be sorted.
type PageTable struct {
	Title, Caption string     // heading, and what the fields show
	Head           []string   // names of the columns, those of the stub first
	Stub           int        // leading columns that name the row
	Across         string     // what the other columns are: "objective/control_variate"
	Words          bool       // the fields hold words, not numbers
	Rows           []PageRow  // in the order of the table
	Notes          []string   // sentences below it
	Footnotes      []Footnote // in the order of their marks
}

// A PageRow is one row. That of reference values belongs to the row before it.
type PageRow struct {
	Paper   bool        // it holds reference values
	Entries []PageEntry // one a column of the head
}

// A PageEntry is one field of a table.
type PageEntry struct {
	Text   string  // as it is shown
	Change string  // against the base
	Best   bool    // of its row or column
	Marks  string  // of its footnotes: "a,b"
	Value  float64 // NaN where there is none: the name of a row, or a slot without a number
}

// A Footnote explains a mark.
type Footnote struct {
	Mark, Text string // "a", and a sentence
}

// page is the table as it stands in a page.
func (t *Table) page() *PageTable {
	sh := t.sheet()
	values := make([][]float64, len(sh.rows))
	at := 0
	for _, slots := range t.Slots {
		row := make([]float64, len(sh.head))
		for j := range row {
			row[j] = math.NaN()
		}
		for j, slot := range slots {
			if slot != nil && slot.N > 0 {
				row[sh.stub+j] = slot.Estimate
			}
		}
		values[at] = row
		if at++; at < len(sh.rows) && sh.rows[at][0].paper {
			at++
		}
	}
	out := sh.page(values)
	out.Across = strings.Join(t.Spec.Columns, "/")
	return out
}

// page is the sheet with the values of its entries, nil for rows that have none.
func (sh *sheet) page(values [][]float64) *PageTable {
	t := &PageTable{Title: sh.title, Caption: sh.caption, Head: sh.head, Stub: sh.stub}
	for i, row := range sh.rows {
		out := PageRow{Paper: row[0].paper}
		for j := range row {
			e := &row[j]
			x := math.NaN()
			if values != nil && values[i] != nil {
				x = values[i][j]
			}
			out.Entries = append(out.Entries, PageEntry{Text: e.text, Change: e.change, Best: e.bold, Marks: e.markText(), Value: x})
		}
		t.Rows = append(t.Rows, out)
	}
	for _, n := range sh.notes {
		t.Notes = append(t.Notes, n+".")
	}
	for i, n := range sh.footnotes {
		t.Footnotes = append(t.Footnotes, Footnote{mark(i), n + "."})
	}
	return t
}
