package exact

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	"gfnbench/gfn/stream"
)

func random(n int, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 1))
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64() * 1.5
	}
	return x
}

// The mean over drawn subsets agrees with the mean over all subsets within its standard
// error, which matches their spread.
func TestFCSAgainstAllSubsets(t *testing.T) {
	const n, size, count = 10, 4, 20000
	p, r := random(n, 1), random(n, 2)
	mean, squares, subsets := 0.0, 0.0, 0.0
	for set := range uint(1) << n {
		if bits.OnesCount(set) != size {
			continue
		}
		var sp, sr float64
		for i := range n {
			if set>>i&1 != 0 {
				sp += math.Exp(p[i])
				sr += math.Exp(r[i])
			}
		}
		d := 0.0
		for i := range n {
			if set>>i&1 != 0 {
				d += math.Abs(math.Exp(p[i])/sp-math.Exp(r[i])/sr) / 2
			}
		}
		mean, squares, subsets = mean+d, squares+d*d, subsets+1
	}
	mean /= subsets
	sd := math.Sqrt(squares/subsets - mean*mean)
	var f FCS
	got := f.Evaluate(p, r, size, count, stream.NewKey("test").Stream("fcs", 0))
	if math.Abs(got.Mean-mean) > 4*sd/math.Sqrt(count) || math.Abs(got.StdErr*math.Sqrt(count)/sd-1) > 0.05 {
		t.Errorf("%+v, want %v with the standard error %v", got, mean, sd/math.Sqrt(count))
	}
	// Again, after another use of the same buffers.
	f.Evaluate(p, r, 7, 3, stream.NewKey("test").Stream("other", 0))
	if again := f.Evaluate(p, r, size, count, stream.NewKey("test").Stream("fcs", 0)); again != got {
		t.Errorf("%+v, and repeated %+v", got, again)
	}
}

// All terminal states form one subset: the result is the total variation itself.
func TestFCSOfAllIsTV(t *testing.T) {
	p, r := random(50, 3), random(50, 4)
	var sp, sr, tv float64
	for i := range p {
		sp += math.Exp(p[i])
		sr += math.Exp(r[i])
	}
	for i := range p {
		tv += math.Abs(math.Exp(p[i])/sp-math.Exp(r[i])/sr) / 2
	}
	var f FCS
	for _, size := range []int{50, 1000} {
		got := f.Evaluate(p, r, size, 9, stream.NewKey("test").Stream("fcs", 0))
		if math.Abs(got.Mean-tv) > 1e-14 || got.StdErr != 0 {
			t.Errorf("size %d: %+v, want %v", size, got, tv)
		}
	}
	// Equal distributions have 0, whatever the scale of the reward.
	for i := range r {
		r[i] = p[i] + 300
	}
	if got := f.Evaluate(p, r, 8, 5, stream.NewKey("test").Stream("fcs", 0)); got.Mean > 1e-13 {
		t.Errorf("%+v of equal distributions", got)
	}
	never := make([]float64, 50)
	for i := range never {
		never[i] = math.Inf(-1)
	}
	if got := f.Evaluate(never, r, 8, 5, stream.NewKey("test").Stream("fcs", 0)); got != (Estimate{1, 0}) {
		t.Errorf("%+v of a policy that goes elsewhere", got)
	}
}

// Type 7 quantiles by R 4.3: quantile(r, q), type 7 is its default.
func TestQuantile(t *testing.T) {
	log := func(r ...float64) []float64 {
		for i := range r {
			r[i] = math.Log(r[i])
		}
		return r
	}
	ten := log(10, 9, 8, 7, 6, 1, 2, 3, 4, 5)
	for _, test := range []struct {
		x       []float64
		q, want float64
	}{
		{ten, 0.5, 5.5}, {ten, 0, 1}, {ten, 1, 10}, {ten, 0.995, 9.955}, {ten, 0.25, 3.25},
		{log(0.001, 2.5, 2.5, 2.5), 0.7, 2.5},
		{log(7), 0.3, 7},
		{[]float64{math.Inf(-1), math.Inf(-1), 0}, 0.5, 0},
		{[]float64{math.Inf(-1), 0}, 0.5, 0.5},
	} {
		if got := Quantile(test.x, test.q); math.Abs(math.Exp(got)-test.want) > 1e-13 {
			t.Errorf("quantile %v of exp %v is %v, want %v", test.q, test.x, math.Exp(got), test.want)
		}
	}
	if x := log(2.5, 2.5, 1); Quantile(x, 0.9) != x[0] {
		t.Error("between equals the quantile is not exactly their value")
	}
	if !math.IsNaN(Quantile(nil, 0.5)) {
		t.Error("there is a quantile of nothing")
	}
}
