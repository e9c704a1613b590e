package phylo

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

// References:
//
//	Felsenstein: PHYLIP (Phylogeny Inference Package), version 3.6, 2005.

// parsePHYLIP reads a line with the numbers of sequences and sites, followed by whole
// sequences one after another or by blocks of their parts.
func parsePHYLIP(lines []textLine) ([]record, error) {
	head := strings.Fields(lines[0].text)
	if len(head) != 2 {
		return nil, atLine(lines[0].number, "neither FASTA (which begins with \">\") nor PHYLIP (which begins with the numbers of sequences and sites)")
	}
	taxa, err1 := strconv.Atoi(head[0])
	sites, err2 := strconv.Atoi(head[1])
	if errors.Join(err1, err2) != nil || taxa < 1 || sites < 1 {
		return nil, atLine(lines[0].number, "expected the numbers of sequences and sites, got %q", lines[0].text)
	}
	if taxa > maxLeaves {
		return nil, atLine(lines[0].number, "%d sequences: at most %d are supported", taxa, maxLeaves)
	}
	interleaved, errI := readInterleaved(lines[1:], taxa, sites)
	sequential, errS := readSequential(lines[1:], taxa, sites)
	switch {
	case errI != nil && errS != nil:
		// Report the error of the reading that got further.
		var i, s *lineError
		if errors.As(errI, &i) && errors.As(errS, &s) && s.line > i.line {
			return nil, errS
		}
		return nil, errI
	case errI != nil:
		return sequential, nil
	case errS != nil || slices.Equal(interleaved, sequential):
		return interleaved, nil
	}
	return nil, atLine(lines[0].number, "can be read both as sequential and as interleaved PHYLIP: write it as FASTA")
}

// readInterleaved reads blocks with one line per sequence. The first block holds the
// names.
func readInterleaved(lines []textLine, taxa, sites int) ([]record, error) {
	if len(lines) < taxa {
		return nil, atLine(endOf(lines), "%d sequences announced, %d found", taxa, len(lines))
	}
	records := make([]record, taxa)
	last := endOf(lines)
	for k, l := range lines {
		r := &records[k%taxa]
		fields := strings.Fields(l.text)
		if k < taxa {
			r.line, r.name, fields = l.number, fields[0], fields[1:]
		}
		if len(fields) == 0 {
			return nil, atLine(l.number, "name %q without a sequence", r.name)
		}
		r.sequence += strings.Join(fields, "")
		if len(r.sequence) > sites {
			return nil, atLine(l.number, "sequence %q has more than the %d sites announced", r.name, sites)
		}
	}
	for _, r := range records {
		if len(r.sequence) < sites {
			return nil, atLine(last, "sequence %q has %d of the %d sites announced", r.name, len(r.sequence), sites)
		}
	}
	return records, nil
}

// readSequential reads each sequence to its last site, and then the next name.
func readSequential(lines []textLine, taxa, sites int) ([]record, error) {
	var records []record
	for k := 0; k < len(lines); {
		fields := strings.Fields(lines[k].text)
		r := record{line: lines[k].number, name: fields[0], sequence: strings.Join(fields[1:], "")}
		if len(records) == taxa {
			return nil, atLine(r.line, "more than the %d sequences announced", taxa)
		}
		for k++; len(r.sequence) < sites && k < len(lines); k++ {
			r.sequence += strings.Join(strings.Fields(lines[k].text), "")
		}
		if len(r.sequence) != sites {
			return nil, atLine(r.line, "sequence %q has %d sites, %d announced", r.name, len(r.sequence), sites)
		}
		records = append(records, r)
	}
	if len(records) < taxa {
		return nil, atLine(endOf(lines), "%d sequences announced, %d found", taxa, len(records))
	}
	return records, nil
}

// endOf returns the number of the last line.
func endOf(lines []textLine) int {
	if len(lines) == 0 {
		return 1
	}
	return lines[len(lines)-1].number
}
