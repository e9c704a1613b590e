package sheet

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// LaTeXNeeds is the first line of what is written as LaTeX.
const LaTeXNeeds = "% Needs in the preamble: \\usepackage{array,booktabs,graphicx}\n"

// Sizes in points, of the class article: its column, and what of its page a
// table may fill.
const (
	latexColumn = 345.0
	latexPage   = 480.0
	latexSep    = 4.0 // \tabcolsep
	latexLine   = 12.0
	// Small letters of TeX are wider than their size.
	footnoteSize, scriptSize = 0.85, 0.8
	// latexWidest is how wide a table may be, in columns of the text, before it
	// is divided: more would be scaled down to less than can be read.
	latexWidest = 1.45
	// latexScaled is how wide a table of words becomes, latexProse its narrowest
	// column of prose.
	latexScaled, latexProse = 1.15, 60.0
)

// A latexTable is a sheet as LaTeX lays it out.
type latexTable struct {
	sh     *Sheet
	size   float64 // of the font, relative to that of the text
	head   [][]string
	rows   []latexRow
	widths []float64 // of the columns, as estimated
	wraps  []bool    // the column is a paragraph of its width
	loose  bool      // there is space between rows, some of which have two lines
}

// A latexRow is the lines of a row: changes stand below their numbers.
type latexRow struct {
	lines  [][]string
	height float64
	named  bool // it begins something, before which the table may be divided
	paper  bool
}

// latex writes the sheet as a table environment; of rows that fill more than a
// page, as several with the same number. It is scaled down where it is wider
// than the text, and columns that are far too many stand below the others.
func (sh *Sheet) latex(b *bytes.Buffer) {
	t := sh.latexTable()
	notes := sh.allNotes(func(m string) string { return "\\textsuperscript{" + m + "} " }, EscapeLaTeX)
	height := 0.0
	for _, n := range notes {
		height += 9.5 * float64(1+int(latexWidth(n)*footnoteSize/latexColumn))
	}
	limit := 0.0
	if t.total() > latexColumn {
		limit = latexWidest * latexColumn
	}
	blocks := t.blocks(limit)
	page := (latexPage - min(height, latexPage/2)) * max(1, t.widest(blocks)/latexColumn)
	parts := t.parts(page/float64(len(blocks)) - latexLine*float64(1+len(t.head)))
	title := tableNumber.ReplaceAllString(sh.Title, "")
	for i, rows := range parts {
		if i > 0 {
			fmt.Fprintf(b, "\n\\begin{table}\n  \\centering\n  \\addtocounter{table}{-1}\n  \\caption{%s (continued).}\n", EscapeLaTeX(title))
		} else {
			fmt.Fprintf(b, "\\begin{table}\n  \\centering\n  \\caption{%s. %s}\n", EscapeLaTeX(UpperFirst(title)), EscapeLaTeX(sh.Caption))
			if label := notInLabel.ReplaceAllString(sh.Name, "-"); label != "" {
				fmt.Fprintf(b, "  \\label{tab:%s}\n", label)
			}
		}
		fmt.Fprintf(b, "  \\par\\medskip\\setlength{\\tabcolsep}{%gpt}%s\n  \\sbox0{", latexSep, map[bool]string{true: "\\footnotesize"}[t.size < 1])
		for k, block := range blocks {
			switch {
			case k > 0:
				b.WriteString("\\\\\\noalign{\\medskip}\n  ")
			case len(blocks) > 1:
				b.WriteString("\\begin{tabular}{@{}l@{}}\n  ")
			}
			t.block(b, block, rows)
		}
		if len(blocks) > 1 {
			b.WriteString("\n  \\end{tabular}")
		}
		b.WriteString("}%\n  \\ifdim\\wd0>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox0}\\else\\usebox0\\fi\n")
		if i == len(parts)-1 && len(notes) > 0 {
			b.WriteString("  \\par\\smallskip\\raggedright\\footnotesize\n")
			for _, n := range notes {
				fmt.Fprintf(b, "  %s\\par\n", n)
			}
		}
		b.WriteString("\\end{table}\n")
	}
}

