package phylo

import (
	"fmt"
	"strings"

	"gfnbench/gfn/param"
)

// An Alignment is a set of DNA sequences of equal length, one for each leaf.
type Alignment struct {
	Names     []string // of the leaves, in the order of the file
	Sequences []string // of the leaves, as written, without blanks
}

// maxLeaves is the largest number of leaves of a tree, because a clade is a 64-bit mask.
const maxLeaves = 64

// ParseAlignment reads an alignment in FASTA or relaxed PHYLIP format (sequential or
// interleaved; names end at a blank), which it tells apart itself. An alignment has 2 to
// 64 sequences of equal length with different names. Errors name file and line.
func ParseAlignment(f param.File) (*Alignment, error) {
	lines := textLines(f.Data)
	if len(lines) == 0 {
		return nil, fmt.Errorf("%s: empty file: expected an alignment in FASTA or PHYLIP", f.Name)
	}
	var records []record
	var err error
	if strings.HasPrefix(lines[0].text, ">") {
		records, err = parseFASTA(lines)
	} else {
		records, err = parsePHYLIP(lines)
	}
	if err == nil {
		err = checkRecords(records)
	}
	if err != nil {
		return nil, fmt.Errorf("%s:%w", f.Name, err)
	}
	a := &Alignment{}
	for _, r := range records {
		a.Names = append(a.Names, r.name)
		a.Sequences = append(a.Sequences, r.sequence)
	}
	return a, nil
}

// A textLine is a line that is not blank.
type textLine struct {
	number int // from 1
	text   string
}

// A record is one sequence of a file.
type record struct {
	line     int // where it begins
	name     string
	sequence string
}

// A lineError describes what is wrong with one line; it prints as "12: message".
type lineError struct {
	line int
	msg  string
}

func (e *lineError) Error() string { return fmt.Sprintf("%d: %s", e.line, e.msg) }

func atLine(line int, format string, args ...any) error {
	return &lineError{line, fmt.Sprintf(format, args...)}
}

// textLines splits a file into its lines and drops blank ones. It accepts any line
// ending, and a byte order mark.
func textLines(data string) []textLine {
	text := strings.TrimPrefix(data, "\ufeff")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	var lines []textLine
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, textLine{i + 1, line})
		}
	}
	return lines
}

// parseFASTA reads ">name description" lines, each followed by sequence lines.
func parseFASTA(lines []textLine) ([]record, error) {
	var records []record
	for _, l := range lines {
		if header, ok := strings.CutPrefix(l.text, ">"); ok {
			name, _, _ := strings.Cut(strings.TrimSpace(strings.ReplaceAll(header, "\t", " ")), " ")
			if name == "" {
				return nil, atLine(l.number, "sequence without a name: expected \">name\"")
			}
			records = append(records, record{line: l.number, name: name})
			continue
		}
		r := &records[len(records)-1]
		r.sequence += strings.Join(strings.Fields(l.text), "")
	}
	return records, nil
}

// checkRecords checks names, lengths and characters.
func checkRecords(records []record) error {
	if len(records) < 2 {
		return atLine(records[0].line, "only one sequence: a tree needs at least 2")
	}
	if len(records) > maxLeaves {
		return atLine(records[maxLeaves].line, "%d sequences: at most %d are supported", len(records), maxLeaves)
	}
	first := map[string]int{}
	for _, r := range records {
		if line, ok := first[r.name]; ok {
			return atLine(r.line, "duplicate name %q (first on line %d)", r.name, line)
		}
		first[r.name] = r.line
		if r.sequence == "" {
			return atLine(r.line, "sequence %q is empty", r.name)
		}
		if want := len(records[0].sequence); len(r.sequence) != want {
			return atLine(r.line, "sequence %q has %d sites, but %q has %d: sequences must be aligned",
				r.name, len(r.sequence), records[0].name, want)
		}
		if _, err := nucleotideSets(r.sequence); err != nil {
			return atLine(r.line, "sequence %q: %v", r.name, err)
		}
	}
	return nil
}

// nucleotideCodes maps the IUPAC codes to sets of nucleotides, bit 0 to 3 for A, C, G, T
// (Cornish-Bowden, Nucleic Acids Research 13, 1985). Everything else that a sequence may
// contain is missing data.
var nucleotideCodes = map[byte]byte{
	'A': 1, 'C': 2, 'G': 4, 'T': 8, 'U': 8,
	'R': 5, 'Y': 10, 'S': 6, 'W': 9, 'K': 12, 'M': 3,
	'B': 14, 'D': 13, 'H': 11, 'V': 7, 'N': 15,
}

// nucleotideSets turns a sequence into sets of nucleotides, bit 0 to 3 for A, C, G, T.
// The signs - ? ~ * and the letters X and O (a deletion, in PHYLIP) are missing data, all
// four bits. Any other letter is an error, since the sequence may be a protein.
func nucleotideSets(sequence string) ([]byte, error) {
	sets := make([]byte, len(sequence))
	for i := range len(sequence) {
		c := sequence[i]
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		set, known := nucleotideCodes[c]
		switch {
		case known:
		case strings.IndexByte("-?~*XO", c) >= 0:
			set = 15
		case 'A' <= c && c <= 'Z':
			return nil, fmt.Errorf("character %q at site %d is not a nucleotide: is it a protein? (missing data are N, - or ?)", sequence[i], i+1)
		default:
			return nil, fmt.Errorf("character %q at site %d is not a nucleotide: use A, C, G, T, U, a code of IUPAC, or N, -, ? where it is missing", sequence[i], i+1)
		}
		sets[i] = set
	}
	return sets, nil
}
