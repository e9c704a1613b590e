package suites

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/samplemv"

	"gfnbench/gfn/fmath"
	"gfnbench/gfn/param"
	"gfnbench/suites/document"
	"gfnbench/usage"
)

// A draw is the distribution of one key of a [[sample]]: a map from [0, 1) to
// its values.
type draw struct {
	axis  *gridAxis
	value func(u float64) param.Value
	at    *document.Node
}

// distributions are the ways in which a key can be drawn.
var distributions = []string{"uniform", "log_uniform", "integer", "choice"}

func (r *reader) readSample(g *grid, n *document.Node) {
	own := &document.Node{Source: n.Source, Parent: n.Parent, Index: n.Index, KeyAt: n.KeyAt, At: n.At, Kind: document.Table}
	rest := *own
	for _, f := range n.Fields {
		if keyOf(sampleSection.Keys, f.Key) != nil {
			own.Fields = append(own.Fields, f)
		} else {
			rest.Fields = append(rest.Fields, f)
		}
	}
	v := r.section(sampleSection, own, nil)
	var draws []draw
	r.readAxes(g, &rest, func(k *Key, f *document.Node) {
		if d, ok := r.distribution(k, f); ok {
			draws = append(draws, d)
		}
	})
	g.points = v.int("count")
	if len(draws) == 0 {
		r.at(n, "[[sample]] draws nothing: give a key a distribution, such as \"optimizer.lr\" = { log_uniform = [1e-4, 1e-1] }")
	}
	if len(draws) == 0 || g.points < 1 {
		return
	}
	slices.SortFunc(draws, func(a, b draw) int { return strings.Compare(a.axis.key.Name, b.axis.key.Name) })
	points := unitPoints(v.text("method"), g.points, len(draws), v.int("seed"))
	for j, d := range draws {
		for i := range g.points {
			d.axis.values = append(d.axis.values, newSetting(d.axis.key, d.value(points.At(i, j)), d.at))
		}
		d.axis.used = make([]bool, g.points)
		g.axes = append(g.axes, d.axis)
		r.checkDraws(d)
	}
	r.orderAxes(g)
}

// unitPoints returns count points in the unit cube of that dimension.
func unitPoints(method string, count, dim, seed int) *mat.Dense {
	src := rand.NewPCG(uint64(seed), 0)
	points := mat.NewDense(count, dim, nil)
	unit := distmv.NewUnitUniform(dim, src)
	switch method {
	case "latin-hypercube":
		samplemv.LatinHypercube{Q: unit, Src: src}.Sample(points)
	case "halton":
		samplemv.Halton{Kind: samplemv.Owen, Q: unit, Src: src}.Sample(points)
	default:
		samplemv.IID{Dist: unit}.Sample(points)
	}
	return points
}

// distribution reads a table such as { log_uniform = [1e-4, 1e-1] }.
func (r *reader) distribution(k *Key, f *document.Node) (draw, bool) {
	if len(f.Fields) != 1 {
		r.at(f, "%s: expected one of { uniform = [low, high] }, { log_uniform = [low, high] }, { integer = [low, high] }, { choice = [...] }", k.Name)
		return draw{}, false
	}
	d := draw{axis: &gridAxis{key: k, at: f, drawn: true}, at: f.Fields[0]}
	kind := f.Fields[0].Key
	if kind == "choice" {
		if f.Fields[0].Kind != document.Array || len(f.Fields[0].Items) == 0 {
			r.at(f.Fields[0], "choice: expected a list of values")
			return d, false
		}
		list := r.axisValues(k, f.Fields[0])
		d.value = func(u float64) param.Value { return list[index(u, len(list))].value }
		return d, len(list) > 0
	}
	// The others map [0, 1) to an interval.
	b, ok := document.List(f.Fields[0], (*document.Node).Number)
	if ok = ok && len(b) == 2 && b[0] < b[1]; !ok || k.Type != param.Float && k.Type != param.Int {
		r.at(f.Fields[0], "%s of %s: expected two numbers, [low, high] with low < high, for a number", kind, k.Name)
		return d, false
	}
	low, high := b[0], b[1]
	switch {
	case kind == "uniform" && k.Type == param.Float:
		d.value = func(u float64) param.Value { return param.OfFloat(round(low + float64(u*(high-low)))) }
	case kind == "log_uniform" && low > 0:
		logLow, logHigh := fmath.Log(low), fmath.Log(high)
		d.value = func(u float64) param.Value {
			return numberLike(k, round(fmath.Exp(logLow+float64(u*(logHigh-logLow)))))
		}
	case kind == "log_uniform":
		r.at(f.Fields[0], "log_uniform of %s: expected bounds above 0", k.Name)
		return d, false
	case kind == "integer" && low == math.Floor(low) && high == math.Floor(high):
		d.value = func(u float64) param.Value { return numberLike(k, low+float64(index(u, int(high-low)+1))) }
	case kind == "integer" || kind == "uniform":
		r.at(f.Fields[0], "%s: %s does not fit its type, %s", kind, k.Name, k.Kind())
		return d, false
	default:
		r.atKey(f.Fields[0], "unknown distribution %q: expected one of %s%s", kind, strings.Join(distributions, ", "), usage.DidYouMean(kind, distributions))
		return d, false
	}
	return d, true
}

// index returns the index into a list of n that u in [0, 1) chooses.
func index(u float64, n int) int { return min(int(u*float64(n)), n-1) }

// round keeps six significant digits, so a drawn value is easy to read and
// write down.
func round(x float64) float64 {
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64) // it was just formatted
	return x
}

// numberLike returns x, as an integer if the key is an integer key.
func numberLike(k *Key, x float64) param.Value {
	if k.Type == param.Int {
		return param.Of(int(math.Round(x)))
	}
	return param.OfFloat(x)
}

// checkDraws checks the drawn values against the key's range.
func (r *reader) checkDraws(d draw) {
	for _, s := range d.axis.values {
		if x, ok := s.value.Number(); ok && !d.axis.key.Range.Contains(x) {
			r.at(d.at, "%s: a drawn value is %v, expected %s", d.axis.key.Name, x, d.axis.key.expects(d.axis.key.Range.Near(x)))
			return
		}
	}
}
