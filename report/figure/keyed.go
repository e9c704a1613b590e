package figure

import (
	"fmt"
	"strings"

	"gfnbench/report/number"
	"gfnbench/suites"
)

// mostNamed is how many lines a legend names one by one, if it could say instead what the
// colours, dashes and markers are.
const mostNamed = 24

// keyed reports whether the legend says what colours, dashes and markers are.
func (f *Figure) keyed() bool {
	return f.names != nil && len(f.Labels) > mostNamed && len(f.factors()) > 1
}

// aesthetics are what shows the first columns, in their order.
var aesthetics = []string{"colours", "dashes", "markers"}

// factorial returns the styles of lines by label, each aesthetic showing its column alone.
func (f *Figure) factorial() map[string]Style {
	factors, styles := f.factors(), make(map[string]Style)
	for i, label := range f.Labels {
		styles[label] = styleOf(factors, i)
		if len(factors) == 2 { // markers would repeat the colours
			s := styles[label]
			s.Marker = markers[factors[1].at[i]%len(markers)]
			styles[label] = s
		}
	}
	return styles
}

// keys returns the entries of a legend of colours, dashes and markers, for each of them those
// of its column's values.
func (f *Figure) keys() (blocks [][]entry) {
	for i, factor := range f.factors() {
		if i == len(aesthetics) {
			break
		}
		block := make([]entry, len(factor.levels))
		for level, value := range factor.levels {
			e := entry{lines: []string{f.valueName(factor.name, value)}, style: Style{Color: black}}
			switch i {
			case 0:
				e.style.Color = factor.colorOf(level)
			case 1:
				e.style.Dashes = dashes[level%len(dashes)]
			case 2:
				e.bare, e.style.Marker = true, markers[level%len(markers)]
			}
			block[level] = e
		}
		blocks = append(blocks, block)
	}
	if len(blocks) == 2 {
		for level := range blocks[1] {
			blocks[1][level].style.Marker = markers[level%len(markers)]
		}
	}
	return blocks
}

// valueName returns what readers see of a value of a column.
func (f *Figure) valueName(column, value string) string {
	for _, p := range f.Panels {
		for _, s := range p.Series {
			if len(s.Rows) == 0 {
				continue
			}
			if v := s.Rows[0].Value(column); suites.Format(v) == value {
				return f.names.Parts([]string{column}, s.Rows[0].Value)[0]
			}
		}
	}
	return value
}

// noteKeys says how lines are told apart, and which are not.
func (f *Figure) noteKeys() string {
	var parts, rest []string
	unseen := 0
	for i, factor := range f.factors() {
		if i < len(aesthetics) {
			parts = append(parts, aesthetics[i]+" say "+f.names.Column(factor.name))
		} else {
			rest = append(rest, f.names.Column(factor.name))
		}
	}
	for _, label := range f.Labels {
		if f.unseen(label) != "" {
			unseen++
		}
	}
	text := fmt.Sprintf("%d lines: %s", len(f.Labels), strings.Join(parts, ", "))
	if rest != nil {
		text += "; lines that look alike differ in " + strings.Join(rest, ", ")
	}
	if unseen > 0 {
		text += fmt.Sprintf("; %s without a value that the axes can show", number.Count(unseen, "line"))
	}
	return text
}
