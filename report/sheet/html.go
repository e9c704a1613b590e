package sheet

import (
	"bytes"
	"fmt"
	"html"
)

// html writes the sheet as a figure element with a table, without styles.
func (sh *Sheet) html(b *bytes.Buffer) {
	fmt.Fprintf(b, "<figure>\n<figcaption><b>%s</b> %s</figcaption>\n<table>\n<thead>\n<tr>", html.EscapeString(sh.Title), html.EscapeString(sh.Caption))
	for _, h := range sh.Head {
		fmt.Fprintf(b, "<th scope=\"col\">%s</th>", html.EscapeString(h))
	}
	b.WriteString("</tr>\n</thead>\n<tbody>\n")
	rows := sh.texts(func(e *Entry) string {
		text := html.EscapeString(e.Text)
		switch {
		case text == "":
		case e.Bold:
			text = "<b>" + text + "</b>"
		case e.Paper:
			text = "<i>" + text + "</i>"
		}
		if e.Change != "" {
			text += " <small>" + html.EscapeString(e.Change) + "</small>"
		}
		if len(e.Marks) > 0 {
			text += "<sup>" + e.MarkText() + "</sup>"
		}
		return text
	})
	for _, row := range rows {
		b.WriteString("<tr>")
		for i, text := range row {
			if i < sh.Stub {
				fmt.Fprintf(b, "<th scope=\"row\">%s</th>", text)
			} else {
				fmt.Fprintf(b, "<td>%s</td>", text)
			}
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody>\n</table>\n")
	for _, n := range sh.allNotes(func(m string) string { return "<sup>" + m + "</sup> " }, html.EscapeString) {
		fmt.Fprintf(b, "<p>%s</p>\n", n)
	}
	b.WriteString("</figure>\n")
}
