package results

import (
	"fmt"
	"math"
	"time"

	"pgregory.net/rapid"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
)

// Generators of arbitrary valid runs, for property tests.

var anyFloat = rapid.OneOf(
	rapid.Float64(),
	rapid.SampledFrom([]float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), math.SmallestNonzeroFloat64, math.MaxFloat64, 0.1}),
)

var anyText = rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "loo", "64x64", "π‖q", "日本語 🎲", "a|b\n\"c\"", "128"}))

var paramKinds = map[string][]param.Type{
	"optimizer.lr": {param.Float, param.Int}, "batch": {param.Int}, "policy.hidden": {param.String}, "importance": {param.Bool},
	"optimizer.log_z_init": {param.String, param.Float, param.Int}, "params.größe": {param.Int, param.Float},
}

var paramNames = []string{"steps", "optimizer.lr", "batch", "policy.hidden", "importance", "optimizer.log_z_init", "params.größe"}

func anyValue(t *rapid.T, kinds []param.Type) param.Value {
	switch rapid.SampledFrom(append([]param.Type{param.Null}, kinds...)).Draw(t, "kind") {
	case param.Bool:
		return param.Of(rapid.Bool().Draw(t, "bool"))
	case param.Int:
		return param.Of(rapid.Int64Range(-maxInt+1, maxInt-1).Draw(t, "int"))
	case param.Float:
		return param.Of(anyFloat.Draw(t, "float"))
	case param.String:
		return param.Of(anyText.Draw(t, "text"))
	}
	return param.Value{}
}

// anyParams draws some of the named parameters, with numbers that are not null.
func anyParams(t *rapid.T, names ...string) (params []Param) {
	for _, name := range names {
		if rapid.Bool().Draw(t, name) {
			params = append(params, Param{name, param.Of(anyFloat.Draw(t, "x"))})
		}
	}
	return params
}

func anyOptionalText(t *rapid.T) param.Value {
	if rapid.Bool().Draw(t, "null") {
		return param.Value{}
	}
	return param.Of(anyText.Draw(t, "s"))
}

func anyValues(t *rapid.T) (v Values) {
	for m := range metric.NumEvaluated {
		switch n := rapid.IntRange(0, 3).Draw(t, m.String()); {
		case n == 0:
		case m.Info().Integer:
			v.Set(m, float64(rapid.Int64Range(0, maxInt-1).Draw(t, "count")))
		case n == 1 && m.Info().Estimable:
			v.SetEstimate(m, anyFloat.Draw(t, "value"), anyFloat.Draw(t, "stderr"))
		default:
			v.Set(m, anyFloat.Draw(t, "value"))
		}
	}
	return v
}

func anyRun(t *rapid.T, id int) Run {
	r := Run{
		Cell: Cell{
			ID:          fmt.Sprintf("%016x", id),
			Environment: "e" + anyText.Draw(t, "environment"), Objective: "o" + anyText.Draw(t, "objective"),
			Params:         anyParams(t, "alpha", "a", "lambda"),
			ControlVariate: anyOptionalText(t), Seed: rapid.Int64Range(0, 9).Draw(t, "seed"),
		},
		Status:  rapid.SampledFrom(Statuses()).Draw(t, "status"),
		Step:    rapid.Int64Range(0, 1000).Draw(t, "step"),
		Message: anyText.Draw(t, "message"),
		Timing: Timing{
			Host: anyText.Draw(t, "host"), Attempt: rapid.Int64Range(1, 3).Draw(t, "attempt"),
			Start: time.UnixMicro(rapid.Int64Range(1, 1<<51).Draw(t, "start")).UTC(),
			Wall:  anyFloat.Draw(t, "wall"), Rate: anyFloat.Draw(t, "rate"), Stack: anyText.Draw(t, "stack"),
		},
	}
	for _, name := range paramNames {
		if kinds, ok := paramKinds[name]; ok && rapid.Bool().Draw(t, name) {
			r.Params = append(r.Params, Param{name, anyValue(t, kinds)})
		}
	}
	step := int64(0)
	for range rapid.IntRange(0, 4).Draw(t, "points") {
		r.Curve = append(r.Curve, Point{step, anyValues(t)})
		step += rapid.Int64Range(1, 9).Draw(t, "gap")
	}
	for range rapid.IntRange(0, 2).Draw(t, "variance") {
		r.Variance = append(r.Variance, VarianceRow{
			Step: 7, Objective: anyText.Draw(t, "o"), Params: anyParams(t, "alpha", "delta", "ε"), ControlVariate: anyOptionalText(t),
			Batch: 32, Replicates: 10, TraceCov: anyFloat.Draw(t, "tr"), TraceCovStdErr: anyFloat.Draw(t, "se"),
			GradNormSq: anyFloat.Draw(t, "g"), Cosine: anyFloat.Draw(t, "c"), CosineStdErr: math.NaN(),
			ReferenceBatch: rapid.Int64Range(0, 100).Draw(t, "ref"), Exact: rapid.Bool().Draw(t, "exact"),
		})
	}
	return r
}

func anyRuns(t *rapid.T) []Run {
	runs := make([]Run, rapid.IntRange(0, 5).Draw(t, "runs"))
	for i := range runs {
		runs[i] = anyRun(t, i)
	}
	return runs
}

func anyInstances(t *rapid.T) (all []Instance) {
	for i := range rapid.IntRange(0, 2).Draw(t, "instances") {
		in := Instance{ID: fmt.Sprint("sets", i), Environment: anyText.Draw(t, "environment")}
		for k := range rapid.IntRange(1, 3).Draw(t, "fields") {
			f := Field{Name: fmt.Sprint("f", k)}
			if rapid.Bool().Draw(t, "texts") {
				f.Texts = rapid.SliceOfN(anyText, 1, 3).Draw(t, "texts")
			} else {
				f.Numbers = rapid.SliceOfN(anyFloat, 1, 3).Draw(t, "numbers")
			}
			in.Fields = append(in.Fields, f)
		}
		all = append(all, in)
	}
	return all
}

// sampleRun returns an ordinary finished run.
func sampleRun(id, points int) Run {
	r := Run{
		Cell: Cell{
			ID: fmt.Sprintf("%016x", id), Environment: "sets", Objective: "renyi", ControlVariate: param.Of("loo"), Seed: int64(id % 10),
			Params: []Param{{"alpha", param.Of(0.5)}, {"steps", param.Of(1000)}, {"optimizer.lr", param.Of(1e-3)}, {"policy.hidden", param.Of("64x64")}},
		},
		Status: Done, Step: int64(10 * (points - 1)),
		Timing: Timing{Host: "node1", Attempt: 1, Wall: 1.5, Rate: 1e5, SIMD: "avx512",
			Start: time.UnixMicro(1700000000000000 + int64(id)).UTC(), End: time.UnixMicro(1700000001500000 + int64(id)).UTC()},
	}
	x := uint64(id)*0x9e3779b97f4a7c15 + 1
	for i := range points {
		p := Point{Step: int64(10 * i)}
		for m := range metric.NumEvaluated {
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
			switch y := float64(x>>11) / (1 << 53); {
			case m == metric.JSD || m == metric.FCS:
			case m == metric.L1:
				p.SetEstimate(m, y, y/10)
			case m.Info().Integer:
				p.Set(m, math.Floor(1000*y))
			default:
				p.Set(m, y)
			}
		}
		r.Curve = append(r.Curve, p)
	}
	return r
}
