package figure

import (
	"bytes"
	"cmp"
	"fmt"
	"image/color"
	"io"
	"regexp"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Formats are the formats of figures.
var Formats = []string{"svg", "png", "pdf"}

// dpi is the resolution of a PNG.
const dpi = 300

// Write draws a figure. The error comes from the writer, or says that the format
// is unknown.
func Write(w io.Writer, f *Figure, format string, paper Paper) error {
	d, err := lay(f, paper)
	if err != nil {
		return err
	}
	if format != "svg" { // readers of an SVG may have other fonts
		if err := d.checkLetters(); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	title := cmp.Or(titleOf(f.Spec), f.Spec.Name)
	switch width, height := paper.Width, d.height; format {
	case "png":
		c := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(color.White))
		d.draw(draw.New(c))
		_, err = vgimg.PngCanvas{Canvas: c}.WriteTo(&b)
	case "svg":
		c := vgsvg.New(width, height)
		d.draw(draw.New(c))
		_, err = c.WriteTo(&b)
	case "pdf":
		c := newPDF(width, height)
		c.doc.SetTitle(title, true)
		c.doc.SetSubject(f.alt(d.said), true)
		d.draw(draw.New(c))
		_, err = c.WriteTo(&b)
	default:
		return fmt.Errorf("there is no format %q: svg, png or pdf", format)
	}
	if err != nil {
		return err
	}
	out := b.Bytes()
	if format == "svg" {
		out = describe(out, title, f.alt(d.said))
		out = fonts.ReplaceAll(out, []byte("font-family:Liberation Sans,Arimo,Helvetica,Arial,sans-serif"))
	}
	_, err = w.Write(out)
	return err
}

// fonts matches the font of an SVG, to which fallbacks are added for readers without it.
var fonts = regexp.MustCompile(`font-family:Liberation Sans`)
