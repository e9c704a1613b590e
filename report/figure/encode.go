package figure

import (
	"cmp"
	"image/color"
	"slices"
	"strconv"
)

// Styles returns the styles of a figure's series, by label. The colour shows the first of
// the columns that distinguish lines, the dashes the second, the marker the third.
// Without a second or third column, dashes and markers repeat the first, for print in
// grey. No two series share a style as long as there are enough styles.
func Styles(f *Figure) map[string]Style {
	columns := f.factors()
	styles := make(map[string]Style)
	taken := make(map[string]bool)
	for i, label := range f.Labels {
		style := styleOf(columns, i)
		for j := 0; taken[style.print()] && j < len(markers)*len(dashes); j++ {
			style.Marker, style.Dashes = markers[j%len(markers)], dashes[j/len(markers)]
		}
		taken[style.print()] = true
		styles[label] = style
	}
	return styles
}

// A factor is a column that distinguishes lines.
type factor struct {
	name    string
	levels  []string // its values, numbers in order of size
	at      []int    // level of each line of the figure, 0 if it has none
	numeric bool     // whether its values are numbers
}

// factors returns the columns that distinguish the figure's lines: each splits lines that
// those before it do not. For lines without columns it returns their label as the only one.
func (f *Figure) factors() (list []factor) {
	keys := make(map[string][]string)
	for _, p := range f.Panels {
		for _, s := range p.Series {
			if len(s.Keys) == len(f.Columns) {
				keys[s.Label] = s.Keys
			}
		}
	}
	apart := make([]string, len(f.Labels)) // values so far
	for i, column := range f.Columns {
		values, further := make([]string, len(f.Labels)), make([]string, len(f.Labels))
		for j, label := range f.Labels {
			if k := keys[label]; k != nil {
				values[j] = k[i]
			}
			further[j] = apart[j] + "\x00" + values[j]
		}
		if distinct(further) > distinct(apart) || len(f.Labels) == 1 {
			list, apart = append(list, newFactor(column, values)), further
		}
	}
	if list == nil {
		list = []factor{newFactor("", f.Labels)}
	}
	return list
}

func distinct(values []string) int {
	return len(slices.Compact(slices.Sorted(slices.Values(values))))
}

// newFactor collects and orders the values of the lines.
func newFactor(name string, values []string) factor {
	f := factor{name: name, at: make([]int, len(values)), numeric: true}
	size := make(map[string]float64)
	for _, v := range values {
		if v == "" || slices.Contains(f.levels, v) {
			continue
		}
		x, err := strconv.ParseFloat(v, 64)
		f.numeric = f.numeric && err == nil
		f.levels, size[v] = append(f.levels, v), x
	}
	if f.numeric = f.numeric && len(f.levels) > 1; f.numeric {
		slices.SortStableFunc(f.levels, func(a, b string) int { return cmp.Compare(size[a], size[b]) })
	}
	for i, v := range values {
		f.at[i] = max(0, slices.Index(f.levels, v))
	}
	return f
}

// styleOf returns the style of a line by its index in the figure.
func styleOf(factors []factor, line int) Style {
	first := factors[0]
	level := first.at[line]
	style := Style{Color: first.colorOf(level), Dashes: dashes[level%len(dashes)], Marker: markers[level%len(markers)]}
	if known, ok := first.objective(level); ok {
		style = known
	}
	if len(factors) > 1 {
		style.Dashes = dashes[factors[1].at[line]%len(dashes)]
	}
	if len(factors) > 2 {
		style.Marker = markers[factors[2].at[line]%len(markers)]
	}
	return style
}

// objective returns the style of a level that is an objective.
func (f *factor) objective(level int) (style Style, ok bool) {
	if f.name == "objective" && level < len(f.levels) {
		style, ok = objectives[f.levels[level]]
	}
	return style, ok
}

// colorOf returns the colour of a level.
func (f *factor) colorOf(level int) color.NRGBA {
	if known, ok := f.objective(level); ok {
		return known.Color
	}
	if f.numeric {
		return blend(numbers, float64(level)/float64(len(f.levels)-1))
	}
	return categories[level%len(categories)]
}
