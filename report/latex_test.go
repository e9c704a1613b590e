package report

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestLaTeX compiles what the other tests expect in the class article, with the
// packages that it names: there is no error, and nothing runs off the page.
func TestLaTeX(t *testing.T) {
	pdflatex, err := exec.LookPath("pdflatex")
	if err != nil {
		t.Skip("there is no pdflatex")
	}
	for _, name := range []string{"tables", "claims", "methods", "wide"} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", name+".latex"))
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(string(text), "\n")
			_, packages, ok := strings.Cut(first, "preamble: ")
			if !ok {
				t.Fatalf("the first line names no packages: %s", first)
			}
			dir := t.TempDir()
			document := "\\documentclass{article}\n" + packages + "\n\\begin{document}\n" + string(text) + "\\end{document}\n"
			if err := os.WriteFile(filepath.Join(dir, "t.tex"), []byte(document), 0o644); err != nil {
				t.Fatal(err)
			}
			c := exec.Command(pdflatex, "-interaction=nonstopmode", "-halt-on-error", "t.tex")
			c.Dir = dir
			if out, err := c.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			log, err := os.ReadFile(filepath.Join(dir, "t.log"))
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(log)) {
				if strings.Contains(line, "Overfull \\hbox") || strings.Contains(line, "Float too large") {
					t.Error(line)
				}
			}
		})
	}
}

// TestLaTeXWide has more columns than a page can show, more rows than it holds,
// and texts that LaTeX would take for its own.
func TestLaTeXWide(t *testing.T) {
	sh := &sheet{name: "a b_c", title: "Table 7: wide & long", caption: "Of `signs` -- α|β, 50% of #1.", stub: 1, head: []string{"name"}}
	for _, h := range []string{"one", "two", "three", "four", "five", "six", "seven"} {
		sh.head = append(sh.head, h+"/none")
	}
	for i := range 50 {
		row := texts("[" + mark(i) + "]")
		for range sh.head[1:] {
			row = append(row, entry{text: "0.00435 ± 0.00017", change: "−87%, p=0.012"})
		}
		sh.rows = append(sh.rows, row)
	}
	sh.note("the digest is %s", strings.Repeat("0123456789abcdef", 4))
	var b strings.Builder
	if err := writeSheets(&b, Form{Format: "latex"}, nil, []*sheet{sh}); err != nil {
		t.Fatal(err)
	}
	golden(t, "wide.latex", []byte(b.String()))
}
