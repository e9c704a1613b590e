//go:build (amd64 || arm64) && !noasm

package vec

// depth is the length of the pieces into which long chains are cut, which keeps the cache
// lines and pages of a piece at hand over all panels. Chains continue from C, so their
// bits do not change.
const depth = 128

// gemm chooses the direction of the vectors.
func gemm(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c0 []float32, c0Row int, c []float32, cRow int) {
	switch {
	case active == pathGo:
		begin(m, n, c0, c0Row, c, cRow)
		gemmGo(m, n, k, a, aRow, aCol, b, bRow, c, cRow)
	case n <= narrow && m > narrow && aRow == 1:
		begin(m, n, c0, c0Row, c, cRow)
		gemmNarrow(m, n, k, a, aCol, b, bRow, c, cRow)
	default:
		gemmDeep(m, n, k, a, aRow, aCol, b, bRow, c0, c0Row, c, cRow)
	}
}

// gemmDeep cuts long chains into pieces.
func gemmDeep(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c0 []float32, c0Row int, c []float32, cRow int) {
	for ; k > depth; k -= depth {
		gemmWide(m, n, depth, a, aRow, aCol, b, bRow, c0, c0Row, c, cRow)
		a, b = a[depth*aCol:], b[depth*bRow:]
		c0, c0Row = c, cRow
	}
	gemmWide(m, n, k, a, aRow, aCol, b, bRow, c0, c0Row, c, cRow)
}

// narrow is the number of columns that do not fill a vector.
const narrow = 8

// gemmNarrow is Gemm for a transposed A and few columns. It runs vectors along the rows
// of C, as Cᵀ += Bᵀ·Aᵀ, on a transposed copy of a block of C.
func gemmNarrow(m, n, k int, a []float32, aCol int, b []float32, bRow int, c []float32, cRow int) {
	const block = 128
	var t [narrow * block]float32
	for i := 0; i < m; i += block {
		rows := min(m-i, block)
		transpose(t[:], block, c[i*cRow:], cRow, rows, n)
		gemmDeep(n, rows, k, b, 1, bRow, a[i:], aCol, t[:], block, t[:], block)
		transpose(c[i*cRow:], cRow, t[:], block, n, rows)
	}
}
