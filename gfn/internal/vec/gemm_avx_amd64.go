//go:build !noasm

package vec

import (
	"math"
	"slices"
)

// gemmAVX emulates fused multiply-adds in tiles of 4×8. It converts panels of A to
// float64 first. If a tile finds that a sum may have been rounded twice, the portable
// product computes it instead.
func gemmAVX(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c []float32, cRow int) {
	var panel [4 * depth]float64
	ofB := newMagnitudes()
	for l := range k {
		ofB.add(b[l*bRow : l*bRow+n])
	}
	for i := 0; i < m; i += 4 {
		rows := min(m-i, 4)
		ofA := newMagnitudes()
		for r := range rows {
			for l := range k {
				x := a[(i+r)*aRow+l*aCol]
				ofA.one(x)
				panel[4*l+r] = float64(x)
			}
		}
		near := ofA.near(&ofB)
		for j := 0; j < n; j += 8 {
			columns, corner := min(n-j, 8), c[i*cRow+j:]
			if !tileAVX(near, rows, columns, k, &panel, b[j:], bRow, corner, cRow) {
				gemmGo(rows, columns, k, a[i*aRow:], aRow, aCol, b[j:], bRow, corner, cRow)
			}
		}
	}
}

// tileAVX computes a tile and reports whether it succeeded. If there are fewer than four
// rows, it works on a copy of C.
func tileAVX(near bool, rows, columns, k int, panel *[4 * depth]float64, b []float32, bRow int, c []float32, cRow int) bool {
	if rows == 4 {
		return kernelAVX(near, k, panel, &b[0], bRow, &c[0], cRow, columns)
	}
	var t [4 * 8]float32
	for r := range rows {
		copy(t[8*r:8*r+columns], c[r*cRow:])
	}
	if !kernelAVX(near, k, panel, &b[0], bRow, &t[0], 8, columns) {
		return false
	}
	for r := range rows {
		copy(c[r*cRow:r*cRow+columns], t[8*r:])
	}
	return true
}

func kernelAVX(near bool, k int, panel *[4 * depth]float64, b *float32, bRow int, c *float32, cRow, columns int) bool {
	if near {
		return gemmNear4x8AVX(k, &panel[0], b, bRow, c, cRow, columns) == 0
	}
	return gemm4x8AVX(k, &panel[0], b, bRow, c, cRow, columns) == 0
}

// magnitudes bound the magnitudes of numbers, as bits of float32 in four lanes: the
// smallest except 0, less one, and the largest.
type magnitudes struct {
	least, most [4]uint32
}

func newMagnitudes() magnitudes {
	const none = math.MaxUint32
	return magnitudes{least: [4]uint32{none, none, none, none}}
}

func (g *magnitudes) add(x []float32) {
	magnitudesAVX(&x[0], len(x), &g.least[0], &g.most[0])
}

func (g *magnitudes) one(x float32) {
	b := math.Float32bits(x) &^ (1 << 31)
	g.most[0] = max(g.most[0], b)
	g.least[0] = min(g.least[0], b-1)
}

// near reports whether all products of numbers of g and h are below 2^119 and multiples
// of 2^-149, the smallest float32.
func (g *magnitudes) near(h *magnitudes) bool {
	leastG, mostG := g.exponents()
	leastH, mostH := h.exponents()
	if max(mostG, mostH) == 255 { // infinity or NaN
		return false
	}
	return mostG+mostH <= 2*127+117 && leastG+leastH >= 2*(127+23)-149
}

// exponents returns the biased exponents of the smallest magnitude, treated as normal,
// and of the largest.
func (g *magnitudes) exponents() (least, most uint32) {
	const place = 23
	l, m := slices.Min(g.least[:]), slices.Max(g.most[:])
	return max(1, (l+min(1, math.MaxUint32-l))>>place), m >> place
}
