package sheet

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// LaTeXNeeds is the first line of any LaTeX output.
const LaTeXNeeds = "% Needs in the preamble: \\usepackage{array,booktabs,tabularx}\n"

// These limit one float. They count columns, lines and letters; TeX decides how
// wide these are and fits every table to the line.
const (
	latexColumns = 5    // columns of numbers side by side
	latexPowers  = 3    // the same, if some number has a power of ten
	latexName    = 30   // letters of the longest name of a row that is not broken
	latexLines   = 30   // lines in a table of numbers
	latexLetters = 1100 // letters in the longest fields of a table of words
	latexNarrow  = 3    // columns of numbers that fit in one column of a page
)

// A latexFloat is the part of a sheet in one table environment.
type latexFloat struct {
	sh     *Sheet
	blocks [][]int // blocks of columns, one below the other
	rows   [][]Entry
	small  bool // set in footnote size
}

// latex writes the sheet in table environments as wide as the text, or as wide
// as a column of the page if there are few columns. Rows that fill more than a
// page become several tables with the same number.
func (sh *Sheet) latex(b *bytes.Buffer) {
	blocks := sh.latexBlocks()
	environment := "table*"
	if sh.Prose == nil && len(sh.Head)-sh.Stub <= latexNarrow {
		environment = "table"
	}
	parts := sh.latexParts(len(blocks))
	title := tableNumber.ReplaceAllString(sh.Title, "")
	for i, rows := range parts {
		if i > 0 {
			fmt.Fprintf(b, "\n\\begin{%s}\n  \\centering\n  \\addtocounter{table}{-1}\n  \\caption{%s (continued).}\n", environment, EscapeLaTeX(title))
		} else {
			fmt.Fprintf(b, "\\begin{%s}\n  \\centering\n  \\caption{%s. %s}\n", environment, EscapeLaTeX(UpperFirst(title)), EscapeLaTeX(sh.Caption))
			if label := notInLabel.ReplaceAllString(sh.Name, "-"); label != "" {
				fmt.Fprintf(b, "  \\label{tab:%s}\n", label)
			}
		}
		f := &latexFloat{sh: sh, blocks: blocks, rows: rows, small: environment == "table*"}
		f.write(b)
		if i == len(parts)-1 {
			sh.latexNotes(b)
		}
		fmt.Fprintf(b, "\\end{%s}\n", environment)
	}
}

var (
	// tableNumber matches the number of a paper's table in a title; LaTeX numbers
	// tables itself.
	tableNumber = regexp.MustCompile(`^Table \w+: `)
	notInLabel  = regexp.MustCompile(`[^A-Za-z0-9:.-]+`)
)

func (sh *Sheet) latexNotes(b *bytes.Buffer) {
	notes := sh.allNotes(func(m string) string { return "\\textsuperscript{" + m + "} " }, EscapeLaTeX)
	if len(notes) == 0 {
		return
	}
	b.WriteString("  \\par\\smallskip\\raggedright\\footnotesize\n")
	for _, n := range notes {
		fmt.Fprintf(b, "  %s\\par\n", n)
	}
}

// latexBlocks divides many columns of numbers into blocks of about equal size,
// each with the names of the rows.
func (sh *Sheet) latexBlocks() (blocks [][]int) {
	stub := min(sh.Stub, len(sh.Head)-1)
	var names, others []int
	for j := range sh.Head {
		if j < stub {
			names = append(names, j)
		} else {
			others = append(others, j)
		}
	}
	each := len(others)
	if sh.Prose == nil {
		most := latexColumns
		if sh.longest(stub, len(sh.Head), "×10") > 0 {
			most = latexPowers
		}
		n := (len(others) + most - 1) / most
		each = (len(others) + n - 1) / n
	}
	for part := range slices.Chunk(others, max(1, each)) {
		blocks = append(blocks, slices.Concat(names, part))
	}
	return blocks
}

// longest returns the letters of the longest field of some columns that contains a text.
func (sh *Sheet) longest(from, to int, part string) (letters int) {
	for _, row := range sh.Rows {
		for _, e := range row[from:to] {
			if text := cmp.Or(e.Name, e.Text); strings.Contains(text, part) {
				letters = max(letters, utf8.RuneCountInString(text))
			}
		}
	}
	return letters
}

// latexParts divides the rows into as many tables as needed, always before a row
// that has a name.
func (sh *Sheet) latexParts(blocks int) (parts [][][]Entry) {
	first, size, begin := 0, 0, 0
	limit := latexLines / blocks
	if sh.Prose != nil {
		limit = latexLetters
	}
	for i, row := range sh.Rows {
		if row[0].Text != "" && !row[0].Paper {
			begin = i
		}
		if size+sh.latexSize(row) > limit && i > first {
			end := i
			if begin > first {
				end = begin
			}
			parts = append(parts, sh.Rows[first:end])
			first, size = end, 0
			for _, r := range sh.Rows[end:i] {
				size += sh.latexSize(r)
			}
		}
		size += sh.latexSize(row)
	}
	return append(parts, sh.Rows[first:])
}

// latexSize returns the size of a row: its lines or, in a table of words, the
// letters of its longest field plus those of one line.
func (sh *Sheet) latexSize(row []Entry) int {
	if sh.Prose == nil {
		return 1 + changed(row)
	}
	most := 0
	for _, e := range row {
		most = max(most, len(e.Text))
	}
	return 20 + most
}

// changed returns 1 if a row has changes against the base, else 0.
func changed(row []Entry) int {
	if slices.ContainsFunc(row, func(e Entry) bool { return e.Change != "" }) {
		return 1
	}
	return 0
}

