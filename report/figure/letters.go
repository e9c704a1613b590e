package figure

import (
	"regexp"
	"slices"
	"strings"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/sfnt"

	"gfnbench/usage"
)

// checkLetters rejects a figure with letters that the font lacks and that would be drawn
// as boxes. The error is a *usage.Error that names them.
func (d *drawing) checkLetters() error {
	font, err := sfnt.Parse(liberationsansregular.TTF)
	if err != nil {
		return err
	}
	var buffer sfnt.Buffer
	var lacking []string
	for _, text := range d.texts() {
		for _, r := range text {
			if glyph, err := font.GlyphIndex(&buffer, r); r >= ' ' && (err != nil || glyph == 0) && !slices.Contains(lacking, string(r)) {
				lacking = append(lacking, string(r))
			}
		}
	}
	if lacking == nil {
		return nil
	}
	return usage.Errorf("the font of PNG and PDF, Liberation Sans, has no %s: draw it as svg, whose reader has other fonts, or write it in other letters", strings.Join(lacking, " "))
}

// plainPowers writes powers of ten as ticks do, "2.3×10⁻⁵" as "2.3e−5": the font has no
// superscript minus.
func plainPowers(s string) string {
	return powers.ReplaceAllStringFunc(s, func(power string) string {
		return "e" + digits.Replace(strings.TrimPrefix(power, "×10"))
	})
}

var (
	powers = regexp.MustCompile(`×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+`)
	digits = strings.NewReplacer("⁻", "−", "⁰", "0", "¹", "1", "²", "2", "³", "3", "⁴", "4", "⁵", "5", "⁶", "6", "⁷", "7", "⁸", "8", "⁹", "9")
)

// texts returns all texts of the drawing except those of ticks.
func (d *drawing) texts() []string {
	list := slices.Concat(d.title, d.notes)
	for _, l := range d.legend {
		for _, e := range l.entries {
			list = append(list, e.lines...)
		}
	}
	for _, row := range d.rows {
		for _, c := range row {
			if c != nil {
				list = append(append(list, c.title...), c.head, c.plot.X.Label.Text, c.plot.Y.Label.Text)
			}
		}
	}
	return list
}
