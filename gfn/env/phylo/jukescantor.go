package phylo

import (
	"sync"

	"gfnbench/gfn/fmath"
	"gfnbench/gfn/internal/vec"
)

// References:
//
//	Jukes, Cantor: Evolution of protein molecules. In: Mammalian Protein
//	Metabolism III, 1969.
//	Felsenstein: Evolutionary trees from DNA sequences: a maximum likelihood
//	approach. Journal of Molecular Evolution 17, 1981.

// A likelihood that falls below scaleBelow at some node is multiplied by scaleUp. Since
// that is a power of two, scaling changes no bit of the result.
const (
	scaleBelow = 0x1p-256
	scaleUp    = 0x1p+256
	logScaleUp = 256 * 0.693147180559945309417232121458 // ln 2^256
)

// jukesCantor computes the likelihood of trees under the model of Jukes and Cantor with
// equal branch lengths, by Felsenstein's pruning. It is safe for concurrent use.
type jukesCantor struct {
	leaves      int
	weights     []float64 // number of sites with each pattern
	same, other float64   // probabilities of keeping a nucleotide and of each change along a branch
	tips        []float64 // leaves × patterns × 4: messages of the leaves
	scratch     sync.Pool // of *pruning
}

// pruning is the working memory of one evaluation. A node's message holds, for each
// pattern and each nucleotide of its parent, the probability of the leaves below the
// node.
type pruning struct {
	messages []float64   // of the internal nodes
	at       [][]float64 // message of the tree whose smallest leaf is i
	clade    []uint64    // clade of that tree
	scaled   []int       // how often each pattern was scaled up
	sites    []float64   // log likelihood of each pattern
}

// newJukesCantor compresses the sites of an alignment into patterns. rows holds the
// leaves' sets of nucleotides, bit 0 to 3 for A, C, G, T.
func newJukesCantor(rows [][]byte, branchLength float64) *jukesCantor {
	e := fmath.Exp(-4 * branchLength / 3)
	m := &jukesCantor{
		leaves: len(rows),
		same:   0.25 + float64(0.75*e),
		other:  0.25 - float64(0.25*e),
	}
	columns := sitePatterns(rows, &m.weights)
	for i := range rows {
		for _, column := range columns {
			m.tips = append(m.tips, m.tipMessage(column[i])...)
		}
	}
	size := 4 * len(columns)
	m.scratch.New = func() any {
		return &pruning{
			messages: make([]float64, (m.leaves-1)*size),
			at:       make([][]float64, m.leaves),
			clade:    make([]uint64, m.leaves),
			scaled:   make([]int, len(columns)),
			sites:    make([]float64, len(columns)),
		}
	}
	return m
}

// sitePatterns returns the distinct columns in order of their first site and appends the
// number of sites of each to weights.
func sitePatterns(rows [][]byte, weights *[]float64) []string {
	var columns []string
	index := map[string]int{}
	column := make([]byte, len(rows))
	for site := range rows[0] {
		for i := range rows {
			column[i] = rows[i][site]
		}
		k, ok := index[string(column)]
		if !ok {
			k = len(columns)
			index[string(column)] = k
			columns = append(columns, string(column))
			*weights = append(*weights, 0)
		}
		(*weights)[k]++
	}
	return columns
}

// tipMessage returns the message of a leaf that shows one of the nucleotides in set.
func (m *jukesCantor) tipMessage(set byte) []float64 {
	message := make([]float64, 4)
	for parent := range message {
		for child := range 4 {
			if set>>child&1 == 0 {
				continue
			}
			if child == parent {
				message[parent] += m.same
			} else {
				message[parent] += m.other
			}
		}
	}
	return message
}

// logLikelihood returns the log probability, in nats, of the alignment given the tree
// with these clades, in ascending order.
func (m *jukesCantor) logLikelihood(clades []uint64) float64 {
	w := m.scratch.Get().(*pruning)
	size := 4 * len(m.weights)
	clear(w.scaled)
	for i := range m.leaves {
		w.at[i], w.clade[i] = m.tips[i*size:(i+1)*size], 1<<i
	}
	last := len(clades) - 1
	for k, c := range clades[:last] {
		i := smallestLeaf(c)
		j := smallestLeaf(c &^ w.clade[i])
		out := w.messages[k*size : (k+1)*size]
		m.join(out, w.at[i], w.at[j], w.scaled)
		w.at[i], w.clade[i] = out, c
	}
	i := smallestLeaf(clades[last])
	j := smallestLeaf(clades[last] &^ w.clade[i])
	sum := m.root(w, w.at[i], w.at[j])
	m.scratch.Put(w)
	return sum
}

// join writes the message of a node from those of its children.
func (m *jukesCantor) join(out, x, y []float64, scaled []int) {
	other, diff := m.other, m.same-m.other
	for p := range scaled {
		x, y, out := x[4*p:4*p+4:4*p+4], y[4*p:4*p+4:4*p+4], out[4*p:4*p+4:4*p+4]
		a, c, g, t := float64(x[0]*y[0]), float64(x[1]*y[1]), float64(x[2]*y[2]), float64(x[3]*y[3])
		sum := (a + c) + (g + t)
		if sum < scaleBelow {
			a, c, g, t, sum = a*scaleUp, c*scaleUp, g*scaleUp, t*scaleUp, sum*scaleUp
			scaled[p]++
		}
		base := float64(other * sum)
		out[0] = base + float64(diff*a)
		out[1] = base + float64(diff*c)
		out[2] = base + float64(diff*g)
		out[3] = base + float64(diff*t)
	}
}

// root sums the log likelihoods of the sites at the root, where all nucleotides are
// equally likely.
func (m *jukesCantor) root(w *pruning, x, y []float64) float64 {
	for p := range w.sites {
		x, y := x[4*p:4*p+4:4*p+4], y[4*p:4*p+4:4*p+4]
		sum := (float64(x[0]*y[0]) + float64(x[1]*y[1])) + (float64(x[2]*y[2]) + float64(x[3]*y[3]))
		w.sites[p] = sum / 4
	}
	vec.Log(w.sites, w.sites)
	total := 0.0
	for p, weight := range m.weights {
		site := w.sites[p] - float64(float64(w.scaled[p])*logScaleUp)
		total += float64(weight * site)
	}
	return total
}
