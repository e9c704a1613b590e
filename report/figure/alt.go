package figure

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strings"

	"gfnbench/suites"
)

// titleOf returns the title of the figure, with its place in the paper.
func titleOf(spec *suites.Figure) string {
	if spec.Where == "" {
		return spec.Title
	}
	return strings.TrimSpace(spec.Title + " (" + spec.Where + ")")
}

// alt says for those who cannot see the figure what its panels, axes and lines are, and its
// notes.
func (f *Figure) alt(notes []string) string {
	var panels, axes, lines, densities []string
	for _, p := range f.Panels {
		panels = appendNew(panels, p.Title())
		axes = appendNew(axes, axisText("across", p.XLabel, p.LogX), axisText("up", p.YLabel, p.LogY))
		for _, d := range p.Densities {
			densities = appendNew(densities, d.Label)
		}
	}
	if densities == nil {
		for _, label := range f.Labels {
			lines = appendNew(lines, f.Name(label))
		}
	}
	var parts []string
	for _, part := range []struct {
		what string
		list []string
	}{{"Panels", panels}, {"Axes", axes}, {"Lines", lines}, {"Densities", densities}, {"Notes", notes}} {
		if len(part.list) > 0 {
			parts = append(parts, part.what+": "+strings.Join(part.list, "; ")+".")
		}
	}
	return strings.Join(parts, " ")
}

func axisText(direction, label string, log bool) string {
	switch {
	case label == "":
		return ""
	case log:
		return direction + ", logarithmic: " + label
	}
	return direction + ": " + label
}

// appendNew appends the texts that are neither empty nor there.
func appendNew(list []string, texts ...string) []string {
	for _, text := range texts {
		if text != "" && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}

// describe gives an SVG a title and a description, which screen readers read.
func describe(svg []byte, title, alt string) []byte {
	const open = "http://www.w3.org/1999/xlink\""
	head, rest, _ := bytes.Cut(svg, []byte(open+">\n"))
	var b bytes.Buffer
	b.Write(head)
	b.WriteString(open + " role=\"img\">\n")
	for _, e := range []struct{ name, text string }{{"title", title}, {"desc", alt}} {
		b.WriteString("<" + e.name + ">")
		_ = xml.EscapeText(&b, []byte(e.text)) // a buffer takes all
		b.WriteString("</" + e.name + ">\n")
	}
	b.Write(rest)
	return b.Bytes()
}
