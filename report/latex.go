package report

import (
	"bytes"
	"fmt"
	"strings"
)

// latex writes the sheet as a table environment that needs the package
// booktabs.
func (sh *sheet) latex(b *bytes.Buffer) {
	b.WriteString("\\begin{table}\n  \\centering\n")
	fmt.Fprintf(b, "  \\caption{%s. %s}\n", escapeLaTeX(sh.title), escapeLaTeX(sh.caption))
	fmt.Fprintf(b, "  \\begin{tabular}{%s%s}\n    \\toprule\n", strings.Repeat("l", sh.stub), strings.Repeat("r", len(sh.head)-sh.stub))
	head := make([]string, len(sh.head))
	for i, h := range sh.head {
		head[i] = escapeLaTeX(h)
	}
	fmt.Fprintf(b, "    %s \\\\\n    \\midrule\n", strings.Join(head, " & "))
	rows := sh.texts(func(e *entry) string {
		text := escapeLaTeX(e.text)
		switch {
		case text == "":
		case e.bold:
			text = "\\textbf{\\boldmath " + text + "}"
		case e.paper:
			text = "\\emph{" + text + "}"
		}
		if e.change != "" {
			text += " (" + escapeLaTeX(e.change) + ")"
		}
		if len(e.marks) > 0 {
			text += "\\textsuperscript{" + e.markText() + "}"
		}
		return text
	})
	for _, row := range rows {
		fmt.Fprintf(b, "    %s \\\\\n", strings.Join(row, " & "))
	}
	b.WriteString("    \\bottomrule\n  \\end{tabular}\n")
	notes := sh.allNotes(func(m string) string { return "\\textsuperscript{" + m + "} " }, escapeLaTeX)
	for _, n := range notes {
		fmt.Fprintf(b, "  \\par\\footnotesize %s\n", n)
	}
	b.WriteString("\\end{table}\n")
}

var latexEscapes = strings.NewReplacer(
	`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "$", `\$`, "&", `\&`, "#", `\#`, "_", `\_`, "%", `\%`, "^", `\textasciicircum{}`,
	"~", `$\sim$`, "±", `$\pm$`, "−", `$-$`, "∞", `$\infty$`, "–", "--", ">", `$>$`, "<", `$<$`, "≥", `$\ge$`, "≤", `$\le$`,
	"α", `$\alpha$`, "λ", `$\lambda$`, "π", `$\pi$`, "×", `$\times$`)

func escapeLaTeX(s string) string { return latexEscapes.Replace(s) }
