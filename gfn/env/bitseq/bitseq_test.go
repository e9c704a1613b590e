package bitseq_test

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats/scalar"
	"pgregory.net/rapid"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/bitseq"
	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
)

// near compares within a relative tolerance.
func near(t *testing.T, name string, got, want, tolerance float64) {
	t.Helper()
	if !scalar.EqualWithinRel(got, want, tolerance) {
		t.Errorf("%s is %v, expected %v", name, got, want)
	}
}

func TestBitseq(t *testing.T) {
	for _, p := range []param.Values{
		{"instance_seed": param.Of(1)},
		{"length": param.Of(8), "word": param.Of(2), "modes": param.Of([]string{"00111100"})},
		{"length": param.Of(8), "word": param.Of(2), "mode_count": param.Of(5), "beta": param.Of(40.0), "instance_seed": param.Of(2)},
		{"length": param.Of(12), "word": param.Of(6), "modes": param.Of([]string{"010101010101", "000000111111", "000000111111"}), "beta": param.Of(30.0)},
		{"length": param.Of(8), "word": param.Of(1), "instance_seed": param.Of(3), "beta": param.Of(0.0)},
		{"length": param.Of(120), "word": param.Of(10), "instance_seed": param.Of(4), "beta": param.Of(60.0)}, // words across machine words
		{"length": param.Of(72), "word": param.Of(1), "instance_seed": param.Of(5), "mode_count": param.Of(2)},
	} {
		envtest.Discrete(t, envtest.Make[env.Discrete](t, bitseq.Kind, p))
	}
}

func TestBitseqProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, words := rapid.IntRange(1, 3).Draw(t, "word"), rapid.IntRange(1, 3).Draw(t, "words")
		bits := rapid.SliceOfN(rapid.SampledFrom([]string{"0", "1"}), k*words, k*words)
		var modes []string
		for range rapid.IntRange(1, 5).Draw(t, "modes") {
			modes = append(modes, strings.Join(bits.Draw(t, "mode"), ""))
		}
		p := param.Values{
			"length": param.Of(k * words),
			"word":   param.Of(k),
			"modes":  param.Of(modes),
			"beta":   param.Of(rapid.Float64Range(0, 20).Draw(t, "beta")),
		}
		envtest.Discrete(t, envtest.Make[env.Discrete](t, bitseq.Kind, p), envtest.Walks(5), envtest.Samples(2000))
	})
}

// With one mode the bits are independent: Z = (1 + exp(-beta/n))^n.
func TestBitseqOneMode(t *testing.T) {
	for _, n := range []int{8, 120, 512} {
		e := envtest.Make[env.Environment](t, bitseq.Kind, param.Values{"length": param.Of(n), "modes": param.Of([]string{strings.Repeat("1", n)}), "beta": param.Of(7.0)})
		near(t, "log Z", e.LogZ(), float64(n)*math.Log1p(math.Exp(-7/float64(n))), 1e-13)
	}
}

// With distances in bits rather than relative to the length, Z = (1 + exp(-beta))^n for
// one mode.
func TestBitseqAbsolute(t *testing.T) {
	p := param.Values{"length": param.Of(120), "modes": param.Of([]string{strings.Repeat("1", 120)}), "beta": param.Of(1.0), "distance": param.Of("absolute")}
	near(t, "log Z", envtest.Make[env.Environment](t, bitseq.Kind, p).LogZ(), 120*math.Log1p(math.Exp(-1)), 1e-13)
	for _, beta := range []float64{0.1, 1, 5, 1e4} { // both ways of proposing samples
		p := param.Values{"length": param.Of(10), "word": param.Of(2), "beta": param.Of(beta), "distance": param.Of("absolute"), "modes": param.Of([]string{"0000011111", "1100000000"})}
		envtest.Discrete(t, envtest.Make[env.Discrete](t, bitseq.Kind, p))
	}
}