var (
	// tableNumber is that of a paper's table in a title: LaTeX gives its own.
	tableNumber = regexp.MustCompile(`^Table \w+: `)
	notInLabel  = regexp.MustCompile(`[^A-Za-z0-9:.-]+`)
)

// latexTable writes the fields of the sheet and measures them.
func (sh *Sheet) latexTable() *latexTable {
	t := &latexTable{sh: sh, size: 1, widths: make([]float64, len(sh.Head)), wraps: make([]bool, len(sh.Head))}
	if sh.Prose != nil {
		t.size = footnoteSize
	}
	t.head = sh.latexHead()
	for _, line := range t.head {
		for j, text := range line {
			t.widen(j, latexWidth(text))
			line[j] = EscapeLaTeX(text)
		}
	}
	for _, row := range sh.Rows {
		numbers, changes := make([]string, len(row)), make([]string, len(row))
		any := false
		for j := range row {
			e := &row[j]
			numbers[j] = sh.latexEntry(e, j)
			t.widen(j, sh.latexEntryWidth(e, j))
			if e.Change != "" {
				any, changes[j] = true, "{\\scriptsize("+EscapeLaTeX(e.Change)+")}"
				t.widen(j, scriptSize*latexWidth("("+e.Change+")"))
			}
		}
		out := latexRow{lines: [][]string{numbers}, named: row[0].Text != "" && !row[0].Paper, paper: row[0].Paper}
		if any {
			out.lines, t.loose = append(out.lines, changes), true
		}
		t.rows = append(t.rows, out)
	}
	t.wrap()
	for i := range t.rows {
		t.rows[i].height = t.height(i)
	}
	return t
}

func (t *latexTable) widen(j int, width float64) {
	t.widths[j] = max(t.widths[j], t.size*width)
}

// latexHead is the head in one line, or in one for each part of the columns'
// names where all have as many.
func (sh *Sheet) latexHead() [][]string {
	parts := 0
	for j := sh.Stub; j < len(sh.Head); j++ {
		n := strings.Count(sh.Head[j], "/") + 1
		if parts > 0 && n != parts {
			parts = 1
			break
		}
		parts = n
	}
	if parts < 2 || sh.Prose != nil {
		return [][]string{slices.Clone(sh.Head)}
	}
	head := make([][]string, parts)
	for i := range head {
		head[i] = make([]string, len(sh.Head))
		for j, text := range sh.Head {
			switch {
			case j >= sh.Stub:
				head[i][j] = strings.Split(text, "/")[i]
			case i == parts-1:
				head[i][j] = text
			}
		}
	}
	return head
}

// spread divides a number from its spread or interval, which is written small.
func spread(text string) (number, sign, rest string) {
	if number, rest, ok := strings.Cut(text, "±"); ok {
		return strings.TrimSpace(number), "±", strings.TrimSpace(rest)
	}
	if number, rest, ok := strings.Cut(text, " ["); ok {
		return number, " ", "[" + rest
	}
	return text, "", ""
}

