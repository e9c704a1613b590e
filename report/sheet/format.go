package sheet

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"gfnbench/report"
	"gfnbench/usage"
)

// Formats are the formats of tables.
var Formats = []string{"markdown", "text", "latex", "csv", "html"}

// A Form says how something is written.
type Form struct {
	Format string // one of Formats, or "json"
	Width  int    // largest width of text in columns; 0 means no limit
}

// WriteTables writes tables, preceded by what a reader must know about the whole
// sweep. CSV has one line per slot, with everything known about it; "json" gives
// one object. The error is a *usage.Error for an unknown format.
func WriteTables(w io.Writer, form Form, s *report.Sweep, tables []*report.Table) error {
	switch form.Format {
	case "csv":
		return WriteCSV(w, tableRecords(tables))
	case "json":
		return WriteObjects(w, tableRecords(tables))
	}
	sheets := make([]*Sheet, len(tables))
	for i, t := range tables {
		sheets[i] = OfTable(t)
	}
	return Write(w, form, s.Notes, sheets)
}

// Write writes sheets in any format except CSV and JSON.
func Write(w io.Writer, form Form, notes []string, sheets []*Sheet) error {
	format := form.Format
	if !slices.Contains(Formats, format) {
		return usage.Errorf("there is no format %q%s", format, usage.Suggest(format, append(slices.Clone(Formats), "json")))
	}
	var b bytes.Buffer // tablewriter swallows the errors of its writer
	if format == "latex" {
		b.WriteString(LaTeXNeeds)
	}
	// Notes on the whole sweep.
	for _, n := range notes {
		switch format {
		case "markdown":
			fmt.Fprintf(&b, "> %s\n\n", EscapeMarkdown(n))
		case "latex":
			fmt.Fprintf(&b, "%% %s\n", n)
		case "html":
			fmt.Fprintf(&b, "<p class=\"note\">%s</p>\n", html.EscapeString(n))
		default:
			fmt.Fprintln(&b, Fill(n, form.Width, "    "))
		}
	}
	// The sheets.
	for i, sh := range sheets {
		if i > 0 || len(notes) > 0 && format == "text" {
			b.WriteByte('\n')
		}
		var err error
		switch format {
		case "text":
			err = sh.text(&b, form.Width)
		case "latex":
			sh.latex(&b)
		case "html":
			sh.html(&b)
		default:
			err = sh.markdown(&b)
		}
		if err != nil {
			return err
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// markdown writes the sheet as GitHub Markdown.
func (sh *Sheet) markdown(b *bytes.Buffer) error {
	fmt.Fprintf(b, "### %s\n\n%s\n\n", EscapeMarkdown(sh.Title), EscapeMarkdown(sh.Caption))
	head := make([]string, len(sh.Head))
	for i, h := range sh.Head {
		head[i] = EscapeMarkdown(h)
	}
	rows := sh.texts(func(e *Entry) string {
		text := EscapeMarkdown(e.Text)
		switch {
		case text == "":
		case e.Bold:
			text = "**" + text + "**"
		case e.Paper:
			text = "*" + text + "*"
		}
		if e.Change != "" {
			text += " (" + EscapeMarkdown(e.Change) + ")"
		}
		if len(e.Marks) > 0 {
			text += "<sup>" + e.MarkText() + "</sup>"
		}
		return text
	})
	if err := sh.table(b, renderer.NewMarkdown(), head, rows); err != nil {
		return err
	}
	notes := sh.allNotes(func(m string) string { return "<sup>" + m + "</sup> " }, EscapeMarkdown)
	if len(notes) > 0 {
		fmt.Fprintf(b, "\n%s\n", strings.Join(notes, "  \n"))
	}
	return nil
}

// texts returns the entries as text.
func (sh *Sheet) texts(write func(*Entry) string) [][]string {
	rows := make([][]string, len(sh.Rows))
	for i, row := range sh.Rows {
		for j := range row {
			rows[i] = append(rows[i], write(&row[j]))
		}
	}
	return rows
}

// allNotes returns the notes and then the footnotes.
func (sh *Sheet) allNotes(sign func(mark string) string, escape func(string) string) []string {
	var list []string
	for _, n := range sh.Notes {
		list = append(list, escape(n)+".")
	}
	for i, n := range sh.Footnotes {
		list = append(list, sign(Mark(i))+escape(n)+".")
	}
	return list
}

// table aligns the columns: the stub to the left, numbers to the right.
func (sh *Sheet) table(b *bytes.Buffer, r tw.Renderer, head []string, rows [][]string) error {
	align := make([]tw.Align, len(head))
	for i := range align {
		if align[i] = tw.AlignRight; i < sh.Stub {
			align[i] = tw.AlignLeft
		}
	}
	t := tablewriter.NewTable(b, tablewriter.WithRenderer(r),
		tablewriter.WithHeaderAutoFormat(tw.Off), tablewriter.WithHeaderAutoWrap(tw.WrapNone), tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{PerColumn: align}),
		tablewriter.WithRowAlignmentConfig(tw.CellAlignment{PerColumn: align}), tablewriter.WithEastAsian(tw.Off))
	t.Header(head)
	if err := t.Bulk(rows); err != nil {
		return err
	}
	return t.Render()
}

var markdownEscapes = strings.NewReplacer("|", `\|`, "\n", "<br>", "*", `\*`, "<", "&lt;", "~", `\~`, "`", "\\`")

// EscapeMarkdown writes plain text as Markdown.
func EscapeMarkdown(s string) string { return markdownEscapes.Replace(s) }
