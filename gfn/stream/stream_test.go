package stream

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gfnbench/gfn/fmath"
)

var _ rand.Source = (*Stream)(nil)

func test(index uint64) *Stream { return NewKey("test").Stream("values", index) }

// TestGolden pins the first values of a stream: changing any of them changes every
// experiment. The key, the words and Float64 were computed by a second program, in Python
// from hashlib and the definition of PCG-DXSM. The rest follows from the words and was
// recorded.
func TestGolden(t *testing.T) {
	k := NewKey("suite", "cell")
	s := new(Stream)
	for _, c := range []struct {
		name string
		draw func() any
		want string
	}{
		{"Uint64", func() any { return [2]uint64{s.Uint64(), s.Uint64()} }, "[5254172677385395819 17678597753383499878]"},
		{"Float64", func() any { return [2]float64{s.Float64(), s.Float64()} }, "[0.2848292715717612 0.9583587045357874]"},
		{"Float64Open", func() any { return [2]float64{s.Float64Open(), s.Float64Open()} }, "[0.2848292715717612 0.9583587045357874]"},
		{"IntN", func() any { return [4]int{s.IntN(10), s.IntN(1000), s.IntN(1 << 40), s.IntN(math.MaxInt)} }, "[2 958 277160285305 5663179458661363592]"},
		{"Normal", func() any { return [3]float64{s.Normal(), s.Normal(), s.Normal()} }, "[-1.4140458495273909 -0.453664271140039 -0.23745927849861076]"},
		{"Exponential", func() any { return [2]float64{s.Exponential(), s.Exponential()} }, "[1.2558653253305276 0.04253314047102102]"},
		{"Gamma", func() any { return [3]float64{s.Gamma(0.3), s.Gamma(1), s.Gamma(20)} }, "[0.00030637760555366985 0.4909702496277525 21.111858350947227]"},
		{"Perm", func() any { p := make([]int, 8); s.Perm(p); return p }, "[7 4 6 0 1 2 3 5]"},
	} {
		s.Reset(k, "policy", 7)
		if got := fmt.Sprint(c.draw()); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	if got := fmt.Sprintf("%x", k); got != "1bc2e7662be5ea5c8147aa7e5761fca837b4a49cf1ac948841a0f1c16e531849" {
		t.Errorf("key is %s", got)
	}
}

func TestKeysDiffer(t *testing.T) {
	seen := map[Key]string{}
	for _, parts := range [][]string{nil, {""}, {"", ""}, {"ab", "c"}, {"a", "bc"}, {"abc"}, {"c", "ab"}} {
		k := NewKey(parts...)
		name := fmt.Sprintf("%q", parts)
		if other, ok := seen[k]; ok && name != "[]" {
			t.Errorf("%s and %s have one key", name, other)
		}
		seen[k] = name
	}
	k := NewKey("a")
	if k.Derive("b") == NewKey("a", "b") {
		t.Error("a derived key must differ from the key of all parts")
	}
	first := map[uint64]bool{}
	for i := range uint64(100) {
		for _, purpose := range []string{"a", "b", ""} {
			first[k.Stream(purpose, i).Uint64()] = true
		}
	}
	if len(first) != 300 {
		t.Errorf("300 streams have %d first values", len(first))
	}
}

func TestResetEqualsStream(t *testing.T) {
	k := NewKey("x")
	s := k.Stream("a", 1)
	s.Normal()
	s.Reset(k, "b", 2)
	if fresh := k.Stream("b", 2); s.Uint64() != fresh.Uint64() {
		t.Error("a reset stream differs from a fresh one")
	}
}

func TestMarshal(t *testing.T) {
	s := test(1)
	s.Normal()
	state, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	want := [3]float64{s.Normal(), s.Float64(), s.Gamma(2)}
	var r Stream
	if err := r.UnmarshalBinary(state); err != nil {
		t.Fatal(err)
	}
	if got := [3]float64{r.Normal(), r.Float64(), r.Gamma(2)}; got != want {
		t.Errorf("restored stream gives %v, want %v", got, want)
	}
	if err := r.UnmarshalBinary(bytes.Repeat([]byte{1}, 20)); err == nil {
		t.Error("a foreign state is accepted")
	}
}

// moments checks the mean and variance of n draws within six standard errors.
func moments(t *testing.T, name string, draw func() float64, mean, variance, fourth float64) {
	t.Helper()
	const n = 200000
	var sum, squares float64
	for range n {
		d := draw() - mean
		sum += d
		squares += d * d
	}
	if e := math.Abs(sum / n); e > 6*math.Sqrt(variance/n) {
		t.Errorf("%s: mean is off by %v", name, e)
	}
	if e := math.Abs(squares/n - variance); e > 6*math.Sqrt((fourth-variance*variance)/n) {
		t.Errorf("%s: variance is off by %v", name, e)
	}
}

// TestMoments: variance and fourth central moment are 1/12 and 1/80 (uniform),
// 1 and 3 (normal), 1 and 9 (exponential), a and 3a² + 6a (gamma).
func TestMoments(t *testing.T) {
	s := test(2)
	moments(t, "uniform", s.Float64, 0.5, 1.0/12, 1.0/80)
	moments(t, "open uniform", s.Float64Open, 0.5, 1.0/12, 1.0/80)
	moments(t, "normal", s.Normal, 0, 1, 3)
	moments(t, "exponential", s.Exponential, 1, 1, 9)
	for _, a := range []float64{0.2, 1, 3.7} {
		moments(t, fmt.Sprint("gamma ", a), func() float64 { return s.Gamma(a) }, a, a, 3*a*a+6*a)
	}
}

// TestNormalDistribution compares the empirical distribution function with the
// exact one by the Kolmogorov-Smirnov distance; its 1e-6 quantile is
// 2.69/√n (Smirnov 1948).
func TestNormalDistribution(t *testing.T) {
	s := test(3)
	xs := make([]float64, 50000)
	for i := range xs {
		xs[i] = s.Normal()
	}
	slices.Sort(xs)
	n := float64(len(xs))
	for i, x := range xs {
		f := 0.5 * math.Erfc(-x/math.Sqrt2)
		if d := max(f-float64(i)/n, float64(i+1)/n-f); d > 2.69/math.Sqrt(n) {
			t.Fatalf("distance %v at %v", d, x)
		}
	}
}

func TestOpenNeverZeroOrOne(t *testing.T) {
	if lo, hi := (0.0+0.5)*0x1p-52, (0x1p52-1+0.5)*0x1p-52; lo <= 0 || hi >= 1 {
		t.Errorf("range is [%v, %v]", lo, hi)
	}
	s := test(4)
	for range 10000 {
		if x := s.Float64Open(); x <= 0 || x >= 1 {
			t.Fatal(x)
		}
	}
}

// TestIntN counts values for a bound where rejection matters: 3·2^61 splits into three
// equal parts.
func TestIntN(t *testing.T) {
	s := test(5)
	var count [3]int
	const n = 60000
	for range n {
		count[s.IntN(3<<61)>>61]++
	}
	for _, c := range count {
		if math.Abs(float64(c)-n/3) > 6*math.Sqrt(n*2.0/9) {
			t.Errorf("counts are %v", count)
		}
	}
	for range 100 {
		if s.IntN(1) != 0 {
			t.Fatal("IntN(1) is not 0")
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("IntN(0) does not panic")
		}
	}()
	s.IntN(0)
}

// TestPerm: all 24 permutations of four are equally likely.
func TestPerm(t *testing.T) {
	s := test(6)
	const n = 48000
	perm, shuffle := map[[4]int]int{}, map[[4]int]int{}
	for range n {
		var p [4]int
		s.Perm(p[:])
		perm[p]++
		p = [4]int{0, 1, 2, 3}
		s.Shuffle(4, func(i, j int) { p[i], p[j] = p[j], p[i] })
		shuffle[p]++
	}
	for _, counts := range []map[[4]int]int{perm, shuffle} {
		if len(counts) != 24 {
			t.Fatalf("%d permutations", len(counts))
		}
		for p, c := range counts {
			if math.Abs(float64(c)-n/24) > 6*math.Sqrt(n/24) {
				t.Errorf("%v was drawn %d times of %d", p, c, n)
			}
		}
	}
}

func TestGammaSmallShape(t *testing.T) {
	// E[log X] is the digamma function, -100.56088545786867 at 0.01 (by its recurrence
	// and series, Abramowitz and Stegun 1964, 6.3). log X has variance near 1/a² = 10⁴.
	s := test(7)
	const n = 100000
	sum := 0.0
	for range n {
		sum += fmath.Log(max(s.Gamma(0.01), 0x1p-1074))
	}
	if mean := sum / n; math.Abs(mean+100.56) > 6*100/math.Sqrt(n) {
		t.Errorf("mean of the logarithm is %v", mean)
	}
}

func TestAllocations(t *testing.T) {
	k := NewKey("allocations")
	s := k.Stream("purpose", 0)
	p := make([]int, 10)
	i := uint64(0)
	if n := testing.AllocsPerRun(100, func() {
		i++
		s.Reset(k, "purpose", i)
		s.Normal()
		s.Gamma(0.5)
		s.IntN(7)
		s.Perm(p)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkReset(b *testing.B) {
	k := NewKey("benchmark")
	var s Stream
	for i := uint64(0); b.Loop(); i++ {
		s.Reset(k, "policy", i)
	}
}

func BenchmarkFloat64(b *testing.B) {
	s := test(0)
	for b.Loop() {
		s.Float64()
	}
}

func BenchmarkNormal(b *testing.B) {
	s := test(0)
	for b.Loop() {
		s.Normal()
	}
}
