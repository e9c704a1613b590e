package objective

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// fataler is what *testing.T and *rapid.T share.
type fataler interface {
	Helper()
	Fatal(args ...any)
}

func mustMake(t fataler, s Spec) (*Kind, Objective) {
	t.Helper()
	k := Lookup(s.Name)
	o, err := k.Make(s)
	if err != nil {
		t.Fatal(err)
	}
	return k, o
}

func environments() map[string]*tabular {
	return map[string]*tabular{"grid2": grid(2, 5), "sets": sets(6), "dag": layered(7, 3, 3, 2)}
}

// behaviour returns an arbitrary distribution over the trajectories.
func (t *tabular) behaviour() []float64 {
	rng := rand.New(rand.NewPCG(11, 11))
	q, sum := make([]float64, len(t.paths)), 0.0
	for i := range q {
		q[i] = rng.NormFloat64()
		sum += math.Exp(q[i])
	}
	for i := range q {
		q[i] -= math.Log(sum)
	}
	return q
}

// constant returns the factor between an objective's expected gradient and the gradient
// of the divergence: 1, or the power of Z that the objective leaves out.
func constant(name string, alpha, logZ, shift float64) float64 {
	switch name {
	case "forward-kl":
		return math.Exp(logZ - shift)
	case "tsallis":
		return math.Exp((1 - alpha) * (logZ - shift))
	}
	return 1
}

func closeTo(t *testing.T, what string, got, want []float64, factor, tolerance float64) {
	t.Helper()
	size := 1.0
	for _, x := range want {
		size = max(size, math.Abs(factor*x))
	}
	for i := range want {
		if math.Abs(got[i]-factor*want[i]) > tolerance*size {
			t.Errorf("%s: element %d is %v, want %v", what, i, got[i], factor*want[i])
			return
		}
	}
}

// divergences lists the four divergences with the alphas to try.
func divergences() []Spec {
	specs := []Spec{{Name: "reverse-kl"}, {Name: "forward-kl"}}
	for _, alpha := range []float64{-1, 0.5, 2, 3.5} {
		specs = append(specs, Spec{Name: "tsallis", Params: order(alpha)}, Spec{Name: "renyi", Params: order(alpha)})
	}
	return specs
}

// biasedBy names the test for each pair of divergence and control variate whose
// expectation is not a multiple of the gradient.
var biasedBy = map[string]map[string]string{
	"tsallis": {Paper: "TestPaperBiasWithOneParameter, TestPaperBiasAtLargeN"},
	"renyi": {
		None: "TestRenyiBiasFallsAsOneOverN", LeaveOneOut: "TestRenyiBiasFallsAsOneOverN",
		BatchMean: "TestRenyiBiasFallsAsOneOverN", Paper: "TestPaperBiasWithOneParameter",
	},
}

// shrinkage returns the factor between the gradient and the expectation of an estimator
// from batches of n, and whether it is known.
func shrinkage(k *Kind, cv string, n int) (factor float64, known bool) {
	switch cv {
	case None, LeaveOneOut:
		return 1, true
	case BatchMean:
		return float64(n-1) / float64(n), true
	case Paper:
		return 1, k.PaperIsLOO
	}
	return 0, false
}

// Every registered pair of objective and control variate is compared with the exact
// gradient, by TestUnbiasedOverAllTuples or by the tests in biasedBy.
func TestEveryPairIsCompared(t *testing.T) {
	tried := map[string]bool{}
	for _, s := range divergences() {
		tried[s.Name] = true
	}
	for _, k := range Kinds {
		for _, cv := range k.ControlVariates {
			_, known := shrinkage(k, cv, 2)
			if !tried[k.Name] || !known && biasedBy[k.Name][cv] == "" {
				t.Errorf("what the expectation of %s with %s is, no test says", k.Name, cv)
			}
		}
	}
}

