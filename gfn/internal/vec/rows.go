package vec

// AddRows adds rows of w, a matrix with rows of width elements, to dst in the
// order of idx: dst[j] += w[idx[0]*width+j], then += w[idx[1]*width+j] and so
// on. It is the product of a multi-hot row vector with w.
func AddRows(dst []float32, w []float32, width int, idx []int32) {
	dst = dst[:width]
	checkRows(w, width, idx)
	addRows(dst, w, width, idx)
}

// ScatterAddRows adds d to each of the rows idx of w, in the order of idx:
// w[i*width+j] += d[j]. It is the gradient of AddRows with respect to w.
func ScatterAddRows(w []float32, width int, idx []int32, d []float32) {
	d = d[:width]
	checkRows(w, width, idx)
	scatterAddRows(w, width, idx, d)
}

// ScaleRows sets rows of n elements of dst, which are dstRow apart, to the consecutive
// rows of src, each multiplied by one number and rounded to float32: dst[r*dstRow+j] =
// float32(alpha[r]·src[r*n+j]). Results below 2^-96 in magnitude become +0, since
// products with denormal numbers are slow.
func ScaleRows(dst []float32, dstRow int, src []float64, n int, alpha []float64) {
	rows := len(alpha)
	if rows == 0 || n <= 0 {
		return
	}
	_ = dst[(rows-1)*dstRow+n-1]
	_ = src[rows*n-1]
	scaleRows(dst, dstRow, src, rows, n, alpha)
}

func scaleRowsGo(dst []float32, dstRow int, src []float64, rows, n int, alpha []float64) {
	for r := range rows {
		row := dst[r*dstRow : r*dstRow+n]
		for j, x := range src[r*n : (r+1)*n] {
			row[j] = atLeast(0x1p-96, float32(alpha[r]*x))
		}
	}
}

// checkRows panics unless all rows of idx are within w.
func checkRows(w []float32, width int, idx []int32) {
	if width <= 0 {
		return
	}
	rows := uint(len(w) / width)
	for _, r := range idx {
		if uint(r) >= rows {
			panic("vec: row index out of range")
		}
	}
}

func addRowsGo(dst []float32, w []float32, width int, idx []int32) {
	for _, r := range idx {
		at := int(r) * width
		addGo(dst, w[at:at+width])
	}
}

func scatterAddRowsGo(w []float32, width int, idx []int32, d []float32) {
	for _, r := range idx {
		at := int(r) * width
		addGo(w[at:at+width], d)
	}
}
