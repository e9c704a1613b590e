package objective

import (
	"math"
	"strings"
	"testing"

	"gfnbench/gfn/param"
)

// order returns the parameters with the given alpha.
func order(alpha float64) param.Values { return param.Values{"alpha": param.OfFloat(alpha)} }

func TestMakeRefuses(t *testing.T) {
	for _, test := range []struct {
		spec Spec
		want string
	}{
		{Spec{Name: "renyi", Params: order(1), ControlVariate: None}, "alpha: 1 is the objective reverse-kl"},
		{Spec{Name: "tsallis", Params: order(0), ControlVariate: None}, "alpha: 0 is the objective forward-kl"},
		{Spec{Name: "tsallis", Params: order(math.NaN()), ControlVariate: None}, "alpha: NaN is out of range"},
		{Spec{Name: "renyi", Params: order(math.Inf(1)), ControlVariate: None}, "alpha: +Inf is out of range"},
		{Spec{Name: "linex", Params: param.Values{"a": param.Of(0)}}, "a: 0 is the objective tb"},
		{Spec{Name: "subtb", Params: param.Values{"lambda": param.Of(0)}}, "lambda: 0 is out of range: expected above 0"}, {Spec{Name: "renyi", ControlVariate: None}, "renyi needs alpha"}, {Spec{Name: "tb", Params: order(0.5)}, "tb has no parameter"},
		{Spec{Name: "subtb", Params: param.Values{"lambda": param.OfFloat(-1)}}, "lambda: -1 is out of range"},
		{Spec{Name: "tb", ControlVariate: None}, "takes no control variate"},
		{Spec{Name: "reverse-kl"}, `"" is not a control variate`},
		{Spec{Name: "forward-kl", ControlVariate: "los"}, `"los" is not a control variate; use one of ["none" "loo" "paper" "batch-mean"]`},
	} {
		_, err := Lookup(test.spec.Name).Make(test.spec)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: error %v, want %q", test.spec, err, test.want)
		}
	}
	if Lookup("flow-matching") != nil {
		t.Error("Lookup finds what is not registered")
	}
}

// The declarations of kinds agree with what their objectives do.
func TestKinds(t *testing.T) {
	for _, s := range everySpec() {
		k, o := mustMake(t, s)
		paper := s.ControlVariate == Paper && param.Find(k.Params, "alpha") != nil
		if _, mixer := o.(Mixer); mixer != paper {
			t.Errorf("%+v: Mixer is %t", s, mixer)
		}
		if refused := k.RefuseBackward(s.ControlVariate) != ""; refused != paper {
			t.Errorf("%+v: a learned backward policy is refused: %t", s, refused)
		}
		// The smallest batch gives finite coefficients; one less gives others, is empty,
		// or trains nothing.
		n := k.MinBatch(s.ControlVariate)
		if got := finite(t, s, n); !got {
			t.Errorf("%+v: not finite at the smallest batch, %d", s, n)
		}
		if n == 2 && !paper && finite(t, s, 1) && !idle(t, s) {
			t.Errorf("%+v: finite at N = 1, and not 0", s)
		}
	}
}

// idle reports whether all coefficients of a batch of one trajectory are 0.
func idle(t *testing.T, s Spec) bool {
	c := coefficients(t, s, &Batch{LogPF: []float64{-1}, LogPB: []float64{0}, LogR: []float64{2}})
	return len(c.LogPF) == 1 && c.LogPF[0] == 0
}

func finite(t *testing.T, s Spec, n int) bool {
	b := &Batch{Start: []int32{0}}
	for i := range n {
		x := float64(i)
		b.LogPF, b.LogPB, b.LogR = append(b.LogPF, -1-x), append(b.LogPB, -x), append(b.LogR, 2*x)
		b.StepLogPF, b.StepLogPB = append(b.StepLogPF, -1-x), append(b.StepLogPB, -x)
		b.LogF, b.Start = append(b.LogF, x), append(b.Start, int32(i+1))
	}
	c := coefficients(t, s, b)
	sum := c.Loss + c.LogZ
	for _, v := range [][]float64{c.LogPF, c.LogPB, c.StepLogPF, c.StepLogPB, c.LogF, c.Second} {
		for _, x := range v {
			sum += x
		}
	}
	return !math.IsNaN(sum) && !math.IsInf(sum, 0)
}

// What overflows is recorded as infinite, not clipped.
func TestOverflowIsInfinite(t *testing.T) {
	b := &Batch{LogPF: []float64{-2000, -1}, LogPB: []float64{0, 0}, LogR: []float64{0, 0}}
	for _, s := range []Spec{{Name: "linex", Params: param.Values{"a": param.OfFloat(1)}}, {Name: "shifted-cosh"}, {Name: "forward-kl", ControlVariate: None}} {
		c := coefficients(t, s, b)
		if !math.IsInf(c.Loss, 1) || !math.IsInf(c.LogPF[0], -1) {
			t.Errorf("%s: loss %v, coefficients %v", s.Name, c.Loss, c.LogPF)
		}
	}
	// Renyi shifts each batch itself and stays finite.
	for _, alpha := range []float64{-5, 0.5, 5} {
		c := coefficients(t, Spec{Name: "renyi", Params: order(alpha), ControlVariate: LeaveOneOut}, b)
		if math.IsNaN(c.Loss) || math.IsInf(c.Loss, 0) || math.IsNaN(c.LogPF[0]) {
			t.Errorf("renyi(%v): loss %v, coefficients %v", alpha, c.Loss, c.LogPF)
		}
	}
}

// A reward of 0 adds nothing to the forward KL.
func TestZeroReward(t *testing.T) {
	b := &Batch{LogPF: []float64{-1, -1}, LogPB: []float64{0, 0}, LogR: []float64{math.Inf(-1), 0}}
	c := coefficients(t, Spec{Name: "forward-kl", ControlVariate: None}, b)
	if want := math.E / 2; math.Abs(c.Loss-want) > 1e-15 || c.LogPF[0] != 0 {
		t.Errorf("loss %v, want %v; coefficients %v", c.Loss, want, c.LogPF)
	}
}

func TestShift(t *testing.T) {
	logW := []float64{-3, math.Inf(-1), 2, math.NaN(), math.Inf(1)}
	for _, test := range []struct {
		spec Spec
		want float64
	}{
		{Spec{Name: "forward-kl"}, 2},
		{Spec{Name: "tsallis", Params: order(0.5)}, 2},
		{Spec{Name: "tsallis", Params: order(-5)}, 2},
		{Spec{Name: "tsallis", Params: order(5)}, -3},
	} {
		if got := Lookup(test.spec.Name).Shift(test.spec, logW); got != test.want {
			t.Errorf("%+v: shift %v, want %v", test.spec, got, test.want)
		}
	}
	if got := Lookup("tb").Shift(Spec{}, logW[1:2]); got != 0 {
		t.Errorf("shift of no finite value is %v", got)
	}
}

func TestNoAllocation(t *testing.T) {
	net := grid(3, 1)
	b := net.all()
	b.LogF = make([]float64, len(b.StepLogPF))
	b.LogQ = make([]float64, len(b.LogPF))
	for _, s := range everySpec() {
		k, o := mustMake(t, s)
		c := &Coefficients{}
		step := func() {
			c.Fit(k, o, b, true)
			o.Coefficients(b, c)
		}
		step()
		if n := testing.AllocsPerRun(10, step); n != 0 {
			t.Errorf("%+v: %v allocations", s, n)
		}
	}
}
