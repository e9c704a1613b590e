//go:build !noasm

package vec

// depth is the length of the pieces that long chains are cut into, which keeps
// the cache lines and pages of a piece at hand over all panels. The chains go on
// from C, so their bits do not change.
const depth = 128

// gemm chooses the direction of the vectors.
func gemm(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c []float32, cRow int) {
	switch {
	case active == pathGo:
		gemmGo(m, n, k, a, aRow, aCol, b, bRow, c, cRow)
	case n <= narrow && m > narrow && aRow == 1:
		gemmNarrow(m, n, k, a, aCol, b, bRow, c, cRow)
	default:
		gemmDeep(m, n, k, a, aRow, aCol, b, bRow, c, cRow)
	}
}

// gemmDeep cuts long chains into pieces.
func gemmDeep(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c []float32, cRow int) {
	for ; k > depth; k -= depth {
		gemmWide(m, n, depth, a, aRow, aCol, b, bRow, c, cRow)
		a, b = a[depth*aCol:], b[depth*bRow:]
	}
	gemmWide(m, n, k, a, aRow, aCol, b, bRow, c, cRow)
}

// gemmWide has vectors along the columns of B.
func gemmWide(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c []float32, cRow int) {
	if active == pathAVX512 && n > narrow { // Wide vectors on few columns only cross more cache lines.
		gemmAVX512(m, n, k, a, aRow, aCol, b, bRow, c, cRow)
	} else {
		gemmAVX2(m, n, k, a, aRow, aCol, b, bRow, c, cRow)
	}
}

// narrow is the number of columns that do not fill a vector.
const narrow = 8

// gemmNarrow is Gemm for a transposed A and few columns: it has vectors along
// the rows of C instead, as Cᵀ += Bᵀ·Aᵀ, on a transposed copy of a block of C.
func gemmNarrow(m, n, k int, a []float32, aCol int, b []float32, bRow int, c []float32, cRow int) {
	const block = 128
	var t [narrow * block]float32
	for i := 0; i < m; i += block {
		rows := min(m-i, block)
		transpose(t[:], block, c[i*cRow:], cRow, rows, n)
		gemmDeep(n, rows, k, b, 1, bRow, a[i:], aCol, t[:], block)
		transpose(c[i*cRow:], cRow, t[:], block, n, rows)
	}
}

// gemmAVX512 walks over strips of columns and, within a strip, over panels of
// rows, so that a strip of B is reused from the first-level cache.
func gemmAVX512(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c []float32, cRow int) {
	panels, rest := m/8, m%8
	below := m - rest
	for j := 0; j < n; j += 32 {
		left := min(n-j, 32)
		pa, pb, pc := &a[0], &b[j], &c[j]
		switch {
		case panels == 0:
		case left == 32:
			gemm8x32AVX512(panels, k, pa, aRow, aCol, pb, bRow, pc, cRow)
		case left > 16:
			gemm8x32TailAVX512(panels, k, pa, aRow, aCol, pb, bRow, pc, cRow, left-16)
		default:
			gemm8x16TailAVX512(panels, k, pa, aRow, aCol, pb, bRow, pc, cRow, left)
		}
		switch {
		case rest == 0:
		case left > 16:
			gemmRest32AVX512(rest, k, &a[below*aRow], aRow, aCol, pb, bRow, &c[below*cRow+j], cRow, left-16)
		default:
			gemmRest16AVX512(rest, k, &a[below*aRow], aRow, aCol, pb, bRow, &c[below*cRow+j], cRow, left)
		}
	}
}

// gemmAVX2 does the same with smaller tiles.
func gemmAVX2(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c []float32, cRow int) {
	if n <= narrow && m >= 12 {
		gemm12x8TailAVX2(m/12, k, &a[0], aRow, aCol, &b[0], bRow, &c[0], cRow, n)
		if above := m - m%12; above < m {
			gemmAVX2(m-above, n, k, a[above*aRow:], aRow, aCol, b, bRow, c[above*cRow:], cRow)
		}
		return
	}
	panels, rest := m/6, m%6
	below := m - rest
	for j := 0; j < n; j += 16 {
		left := min(n-j, 16)
		pa, pb, pc := &a[0], &b[j], &c[j]
		switch {
		case panels == 0:
		case left == 16:
			gemm6x16AVX2(panels, k, pa, aRow, aCol, pb, bRow, pc, cRow)
		case left > 8:
			gemm6x16TailAVX2(panels, k, pa, aRow, aCol, pb, bRow, pc, cRow, left-8)
		default:
			gemm6x8TailAVX2(panels, k, pa, aRow, aCol, pb, bRow, pc, cRow, left)
		}
		switch {
		case rest == 0:
		case left > 8:
			gemmRest16AVX2(rest, k, &a[below*aRow], aRow, aCol, pb, bRow, &c[below*cRow+j], cRow, left-8)
		default:
			gemmRest8AVX2(rest, k, &a[below*aRow], aRow, aCol, pb, bRow, &c[below*cRow+j], cRow, left)
		}
	}
}
