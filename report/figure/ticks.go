package figure

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// A room reports whether the labels of an axis fit on it; nil accepts any.
type room func(labels []string) bool

func (r room) fits(ticks []plot.Tick) bool {
	if r == nil {
		return true
	}
	var labels []string
	for _, t := range ticks {
		if t.Label != "" {
			labels = append(labels, t.Label)
		}
	}
	return len(labels) <= 2 || r(labels)
}

// decades places the ticks of a logarithmic axis at powers of ten, with multiples of them
// if there would be fewer than three labels. Within part of a decade it places them as on
// a linear axis.
type decades struct{ room room }

// Ticks implements plot.Ticker.
func (d decades) Ticks(low, high float64) []plot.Tick {
	if !(low > 0) || math.IsInf(high, 0) {
		return nil
	}
	const fewest, most = 3, 7
	ticks, labels := decadesOf(low, high, 1, 1, 2, 5)
	if labels < fewest {
		return linear(d).Ticks(low, high)
	}
	if labels <= most && d.room.fits(ticks) {
		return ticks
	}
	if ticks, labels = decadesOf(low, high, 1, 1, 3); labels <= most && d.room.fits(ticks) {
		return ticks
	}
	for every := max(1, int(math.Log10(high)-math.Log10(low))/6); ; every++ {
		if ticks, labels = decadesOf(low, high, every, 1); labels <= 2 || d.room.fits(ticks) {
			return ticks
		}
	}
}

// manyDecades is the number of decades between labels above which those between have no ticks.
const manyDecades = 10

// decadesOf labels the given multiples at every n-th power of ten, with n = every, and
// counts the labels.
func decadesOf(low, high float64, every int, labelled ...float64) (ticks []plot.Tick, labels int) {
	first, last := int(math.Floor(math.Log10(low))), int(math.Ceil(math.Log10(high)))
	for e := first; e <= last; e++ {
		for m := 1.0; m < 10; m++ {
			x := m * math.Pow10(e)
			if x < low || x > high || every > 1 && m > 1 || every > manyDecades && e%every != 0 {
				continue
			}
			t := plot.Tick{Value: x}
			if slices.Contains(labelled, m) && e%every == 0 {
				t.Label = short(x)
				labels++
			}
			ticks = append(ticks, t)
		}
	}
	return oneNotation(ticks), labels
}

// oneNotation writes all labels but 1 as powers of ten, if one of them is.
func oneNotation(ticks []plot.Tick) []plot.Tick {
	if !slices.ContainsFunc(ticks, func(t plot.Tick) bool { return strings.Contains(t.Label, "e") }) {
		return ticks
	}
	for i, t := range ticks {
		if t.Label != "" && t.Value != 1 {
			ticks[i].Label = power(t.Value)
		}
	}
	return ticks
}

// linear places the ticks of a linear axis: multiples of 1, 2 or 5 times a power
// of ten, about five of them with labels.
type linear struct{ room room }

// Ticks implements plot.Ticker.
func (l linear) Ticks(low, high float64) []plot.Tick {
	span := high - low
	if !(span > 0) || math.IsInf(span, 0) {
		return []plot.Tick{{Value: low, Label: short(low)}}
	}
	steps := stepsFrom(span)
	for i := 0; ; i++ {
		if ticks := multiples(steps(i), low, high); l.room.fits(ticks) {
			return ticks
		}
	}
}

// stepsFrom returns ever larger steps between ticks. The first is the largest with four
// or more in the span.
func stepsFrom(span float64) func(i int) float64 {
	power, first := int(math.Floor(math.Log10(span/4))), 0
	for i, m := range []float64{1, 2, 5} {
		if span/(m*math.Pow10(power)) >= 4-1e-9 {
			first = i
		}
	}
	return func(i int) float64 {
		i += first
		return []float64{1, 2, 5}[i%3] * math.Pow10(power+i/3)
	}
}

// multiples returns ticks with labels at multiples of a step, and others halfway.
func multiples(step, low, high float64) (ticks []plot.Tick) {
	for k := math.Floor(low/step - 1e-9); k*step <= high+1e-9*step; k++ {
		x := k * step
		if x == 0 {
			x = 0 // not -0
		}
		if x >= low-1e-9*step {
			ticks = append(ticks, plot.Tick{Value: min(max(x, low), high), Label: short(x)}) // gonum leaves no room for one beyond the end
		}
		if middle := x + step/2; middle >= low && middle <= high {
			ticks = append(ticks, plot.Tick{Value: middle})
		}
	}
	return ticks
}

// short returns a number as tick labels show it: 0.01, 500, 1e6.
func short(x float64) string {
	if a := math.Abs(x); a != 0 && (a < 1e-3 || a >= 1e5) {
		return power(x)
	}
	return strings.ReplaceAll(strconv.FormatFloat(x, 'g', 6, 64), "-", "−")
}

// power returns a number with a power of ten: 1e−4.
func power(x float64) string {
	if rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64); err == nil {
		x = rounded
	}
	return strings.NewReplacer("e+0", "e", "e-0", "e−", "e+", "e", "-", "−").Replace(strconv.FormatFloat(x, 'e', -1, 64))
}

// doublings returns ticks at the panel's points, for batch sizes, with as many labels as
// there is room for.
type doublings struct {
	panel *Panel
	room  room
}

// Ticks implements plot.Ticker.
func (d doublings) Ticks(low, high float64) (ticks []plot.Tick) {
	var at []float64
	for _, s := range d.panel.Series {
		at = append(at, s.X...)
	}
	slices.Sort(at)
	at = slices.Compact(at)
	for every := 1; every <= len(at); every++ {
		ticks = nil
		for i, x := range at {
			t := plot.Tick{Value: x}
			if i%every == 0 {
				t.Label = short(x)
			}
			ticks = append(ticks, t)
		}
		if d.room.fits(ticks) {
			break
		}
	}
	return ticks
}

// unlabelled has the ticks of another Ticker without labels, which the panel beside or
// below shows.
type unlabelled struct{ plot.Ticker }

// Ticks implements plot.Ticker.
func (u unlabelled) Ticks(low, high float64) []plot.Tick {
	ticks := u.Ticker.Ticks(low, high)
	for i := range ticks {
		ticks[i].Label = ""
	}
	return ticks
}

// sparse leaves out labels of a logarithmic horizontal axis that would touch the one before.
// The linear one checks the sum of their widths alone.
type sparse struct {
	plot.Ticker
	plot *plot.Plot
	room room
}

// Ticks implements plot.Ticker.
func (a sparse) Ticks(low, high float64) []plot.Tick {
	ticks := a.Ticker.Ticks(low, high)
	const most = 200 // digits on any axis
	last := math.Inf(-1)
	for i := range ticks {
		t := &ticks[i]
		if t.Label == "" {
			continue
		}
		at := a.plot.X.Scale.Normalize(low, high, t.Value)
		half := (float64(len([]rune(t.Label))) + 1) / 2 // with a space
		if a.room != nil {
			half /= float64(a.digits(most))
		} else {
			half /= most
		}
		if at-half < last {
			t.Label = ""
			continue
		}
		last = at + half
	}
	return ticks
}

// digits returns how many digits the axis has room for, at most so many.
func (a sparse) digits(most int) int {
	n := 4
	for n < most && a.room([]string{strings.Repeat("0", n+1)}) {
		n++
	}
	return n
}