func (f *latexFloat) write(b *bytes.Buffer) {
	b.WriteString("  \\par\\medskip\\setlength{\\tabcolsep}{4pt}")
	if f.small {
		b.WriteString("\\footnotesize")
	}
	b.WriteString("\n")
	for k, columns := range f.blocks {
		if k > 0 {
			b.WriteString("  \\par\\medskip\n")
		}
		fmt.Fprintf(b, "  \\begin{tabularx}{\\linewidth}{%s}\n    \\toprule\n", f.spec(columns))
		f.head(b, columns)
		b.WriteString("    \\midrule\n")
		for i, row := range f.rows {
			if i > 0 && !row[0].Paper && slices.ContainsFunc(f.rows, func(r []Entry) bool { return changed(r) > 0 }) {
				b.WriteString("    \\addlinespace\n")
			}
			f.row(b, columns, row)
		}
		b.WriteString("    \\bottomrule\n  \\end{tabularx}\n")
	}
}

// spec returns the column specification. Names of rows are as wide as they need, if they are
// not very long; the other columns share the rest of the line, numbers aligned right and words left.
func (f *latexFloat) spec(columns []int) string {
	var spec strings.Builder
	for _, j := range columns {
		switch {
		case slices.Contains(f.sh.Prose, j), j < f.sh.Stub && f.sh.longest(j, j+1, "") > latexName:
			spec.WriteString(">{\\raggedright\\arraybackslash}X")
		case j < f.sh.Stub:
			spec.WriteByte('l')
		case f.sh.Prose != nil:
			spec.WriteByte('r')
		default:
			spec.WriteString(">{\\raggedleft\\arraybackslash}X")
		}
	}
	return spec.String()
}

// head writes the names of the columns. Names of several keys take one line per
// key, in which neighbours that share a name share a rule.
func (f *latexFloat) head(b *bytes.Buffer, columns []int) {
	levels := 1
	if len(f.sh.HeadParts) > 0 {
		levels = len(f.sh.HeadParts[0])
	}
	for level := range levels {
		var cells, rules []string
		at := 1 // position of the next column in the line, counted from 1
		for k := 0; k < len(columns); {
			last := level == levels-1
			end := k + 1
			for ; !last && end < len(columns) && columns[k] >= f.sh.Stub && f.shared(columns[k], columns[end], level); end++ {
			}
			text := EscapeLaTeX(f.headText(columns[k], level, levels))
			switch n := end - k; {
			case n > 1:
				cells = append(cells, fmt.Sprintf("\\multicolumn{%d}{c}{%s}", n, text))
				rules = append(rules, fmt.Sprintf("\\cmidrule(lr){%d-%d}", at, at+n-1))
			default:
				cells = append(cells, breakable(text))
			}
			at += end - k
			k = end
		}
		fmt.Fprintf(b, "    %s \\\\\n", strings.Join(cells, " & "))
		if rules != nil {
			fmt.Fprintf(b, "    %s\n", strings.Join(rules, " "))
		}
	}
}

// shared reports whether two columns have the same name down to the given level.
func (f *latexFloat) shared(i, j, level int) bool {
	parts := f.sh.HeadParts
	return j >= f.sh.Stub && slices.Equal(parts[i-f.sh.Stub][:level+1], parts[j-f.sh.Stub][:level+1])
}

// headText returns the name of a column at a level; names of row columns go to the
// last level.
func (f *latexFloat) headText(j, level, levels int) string {
	switch {
	case j >= f.sh.Stub && len(f.sh.HeadParts) > 0:
		return f.sh.HeadParts[j-f.sh.Stub][level]
	case level < levels-1:
		return ""
	}
	return f.sh.Head[j]
}

// row writes the numbers of a row, and their changes below.
func (f *latexFloat) row(b *bytes.Buffer, columns []int, row []Entry) {
	numbers, changes := make([]string, len(columns)), make([]string, len(columns))
	for k, j := range columns {
		numbers[k] = f.field(&row[j], j)
		if change := row[j].Change; change != "" {
			changes[k] = "{\\scriptsize (" + EscapeLaTeX(change) + ")}"
		}
	}
	lines := [][]string{numbers, changes}
	for _, line := range lines[:1+changed(row)] {
		text := strings.Join(line, " & ")
		if strings.HasPrefix(text, "[") || strings.HasPrefix(text, "*") {
			text = "{}" + text // not an argument of the previous line
		}
		fmt.Fprintf(b, "    %s \\\\\n", text)
	}
}

// field returns an entry as LaTeX, with the spread or interval of its number
// small.
func (f *latexFloat) field(e *Entry, j int) string {
	text := EscapeLaTeX(cmp.Or(e.Name, e.Text))
	if j >= f.sh.Stub && !slices.Contains(f.sh.Prose, j) {
		if number, spread, ok := strings.Cut(e.Text, " ± "); ok && !strings.HasPrefix(e.Text, "(") {
			text = EscapeLaTeX(number) + " {\\scriptsize$\\pm$\\," + EscapeLaTeX(spread) + "}"
		} else if number, interval, ok := strings.Cut(e.Text, " ["); ok && !strings.HasPrefix(e.Text, "(") {
			text = EscapeLaTeX(number) + " {\\scriptsize[" + EscapeLaTeX(interval) + "}"
		}
	} else {
		text = breakable(text)
	}
	switch {
	case text == "":
	case e.Bold:
		text = "\\textbf{\\boldmath " + text + "}"
	case e.Paper:
		text = "\\emph{" + text + "}"
	}
	if len(e.Marks) > 0 {
		text += "\\textsuperscript{" + e.MarkText() + "}"
	}
	return text
}

// breakable lets TeX hyphenate the first word of a column.
func breakable(text string) string {
	if text == "" {
		return ""
	}
	return "\\hspace{0pt}" + text
}
