package dag

import (
	"math"
	"sync/atomic"

	"gfnbench/gfn/env/internal/bitset"
	"gfnbench/gfn/fmath"
	"gfnbench/gfn/param"
)

// References:
//
//	Geiger, Heckerman: Parameter priors for directed acyclic graphical models and
//	the characterization of several probability distributions. Annals of
//	Statistics 30, 2002.
//	Kuipers, Moffa, Heckerman: Addendum on the scoring of Gaussian directed
//	acyclic graphical models. Annals of Statistics 42, 2014.

// A localScore is the term of one node in a decomposable score, given its set of parents.
type localScore interface {
	of(node int, parents uint64) float64
}

// localScores caches the local scores already computed, one for each node and set of
// parents. It is safe for concurrent use: two goroutines that compute the same score get
// the same bits.
type localScores struct {
	n     int
	score localScore
	bits  []atomic.Uint64 // node × 2^(n-1): math.Float64bits, 0 if not known
}

func newLocalScores(n int, s localScore) *localScores {
	return &localScores{n: n, score: s, bits: make([]atomic.Uint64, n<<(n-1))}
}

func (t *localScores) at(node int, parents uint64) float64 {
	slot := &t.bits[uint64(node)<<(t.n-1)|dropBit(parents, node)]
	if b := slot.Load(); b != 0 {
		return math.Float64frombits(b)
	}
	v := t.score.of(node, parents)
	slot.Store(math.Float64bits(v))
	return v
}

// localScoreOf makes the score that the parameters request.
func localScoreOf(p param.Values, d *dagData) (localScore, error) {
	n := len(d.names)
	m := momentsOf(d.rows, n)
	if p.Text("score") == "bge" {
		if p.Has("noise_variance") {
			return nil, param.Errorf("noise_variance", "applies to score = \"gaussian-ml\" only")
		}
		alphaW := float64(n + 2)
		if p.Has("alpha_w") {
			alphaW = p.Float("alpha_w")
		}
		if alphaW <= float64(n+1) {
			return nil, param.Errorf("alpha_w", "%v is not above nodes + 1 = %d", alphaW, n+1)
		}
		return newBGe(m, p.Float("alpha_mu"), alphaW), nil
	}
	if p.Has("alpha_w") {
		return nil, param.Errorf("alpha_w", "applies to score = \"bge\" only")
	}
	if p.Float("alpha_mu") != 1 {
		return nil, param.Errorf("alpha_mu", "applies to score = \"bge\" only")
	}
	if len(d.rows) < n+1 {
		return nil, param.Errorf(d.from, "%d observations of %d variables: maximum likelihood needs at least %d (or use score = \"bge\")", len(d.rows), n, n+1)
	}
	for i, name := range d.names {
		if m.scatter[i*n+i] == 0 {
			return nil, param.Errorf(d.from, "variable %q is constant: its likelihood has no maximum", name)
		}
	}
	if !cholesky(append([]float64(nil), m.scatter...), n, 1e-12) {
		return nil, param.Errorf(d.from, "the variables are linearly dependent (one can be computed from others): their likelihood has no maximum")
	}
	s := &maximumLikelihood{moments: m}
	if p.Has("noise_variance") {
		s.variance = p.Float("noise_variance")
	}
	return s, nil
}

// moments are the sufficient statistics of the data.
type moments struct {
	n       int       // variables
	count   float64   // observations
	mean    []float64 // of each variable
	scatter []float64 // n×n: sums of products about the means
}

func momentsOf(rows [][]float64, n int) *moments {
	m := &moments{n: n, count: float64(len(rows)), mean: make([]float64, n), scatter: make([]float64, n*n)}
	for _, x := range rows {
		for i, v := range x {
			m.mean[i] += v
		}
	}
	for i := range m.mean {
		m.mean[i] /= m.count
	}
	for _, x := range rows {
		for i := range n {
			di := x[i] - m.mean[i]
			for j := range i + 1 {
				m.scatter[i*n+j] += float64(di * (x[j] - m.mean[j]))
			}
		}
	}
	for i := range n {
		for j := range i {
			m.scatter[j*n+i] = m.scatter[i*n+j]
		}
	}
	return m
}

