package env_test

import (
	"math"
	"reflect"
	"testing"

	"gfnbench/gfn/env"
)

var declared = &env.Kind{
	Name: "declared",
	Params: []env.Param{
		{Name: "count", Type: env.Int, Default: 3, Min: 1, Max: 9, Doc: "a count"},
		{Name: "rate", Type: env.Float, Required: true, Min: 0, Max: 1, Doc: "a rate"},
		{Name: "strict", Type: env.Bool, Default: false},
		{Name: "mode", Type: env.String, Default: "fast", Choices: []string{"fast", "slow"}},
		{Name: "values", Type: env.Floats, Min: -1, Max: 1},
		{Name: "sizes", Type: env.Ints, Min: 1, Max: 5},
		{Name: "names", Type: env.Texts},
		{Name: "matrix", Type: env.Matrix},
		{Name: "data", Type: env.Path},
	},
}

func TestCompleteFillsIn(t *testing.T) {
	file := env.File{Name: "x.csv", Data: []byte("1,2")}
	got, errs := declared.Complete(env.Params{
		"rate": 1, "strict": true, "values": []float64{0, 1}, "sizes": []int{1, 5},
		"names": []string{"a"}, "matrix": [][]float64{{1, 2}}, "data": file,
	})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	f, ok := got.File("data")
	switch {
	case got.Int("count") != 3, got.Float("rate") != 1, !got.Bool("strict"), got.Text("mode") != "fast",
		!reflect.DeepEqual(got.Floats("values"), []float64{0, 1}),
		!reflect.DeepEqual(got.Ints("sizes"), []int{1, 5}),
		!reflect.DeepEqual(got.Texts("names"), []string{"a"}),
		!reflect.DeepEqual(got.Matrix("matrix"), [][]float64{{1, 2}}),
		!ok, f.Name != "x.csv":
		t.Errorf("%+v", got)
	}
	if got.Has("absent") || got.Floats("absent") != nil {
		t.Errorf("%+v has what nobody gave", got)
	}
}

func TestCompleteFindsEveryError(t *testing.T) {
	for name, p := range map[string]env.Params{
		"rate":   {},
		"count":  {"rate": 0.5, "count": 10},
		"cuont":  {"rate": 0.5, "cuont": 3},
		"strict": {"rate": 0.5, "strict": "yes"},
		"mode":   {"rate": 0.5, "mode": "slwo"},
		"values": {"rate": 0.5, "values": []float64{0, 1.5}},
		"sizes":  {"rate": 0.5, "sizes": []int{0}},
		"matrix": {"rate": 0.5, "matrix": [][]float64{{math.NaN()}}},
	} {
		_, errs := declared.Complete(p)
		if len(errs) != 1 || errs[0].(*env.ParamError).Param != name || errs[0].Error() == "" {
			t.Errorf("%v: %v, expected one error on %q", p, errs, name)
		}
	}
	_, errs := declared.Complete(env.Params{"count": 0, "mode": 3, "x": 1})
	if len(errs) != 4 {
		t.Errorf("%v, expected four", errs)
	}
}
