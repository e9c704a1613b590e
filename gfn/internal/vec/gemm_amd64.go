//go:build !noasm

package vec

// gemmWide runs vectors along the columns of B.
func gemmWide(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c0 []float32, c0Row int, c []float32, cRow int) {
	switch {
	case active == pathAVX:
		begin(m, n, c0, c0Row, c, cRow)
		gemmAVX(m, n, k, a, aRow, aCol, b, bRow, c, cRow)
	case active == pathAVX512 && n > narrow: // With few columns, wide vectors only cross more cache lines.
		gemmAVX512(m, n, k, a, aRow, aCol, b, bRow, c0, c0Row, c, cRow)
	default:
		gemmAVX2(m, n, k, a, aRow, aCol, b, bRow, c0, c0Row, c, cRow)
	}
}

// gemmAVX512 walks over strips of columns and, within a strip, over panels of rows, to
// reuse a strip of B from the first-level cache.
func gemmAVX512(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c0 []float32, c0Row int, c []float32, cRow int) {
	panels, rest := m/8, m%8
	below := m - rest
	for j := 0; j < n; j += 32 {
		left := min(n-j, 32)
		pa, pb, p0, pc := &a[0], &b[j], &c0[j], &c[j]
		switch {
		case panels == 0:
		case left == 32:
			gemm8x32AVX512(panels, k, pa, aRow, aCol, pb, bRow, p0, 4*c0Row, pc, cRow)
		case left > 16:
			gemm8x32TailAVX512(panels, k, pa, aRow, aCol, pb, bRow, p0, 4*c0Row, pc, cRow, left-16)
		default:
			gemm8x16TailAVX512(panels, k, pa, aRow, aCol, pb, bRow, p0, 4*c0Row, pc, cRow, left)
		}
		switch {
		case rest == 0:
		case left > 16:
			gemmRest32AVX512(rest, k, &a[below*aRow], aRow, aCol, pb, bRow, &c0[below*c0Row+j], 4*c0Row, &c[below*cRow+j], cRow, left-16)
		default:
			gemmRest16AVX512(rest, k, &a[below*aRow], aRow, aCol, pb, bRow, &c0[below*c0Row+j], 4*c0Row, &c[below*cRow+j], cRow, left)
		}
	}
}

// gemmAVX2 does the same with smaller tiles.
func gemmAVX2(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c0 []float32, c0Row int, c []float32, cRow int) {
	if n <= narrow && m >= 12 {
		gemm12x8TailAVX2(m/12, k, &a[0], aRow, aCol, &b[0], bRow, &c0[0], 4*c0Row, &c[0], cRow, n)
		if above := m - m%12; above < m {
			gemmAVX2(m-above, n, k, a[above*aRow:], aRow, aCol, b, bRow, c0[above*c0Row:], c0Row, c[above*cRow:], cRow)
		}
		return
	}
	panels, rest := m/6, m%6
	below := m - rest
	for j := 0; j < n; j += 16 {
		left := min(n-j, 16)
		pa, pb, p0, pc := &a[0], &b[j], &c0[j], &c[j]
		switch {
		case panels == 0:
		case left == 16:
			gemm6x16AVX2(panels, k, pa, aRow, aCol, pb, bRow, p0, 4*c0Row, pc, cRow)
		case left > 8:
			gemm6x16TailAVX2(panels, k, pa, aRow, aCol, pb, bRow, p0, 4*c0Row, pc, cRow, left-8)
		default:
			gemm6x8TailAVX2(panels, k, pa, aRow, aCol, pb, bRow, p0, 4*c0Row, pc, cRow, left)
		}
		switch {
		case rest == 0:
		case left > 8:
			gemmRest16AVX2(rest, k, &a[below*aRow], aRow, aCol, pb, bRow, &c0[below*c0Row+j], 4*c0Row, &c[below*cRow+j], cRow, left-8)
		default:
			gemmRest8AVX2(rest, k, &a[below*aRow], aRow, aCol, pb, bRow, &c0[below*c0Row+j], 4*c0Row, &c[below*cRow+j], cRow, left)
		}
	}
}
