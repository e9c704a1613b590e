//go:build !noasm

package vec

// Listed reports whether GemmRows and GemmPicked are nearly as fast as Gemm on as many
// rows in the path in use, if rows of C or B have a multiple of 16 columns.
func Listed() bool { return active == pathAVX512 || active == pathAVX2 || active == pathGo }

// gemmRows runs through strips of columns. The last panel of rows may repeat its last
// row, whose result is then stored more than once.
func gemmRows(idx []int32, n, depth int, a []float32, aRow int, b []float32, bRow int, c0 []float32, c0Row int, c []float32, cRow int) {
	j := 0
	switch active {
	case pathAVX512:
		for ; j+32 <= n; j += 32 {
			rows32AVX512(idx, depth, &a[0], aRow, &b[j], bRow, &c0[j], c0Row, &c[j], cRow)
		}
		for ; j+16 <= n; j += 16 {
			rows16AVX512(idx, depth, &a[0], aRow, &b[j], bRow, &c0[j], c0Row, &c[j], cRow)
		}
	case pathAVX2:
		for ; j+16 <= n; j += 16 {
			rows16AVX2(idx, depth, &a[0], aRow, &b[j], bRow, &c0[j], c0Row, &c[j], cRow)
		}
	}
	if j < n {
		gemmRowsRuns(idx, n-j, depth, a, aRow, b[j:], bRow, c0[j:], c0Row, c[j:], cRow)
	}
}

func rows32AVX512(idx []int32, k int, a *float32, aRow int, b *float32, bRow int, c0 *float32, c0Row int, c *float32, cRow int) {
	panels, rest := len(idx)/8, idx[len(idx)&^7:]
	if panels > 0 {
		gemmRows8x32AVX512(panels, &idx[0], k, a, aRow, b, bRow, c0, c0Row, c, cRow)
	}
	if len(rest) > 0 {
		last := repeated(rest)
		gemmRows8x32AVX512(1, &last[0], k, a, aRow, b, bRow, c0, c0Row, c, cRow)
	}
}

func rows16AVX512(idx []int32, k int, a *float32, aRow int, b *float32, bRow int, c0 *float32, c0Row int, c *float32, cRow int) {
	panels := len(idx) / 12
	rest := idx[12*panels:]
	if panels > 0 {
		gemmRows12x16AVX512(panels, &idx[0], k, a, aRow, b, bRow, c0, c0Row, c, cRow)
	}
	last := repeated(rest)
	switch {
	case len(rest) > 4:
		gemmRows12x16AVX512(1, &last[0], k, a, aRow, b, bRow, c0, c0Row, c, cRow)
	case len(rest) > 0:
		gemmRows4x16AVX512(1, &last[0], k, a, aRow, b, bRow, c0, c0Row, c, cRow)
	}
}

func rows16AVX2(idx []int32, k int, a *float32, aRow int, b *float32, bRow int, c0 *float32, c0Row int, c *float32, cRow int) {
	panels := len(idx) / 6
	rest := idx[6*panels:]
	if panels > 0 {
		gemmRows6x16AVX2(panels, &idx[0], k, a, aRow, b, bRow, c0, c0Row, c, cRow)
	}
	last := repeated(rest)
	switch {
	case len(rest) > 3:
		gemmRows6x16AVX2(1, &last[0], k, a, aRow, b, bRow, c0, c0Row, c, cRow)
	case len(rest) > 0:
		gemmRows3x16AVX2(1, &last[0], k, a, aRow, b, bRow, c0, c0Row, c, cRow)
	}
}

// repeated returns rows filled up with the last of them.
func repeated(rows []int32) (all [12]int32) {
	for i := range all {
		if i < len(rows) {
			all[i] = rows[i]
		} else if i > 0 {
			all[i] = all[i-1]
		}
	}
	return all
}

// gemmPicked runs through strips of 16 columns. Rows of C and columns that do not fill a
// tile are left to Gemm.
func gemmPicked(idx []int32, m, n int, a []float32, aRow int, b []float32, bRow int, c []float32, cRow int) {
	rows, columns := 0, n&^15
	switch active {
	case pathAVX512:
		rows = m &^ 15
	case pathAVX2:
		rows = m &^ 3
	}
	for j := 0; j < columns && rows > 0; j += 16 {
		if active == pathAVX512 {
			picked16AVX512(idx, rows, a, aRow, &b[j], bRow, c[j:], cRow)
		} else {
			gemmPicked4x16AVX2(rows/4, &idx[0], len(idx), &a[0], aRow, &b[j], bRow, &c[j], cRow)
		}
	}
	if columns < n && rows > 0 {
		gemmPickedRuns(idx, rows, n-columns, a, aRow, b[columns:], bRow, c[columns:], cRow)
	}
	if rows < m {
		gemmPickedRuns(idx, m-rows, n, a[rows:], aRow, b, bRow, c[rows*cRow:], cRow)
	}
}

// picked16AVX512 does 16 columns and a multiple of 16 rows of C.
func picked16AVX512(idx []int32, rows int, a []float32, aRow int, b *float32, bRow int, c []float32, cRow int) {
	high := rows / 48 * 2
	if high > 0 {
		gemmPicked24x16AVX512(high, &idx[0], len(idx), &a[0], aRow, b, bRow, &c[0], cRow)
	}
	if at := 24 * high; at < rows {
		gemmPicked16x16AVX512((rows-at)/16, &idx[0], len(idx), &a[at], aRow, b, bRow, &c[at*cRow], cRow)
	}
}
