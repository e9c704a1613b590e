package dag

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"

	"gfnbench/gfn/env/internal/bitset"
	"gfnbench/gfn/param"
)

// residualSS returns the residual sum of squares of a regression with intercept, by QR
// factorisation of the data.
func residualSS(rows [][]float64, node int, parents []int) float64 {
	x := mat.NewDense(len(rows), len(parents)+1, nil)
	y := mat.NewVecDense(len(rows), nil)
	for r, row := range rows {
		x.Set(r, 0, 1)
		for c, p := range parents {
			x.Set(r, c+1, row[p])
		}
		y.SetVec(r, row[node])
	}
	var qr mat.QR
	qr.Factorize(x)
	var beta, fit mat.VecDense
	if err := qr.SolveVecTo(&beta, false, y); err != nil {
		panic(err)
	}
	fit.MulVec(x, &beta)
	fit.SubVec(y, &fit)
	return mat.Dot(&fit, &fit)
}

// The score is the sum of normal log densities of the residuals.
func TestMaximumLikelihood(t *testing.T) {
	for _, variance := range []float64{0, 0.37} {
		p := param.Values{"nodes": param.Of(4), "samples": param.Of(30), "temperature": param.Of(1.0)}
		if variance > 0 {
			p["noise_variance"] = param.Of(variance)
		}
		e := newTestDAG(t, p)
		n := float64(len(e.data.rows))
		for node := range 4 {
			for parents := range uint64(16) {
				if parents>>node&1 != 0 {
					continue
				}
				rss := residualSS(e.data.rows, node, bitset.AppendOnes(nil, []uint64{parents}))
				v := variance
				if v == 0 {
					v = rss / n
				}
				want := -n/2*math.Log(2*math.Pi*v) - rss/(2*v)
				if got := e.scores.at(node, parents); math.Abs(got-want) > 1e-9*math.Abs(want) {
					t.Errorf("variance %v, node %d, parents %b: got %v, want %v", variance, node, parents, got, want)
				}
			}
		}
	}
}

// By hand: observations 1, 2, 3 have mean 2, squares 2, variance 2/3.
func TestMaximumLikelihoodByHand(t *testing.T) {
	e := newTestDAG(t, param.Values{"observations": param.Of([][]float64{{1}, {2}, {3}}), "temperature": param.Of(2.0)})
	want := -1.5 * (math.Log(2*math.Pi*2/3) + 1) / 2
	x := make([]uint64, e.Words())
	e.Step(x, e.stop())
	if got := e.LogReward(x); math.Abs(got-want) > 1e-14 {
		t.Errorf("got %v, want %v", got, want)
	}
}

// predictive returns log p(data of some variables) under the normal-Wishart prior,
// as the product of one-step-ahead multivariate t densities: the posterior after
// m observations predicts the next one with k = α_w - n + |Y| + m degrees of
// freedom (Geiger and Heckerman 2002, Sec. 3; Bernardo and Smith, Bayesian
// Theory, App. A). It uses no closed form of the marginal likelihood.
func predictive(t *testing.T, rows [][]float64, vars []int, n int, alphaMu, alphaW float64) float64 {
	t.Helper()
	l := len(vars)
	if l == 0 {
		return 0
	}
	mean := make([]float64, l)
	scale := mat.NewSymDense(l, nil)
	for i := range l {
		scale.SetSym(i, i, alphaMu*(alphaW-float64(n)-1)/(alphaMu+1))
	}
	kappa, dof, total := alphaMu, alphaW-float64(n)+float64(l), 0.0
	for _, row := range rows {
		x := make([]float64, l)
		for i, v := range vars {
			x[i] = row[v]
		}
		nu := dof - float64(l) + 1
		var sigma mat.SymDense
		sigma.ScaleSym((kappa+1)/(kappa*nu), scale)
		density, ok := distmv.NewStudentsT(mean, &sigma, nu, nil)
		if !ok {
			t.Fatal("scale matrix is not positive definite")
		}
		total += density.LogProb(x)
		diff := make([]float64, l)
		for i := range l {
			diff[i] = x[i] - mean[i]
		}
		scale.SymRankOne(scale, kappa/(kappa+1), mat.NewVecDense(l, diff))
		for i := range l {
			mean[i] += diff[i] / (kappa + 1)
		}
		kappa, dof = kappa+1, dof+1
	}
	return total
}

