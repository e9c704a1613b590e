package objective

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/param"
)

// drawBatch draws a batch of n trajectories with transitions.
func drawBatch(t *rapid.T, least int) *Batch {
	n := rapid.IntRange(least, 9).Draw(t, "n")
	value := rapid.Float64Range(-6, 3)
	b := &Batch{LogZ: value.Draw(t, "log Z"), Shift: value.Draw(t, "shift"), Start: []int32{0}}
	for range n {
		steps := rapid.IntRange(1, 6).Draw(t, "steps")
		lf, lb := 0.0, 0.0
		for range steps {
			f, p := value.Draw(t, "forward"), value.Draw(t, "backward")
			b.StepLogPF = append(b.StepLogPF, f)
			b.StepLogPB = append(b.StepLogPB, p)
			b.LogF = append(b.LogF, value.Draw(t, "flow"))
			lf, lb = lf+f, lb+p
		}
		b.LogPF = append(b.LogPF, lf)
		b.LogPB = append(b.LogPB, lb)
		b.LogR = append(b.LogR, value.Draw(t, "reward"))
		b.Start = append(b.Start, int32(len(b.StepLogPF)))
	}
	return b
}

func coefficients(t fataler, s Spec, b *Batch) *Coefficients {
	k, o := mustMake(t, s)
	c := &Coefficients{}
	c.Fit(k, o, b, true)
	o.Coefficients(b, c)
	return c
}

// near reports whether a and factor·b agree to relative precision tol of the largest.
func near(a, b []float64, factor, tol float64) bool {
	size := 1e-300
	for _, x := range a {
		size = max(size, math.Abs(x))
	}
	for i := range a {
		if math.Abs(a[i]-factor*b[i]) > tol*size {
			return false
		}
	}
	return len(a) == len(b)
}

// VarGrad is twice reverse KL with loo, and batch-mean is (N-1)/N times loo, on every
// batch.
func TestEquivalentBaselines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBatch(t, 2)
		n := float64(len(b.LogPF))
		loo := coefficients(t, Spec{Name: "reverse-kl", ControlVariate: LeaveOneOut}, b)
		if v := coefficients(t, Spec{Name: "vargrad"}, b); !near(v.LogPF, loo.LogPF, 2, 1e-12) {
			t.Errorf("vargrad %v, reverse-kl + loo %v", v.LogPF, loo.LogPF)
		}
		for _, s := range []Spec{{Name: "reverse-kl"}, {Name: "forward-kl"}, {Name: "tsallis", Params: order(-0.5)}, {Name: "renyi", Params: order(0.25)}} {
			s.ControlVariate = LeaveOneOut
			loo := coefficients(t, s, b)
			s.ControlVariate = BatchMean
			if m := coefficients(t, s, b); !near(m.LogPF, loo.LogPF, (n-1)/n, 1e-12) {
				t.Errorf("%s: batch-mean %v, loo %v", s.Name, m.LogPF, loo.LogPF)
			}
			if s.Name == "reverse-kl" || s.Name == "forward-kl" {
				s.ControlVariate = Paper
				if p := coefficients(t, s, b); !near(p.LogPF, loo.LogPF, 1, 0) {
					t.Errorf("%s: paper %v, loo %v", s.Name, p.LogPF, loo.LogPF)
				}
			}
		}
	})
}

// With log Z at the minimiser for the batch, log mean(e^{-ac})/a, linex(a) equals
// renyi(1-a) with batch-mean.
func TestLinexIsRenyi(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBatch(t, 1)
		a := rapid.SampledFrom([]float64{-1, 0.5, 1.5, 2}).Draw(t, "a")
		top := math.Inf(-1)
		for i := range b.LogPF {
			top = max(top, -a*b.residual(i))
		}
		sum := 0.0
		for i := range b.LogPF {
			sum += math.Exp(-a*b.residual(i) - top)
		}
		b.LogZ = (top + math.Log(sum/float64(len(b.LogPF)))) / a
		linex := coefficients(t, Spec{Name: "linex", Params: param.Values{"a": param.OfFloat(a)}}, b)
		renyi := coefficients(t, Spec{Name: "renyi", Params: order(1 - a), ControlVariate: BatchMean}, b)
		size := 0.0
		for _, k := range linex.LogPF {
			size += math.Abs(k)
		}
		for i, k := range linex.LogPF {
			if math.Abs(k-renyi.LogPF[i]) > 1e-12*(size+1) {
				t.Errorf("linex(%v) %v, renyi(%v) %v", a, linex.LogPF, 1-a, renyi.LogPF)
				return
			}
		}
		if math.Abs(linex.LogZ) > 1e-12*(size+1) {
			t.Errorf("log Z is not the minimiser: derivative %v", linex.LogZ)
		}
	})
}

