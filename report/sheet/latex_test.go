package sheet

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gfnbench/report/reporttest"
)

// layouts are the beginnings of documents: one column, two columns, and a page with text
// of 5.5 by 9 inches, as in NeurIPS.
var layouts = map[string]string{
	"article":    "\\documentclass{article}\n",
	"two-column": "\\documentclass[twocolumn]{article}\n",
	"neurips":    "\\documentclass{article}\n\\usepackage[letterpaper,textwidth=5.5in,textheight=9in]{geometry}\n",
}

// TestLaTeX compiles what the other tests expect, with the packages that it names: there
// is no error, and nothing extends beyond the page.
func TestLaTeX(t *testing.T) {
	pdflatex, err := exec.LookPath("pdflatex")
	if err != nil {
		t.Skip("there is no pdflatex")
	}
	for _, path := range []string{"testdata/tables", "testdata/wide", "testdata/powers", "../claims/testdata/claims", "../methods/testdata/methods"} {
		text, err := os.ReadFile(path + ".latex")
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(string(text), "\n")
		_, packages, ok := strings.Cut(first, "preamble: ")
		if !ok {
			t.Fatalf("the first line names no packages: %s", first)
		}
		if out, err := latex(t.TempDir(), pdflatex, layouts["neurips"]+packages+"\n\\begin{document}x\\end{document}\n"); err != nil {
			t.Skipf("pdflatex lacks a format or a package: %v\n%s", err, out)
		}
		for name, layout := range layouts {
			t.Run(filepath.Base(path)+"/"+name, func(t *testing.T) {
				compile(t, pdflatex, layout+packages+"\n\\begin{document}\n"+string(text)+"\\end{document}\n")
			})
		}
	}
}

func compile(t *testing.T, pdflatex, document string) {
	t.Helper()
	dir := t.TempDir()
	if out, err := latex(dir, pdflatex, document); err != nil {
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
	if folder := os.Getenv("GFNBENCH_PDF"); folder != "" { // for people to look at
		if pdf, err := os.ReadFile(filepath.Join(dir, "t.pdf")); err == nil {
			_ = os.WriteFile(filepath.Join(folder, strings.ReplaceAll(t.Name(), "/", "-")+".pdf"), pdf, 0o644)
		}
	}
}

// latex compiles a document to t.pdf in the folder, and returns what the program prints.
func latex(dir, pdflatex, document string) ([]byte, error) {
	if err := os.WriteFile(filepath.Join(dir, "t.tex"), []byte(document), 0o644); err != nil {
		return nil, err
	}
	c := exec.Command(pdflatex, "-interaction=nonstopmode", "-halt-on-error", "t.tex")
	c.Dir = dir
	return c.CombinedOutput()
}

// TestLaTeXWide has more columns than a page can show, more rows than it holds, and texts
// that LaTeX would interpret.
func TestLaTeXWide(t *testing.T) {
	sh := &Sheet{Name: "a b_c", Title: "Table 7: wide & long", Caption: "Of `signs` -- α|β, 50% of #1.", Stub: 1, Head: []string{"name"}}
	for _, h := range []string{"one", "two", "three", "four", "five", "six", "seven"} {
		sh.Head = append(sh.Head, h+"/none")
		sh.HeadParts = append(sh.HeadParts, []string{map[bool]string{true: "reverse-kl", false: "shifted-cosh"}[h < "p"], "lr=" + h})
	}
	for i := range 50 {
		row := Texts("[" + Mark(i) + "]")
		for range sh.Head[1:] {
			row = append(row, Entry{Text: "0.00435 ± 0.00017", Change: "−87%, p=0.012"})
		}
		sh.Rows = append(sh.Rows, row)
	}
	sh.Note("the digest is %s", strings.Repeat("0123456789abcdef", 4))
	var b strings.Builder
	if err := Write(&b, Form{Format: "latex"}, nil, []*Sheet{sh}); err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "wide.latex", []byte(b.String()))
}

// TestLetters: pdflatex knows every letter in the strings of the packages that write tables,
// once it is escaped: it is one of Latin-1.
func TestLetters(t *testing.T) {
	known := 0
	for _, dir := range []string{".", "..", "../claims", "../diff", "../methods", "../number", "../stats", "../tune", "../../gfn/metric"} {
		paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(paths) == 0 {
			t.Fatal(dir, err)
		}
		for _, path := range paths {
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "/tex.go") || path == "tex.go" {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				l, ok := n.(*ast.BasicLit)
				if !ok || l.Kind != token.STRING {
					return true
				}
				for _, r := range l.Value {
					if r <= 0xFF || strings.ContainsRune("⁻⁰⁴⁵⁶⁷⁸⁹", r) { // these are in powers of ten alone
						continue
					}
					known++
					for _, escaped := range EscapeLaTeX(string(r)) {
						if escaped > 0xFF {
							t.Errorf("%s: %q becomes %q", path, r, EscapeLaTeX(string(r)))
						}
					}
				}
				return true
			})
		}
	}
	if known == 0 {
		t.Error("no letter was looked at")
	}
}

// TestLaTeXPowers: few columns stand side by side if numbers have powers of ten, which are
// not broken, and a very long name is.
func TestLaTeXPowers(t *testing.T) {
	sh := &Sheet{Name: "t", Title: "t", Stub: 1, Head: []string{"task", "a", "b", "c", "d"}}
	for _, name := range []string{"short", "a-name-that-goes-on-and-on-for-ever-and-a-day"} {
		row := Texts(name)
		for range sh.Head[1:] {
			row = append(row, Entry{Text: "(1.235 ± 0.012)×10⁻³⁰⁰"})
		}
		sh.Rows = append(sh.Rows, row)
	}
	var b strings.Builder
	if err := Write(&b, Form{Format: "latex"}, nil, []*Sheet{sh}); err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "powers.latex", []byte(b.String()))
}
