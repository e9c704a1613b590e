package report

import (
	"bytes"
	"fmt"
	"html"
)

// html writes the sheet as a figure element with a table, without styles.
func (sh *sheet) html(b *bytes.Buffer) {
	fmt.Fprintf(b, "<figure>\n<figcaption><b>%s</b> %s</figcaption>\n<table>\n<thead>\n<tr>", html.EscapeString(sh.title), html.EscapeString(sh.caption))
	for _, h := range sh.head {
		fmt.Fprintf(b, "<th scope=\"col\">%s</th>", html.EscapeString(h))
	}
	b.WriteString("</tr>\n</thead>\n<tbody>\n")
	rows := sh.texts(func(e *entry) string {
		text := html.EscapeString(e.text)
		switch {
		case text == "":
		case e.bold:
			text = "<b>" + text + "</b>"
		case e.paper:
			text = "<i>" + text + "</i>"
		}
		if e.change != "" {
			text += " <small>" + html.EscapeString(e.change) + "</small>"
		}
		if len(e.marks) > 0 {
			text += "<sup>" + e.markText() + "</sup>"
		}
		return text
	})
	for _, row := range rows {
		b.WriteString("<tr>")
		for i, text := range row {
			if i < sh.stub {
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
