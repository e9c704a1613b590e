package network

// Params is a network's flat parameter vector with its gradient. Blocks of it
// are the weight matrices and bias vectors, in order of their making.
type Params struct {
	Data []float32 // values
	Grad []float32 // gradient, accumulated by Backward
}

// NewParams returns n zero parameters.
func NewParams(n int) *Params {
	return &Params{Data: make([]float32, n), Grad: make([]float32, n)}
}

// ZeroGrad sets the gradient to zero.
func (p *Params) ZeroGrad() { clear(p.Grad) }
