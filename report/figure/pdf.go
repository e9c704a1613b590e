package figure

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// A pdfCanvas draws a PDF whose text is Unicode, with the letters that it uses embedded.
// gonum's canvas for PDF knows only the letters of code page 1252.
type pdfCanvas struct {
	doc           *fpdf.Fpdf
	width, height vg.Length
	lines         []vg.Length // widths of lines, a stack
	fonts         map[string]bool
	images        int
}

var _ vg.Canvas = (*pdfCanvas)(nil)

func newPDF(width, height vg.Length) *pdfCanvas {
	c := &pdfCanvas{width: width, height: height, lines: make([]vg.Length, 1), fonts: make(map[string]bool)}
	c.doc = fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: width.Points(), Ht: height.Points()}})
	c.doc.SetMargins(0, 0, 0)
	c.doc.SetAutoPageBreak(false, 0)
	c.doc.SetCatalogSort(true)
	c.doc.SetCreationDate(time.Unix(0, 0).UTC())
	c.doc.SetModificationDate(time.Unix(0, 0).UTC())
	c.doc.AddPage()
	c.Push()
	c.Translate(vg.Point{Y: height}) // the origin of vg is at the bottom
	c.Scale(1, -1)
	vg.Initialize(c)
	return c
}

// Size implements vg.CanvasSizer.
func (c *pdfCanvas) Size() (w, h vg.Length) { return c.width, c.height }

// SetLineWidth implements vg.Canvas.
func (c *pdfCanvas) SetLineWidth(w vg.Length) {
	c.lines[len(c.lines)-1] = w
	c.doc.SetLineWidth(w.Points())
}

// SetLineDash implements vg.Canvas.
func (c *pdfCanvas) SetLineDash(pattern []vg.Length, offset vg.Length) {
	list := make([]float64, len(pattern))
	for i, l := range pattern {
		list[i] = l.Points()
	}
	c.doc.SetDashPattern(list, offset.Points())
}

// SetColor implements vg.Canvas.
func (c *pdfCanvas) SetColor(clr color.Color) {
	if clr == nil {
		clr = color.Black
	}
	n := color.NRGBAModel.Convert(clr).(color.NRGBA)
	r, g, b := int(n.R), int(n.G), int(n.B)
	c.doc.SetFillColor(r, g, b)
	c.doc.SetDrawColor(r, g, b)
	c.doc.SetTextColor(r, g, b)
	c.doc.SetAlpha(float64(n.A)/math.MaxUint8, "Normal")
}

// Rotate implements vg.Canvas.
func (c *pdfCanvas) Rotate(radians float64) { c.doc.TransformRotate(-radians*180/math.Pi, 0, 0) }

// Translate implements vg.Canvas.
func (c *pdfCanvas) Translate(pt vg.Point) { c.doc.TransformTranslate(pt.X.Points(), pt.Y.Points()) }

// Scale implements vg.Canvas.
func (c *pdfCanvas) Scale(x, y float64) { c.doc.TransformScale(100*x, 100*y, 0, 0) }

// Push implements vg.Canvas.
func (c *pdfCanvas) Push() {
	c.lines = append(c.lines, c.lines[len(c.lines)-1])
	c.doc.TransformBegin()
}

// Pop implements vg.Canvas.
func (c *pdfCanvas) Pop() {
	c.doc.TransformEnd()
	c.lines = c.lines[:len(c.lines)-1]
}

// Stroke implements vg.Canvas.
func (c *pdfCanvas) Stroke(p vg.Path) {
	if c.lines[len(c.lines)-1] > 0 {
		c.path(p, "D")
	}
}

// Fill implements vg.Canvas.
func (c *pdfCanvas) Fill(p vg.Path) { c.path(p, "F") }

// path draws a path. The only curves that gonum draws are arcs.
func (c *pdfCanvas) path(p vg.Path, style string) {
	var start vg.Point
	for _, part := range p {
		x, y := part.Pos.X.Points(), part.Pos.Y.Points()
		switch part.Type {
		case vg.MoveComp:
			start = part.Pos
			c.doc.MoveTo(x, y)
		case vg.LineComp:
			c.doc.LineTo(x, y)
		case vg.ArcComp:
			c.arc(x, y, part.Radius.Points(), part.Start, part.Angle)
		case vg.CloseComp:
			c.doc.LineTo(start.X.Points(), start.Y.Points())
			c.doc.ClosePath()
		default:
			panic(fmt.Sprintf("a path of a plot has a part of type %d", part.Type))
		}
	}
	c.doc.DrawPath(style)
}

// arc continues the path with an arc around a point, in Bézier curves of at most a right
// angle.
func (c *pdfCanvas) arc(x, y, radius, start, angle float64) {
	n := max(1, math.Ceil(math.Abs(angle)/(math.Pi/2)))
	step := angle / n
	handle := radius * 4 / 3 * math.Tan(step/4)
	sin, cos := math.Sincos(start)
	c.doc.LineTo(x+radius*cos, y+radius*sin)
	for i := range int(n) {
		sin2, cos2 := math.Sincos(start + step*float64(i+1))
		c.doc.CurveBezierCubicTo(x+radius*cos-handle*sin, y+radius*sin+handle*cos,
			x+radius*cos2+handle*sin2, y+radius*sin2-handle*cos2, x+radius*cos2, y+radius*sin2)
		sin, cos = sin2, cos2
	}
}

// FillString implements vg.Canvas.
func (c *pdfCanvas) FillString(face font.Face, pt vg.Point, text string) {
	name := face.Name()
	if !c.fonts[name] {
		var ttf bytes.Buffer
		if _, err := face.Face.WriteSourceTo(nil, &ttf); err != nil {
			c.doc.SetError(err)
			return
		}
		c.doc.AddUTF8FontFromBytes(name, "", ttf.Bytes())
		c.fonts[name] = true
	}
	c.doc.SetFont(name, "", face.Font.Size.Points())
	c.Push()
	c.Translate(pt)
	c.Scale(1, -1) // turn letters upright
	c.doc.Text(0, 0, text)
	c.Pop()
}

// DrawImage implements vg.Canvas.
func (c *pdfCanvas) DrawImage(at vg.Rectangle, img image.Image) {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		c.doc.SetError(err)
		return
	}
	c.images++
	name, options := fmt.Sprintf("image%03d", c.images), fpdf.ImageOptions{ImageType: "png"}
	c.doc.RegisterImageOptionsReader(name, options, &b)
	size := at.Size()
	c.Push()
	c.Translate(vg.Point{X: at.Min.X, Y: at.Max.Y})
	c.Scale(1, -1)
	c.doc.ImageOptions(name, 0, 0, size.X.Points(), size.Y.Points(), false, options, 0, "")
	c.Pop()
}

// WriteTo ends the document and writes it.
func (c *pdfCanvas) WriteTo(w io.Writer) (int64, error) {
	c.Pop()
	var b bytes.Buffer
	if err := c.doc.Output(&b); err != nil {
		return 0, err
	}
	return b.WriteTo(w)
}
