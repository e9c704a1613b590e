package objective

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/param"
)

// The coefficients of balance and regression losses are the loss's derivatives with
// respect to every log-probability, log flow and log Z, by central differences.
func TestLossDerivatives(t *testing.T) {
	specs := []Spec{
		{Name: "tb"}, {Name: "db"}, {Name: "vargrad"}, {Name: "shifted-cosh"},
		{Name: "subtb", Params: param.Values{"lambda": param.OfFloat(0.9)}}, {Name: "subtb", Params: param.Values{"lambda": param.OfFloat(1)}}, {Name: "subtb", Params: param.Values{"lambda": param.OfFloat(2)}},
		{Name: "linex", Params: param.Values{"a": param.OfFloat(1)}}, {Name: "linex", Params: param.Values{"a": param.OfFloat(0.5)}}, {Name: "linex", Params: param.Values{"a": param.OfFloat(-1)}},
	}
	rapid.Check(t, func(t *rapid.T) {
		b := drawBatch(t, 2)
		for i := range b.LogPF { // keep the exponentials at a moderate size
			b.LogPF[i], b.LogPB[i], b.LogR[i], b.LogZ = b.LogPF[i]/12, b.LogPB[i]/12, b.LogR[i]/12, b.LogZ/12
		}
		for _, s := range specs {
			c := coefficients(t, s, b)
			loss := func() float64 { return coefficients(t, s, b).Loss }
			compare := func(what string, x, got []float64) {
				if len(got) == 0 {
					return
				}
				want := difference(x, loss)
				for i := range want {
					if math.Abs(got[i]-want[i]) > 1e-7*(1+math.Abs(c.Loss)+math.Abs(want[i])) {
						t.Errorf("%+v: %s %d is %v, want %v", s, what, i, got[i], want[i])
					}
				}
			}
			compare("log p_F", b.LogPF, c.LogPF)
			compare("log p_B", b.LogPB, c.LogPB)
			compare("step log P_F", b.StepLogPF, c.StepLogPF)
			compare("step log P_B", b.StepLogPB, c.StepLogPB)
			compare("log F", b.LogF, c.LogF)

			// log Z is added to every log flow.
			level := []float64{0}
			flows, logZ := append([]float64(nil), b.LogF...), b.LogZ
			want := difference(level, func() float64 {
				b.LogZ = logZ + level[0]
				for i := range flows {
					b.LogF[i] = flows[i] + level[0]
				}
				return loss()
			})
			b.LogZ = logZ
			copy(b.LogF, flows)
			if s.Name != "vargrad" && math.Abs(c.LogZ-want[0]) > 1e-7*(1+math.Abs(c.Loss)+math.Abs(want[0])) {
				t.Errorf("%+v: log Z is %v, want %v", s, c.LogZ, want[0])
			}
		}
	})
}

// Compare the SubTB loss with its definition, summed over all pairs of states.
func TestSubTBDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBatch(t, 1)
		lambda := rapid.SampledFrom([]float64{0.3, 0.9, 1, 1.5}).Draw(t, "lambda")
		want := 0.0
		for n := range b.LogPF {
			first, end := int(b.Start[n]), int(b.Start[n+1])
			sum, weights := 0.0, 0.0
			for i := first; i < end; i++ {
				x := b.LogF[i]
				for j := i + 1; j <= end; j++ {
					x += b.StepLogPF[j-1] - b.StepLogPB[j-1]
					flow := b.LogR[n]
					if j < end {
						flow = b.LogF[j]
					}
					w := math.Pow(lambda, float64(j-i))
					sum += w * (x - flow) * (x - flow)
					weights += w
				}
			}
			want += sum / weights / float64(len(b.LogPF))
		}
		if got := coefficients(t, Spec{Name: "subtb", Params: param.Values{"lambda": param.OfFloat(lambda)}}, b).Loss; math.Abs(got-want) > 1e-12*(1+want) {
			t.Errorf("loss %v, want %v", got, want)
		}
	})
}

