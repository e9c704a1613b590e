package vec

// Transpose writes the transpose of a rows×cols matrix: dst[j,i] = src[i,j].
// The row strides are dstRow ≥ rows and srcRow ≥ cols. The matrices must not
// overlap.
func Transpose(dst []float32, dstRow int, src []float32, srcRow, rows, cols int) {
	if rows <= 0 || cols <= 0 {
		return
	}
	_ = dst[(cols-1)*dstRow+rows-1]
	_ = src[(rows-1)*srcRow+cols-1]
	transpose(dst, dstRow, src, srcRow, rows, cols)
}

// transposeGo copies square blocks that fit the first-level cache.
func transposeGo(dst []float32, dstRow int, src []float32, srcRow, rows, cols int) {
	const block = 16
	for i0 := 0; i0 < rows; i0 += block {
		for j0 := 0; j0 < cols; j0 += block {
			for i := i0; i < min(i0+block, rows); i++ {
				for j := j0; j < min(j0+block, cols); j++ {
					dst[j*dstRow+i] = src[i*srcRow+j]
				}
			}
		}
	}
}
