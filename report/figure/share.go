package figure

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
)

// crowded is the fraction of a shared axis that every panel must fill. If one fills less,
// each panel gets its own axis.
const crowded = 0.2

// shareRow gives panels of a row that show the same quantity the same vertical axis, and
// leaves out the labels of all but the leftmost that has values. It also rounds the ends
// of axes.
func shareRow(row []*cell) {
	groups := make(map[string][]*cell)
	for _, c := range row {
		if c != nil && c.panel.Densities == nil && c.drawn() {
			groups[c.quantity()] = append(groups[c.quantity()], c)
		}
	}
	for _, group := range groups {
		shared := sharable(group)
		for _, c := range group {
			if shared {
				c.plot.Y.Min, c.plot.Y.Max = endsOf(group)
			}
		}
		for _, c := range group {
			endAxis(&c.plot.Y, c.panel.LogY)
		}
	}
	for j := 1; j < len(row); j++ {
		left, c := row[j-1], row[j]
		if left == nil || c == nil || left.quantity() != c.quantity() || left.plot.Y.Min != c.plot.Y.Min || left.plot.Y.Max != c.plot.Y.Max {
			continue
		}
		if c.panel.Densities != nil || c.drawn() && left.drawn() {
			c.plot.Y.Label.Text, c.plot.Y.Tick.Marker = "", unlabelled{linear{}}
		}
	}
	named := "" // the quantity whose name stands to the left
	for _, c := range row {
		switch {
		case c == nil || c.panel.Densities == nil && !c.drawn():
		case c.quantity() == named:
			c.plot.Y.Label.Text = ""
		default:
			named = c.quantity()
		}
	}
}

// quantity identifies what the vertical axis shows, and on which scale.
func (c *cell) quantity() string { return fmt.Sprint(c.panel.YLabel, c.panel.LogY) }

// endsOf returns the ends of the vertical axes of some panels.
func endsOf(group []*cell) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, c := range group {
		low, high = min(low, c.plot.Y.Min), max(high, c.plot.Y.Max)
	}
	return low, high
}

// sharable reports whether one axis for all flattens no panel.
func sharable(group []*cell) bool {
	low, high := endsOf(group)
	for _, c := range group {
		scale := c.plot.Y.Scale
		if scale.Normalize(low, high, c.plot.Y.Max)-scale.Normalize(low, high, c.plot.Y.Min) < crowded {
			return false
		}
	}
	return true
}

// endAxis starts an axis of small positive values at 0, and ends a logarithmic one
// slightly beyond the values, where there may be a tick.
func endAxis(y *plot.Axis, log bool) {
	switch {
	case log:
		y.Min, y.Max = y.Min*0.9, y.Max*1.1
	case y.Min > 0 && y.Min < 0.5*y.Max:
		y.Min = 0
	}
}

// shareColumns leaves out the horizontal labels of panels above another with the same
// axis, and the axis's name if the panel below has it.
func shareColumns(rows [][]*cell) {
	for i := 0; i+1 < len(rows); i++ {
		for j, c := range rows[i] {
			below := rows[i+1][j]
			if c == nil || below == nil || c.plot.X.Label.Text != below.plot.X.Label.Text {
				continue
			}
			c.plot.X.Label.Text = ""
			if c.plot.X.Min == below.plot.X.Min && c.plot.X.Max == below.plot.X.Max && c.panel.LogX == below.panel.LogX {
				c.plot.X.Tick.Marker = unlabelled{linear{}}
			}
		}
	}
}
