package figure

import (
	"bytes"
	"fmt"
	"image/color"
	"io"
	"regexp"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Formats are the formats of figures.
var Formats = []string{"svg", "png", "pdf"}

// dpi is the resolution of a PNG.
const dpi = 200

// Write draws a figure. The error is one of the writer, or says that there is no
// such format.
func Write(w io.Writer, f *Figure, format string) error {
	d, err := lay(f)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	width, height := d.size()
	switch format {
	case "png":
		c := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(color.White))
		d.draw(draw.New(c))
		_, err = vgimg.PngCanvas{Canvas: c}.WriteTo(&b)
	case "svg":
		c := vgsvg.New(width, height)
		d.draw(draw.New(c))
		_, err = c.WriteTo(&b)
	case "pdf":
		c := vgpdf.New(width, height)
		d.draw(draw.New(c))
		_, err = c.WriteTo(&b)
	default:
		return fmt.Errorf("there is no format %q: svg, png or pdf", format)
	}
	if err != nil {
		return err
	}
	_, err = w.Write(stable(b.Bytes(), format))
	return err
}

var (
	dates = regexp.MustCompile(`\(D:\d{14}\)`)
	fonts = regexp.MustCompile(`font-family:Liberation Sans`)
)

// stable removes what is not the figure: a PDF's date; and gives an SVG fonts
// that every browser has.
func stable(b []byte, format string) []byte {
	switch format {
	case "pdf":
		return dates.ReplaceAll(b, []byte("(D:19700101000000)"))
	case "svg":
		return fonts.ReplaceAll(b, []byte("font-family:Liberation Sans,Arimo,Helvetica,Arial,sans-serif"))
	}
	return b
}
