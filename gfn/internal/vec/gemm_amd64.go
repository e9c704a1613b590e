//go:build !noasm

package vec

// depth is the length of the pieces that long chains are cut into, which keeps
// the cache lines and pages of a piece at hand over all panels. The chains go on
// from C, so their bits do not change.
const depth = 128

// gemm walks over strips of columns and, within a strip, over panels of rows, so
// that a strip of B is reused from the first-level cache.
func gemm(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c []float32, cRow int) {
	for ; k > depth; k -= depth {
		gemm(m, n, depth, a, aRow, aCol, b, bRow, c, cRow)
		a, b = a[depth*aCol:], b[depth*bRow:]
	}
	switch active {
	case pathAVX512:
		gemmAVX512(m, n, k, a, aRow, aCol, b, bRow, c, cRow)
	case pathAVX2:
		gemmAVX2(m, n, k, a, aRow, aCol, b, bRow, c, cRow)
	default:
		gemmGo(m, n, k, a, aRow, aCol, b, bRow, c, cRow)
	}
}

func gemmAVX512(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c []float32, cRow int) {
	if n <= 8 { // Wider vectors would only cross more cache lines.
		gemmAVX2(m, n, k, a, aRow, aCol, b, bRow, c, cRow)
		return
	}
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

func gemmAVX2(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c []float32, cRow int) {
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