// Every local score is log p(node and parents) - log p(parents).
func TestBGeAgainstPredictive(t *testing.T) {
	const alphaMu, alphaW = 0.7, 8.5
	e := newTestDAG(t, param.Values{"nodes": param.Of(4), "samples": param.Of(12), "score": param.Of("bge"), "alpha_mu": param.Of(alphaMu), "alpha_w": param.Of(alphaW)})
	for _, row := range e.data.rows {
		row[2] += 3 // a mean different from 0
	}
	score := newBGe(momentsOf(e.data.rows, 4), alphaMu, alphaW)
	for node := range 4 {
		for parents := range uint64(16) {
			if parents>>node&1 != 0 {
				continue
			}
			of := func(set uint64) float64 {
				return predictive(t, e.data.rows, bitset.AppendOnes(nil, []uint64{set}), 4, alphaMu, alphaW)
			}
			want := of(parents|1<<node) - of(parents)
			if got := score.of(node, parents); math.Abs(got-want) > 1e-10*math.Abs(want) {
				t.Errorf("node %d, parents %b: got %v, want %v", node, parents, got, want)
			}
		}
	}
}

// equivalenceClass names a DAG's Markov equivalence class: its skeleton and its
// v-structures (Verma and Pearl 1990).
func equivalenceClass(e *dag, x []uint64) string {
	graph := make([]uint64, e.n)
	for i := range graph {
		graph[i] = e.adjacency.row(x, i)
	}
	parents := parentsOf(graph)
	skeleton := make([]uint64, e.n)
	for i := range graph {
		skeleton[i] = graph[i] | parents[i]
	}
	var colliders []string
	for c, set := range parents {
		list := bitset.AppendOnes(nil, []uint64{set})
		for _, a := range list {
			for _, b := range list {
				if a < b && skeleton[a]>>b&1 == 0 {
					colliders = append(colliders, fmt.Sprintf("%d>%d<%d", a, c, b))
				}
			}
		}
	}
	slices.Sort(colliders)
	return fmt.Sprint(skeleton, colliders)
}

// Markov-equivalent DAGs have the same score under BGe and under maximum likelihood with
// free variances (Geiger and Heckerman 2002), but not with one fixed variance. There are
// 11 classes on 3 nodes and 185 on 4 (OEIS A007984).
func TestScoreEquivalence(t *testing.T) {
	tests := []struct {
		name string
		p    param.Values
		same bool
	}{
		{"bge", param.Values{"score": param.Of("bge")}, true},
		{"free variances", param.Values{}, true},
		{"fixed variance", param.Values{"noise_variance": param.Of(0.1)}, false},
	}
	for _, tt := range tests {
		for nodes, classes := range map[int]int{3: 11, 4: 185} {
			t.Run(fmt.Sprintf("%s, %d nodes", tt.name, nodes), func(t *testing.T) {
				tt.p["nodes"], tt.p["expected_parents"] = param.Of(nodes), param.Of(1.0)
				e := newTestDAG(t, tt.p)
				first := map[string]float64{}
				unequal := 0
				allGraphs(e, func(x []uint64) {
					class, v := equivalenceClass(e, x), e.LogReward(x)
					want, ok := first[class]
					if !ok {
						first[class] = v
					} else if math.Abs(v-want) > 1e-10*math.Abs(want) {
						unequal++
					}
				})
				if len(first) != classes {
					t.Errorf("%d classes, want %d", len(first), classes)
				}
				if tt.same != (unequal == 0) {
					t.Errorf("%d graphs differ from the first of their class", unequal)
				}
			})
		}
	}
}

// Different classes have different BGe scores: the score sees the data.
func TestScoresTellClassesApart(t *testing.T) {
	e := newTestDAG(t, param.Values{"nodes": param.Of(3), "score": param.Of("bge")})
	byScore := map[string]int{}
	allGraphs(e, func(x []uint64) { byScore[fmt.Sprintf("%.9f", e.LogReward(x))]++ })
	if len(byScore) != 11 {
		t.Errorf("%d distinct scores, want 11", len(byScore))
	}
}
