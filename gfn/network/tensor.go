package network

import "fmt"

// A Tensor is a named block of a network's parameters: a matrix of a linear layer, as
// out = in·W + b has it, a vector, or a table of embeddings.
type Tensor struct {
	Name  string    // such as "layers.0.weight"
	Shape []int     // rows, then columns
	Data  []float32 // row by row
}

// tensors appends the layers of a stack, as views of its parameters.
func (m *stack) tensors(list []Tensor, name string) []Tensor {
	for i := range m.layers {
		l := &m.layers[i]
		at := fmt.Sprintf("%s.%d.", name, i)
		list = append(list,
			Tensor{at + "weight", []int{l.in, l.out}, m.weights(l)},
			Tensor{at + "bias", []int{l.out}, m.bias(l)})
	}
	return list
}

// Tensors returns the parameters: layers.
func (m *MLP) Tensors() []Tensor { return m.tensors(nil, "layers") }

// Tensors returns the parameters: layers.
func (m *RealMLP) Tensors() []Tensor { return m.tensors(nil, "layers") }

// Tensors returns the parameters: layers.
func (m *TokenMLP) Tensors() []Tensor { return m.tensors(nil, "layers") }

// Tensors returns the parameters: embedding, a row for each token and one for none,
// and layers.
func (m *EmbeddingMLP) Tensors() []Tensor {
	rows := m.env.Tokens() + 1
	return m.tensors([]Tensor{{"embedding.weight", []int{rows, m.width}, m.params.Data[:rows*m.width]}}, "layers")
}

// Tensors returns the parameters: phi, of each feature, and layers, of their sum.
func (m *DeepSet) Tensors() []Tensor { return m.tensors(m.phi.tensors(nil, "phi"), "layers") }

// Tensors returns the parameters: conv.0, conv.1, ..., its layers, and what reads them:
// whole, from the sum over the forest, or the readouts join, flow and back, as far as the
// heads ask for them.
func (m *GIN) Tensors() (list []Tensor) {
	for k := range m.layers {
		list = m.layers[k].tensors(list, fmt.Sprintf("conv.%d", k))
	}
	if m.fromForest {
		return m.whole.tensors(list, "whole")
	}
	for _, r := range m.readouts() {
		name := "join"
		switch r {
		case &m.flow:
			name = "flow"
		case &m.back:
			name = "back"
		}
		d := r.params.Data
		list = append(list,
			Tensor{name + ".0.weight", []int{r.width, r.width}, d[r.w:r.b]}, Tensor{name + ".0.bias", []int{r.width}, d[r.b:r.v]},
			Tensor{name + ".1.weight", []int{r.width, 1}, d[r.v:r.c]}, Tensor{name + ".1.bias", []int{1}, d[r.c : r.c+1]})
	}
	return list
}
