//go:build !noasm

package vec

// heightsNEON are the heights of tiles in rows, and widthsNEON their widths in vectors.
// Registers for 24 accumulators bound the product.
var (
	heightsNEON = [...]int{8, 4, 2, 1}
	widthsNEON  = [...]int{6, 3, 2, 1}
)

// gemmWide runs vectors along the columns of B.
func gemmWide(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c0 []float32, c0Row int, c []float32, cRow int) {
	begin(m, n, c0, c0Row, c, cRow)
	if n < narrow && n&3 != 0 {
		gemmPadded(m, n, k, a, aRow, aCol, b, bRow, c, cRow)
		return
	}
	panelsNEON(m, n, k, a, aRow, aCol, b, bRow, c, cRow, 0)
}

// gemmPadded is gemmWide if the columns do not fill the vectors of a row: it copies B
// with unused columns on the left.
func gemmPadded(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c []float32, cRow int) {
	var padded [narrow * depth]float32
	width := (n + 3) &^ 3
	lead := width - n
	for l := range k {
		copy(padded[l*width+lead:(l+1)*width], b[l*bRow:])
	}
	panelsNEON(m, width, k, a, aRow, aCol, padded[:], width, c, cRow, lead)
}

// panelsNEON walks down panels of rows, starting with those of the highest tiles. The
// first lead columns of B are padding and do not belong to C.
func panelsNEON(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c []float32, cRow, lead int) {
	for _, height := range heightsNEON {
		if panels := m / height; panels > 0 {
			stripsNEON(height, panels, n, k, a, aRow, aCol, b, bRow, c, cRow, lead)
			if m %= height; m == 0 {
				return
			}
			a, c = a[panels*height*aRow:], c[panels*height*cRow:]
		}
	}
}

// stripsNEON walks over strips of columns, to reuse a strip of B from the first-level
// cache. If the last strip would not be full, it starts at columns that are already done.
func stripsNEON(height, panels, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c []float32, cRow, lead int) {
	for done := 0; done < n; {
		vectors := widthNEON(height, n, done)
		first := min(done, n-4*vectors)
		skip := max(lead, done-first)
		tileNEON(height, vectors, panels, k, &a[0], aRow, aCol, &b[first], bRow, &c[first+skip-lead], cRow, skip)
		done = first + 4*vectors
	}
}

// widthNEON returns the width of the next tile. It splits four vectors into two and two,
// since a single one does not keep the multipliers busy.
func widthNEON(height, n, done int) int {
	left := n - done
	for _, w := range widthsNEON {
		if w*height <= 24 && 4*w <= min(n, left+3) && !(w == 3 && 12 < left && left <= 16) {
			return w
		}
	}
	panic("vec: fewer columns than a vector has")
}

// tileNEON calls the kernel for a tile.
func tileNEON(height, vectors, panels, k int, a *float32, aRow, aCol int, b *float32, bRow int, c *float32, cRow, skip int) {
	switch height<<3 | vectors {
	case 8<<3 | 3:
		gemm8x12NEON(panels, k, a, aRow, aCol, b, bRow, c, cRow, skip)
	case 8<<3 | 2:
		gemm8x8NEON(panels, k, a, aRow, aCol, b, bRow, c, cRow, skip)
	case 8<<3 | 1:
		gemm8x4NEON(panels, k, a, aRow, aCol, b, bRow, c, cRow, skip)
	case 4<<3 | 6:
		gemm4x24NEON(panels, k, a, aRow, aCol, b, bRow, c, cRow, skip)
	case 4<<3 | 3:
		gemm4x12NEON(panels, k, a, aRow, aCol, b, bRow, c, cRow, skip)
	case 4<<3 | 2:
		gemm4x8NEON(panels, k, a, aRow, aCol, b, bRow, c, cRow, skip)
	case 4<<3 | 1:
		gemm4x4NEON(panels, k, a, aRow, aCol, b, bRow, c, cRow, skip)
	case 2<<3 | 6:
		gemm2x24NEON(panels, k, a, aRow, aCol, b, bRow, c, cRow, skip)
	case 2<<3 | 3:
		gemm2x12NEON(panels, k, a, aRow, aCol, b, bRow, c, cRow, skip)
	case 2<<3 | 2:
		gemm2x8NEON(panels, k, a, aRow, aCol, b, bRow, c, cRow, skip)
	case 2<<3 | 1:
		gemm2x4NEON(panels, k, a, aRow, aCol, b, bRow, c, cRow, skip)
	case 1<<3 | 6:
		gemm1x24NEON(panels, k, a, aRow, aCol, b, bRow, c, cRow, skip)
	case 1<<3 | 3:
		gemm1x12NEON(panels, k, a, aRow, aCol, b, bRow, c, cRow, skip)
	case 1<<3 | 2:
		gemm1x8NEON(panels, k, a, aRow, aCol, b, bRow, c, cRow, skip)
	case 1<<3 | 1:
		gemm1x4NEON(panels, k, a, aRow, aCol, b, bRow, c, cRow, skip)
	}
}