// At the optimum balance and regression losses are 0, and their coefficients and those of
// loo are 0 for every sample.
func TestZeroAtTheOptimum(t *testing.T) {
	for name, net := range environments() {
		logF := net.optimise()
		b := net.all()
		b.LogZ, b.Shift = net.logZ(), net.logZ()
		for _, path := range net.paths {
			for _, e := range path {
				b.LogF = append(b.LogF, logF[net.edges[e][0]])
			}
		}
		for _, s := range everySpec() {
			c := coefficients(t, s, b)
			zero := func(what string, v []float64) {
				for i, x := range v {
					if math.Abs(x) > 1e-13 {
						t.Errorf("%s %+v: %s %d is %v", name, s, what, i, x)
						return
					}
				}
			}
			loss := c.Loss
			switch s.Name {
			case "reverse-kl":
				loss += net.logZ()
			case "renyi":
				loss += net.logZ() / s.Params["alpha"].Float()
			}
			zero("loss", []float64{loss})
			if s.ControlVariate == None || s.ControlVariate == Paper && s.Name != "reverse-kl" && s.Name != "forward-kl" {
				continue // 0 in expectation only
			}
			zero("log p_F", c.LogPF)
			zero("step log P_F", c.StepLogPF)
			zero("step log P_B", c.StepLogPB)
			zero("log F", c.LogF)
			zero("log Z", []float64{c.LogZ})
			if s.Name != "reverse-kl" && s.Name != "renyi" && s.Name != "tsallis" {
				zero("log p_B", c.LogPB)
			}
		}
	}
}

// Divergences at special alphas: in Amari's scale a → 1 gives reverse KL and a → 0
// forward KL; at 1/2 Renyi is -4 log BC, and at 2 Tsallis is half of chi².
func TestAlphaLimits(t *testing.T) {
	for name, net := range environments() {
		exact := func(s Spec) *Coefficients {
			b := net.all()
			b.Shift = net.logZ()
			b.LogQ = make([]float64, len(b.LogPF))
			for i := range b.LogQ {
				b.LogQ[i] = -math.Log(float64(len(b.LogQ)))
			}
			return coefficients(t, s, b)
		}
		b, logZ := net.all(), net.logZ()
		bc, chi2 := 0.0, 0.0
		for n := range b.LogPF {
			f, target := math.Exp(b.LogPF[n]), math.Exp(b.LogPB[n]+b.LogR[n]-logZ)
			bc += math.Sqrt(f * target)
			chi2 += (f - target) * (f - target) / target
		}
		check := func(what string, got, want, tolerance float64) {
			if math.Abs(got-want) > tolerance {
				t.Errorf("%s: %s is %v, want %v", name, what, got, want)
			}
		}
		loss := func(s Spec) float64 { s.ControlVariate = None; return exact(s).Loss }
		reverse, forward := loss(Spec{Name: "reverse-kl"})+logZ, loss(Spec{Name: "forward-kl"})
		const h = 1e-6
		check("renyi at 1", loss(Spec{Name: "renyi", Params: order(1 + h)})+logZ, reverse, 1e-5)
		check("tsallis at 1", loss(Spec{Name: "tsallis", Params: order(1 + h)}), reverse, 1e-5)
		check("renyi at 0", loss(Spec{Name: "renyi", Params: order(h)})+logZ/h, forward, 1e-5)
		check("tsallis at 0", loss(Spec{Name: "tsallis", Params: order(h)}), forward, 1e-5)
		check("renyi at 1/2", loss(Spec{Name: "renyi", Params: order(0.5)})+2*logZ, -4*math.Log(bc), 1e-12)
		check("tsallis at 1/2", loss(Spec{Name: "tsallis", Params: order(0.5)}), 4*(1-bc), 1e-12)
		check("tsallis at 2", loss(Spec{Name: "tsallis", Params: order(2)}), chi2/2, 1e-12)

		// Coefficients, sample by sample.
		on := func(s Spec) []float64 { b.Shift = logZ; return coefficients(t, s, b).LogPF }
		for _, cv := range []string{LeaveOneOut, BatchMean} {
			reverse := on(Spec{Name: "reverse-kl", ControlVariate: cv})
			forward := on(Spec{Name: "forward-kl", ControlVariate: cv})
			for _, divergence := range []string{"renyi", "tsallis"} {
				closeTo(t, name+" at 1", on(Spec{Name: divergence, Params: order(1 + h), ControlVariate: cv}), reverse, 1, 2e-5)
			}
			closeTo(t, name+" at 0", on(Spec{Name: "tsallis", Params: order(h), ControlVariate: cv}), forward, 1, 2e-5)
		}
	}
}