// The expectation over all N-tuples of trajectories equals the gradient of the exact
// divergence, by central differences, for every estimator that the paper's (corrected)
// theory calls unbiased: on and off policy, for both policies.
func TestUnbiasedOverAllTuples(t *testing.T) {
	const shift = 0.7
	for name, net := range environments() {
		for _, s := range divergences() {
			if s.Name == "renyi" {
				continue // a ratio: TestRenyiBiasFallsAsOneOverN
			}
			grad := func(x []float64) []float64 {
				return difference(x, func() float64 { return net.divergence(s.Name, s.Params["alpha"].Float()) })
			}
			theta, phi := grad(net.theta), grad(net.phi)
			factor := constant(s.Name, s.Params["alpha"].Float(), net.logZ(), shift)
			for _, cv := range Lookup(s.Name).ControlVariates {
				s.ControlVariate = cv
				k, o := mustMake(t, s)
				if biasedBy[s.Name][cv] != "" {
					continue
				}
				for n := k.MinBatch(cv); n <= 3; n++ {
					bias, known := shrinkage(k, cv, n)
					if !known {
						t.Fatalf("what the expectation of %s with %s is, no test says", s.Name, cv)
					}
					for _, logQ := range [][]float64{nil, net.behaviour()} {
						f, b := net.expectation(k, o, n, shift, logQ, true)
						what := fmt.Sprintf("%s %s alpha %v %s N=%d off-policy %t", name, s.Name, s.Params["alpha"].Float(), cv, n, logQ != nil)
						closeTo(t, what, f, theta, factor*bias, 2e-8)
						// The backward policy has a baseline under forward-kl only.
						backward := 1.0
						if s.Name == "forward-kl" {
							backward = bias
						}
						closeTo(t, what+" backward", b, phi, factor*backward, 2e-8)
					}
				}
			}
		}
	}
}

// If q is uniform over trajectories and each trajectory is in the batch once, batch means
// are exact expectations, so even their ratios are exact.
func TestExactOnTheWholeSpace(t *testing.T) {
	for name, net := range environments() {
		for _, s := range divergences() {
			s.ControlVariate = None
			k, o := mustMake(t, s)
			b := net.all()
			b.LogQ = make([]float64, len(b.LogPF))
			tuple := make([]int, len(b.LogPF))
			for i := range tuple {
				tuple[i], b.LogQ[i] = i, -math.Log(float64(len(tuple)))
			}
			b.Shift = net.logZ()
			forward, backward := net.scores()
			c := &Coefficients{}
			theta, phi := estimate(k, o, b, c, forward, backward, tuple)
			exact := func() float64 { return net.divergence(s.Name, s.Params["alpha"].Float()) }
			what := fmt.Sprintf("%s %s alpha %v", name, s.Name, s.Params["alpha"].Float())
			closeTo(t, what, theta, difference(net.theta, exact), 1, 1e-8)
			closeTo(t, what+" backward", phi, difference(net.phi, exact), 1, 1e-8)

			loss := exact() // with Shift = log Z
			switch s.Name {
			case "reverse-kl":
				loss -= net.logZ()
			case "renyi":
				loss -= net.logZ() / s.Params["alpha"].Float()
			}
			closeTo(t, what+" loss", []float64{c.Loss}, []float64{loss}, 1, 1e-12)
		}
	}
}

// The Renyi estimator is a ratio of batch means, biased by O(1/N).
func TestRenyiBiasFallsAsOneOverN(t *testing.T) {
	net := grid(2, 5)
	for _, cv := range []string{None, LeaveOneOut, BatchMean} {
		k, o := mustMake(t, Spec{Name: "renyi", Params: order(0.5), ControlVariate: cv})
		want := difference(net.theta, func() float64 { return net.divergence("renyi", 0.5) })
		bias := func(n int) float64 {
			got, _ := net.expectation(k, o, n, 0, nil, false)
			factor, _ := shrinkage(k, cv, n)
			for i := range got {
				got[i] = got[i]/factor - want[i]
			}
			return math.Sqrt(dot(got, got))
		}
		b3, b6 := bias(3), bias(6)
		if b3 < 1e-4 || b6/b3 < 0.35 || b6/b3 > 0.65 {
			t.Errorf("%s: the bias is %v at N = 3 and %v at 6; half was expected", cv, b3, b6)
		}
	}
}

