package sheet

import "strings"

// Fill breaks the lines of a text that are wider than width columns of a terminal,
// as [Lines] does. A width of 0 means no limit.
func Fill(text string, width int, indent string) string {
	if width <= 0 {
		return text
	}
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, Lines(line, indent, func(s string) bool { return columns(s) <= width })...)
	}
	return strings.Join(lines, "\n")
}

// Lines breaks a line into lines that fit. It breaks at spaces; a word that does not fit
// alone is broken after a comma or another separator. Intervals and lists in brackets
// stay whole, and so does a word without a separator. Lines after the first begin with
// the indent.
func Lines(line, indent string, fits func(string) bool) (lines []string) {
	for !fits(line) {
		at := breakAt(line, fits)
		if at < 0 {
			break
		}
		lines = append(lines, line[:at])
		line = indent + strings.TrimLeft(line[at:], " ")
	}
	return append(lines, line)
}

// breakAt returns how much of a line to keep: up to the last space that leaves a text
// that fits, or else up to the last separator that does, or else up to the first space.
// It returns -1 if there is none of these.
func breakAt(line string, fits func(string) bool) int {
	space, separator, brackets := -1, -1, 0
	start := len(line) - len(strings.TrimLeft(line, " "))
	for i, r := range line {
		switch {
		case r == '[':
			brackets++
		case r == ']':
			brackets = max(0, brackets-1)
		case i < start || brackets > 0:
		case r == ' ' && fits(line[:i]), r == ' ' && space < 0 && separator < 0:
			space = i
		case strings.ContainsRune(",/;@", r) && space < 0 && fits(line[:i+1]):
			separator = i + 1
		}
		if space >= 0 && !fits(line[:i]) {
			break
		}
	}
	if space < 0 {
		return separator
	}
	return space
}
