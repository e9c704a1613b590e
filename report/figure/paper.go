package figure

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"gfnbench/usage"
)

// A Paper is the size of a figure, and of its type.
type Paper struct {
	Width    vg.Length // of the whole figure
	Height   vg.Length // of the whole figure; 0: as high as the panels need
	FontSize vg.Length // of names; numbers at ticks and notes are one point smaller
}

// LeastFont is the smallest size of type in a figure.
const LeastFont = vg.Length(7) // points

// NeurIPS is a figure as wide as the text of NeurIPS, ICLR and JMLR papers.
var NeurIPS = Paper{Width: 5.5 * vg.Inch, FontSize: vg.Points(8)}

// TwoColumn is a figure as wide as one column of ICML, AISTATS and UAI papers.
var TwoColumn = Paper{Width: 3.25 * vg.Inch, FontSize: vg.Points(8)}

// PaperNames are the names of the widths that [ParsePaper] knows.
var PaperNames = []string{"neurips", "two-column"}

// ParsePaper reads a width, which may be the name of a preset, a height, and a size of
// type; "" takes the preset's. The error is a *usage.Error.
func ParsePaper(width, height, fontSize string) (p Paper, err error) {
	p = NeurIPS
	switch width {
	case "", PaperNames[0]:
	case PaperNames[1]:
		p = TwoColumn
	default:
		if p.Width, err = length("width", width, vg.Inch, 40*vg.Inch); err != nil {
			return p, err
		}
	}
	if height != "" {
		if p.Height, err = length("height", height, vg.Inch/2, 40*vg.Inch); err != nil {
			return p, err
		}
	}
	if fontSize != "" {
		if p.FontSize, err = length("font-size", fontSize, LeastFont, 72); err != nil {
			return p, err
		}
	}
	return p, nil
}

// units are the units of lengths, in points of a PDF, 72 an inch.
var units = []struct {
	name   string
	points vg.Length
}{{"in", vg.Inch}, {"cm", vg.Centimeter}, {"mm", vg.Millimeter}, {"pt", 1}}

// length reads a length of at least low and at most high, such as 5.5in.
func length(flag, value string, low, high vg.Length) (vg.Length, error) {
	i := slices.IndexFunc(units, func(u struct {
		name   string
		points vg.Length
	}) bool {
		return strings.HasSuffix(value, u.name)
	})
	var number float64
	if i >= 0 {
		text := strings.TrimSpace(strings.TrimSuffix(value, units[i].name))
		if n, err := fmt.Sscanf(text+"|", "%g|", &number); n != 1 || err != nil {
			i = -1
		}
	}
	if i < 0 {
		names := ""
		if flag == "width" {
			names = ", or " + strings.Join(PaperNames, " or ")
		}
		return 0, usage.Errorf("--%s %s: expected a length in in, cm, mm or pt, such as 5.5in%s", flag, value, names)
	}
	l := vg.Length(number) * units[i].points
	switch {
	case l >= low && l <= high:
		return l, nil
	case flag == "font-size":
		return 0, usage.Errorf("--%s %s: expected %g to %gpt: smaller type cannot be read in print", flag, value, low.Points(), high.Points())
	}
	return 0, usage.Errorf("--%s %s: expected %g to %gin", flag, value, float64(low/vg.Inch), float64(high/vg.Inch))
}

// small is the size of numbers at ticks, and of notes.
func (p Paper) small() vg.Length { return max(LeastFont, p.FontSize-1) }