// With a mode and its complement the distance to the nearest is min(d, n-d):
// Z = Σ_d C(n, d) exp(-beta min(d, n-d)/n).
func TestBitseqComplement(t *testing.T) {
	const n, beta = 16, 5.0
	e := envtest.Make[env.Environment](t, bitseq.Kind, param.Values{"length": param.Of(n), "modes": param.Of([]string{strings.Repeat("01", n/2), strings.Repeat("10", n/2)}), "beta": param.Of(beta)})
	z, choose := 0.0, 1.0
	for d := range n + 1 {
		z += choose * math.Exp(-beta*float64(min(d, n-d))/n)
		choose *= float64(n-d) / float64(d+1)
	}
	near(t, "log Z", e.LogZ(), math.Log(z), 1e-13)
}

// Check both ways of proposing samples, and log Z over groups of positions, against
// enumeration of 2^12 sequences, with many groups (TestBitseq has few).
func TestBitseqSamplers(t *testing.T) {
	for _, beta := range []float64{0.5, 50} {
		p := param.Values{"length": param.Of(12), "word": param.Of(4), "beta": param.Of(beta), "modes": param.Of([]string{"000011110000", "110000000011", "101010101010"})}
		envtest.Discrete(t, envtest.Make[env.Discrete](t, bitseq.Kind, p), envtest.Samples(50_000))
	}
}

// At the size of the literature 120 bits and 60 modes are 15 words of 8 bits, hence
// 15·256 actions. log Z is then out of reach; with 3 modes it is within reach.
func TestBitseqCapabilities(t *testing.T) {
	e := envtest.Make[env.Discrete](t, bitseq.Kind, param.Values{"instance_seed": param.Of(1)})
	if c := e.Capabilities(); c.LogZ.OK || c.Enumerable.OK || !c.TargetSamples.OK || e.Actions() != 3840 {
		t.Errorf("%+v, %d actions", c, e.Actions())
	}
	e = envtest.Make[env.Discrete](t, bitseq.Kind, param.Values{"instance_seed": param.Of(1), "mode_count": param.Of(3)})
	if c := e.Capabilities(); !c.LogZ.OK {
		t.Errorf("%+v", c)
	}
	for _, mode := range strings.Split(e.Instance()[0].Text, "\n") {
		for at := 0; at < len(mode); at += 8 {
			switch mode[at : at+8] {
			case "00000000", "11111111", "11110000", "00001111", "00111100": // Malkin et al. (2022)
			default:
				t.Errorf("mode %s", mode)
			}
		}
	}
}

func TestBitseqFormat(t *testing.T) {
	e := envtest.Make[env.Discrete](t, bitseq.Kind, param.Values{"length": param.Of(8), "word": param.Of(4), "modes": param.Of([]string{"11010000"}), "beta": param.Of(8.0)})
	s := make([]uint64, e.Words())
	e.Reset(s)
	e.Step(s, 0b1011)
	if got := e.Format(s); got != "1101____" {
		t.Error(got)
	}
	e.Step(s, 1<<4|0b0011)
	if got := e.Format(s); got != "11011100" {
		t.Error(got)
	}
	near(t, "log r", e.LogReward(s), -2, 1e-15)
}

func TestBitseqErrors(t *testing.T) {
	envtest.Refuses(t, bitseq.Kind, param.Values{}, "instance_seed")
	envtest.Refuses(t, bitseq.Kind, param.Values{"instance_seed": param.Of(1), "word": param.Of(7)}, "word")
	envtest.Refuses(t, bitseq.Kind, param.Values{"instance_seed": param.Of(1), "length": param.Of(12), "word": param.Of(4)}, "instance_seed")
	envtest.Refuses(t, bitseq.Kind, param.Values{"instance_seed": param.Of(1), "modes": param.Of([]string{"01"})}, "modes")
	envtest.Refuses(t, bitseq.Kind, param.Values{"length": param.Of(8), "modes": param.Of([]string{"01"})}, "modes")
	envtest.Refuses(t, bitseq.Kind, param.Values{"length": param.Of(8), "modes": param.Of([]string{"0123456-"})}, "modes")
	envtest.Refuses(t, bitseq.Kind, param.Values{"length": param.Of(8), "modes": param.Of([]string{})}, "modes")
	envtest.Refuses(t, bitseq.Kind, param.Values{"length": param.Of(8), "modes": param.Of([]string{"00000000"}), "mode_count": param.Of(1)}, "mode_count")
}
