package report

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
)

// Formats are the formats of tables.
var Formats = []string{"markdown", "text", "latex", "csv", "html"}

// A Form is how something is written.
type Form struct {
	Format string // one of Formats, or "json"
	Width  int    // columns that text has at most; 0: no limit
}

// WriteTables writes tables, with what a reader must know about the whole sweep
// before them. CSV has one line for each slot, with all that is known of it, and
// "json" one object. The error is a *UsageError for an unknown format.
func WriteTables(w io.Writer, form Form, s *Sweep, tables []*Table) error {
	switch form.Format {
	case "csv":
		return writeCSV(w, tables)
	case "json":
		return writeJSON(w, tables)
	}
	sheets := make([]*sheet, len(tables))
	for i, t := range tables {
		sheets[i] = t.sheet()
	}
	return writeSheets(w, form, s.Notes, sheets)
}

// writeSheets writes sheets in any format but CSV and JSON.
func writeSheets(w io.Writer, form Form, notes []string, sheets []*sheet) error {
	format := form.Format
	if !slices.Contains(Formats, format) {
		return usage("there is no format %q%s", format, didYouMean(format, append(slices.Clone(Formats), "json")))
	}
	var b bytes.Buffer // tablewriter swallows the errors of its writer
	if format == "latex" {
		b.WriteString(latexNeeds)
	}
	for _, n := range notes {
		switch format {
		case "markdown":
			fmt.Fprintf(&b, "> %s\n\n", escapeMarkdown(n))
		case "latex":
			fmt.Fprintf(&b, "%% %s\n", n)
		case "html":
			fmt.Fprintf(&b, "<p class=\"note\">%s</p>\n", html.EscapeString(n))
		default:
			fmt.Fprintln(&b, fill(n, form.Width, "    "))
		}
	}
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
func (sh *sheet) markdown(b *bytes.Buffer) error {
	fmt.Fprintf(b, "### %s\n\n%s\n\n", escapeMarkdown(sh.title), escapeMarkdown(sh.caption))
	head := make([]string, len(sh.head))
	for i, h := range sh.head {
		head[i] = escapeMarkdown(h)
	}
	rows := sh.texts(func(e *entry) string {
		text := escapeMarkdown(e.text)
		switch {
		case text == "":
		case e.bold:
			text = "**" + text + "**"
		case e.paper:
			text = "*" + text + "*"
		}
		if e.change != "" {
			text += " (" + escapeMarkdown(e.change) + ")"
		}
		if len(e.marks) > 0 {
			text += "<sup>" + e.markText() + "</sup>"
		}
		return text
	})
	if err := sh.table(b, renderer.NewMarkdown(), head, rows); err != nil {
		return err
	}
	notes := sh.allNotes(func(m string) string { return "<sup>" + m + "</sup> " }, escapeMarkdown)
	if len(notes) > 0 {
		fmt.Fprintf(b, "\n%s\n", strings.Join(notes, "  \n"))
	}
	return nil
}

// texts are the entries as text.
func (sh *sheet) texts(write func(*entry) string) [][]string {
	rows := make([][]string, len(sh.rows))
	for i, row := range sh.rows {
		for j := range row {
			rows[i] = append(rows[i], write(&row[j]))
		}
	}
	return rows
}

// allNotes are the notes and then the footnotes.
func (sh *sheet) allNotes(sign func(mark string) string, escape func(string) string) []string {
	var list []string
	for _, n := range sh.notes {
		list = append(list, escape(n)+".")
	}
	for i, n := range sh.footnotes {
		list = append(list, sign(mark(i))+escape(n)+".")
	}
	return list
}

// table aligns the columns: the stub to the left, numbers to the right.
func (sh *sheet) table(b *bytes.Buffer, r tw.Renderer, head []string, rows [][]string) error {
	align := make([]tw.Align, len(head))
	for i := range align {
		if align[i] = tw.AlignRight; i < sh.stub {
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

func escapeMarkdown(s string) string { return markdownEscapes.Replace(s) }
