package vec

import (
	"math/rand/v2"
	"testing"
)

// listedCase is a product with depth m or, if rows are picked, m rows of C.
type listedCase struct {
	idx              []int32
	m, n             int
	aRow, bRow, cRow int
	a, b, c          []float32
	c0               []float32
	c0Row            int
}

func randomListed(rng *rand.Rand, m, n int, edge bool) *listedCase {
	n = max(n, 1)
	l := &listedCase{m: m, n: n, aRow: m + rng.IntN(3), bRow: n + rng.IntN(3), cRow: n + rng.IntN(3)}
	share := rng.IntN(5)
	for r := range int32(rng.IntN(60)) {
		if rng.IntN(4) < share {
			l.idx = append(l.idx, r)
		}
	}
	l.idx = clone(l.idx)
	rows := 0
	if k := len(l.idx); k > 0 {
		rows = int(l.idx[k-1]) + 1
	}
	most := max(rows, m)
	l.a, l.b, l.c = random(rng, rows*l.aRow, edge), random(rng, most*l.bRow, edge), random(rng, most*l.cRow, edge)
	if l.c0Row = n + rng.IntN(3); share == 1 {
		l.c0Row = 0
	}
	l.c0 = random(rng, max(n, rows*l.c0Row), edge)
	return l
}

func (l *listedCase) rows() []float32 {
	c := clone(l.c)
	GemmRows(l.idx, l.n, l.m, l.a, l.aRow, l.b, l.bRow, l.c0, l.c0Row, c, l.cRow)
	return c
}

func (l *listedCase) picked() []float32 {
	c := clone(l.c)
	GemmPicked(l.idx, l.m, l.n, l.a, l.aRow, l.b, l.bRow, c, l.cRow)
	return c
}

// TestListed: the products are those of Gemm, row by row.
func TestListed(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 1))
	onEach(t, func(t *testing.T) {
		for n := range 80 {
			l := randomListed(rng, 1+rng.IntN(60), n, n%2 == 0)
			rows, picked := clone(l.c), clone(l.c)
			for _, r := range l.idx {
				a, b := l.a[int(r)*l.aRow:], l.b[int(r)*l.bRow:]
				copy(rows[int(r)*l.cRow:][:l.n], l.c0[int(r)*l.c0Row:])
				Gemm(1, l.n, l.m, a, l.aRow, 1, l.b, l.bRow, rows[int(r)*l.cRow:], l.cRow)
				Gemm(l.m, l.n, 1, a, 1, l.aRow, b, l.bRow, picked, l.cRow)
			}
			if i := differs(l.rows(), rows); i >= 0 {
				t.Errorf("n = %d: GemmRows differs at element %d", l.n, i)
			}
			if i := differs(l.picked(), picked); i >= 0 {
				t.Errorf("n = %d: GemmPicked differs at element %d", l.n, i)
			}
		}
	})
}
