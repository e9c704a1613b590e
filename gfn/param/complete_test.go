package param

import (
	"math"
	"reflect"
	"testing"
)

var declared = []Param{
	{Name: "count", Type: Int, Default: Of(3), Range: Between(1, 9), Doc: "a count"},
	{Name: "rate", Type: Float, Required: true, Range: Between(0, 1), Doc: "a rate"},
	{Name: "strict", Type: Bool, Default: Of(false)},
	{Name: "mode", Type: String, Default: Of("fast"), Choices: []string{"fast", "slow"}},
	{Name: "values", Type: Floats, Range: Between(-1, 1)},
	{Name: "sizes", Type: Ints, Range: Between(1, 5)},
	{Name: "names", Type: Strings},
	{Name: "matrix", Type: Matrix},
	{Name: "data", Type: Path},
}

func TestCompleteFillsIn(t *testing.T) {
	file := File{Name: "x.csv", Data: "1,2"}
	got, errs := Complete("owner", declared, Values{
		"rate": Of(1), "strict": Of(true), "values": Of([]float64{0, 1}), "sizes": Of([]int{1, 5}),
		"names": Of([]string{"a"}), "matrix": Of([][]float64{{1, 2}}), "data": Of(file),
	})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	f, ok := got.File("data")
	switch {
	case got.Int("count") != 3, got.Float("rate") != 1, !got.Bool("strict"), got.Text("mode") != "fast",
		!reflect.DeepEqual(got.Floats("values"), []float64{0, 1}),
		!reflect.DeepEqual(got.Ints("sizes"), []int{1, 5}),
		!reflect.DeepEqual(got.Strings("names"), []string{"a"}),
		!reflect.DeepEqual(got.Matrix("matrix"), [][]float64{{1, 2}}),
		!ok, f != file:
		t.Errorf("%+v", got)
	}
	if got.Has("absent") || got.Floats("absent") != nil {
		t.Errorf("%+v has what nobody gave", got)
	}
}

func TestCompleteFindsEveryError(t *testing.T) {
	half := Of(0.5)
	for name, v := range map[string]Values{
		"rate":   {},
		"count":  {"rate": half, "count": Of(10)},
		"cuont":  {"rate": half, "cuont": Of(3)},
		"strict": {"rate": half, "strict": Of("yes")},
		"mode":   {"rate": half, "mode": Of("slwo")},
		"values": {"rate": half, "values": Of([]float64{0, 1.5})},
		"sizes":  {"rate": half, "sizes": Of([]int{0})},
		"matrix": {"rate": half, "matrix": Of([][]float64{{math.NaN()}})},
	} {
		_, errs := Complete("owner", declared, v)
		if len(errs) != 1 || errs[0].(*Error).Param != name || errs[0].Error() == "" {
			t.Errorf("%v: %v, expected one error on %q", v, errs, name)
		}
	}
	_, errs := Complete("owner", declared, Values{"count": Of(0), "mode": Of(3), "x": Of(1)})
	if len(errs) != 4 {
		t.Errorf("%v, expected four", errs)
	}
}