// With a single parameter u uᵀ = 1, and the paper's control variate gives 1/alpha of the
// gradient at every N, which has the wrong sign for alpha < 0. (Up to eps, where S is
// nearly 0.)
func TestPaperBiasWithOneParameter(t *testing.T) {
	net := grid(2, 5).oneParameter(rand.New(rand.NewPCG(3, 3)))
	for _, alpha := range []float64{-2, 0.5, 2, 5} {
		k, o := mustMake(t, Spec{Name: "tsallis", Params: order(alpha), ControlVariate: Paper})
		want := difference(net.theta, func() float64 { return net.divergence("tsallis", alpha) })
		for _, n := range []int{2, 3} {
			got, _ := net.expectation(k, o, n, net.logZ(), nil, false)
			closeTo(t, fmt.Sprintf("alpha %v N=%d", alpha, n), got, want, 1/alpha, 2e-5)
		}
		// Renyi's estimator is a ratio: 1/alpha of its value with loo.
		k, o = mustMake(t, Spec{Name: "renyi", Params: order(alpha), ControlVariate: Paper})
		kind, loo := mustMake(t, Spec{Name: "renyi", Params: order(alpha), ControlVariate: LeaveOneOut})
		for _, n := range []int{2, 3} {
			got, _ := net.expectation(k, o, n, net.logZ(), nil, false)
			with, _ := net.expectation(kind, loo, n, net.logZ(), nil, false)
			closeTo(t, fmt.Sprintf("renyi alpha %v N=%d", alpha, n), got, with, 1/alpha, 2e-5)
		}
	}
}

// For large N the expectation of the paper's control variate is (I + (1-alpha)/alpha E[u
// uᵀ]) times the gradient, with u = S/|S|.
func TestPaperBiasAtLargeN(t *testing.T) {
	const n, replicates = 512, 4000
	net := sets(6)
	all := net.all()
	forward, _ := net.scores()
	for _, alpha := range []float64{-1, 0.5, 3} {
		k, o := mustMake(t, Spec{Name: "tsallis", Params: order(alpha), ControlVariate: Paper})
		// The true gradient, by differences.
		true_ := difference(net.theta, func() float64 { return net.divergence("tsallis", alpha) })
		rng := rand.New(rand.NewPCG(1, 9))
		dim := len(net.theta)
		sum, squares, want := make([]float64, dim), make([]float64, dim), make([]float64, dim)
		b, c, tuple := &Batch{Shift: net.logZ()}, &Coefficients{}, make([]int, n)
		// Average the estimates and what they should be.
		for range replicates {
			for i := range tuple {
				u := rng.Float64()
				for tuple[i] = 0; tuple[i] < len(all.LogPF)-1; tuple[i]++ {
					if u -= math.Exp(all.LogPF[tuple[i]]); u < 0 {
						break
					}
				}
			}
			pick(all, tuple, b)
			got, _ := estimate(k, o, b, c, forward, nil, tuple)
			s := make([]float64, dim)
			for _, i := range tuple {
				for j, x := range forward[i] {
					s[j] += x
				}
			}
			along := dot(s, true_) / dot(s, s)
			for j, x := range got {
				sum[j] += x / replicates
				squares[j] += x * x / replicates
				want[j] += (true_[j] + (1-alpha)/alpha*along*s[j]) / replicates
			}
		}
		// Compare the means.
		norm := math.Sqrt(dot(true_, true_))
		biased := false
		for j := range sum {
			se := math.Sqrt((squares[j] - sum[j]*sum[j]) / replicates)
			if math.Abs(sum[j]-want[j]) > 5*se+0.02*norm {
				t.Errorf("alpha %v: element %d has mean %v ± %v, want %v", alpha, j, sum[j], se, want[j])
			}
			biased = biased || math.Abs(sum[j]-true_[j]) > 5*se+0.02*norm
		}
		if !biased {
			t.Errorf("alpha %v: no bias is seen", alpha)
		}
	}
}

// With the sampling distribution held fixed, the gradient of the expected TB loss is
// twice that of the reverse KL, whatever log Z is (da Silva et al. 2024, Prop. 1).
func TestTrajectoryBalanceIsReverseKL(t *testing.T) {
	for name, net := range environments() {
		want := difference(net.theta, func() float64 { return net.divergence("reverse-kl", 0) })
		k, o := mustMake(t, Spec{Name: "tb"})
		for _, logZ := range []float64{net.logZ(), 0, 5} {
			all := net.all()
			forward, _ := net.scores()
			got := make([]float64, len(want))
			for i := range all.LogPF {
				b, tuple := &Batch{LogZ: logZ}, []int{i}
				pick(all, tuple, b)
				g, _ := estimate(k, o, b, &Coefficients{}, forward, nil, tuple)
				for j := range got {
					got[j] += math.Exp(all.LogPF[i]) * g[j]
				}
			}
			closeTo(t, fmt.Sprintf("%s log Z %v", name, logZ), got, want, 2, 1e-8)
		}
	}
}