// A constant shift multiplies all coefficients by one constant. Scaling the reward does
// not affect renyi or the baselines of reverse-kl.
func TestShiftInvariance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBatch(t, 2)
		by := rapid.Float64Range(-3, 3).Draw(t, "by")
		cv := rapid.SampledFrom([]string{None, LeaveOneOut, BatchMean}).Draw(t, "cv")
		moved := *b
		moved.Shift += by
		for _, s := range []Spec{{Name: "forward-kl"}, {Name: "tsallis", Params: order(-1)}, {Name: "tsallis", Params: order(3)}} {
			factor := math.Exp(by)
			if s.Name == "tsallis" {
				factor = math.Exp((1 - s.Params["alpha"].Float()) * by)
			}
			s.ControlVariate = cv
			x, y := coefficients(t, s, b), coefficients(t, s, &moved)
			if !near(x.LogPF, y.LogPF, factor, 1e-9) {
				t.Errorf("%s: %v and, shifted by %v, %v", s.Name, x.LogPF, by, y.LogPF)
			}
		}
		moved.LogR = make([]float64, len(b.LogR))
		for i, r := range b.LogR {
			moved.LogR[i] = r + by
		}
		for _, s := range []Spec{{Name: "renyi", Params: order(0.5), ControlVariate: cv}, {Name: "reverse-kl", ControlVariate: LeaveOneOut}, {Name: "vargrad"}} {
			x, y := coefficients(t, s, b), coefficients(t, s, &moved)
			if !near(x.LogPF, y.LogPF, 1, 1e-9) {
				t.Errorf("%s: %v and, with the reward scaled, %v", s.Name, x.LogPF, y.LogPF)
			}
		}
	})
}

// Permuting the batch permutes the coefficients.
func TestPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBatch(t, 2)
		n := len(b.LogPF)
		order := rapid.Permutation(indices(n)).Draw(t, "order")
		p := &Batch{LogZ: b.LogZ, Shift: b.Shift, Start: []int32{0}}
		for _, i := range order {
			p.LogPF, p.LogPB, p.LogR = append(p.LogPF, b.LogPF[i]), append(p.LogPB, b.LogPB[i]), append(p.LogR, b.LogR[i])
			from, to := b.Start[i], b.Start[i+1]
			p.StepLogPF = append(p.StepLogPF, b.StepLogPF[from:to]...)
			p.StepLogPB = append(p.StepLogPB, b.StepLogPB[from:to]...)
			p.LogF = append(p.LogF, b.LogF[from:to]...)
			p.Start = append(p.Start, int32(len(p.LogF)))
		}
		for _, s := range everySpec() {
			x, y := coefficients(t, s, b), coefficients(t, s, p)
			permuted := func(v []float64) []float64 {
				out := make([]float64, len(v))
				for to, from := range order {
					if len(v) == n {
						out[to] = v[from]
					}
				}
				return out
			}
			steps := func(v []float64) (out []float64) {
				for _, i := range order {
					if len(v) > 0 {
						out = append(out, v[b.Start[i]:b.Start[i+1]]...)
					}
				}
				return out
			}
			ok := near(y.LogPF, permuted(x.LogPF), 1, 1e-9) && near(y.LogPB, permuted(x.LogPB), 1, 1e-9) &&
				near(y.Second, permuted(x.Second), 1, 1e-9) && near(y.StepLogPF, steps(x.StepLogPF), 1, 1e-9) &&
				near(y.StepLogPB, steps(x.StepLogPB), 1, 1e-9) && near(y.LogF, steps(x.LogF), 1, 1e-9)
			if !ok {
				t.Errorf("%+v: %+v and, permuted by %v, %+v", s, x, order, y)
			}
		}
	})
}

func indices(n int) []int {
	x := make([]int, n)
	for i := range x {
		x[i] = i
	}
	return x
}

// everySpec returns every objective with every control variate.
func everySpec() []Spec {
	var specs []Spec
	for _, k := range Kinds {
		s := Spec{Name: k.Name}
		if param.Find(k.Params, "alpha") != nil {
			s.Params = order(0.5)
		}
		if len(k.ControlVariates) == 0 {
			specs = append(specs, s)
		}
		for _, s.ControlVariate = range k.ControlVariates {
			specs = append(specs, s)
		}
	}
	return specs
}
