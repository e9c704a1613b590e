package objective

import "gfnbench/gfn/internal/vec"

// importance holds the weights v_n = p_F(τ_n)/q(τ_n) of a batch.
type importance struct{ v []float64 }

// weigh computes the weights; on policy there are none.
func (w *importance) weigh(b *Batch) {
	if len(b.LogQ) == 0 {
		w.v = w.v[:0]
		return
	}
	w.v = resize(w.v, len(b.LogPF))
	for i := range w.v {
		w.v[i] = b.LogPF[i] - b.LogQ[i]
	}
	vec.Exp(w.v, w.v)
}

// at returns v_n, which is 1 on policy.
func (w *importance) at(n int) float64 {
	if len(w.v) == 0 {
		return 1
	}
	return w.v[n]
}

// scale multiplies x_n by v_n.
func (w *importance) scale(x []float64) {
	for i, v := range w.v {
		x[i] *= v
	}
}

// mean returns the estimate (1/N) Σ v_n x_n of E[x] under p_F.
func (w *importance) mean(x []float64) float64 {
	sum := 0.0
	for i := range x {
		sum += float64(w.at(i) * x[i])
	}
	return sum / float64(len(x))
}