func (sh *Sheet) latexEntry(e *Entry, j int) string {
	text := ""
	if number, sign, rest := spread(e.Text); sign == "" || sh.Prose != nil || j < sh.Stub {
		text = EscapeLaTeX(e.Text)
		if parts := interval.FindStringSubmatch(e.Text); parts != nil { // in two lines, not more
			text = strings.ReplaceAll(EscapeLaTeX(parts[1]), " ", "~") + " " + strings.ReplaceAll(EscapeLaTeX(parts[2]), " ", "~")
		}
	} else if sign == "±" {
		text = EscapeLaTeX(number) + "\\,{\\scriptsize$\\pm$\\," + EscapeLaTeX(rest) + "}"
	} else {
		text = EscapeLaTeX(number) + " {\\scriptsize" + EscapeLaTeX(rest) + "}"
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

func (sh *Sheet) latexEntryWidth(e *Entry, j int) float64 {
	number, sign, rest := spread(e.Text)
	if sign == "" || sh.Prose != nil || j < sh.Stub {
		number, sign, rest = e.Text, "", ""
	}
	width := latexWidth(number) + scriptSize*latexWidth(sign+rest+e.MarkText())
	if sign != "" {
		width += 3
	}
	if e.Bold {
		width *= 1.15
	}
	return width
}

// wrap makes paragraphs of the columns of a table of words that is too wide, the
// widest first and none narrower than its longest word.
func (t *latexTable) wrap() {
	if t.sh.Prose == nil {
		return
	}
	least := make([]float64, len(t.widths))
	for j := range least {
		longest := func(text string) {
			for _, word := range latexWords(text) {
				least[j] = max(least[j], 1.12*t.size*latexWidth(word))
			}
		}
		longest(t.sh.Head[j])
		for _, row := range t.sh.Rows {
			longest(row[j].Text + row[j].MarkText())
		}
		least[j] = min(least[j], t.widths[j])
	}
	for _, j := range t.sh.Prose {
		least[j] = min(max(least[j], latexProse), t.widths[j])
	}
	if t.total() <= latexColumn {
		return
	}
	for over := t.total() - latexScaled*latexColumn; over > 0; over = t.total() - latexScaled*latexColumn {
		widest := -1
		for j, w := range t.widths {
			if w > least[j]+0.5 && (widest < 0 || w > t.widths[widest]) {
				widest = j
			}
		}
		if widest < 0 {
			return
		}
		t.wraps[widest] = true
		t.widths[widest] = max(least[widest], t.widths[widest]-min(over, 4))
	}
}

// total is the width of all columns.
func (t *latexTable) total() float64 {
	sum := 0.0
	for _, w := range t.widths {
		sum += w + 2*latexSep
	}
	return sum
}

// widest is the width of the widest block.
func (t *latexTable) widest(blocks [][]int) float64 {
	widest := 0.0
	for _, block := range blocks {
		sum := 0.0
		for _, j := range block {
			sum += t.widths[j] + 2*latexSep
		}
		widest = max(widest, sum)
	}
	return widest
}

// height is that of a row.
func (t *latexTable) height(i int) float64 {
	lines := float64(len(t.rows[i].lines))
	for j := range t.widths {
		if t.wraps[j] {
			lines = max(lines, float64(1+int(1.15*t.size*latexWidth(t.sh.Rows[i][j].Text)/t.widths[j])))
		}
	}
	if t.loose {
		lines += 0.4
	}
	return latexLine * t.size * lines
}

// blocks divides the columns as blocks does those of text.
func (t *latexTable) blocks(limit float64) [][]int {
	widths := make([]int, len(t.widths))
	for j, w := range t.widths {
		widths[j] = int(w + 2*latexSep - padding)
	}
	stub := min(t.sh.Stub, len(widths)-1)
	list := blocks(widths, stub, int(limit))
	if len(list) < 2 {
		return list
	}
	names, others := list[0][:stub], make([]int, 0, len(widths))
	for j := stub; j < len(widths); j++ {
		others = append(others, j)
	}
	each := (len(others) + len(list) - 1) / len(list) // as many in each
	list = nil
	for part := range slices.Chunk(others, each) {
		list = append(list, slices.Concat(names, part))
	}
	return list
}

// parts divides the rows so that each part is no higher than that.
func (t *latexTable) parts(limit float64) (list [][]latexRow) {
	first, height, begin := 0, 0.0, 0
	for i, row := range t.rows {
		if row.named {
			begin = i
		}
		if height+row.height > limit && i > first {
			at := i
			if begin > first {
				at = begin
			}
			list = append(list, t.rows[first:at])
			first, height = at, 0
			for _, r := range t.rows[at:i] {
				height += r.height
			}
		}
		height += row.height
	}
	return append(list, t.rows[first:])
}

// block writes some columns of some rows.
func (t *latexTable) block(b *bytes.Buffer, columns []int, rows []latexRow) {
	var spec strings.Builder
	for _, j := range columns {
		switch {
		case t.wraps[j]:
			fmt.Fprintf(&spec, ">{\\raggedright\\arraybackslash}p{%s\\linewidth}", strconv.FormatFloat(t.widths[j]/latexColumn, 'f', 3, 64))
		case j < t.sh.Stub || slices.Contains(t.sh.Prose, j):
			spec.WriteByte('l')
		default:
			spec.WriteByte('r')
		}
	}
	fmt.Fprintf(b, "\\begin{tabular}{%s}\n    \\toprule\n", spec.String())
	line := func(fields []string) {
		chosen := make([]string, len(columns))
		for k, j := range columns {
			chosen[k] = fields[j]
		}
		text := strings.Join(chosen, " & ")
		if strings.HasPrefix(text, "[") || strings.HasPrefix(text, "*") {
			text = "{}" + text // no argument of the line before
		}
		fmt.Fprintf(b, "    %s \\\\\n", text)
	}
	for _, fields := range t.head {
		line(fields)
	}
	b.WriteString("    \\midrule\n")
	for i, row := range rows {
		if t.loose && i > 0 && !row.paper {
			b.WriteString("    \\addlinespace\n")
		}
		for _, fields := range row.lines {
			line(fields)
		}
	}
	b.WriteString("    \\bottomrule\n  \\end{tabular}")
}

// latexWords are the parts of a text between which LaTeX breaks lines.
func latexWords(text string) []string {
	if parts := interval.FindStringSubmatch(text); parts != nil {
		return parts[1:]
	}
	text = strings.NewReplacer("-", "- ", ",", ", ").Replace(text)
	return strings.Fields(hash.ReplaceAllStringFunc(text, func(s string) string { return digitGroups(s, " ") }))
}

// latexWidth is about the width of a text, in points, at 10 points.
func latexWidth(text string) float64 {
	sum := 0.0
	for _, r := range text {
		switch {
		case strings.ContainsRune("iljtf.,;:'|!()[]/ ", r):
			sum += 3.4
		case strings.ContainsRune("mwMW±−<>=+~%", r):
			sum += 8.3
		case r >= 'A' && r <= 'Z':
			sum += 7.8
		case r > 127:
			sum += 8
		default:
			sum += 5.1
		}
	}
	return sum
}

var latexEscapes = strings.NewReplacer(
	`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "$", `\$`, "&", `\&`, "#", `\#`, "_", `\_`, "%", `\%`, "^", `\textasciicircum{}`,
	"~", `$\sim$`, "±", `$\pm$`, "−", `$-$`, "∞", `$\infty$`, "–", "--", "--", `-{}-`, "|", `\textbar{}`, "`", `\textasciigrave{}`, "“", "``", "”", "''",
	">", `$>$`, "<", `$<$`, "≥", `$\ge$`, "≤", `$\le$`, "≠", `$\ne$`, "≈", `$\approx$`, "→", `$\to$`, "‖", `$\|$`, "Σ", `$\Sigma$`, "½", `$\frac12$`,
	"α", `$\alpha$`, "β", `$\beta$`, "γ", `$\gamma$`, "ε", `$\varepsilon$`, "λ", `$\lambda$`, "π", `$\pi$`, "τ", `$\tau$`, "θ", `$\theta$`, "×", `$\times$`)

// interval is a number with its interval.
var interval = regexp.MustCompile(`^((?:\S - \S = |\S / \S = )?[−0-9.e-]+) (\[.*\])$`)

// hash and comma, in a list, need places to break.
var (
	hash  = regexp.MustCompile(`\b[0-9a-f]{24,}\b`)
	comma = regexp.MustCompile(`,(\S)`)
)

func digitGroups(s, between string) string {
	var groups []string
	for group := range slices.Chunk([]byte(s), 8) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, between)
}

// EscapeLaTeX writes plain text as LaTeX.
func EscapeLaTeX(s string) string {
	s = latexEscapes.Replace(s)
	s = comma.ReplaceAllString(s, `,\allowbreak{}$1`)
	return hash.ReplaceAllStringFunc(s, func(s string) string { return digitGroups(s, `\allowbreak `) })
}

// HasHash reports whether a text has a digest, which needs places to break.
func HasHash(text string) bool { return hash.MatchString(text) }