// family copies the rows and columns of the parents, in ascending order, and then of the
// node, out of an n×n matrix and factors them. a becomes their Cholesky factor; k is the
// number of parents.
func family(matrix []float64, n, node int, parents uint64, a *[maxNodes * maxNodes]float64) (k int) {
	var buffer [maxNodes]int
	members := append(bitset.AppendOnes(buffer[:0], []uint64{parents}), node)
	size := len(members)
	for r, i := range members {
		for c, j := range members[:r+1] {
			a[r*size+c] = matrix[i*n+j]
		}
	}
	cholesky(a[:size*size], size, 0)
	return size - 1
}

// maximumLikelihood scores a node by its log likelihood at the coefficients and intercept
// that maximise it, and at the maximising variance unless the variance is known.
type maximumLikelihood struct {
	*moments
	variance float64 // of the noise; 0 if it is free
}

const logTwoPi = 1.83787706640934548356

func (s *maximumLikelihood) of(node int, parents uint64) float64 {
	var a [maxNodes * maxNodes]float64
	k := family(s.scatter, s.n, node, parents, &a)
	// The node's pivot is its scatter given the parents: the residual sum of squares.
	pivot := a[k*(k+1)+k]
	residual := float64(pivot * pivot)
	if s.variance > 0 {
		return -float64(s.count/2*(logTwoPi+fmath.Log(s.variance))) - residual/(2*s.variance)
	}
	return -float64(s.count / 2 * (logTwoPi + 1 + fmath.Log(residual/s.count)))
}

// bge is the log marginal likelihood of the data under a normal-Wishart prior with mean
// 0, as a sum over nodes (Kuipers et al. 2014). The prior matrix is T = t I with t =
// alphaMu (alphaW - n - 1)/(alphaMu + 1).
type bge struct {
	n         int
	posterior []float64 // n×n: R, the prior matrix plus the contribution of the data
	node      []float64 // by number of parents: the terms that do not depend on R
	excess    float64   // alphaW - n
	count     float64
}

func newBGe(m *moments, alphaMu, alphaW float64) *bge {
	n := m.n
	s := &bge{n: n, posterior: append([]float64(nil), m.scatter...), excess: alphaW - float64(n), count: m.count}
	t := alphaMu * (alphaW - float64(n) - 1) / (alphaMu + 1)
	pull := m.count * alphaMu / (m.count + alphaMu)
	for i := range n {
		for j := range n {
			s.posterior[i*n+j] += float64(pull * m.mean[i] * m.mean[j])
		}
		s.posterior[i*n+i] += t
	}
	const logPi = 1.14472988584940017414
	for l := range n {
		prior := s.excess + float64(l) + 1 // degrees of freedom of a node with l parents
		v := fmath.Lgamma((m.count+prior)/2) - fmath.Lgamma(prior/2)
		v += float64(0.5 * fmath.Log(alphaMu/(m.count+alphaMu)))
		v += float64((prior + float64(l)) / 2 * fmath.Log(t))
		s.node = append(s.node, v-float64(m.count/2*logPi))
	}
	return s
}

func (s *bge) of(node int, parents uint64) float64 {
	var a [maxNodes * maxNodes]float64
	k := family(s.posterior, s.n, node, parents, &a)
	logDet := 0.0 // of the parents' block of R
	for i := range k {
		logDet += float64(2 * fmath.Log(a[i*(k+1)+i]))
	}
	last := 2 * fmath.Log(a[k*(k+1)+k])
	freedom := s.count + s.excess + float64(k) + 1
	return s.node[k] - float64(freedom/2*float64(logDet+last)) + float64((freedom-1)/2*logDet)
}
