package figure

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
)

// decades are the ticks of a logarithmic axis: powers of ten, with multiples of
// them where there would be fewer than three labels; of a part of a decade those
// of a linear one.
type decades struct{}

// Ticks implements plot.Ticker.
func (decades) Ticks(low, high float64) []plot.Tick {
	if !(low > 0) || math.IsInf(high, 0) {
		return nil
	}
	const fewest, most = 3, 7
	if ticks, labels := decadesOf(low, high, 1, 2, 5); labels < fewest {
		return linear{}.Ticks(low, high)
	} else if labels <= most {
		return ticks
	}
	if ticks, labels := decadesOf(low, high, 1, 3); labels <= most {
		return ticks
	}
	ticks, _ := decadesOf(low, high, 1)
	return ticks
}

// decadesOf labels these multiples of powers of ten, and counts the labels.
func decadesOf(low, high float64, labelled ...float64) (ticks []plot.Tick, labels int) {
	first, last := int(math.Floor(math.Log10(low))), int(math.Ceil(math.Log10(high)))
	step := max(1, (last-first)/6)
	for e := first; e <= last; e++ {
		for m := 1.0; m < 10; m++ {
			x := m * math.Pow10(e)
			if x < low || x > high {
				continue
			}
			t := plot.Tick{Value: x}
			if slices.Contains(labelled, m) && (e-first)%step == 0 {
				t.Label = short(x)
				labels++
			}
			ticks = append(ticks, t)
		}
	}
	return ticks, labels
}

// linear are the ticks of a linear axis: multiples of 1, 2 or 5 times a power of
// ten, about five of them with labels.
type linear struct{}

// Ticks implements plot.Ticker.
func (linear) Ticks(low, high float64) []plot.Tick {
	span := high - low
	if !(span > 0) || math.IsInf(span, 0) {
		return []plot.Tick{{Value: low, Label: short(low)}}
	}
	step := math.Pow10(int(math.Floor(math.Log10(span / 4))))
	for _, m := range []float64{5, 2} {
		if span/(m*step) >= 4-1e-9 {
			step *= m
			break
		}
	}
	var ticks []plot.Tick
	for k := math.Ceil(low/step - 1e-9); k*step <= high+1e-9*step; k++ {
		x := k * step
		if x == 0 {
			x = 0 // not -0
		}
		ticks = append(ticks, plot.Tick{Value: x, Label: short(x)})
		if middle := x + step/2; middle < high {
			ticks = append(ticks, plot.Tick{Value: middle})
		}
	}
	return ticks
}

// short returns a number as a tick has it: 0.01, 500, 1e+06.
func short(x float64) string {
	if a := math.Abs(x); a == 0 || a >= 1e-3 && a < 1e5 {
		return strconv.FormatFloat(x, 'g', 6, 64)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

// doublings returns ticks at the panel's own places, for batch sizes.
func doublings(p *Panel) plot.Ticker {
	var at []float64
	for _, s := range p.Series {
		at = append(at, s.X...)
	}
	slices.Sort(at)
	var ticks []plot.Tick
	for _, x := range slices.Compact(at) {
		ticks = append(ticks, plot.Tick{Value: x, Label: short(x)})
	}
	return plot.ConstantTicks(ticks)
}
