package network

import "gfnbench/gfn/internal/parallel"

// Params is a network's flat parameter vector with its gradient. Its blocks are the
// weight matrices and bias vectors, in order of creation.
type Params struct {
	Data []float32 // values
	Grad []float32 // gradient, accumulated by Backward

	pool *parallel.Pool
}

// NewParams returns n zero parameters.
func NewParams(n int) *Params {
	return &Params{Data: make([]float32, n), Grad: make([]float32, n)}
}

// ZeroGrad sets the gradient to zero.
func (p *Params) ZeroGrad() { clear(p.Grad) }

// SetThreads makes Adam and all networks with these parameters use n threads. Results do
// not change: every number is computed by one thread, in the same order.
func (p *Params) SetThreads(n int) { p.pool = parallel.New(n) }

// Split calls work on consecutive ranges of 0 ≤ i < n of at least grain elements, one per
// thread.
func (p *Params) Split(n, grain int, work func(lo, hi int)) { p.pool.Do(n, grain, work) }
