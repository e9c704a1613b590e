package ising

import (
	"math"
	"math/bits"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// density sums the numbers of spin configurations at each energy, g(E) e^{-KE}, as a log.
func density(levels map[int]float64, k float64) float64 {
	top, sum := math.Inf(-1), 0.0
	for e, logG := range levels {
		top = max(top, logG-k*float64(e))
	}
	for e, logG := range levels {
		sum += math.Exp(logG - k*float64(e) - top)
	}
	return top + math.Log(sum)
}

// The 2 × 2 torus has two bonds between neighbours: of its 16 configurations 2
// have energy -8, 12 (OEIS A364781) energy 0 and 2 energy 8.
var torus2 = map[int]float64{-8: math.Log(2), 0: math.Log(12), 8: math.Log(2)}

// Logs of the exact numbers of configurations of the 8 × 8 torus at energies -128 to 0;
// those above 0 are the same (Beale 1996, Exact distribution of energies in the
// two-dimensional Ising model, Physical Review Letters 76).
var beale8 = map[int]float64{
	-128: 0.6931471805599453, -120: 4.852030263919617, -116: 5.545177444479562,
	-112: 8.449342524508063, -108: 9.793672686528922, -104: 11.887298863200714,
	-100: 13.477180596840947, -96: 15.268195474147658, -92: 16.912371686315282,
	-88: 18.59085846191256, -84: 20.230089202801466, -80: 21.870810400320693,
	-76: 23.498562234123614, -72: 25.114602234581373, -68: 26.70699035290573,
	-64: 28.266152815389898, -60: 29.780704423363996, -56: 31.241053997806176,
	-52: 32.63856452513369, -48: 33.96613536105969, -44: 35.217576663643314,
	-40: 36.3873411250109, -36: 37.47007844691906, -32: 38.46041522581422,
	-28: 39.35282710786369, -24: 40.141667825183845, -20: 40.82130289691285,
	-16: 41.38631975325592, -12: 41.831753810069756, -8: 42.153328313883975,
	-4: 42.34770636939425, 0: 42.41274640460084,
}

func TestIsingDensityOfStates(t *testing.T) {
	torus8 := map[int]float64{}
	for e, logG := range beale8 {
		torus8[e], torus8[-e] = logG, logG
	}
	for _, strength := range []float64{0, 0.1, 0.4406867935097715, 1, -0.7, 3} {
		for side, levels := range map[int]map[int]float64{2: torus2, 8: torus8} {
			want := density(levels, strength)
			for name, got := range map[string]float64{
				"transfer matrix": newTransferMatrix(side, strength).logZ,
				"Kaufman":         kaufmanLogZ(side, strength),
			} {
				if math.Abs(got-want) > 1e-12*max(1, want) {
					t.Errorf("side %d, strength %v, %s: %v, expected %v", side, strength, name, got, want)
				}
			}
		}
	}
}

// On the 4 × 4 torus 20,524 configurations have energy 0 (OEIS A364781), 2N² have one
// spin against all others, with energy -24, and 4N² have two neighbours against all
// others, with energy -20 (Beale 1996).
func TestIsingCounts(t *testing.T) {
	e, err := Kind.Make(param.Values{"side": param.Of(4), "beta": param.Of(1.0)})
	if err != nil {
		t.Fatal(err)
	}
	x := []uint64{1<<16 - 1, 0}
	counts := map[int]int{}
	for up := range uint64(1 << 16) {
		x[1] = up
		counts[-int(math.Round(e.(env.Discrete).LogReward(x)))]++
	}
	for energy, want := range map[int]int{-32: 2, -24: 32, -20: 64, 0: 20524, 32: 2} {
		if counts[energy] != want {
			t.Errorf("energy %d: %d configurations, expected %d", energy, counts[energy], want)
		}
	}
}

// Kaufman's formula is independent of the transfer matrix. For negative couplings it
// needs an even side.
func TestIsingKaufman(t *testing.T) {
	for side := 2; side <= 10; side++ {
		for _, strength := range []float64{1e-3, 0.2, 0.4406867935097715, 0.8, 4, -0.3, -2} {
			if !kaufmanApplies(side, strength) {
				continue
			}
			got, want := kaufmanLogZ(side, strength), newTransferMatrix(side, strength).logZ
			if math.Abs(got-want) > 1e-12*want {
				t.Errorf("side %d, strength %v: %v, the transfer matrix has %v", side, strength, got, want)
			}
		}
	}
	// Onsager (1944): at the critical point log Z/N² tends to ½ log 2 + 2G/π, where G is
	// Catalan's constant.
	const catalan = 0.915965594177219
	critical := math.Log(1+math.Sqrt2) / 2
	if got, want := kaufmanLogZ(64, critical)/(64*64), math.Ln2/2+2*catalan/math.Pi; math.Abs(got-want) > 2e-4 {
		t.Errorf("%v a site, expected %v", got, want)
	}
}

// The mean energy of samples is -d log Z/d beta, by central differences of
// Kaufman's formula, and the magnetisation is 0 on average.
func TestIsingSampler(t *testing.T) {
	const side, beta, samples, h = 8, 0.42, 4000, 1e-4
	e, err := Kind.Make(param.Values{"side": param.Of(side), "beta": param.Of(beta)})
	if err != nil {
		t.Fatal(err)
	}
	want := (kaufmanLogZ(side, beta+h) - kaufmanLogZ(side, beta-h)) / (2 * h)
	variance := (kaufmanLogZ(side, beta+h) - 2*kaufmanLogZ(side, beta) + kaufmanLogZ(side, beta-h)) / (h * h)
	rng := stream.NewKey("test").Stream("ising", 0)
	x := make([]uint64, 2)
	mean, magnetisation := 0.0, 0.0
	for range samples {
		e.(env.TargetSampler).SampleTarget(rng, x)
		mean += e.(env.Discrete).LogReward(x) / beta / samples
		magnetisation += float64(2*bits.OnesCount64(x[1])-side*side) / samples
	}
	if d := math.Abs(mean-want) / math.Sqrt(variance/samples); d > 4 {
		t.Errorf("mean bond sum %v, expected %v: %.1f standard errors away", mean, want, d)
	}
	if math.Abs(magnetisation) > 4*side*side/math.Sqrt(samples) {
		t.Errorf("magnetisation %v", magnetisation)
	}
}
