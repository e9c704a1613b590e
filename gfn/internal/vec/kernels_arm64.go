//go:build !noasm

package vec

// The functions in this file call the kernels of the active path. The assembly takes
// pointers to first elements, so empty slices return here.

func add(dst, src []float32) {
	switch n := len(src); {
	case n == 0:
	case active == pathNEON:
		addNEON(&dst[0], &src[0], n)
	default:
		addGo(dst, src)
	}
}

func axpy(dst []float32, alpha float32, src []float32) {
	switch n := len(src); {
	case n == 0:
	case active == pathNEON:
		axpyNEON(&dst[0], alpha, &src[0], n)
	default:
		axpyGo(dst, alpha, src)
	}
}

func scale(dst []float32, alpha float32) {
	switch n := len(dst); {
	case n == 0:
	case active == pathNEON:
		scaleNEON(&dst[0], alpha, n)
	default:
		scaleGo(dst, alpha)
	}
}

func leakyReLU(x []float32, slope float32) {
	switch n := len(x); {
	case n == 0:
	case active == pathNEON && slope == 0:
		reluNEON(&x[0], n)
	case active == pathNEON:
		leakyReLUNEON(&x[0], slope, n)
	default:
		leakyReLUGo(x, slope)
	}
}

func leakyReLUGrad(d, y []float32, slope float32) {
	switch n := len(y); {
	case n == 0:
	case active == pathNEON && slope == 0:
		reluGradNEON(&d[0], &y[0], n)
	case active == pathNEON:
		leakyReLUGradNEON(&d[0], &y[0], slope, n)
	default:
		leakyReLUGradGo(d, y, slope)
	}
}

func addRows(dst, w []float32, width int, idx []int32) {
	switch n := len(idx); {
	case n == 0 || width <= 0:
	case active == pathNEON:
		addRowsNEON(&dst[0], &w[0], width, &idx[0], n)
	default:
		addRowsGo(dst, w, width, idx)
	}
}

func scatterAddRows(w []float32, width int, idx []int32, d []float32) {
	switch n := len(idx); {
	case n == 0 || width <= 0:
	case active == pathNEON:
		scatterAddRowsNEON(&w[0], width, &idx[0], n, &d[0])
	default:
		scatterAddRowsGo(w, width, idx, d)
	}
}

func dot(x, y []float32) float64 {
	switch n := len(x); {
	case n == 0:
		return 0
	case active == pathNEON:
		return dotNEON(&x[0], &y[0], n)
	}
	return dotGo(x, y)
}

func sum(x []float64) float64 {
	switch n := len(x); {
	case n == 0:
		return 0
	case active == pathNEON:
		return sumNEON(&x[0], n)
	}
	return sumGo(x)
}

func exp(dst, src []float64) {
	switch n := len(src); {
	case n == 0:
	case active == pathNEON:
		expNEON(&dst[0], &src[0], n)
	default:
		expGo(dst, src)
	}
}

func log(dst, src []float64) {
	switch n := len(src); {
	case n == 0:
	case active == pathNEON:
		logNEON(&dst[0], &src[0], n)
	default:
		logGo(dst, src)
	}
}

func adam(p, m, v, g []float32, c adamCoefficients) {
	switch n := len(p); {
	case n == 0:
	case active == pathNEON:
		adamNEON(&p[0], &m[0], &v[0], &g[0], n, &c.beta1)
	default:
		adamGo(p, m, v, g, c)
	}
}

// transpose handles blocks of 4×4 in assembly and the edges in Go.
func transpose(dst []float32, dstRow int, src []float32, srcRow, rows, cols int) {
	r, c := rows&^3, cols&^3
	if active == pathGo || r == 0 || c == 0 {
		transposeGo(dst, dstRow, src, srcRow, rows, cols)
		return
	}
	for i := 0; i < r; i += 4 {
		transpose4x4NEON(&dst[i], dstRow, &src[i*srcRow], srcRow, c/4)
	}
	if c < cols {
		transposeGo(dst[c*dstRow:], dstRow, src[c:], srcRow, r, cols-c)
	}
	if r < rows {
		transposeGo(dst[r:], dstRow, src[r*srcRow:], srcRow, rows-r, cols)
	}
}

// softmaxRows gets the sums and the largest logits of a block of rows from the assembly,
// and then takes the logarithms of all sums at once.
func softmaxRows(p []float64, logits []float32, logitRow int, mask []uint64, maskRow, rows, n int, lse []float64) {
	if active == pathGo {
		softmaxRowsGo(p, logits, logitRow, mask, maskRow, rows, n, lse)
		return
	}
	var tops [64]float64
	for r := 0; r < rows; r += len(tops) {
		block := min(rows-r, len(tops))
		sums := lse[r : r+block]
		softmaxNEON(&p[r*n], &logits[r*logitRow], logitRow, &mask[r*maskRow], maskRow, block, n, &sums[0], &tops[0])
		log(sums, sums)
		for i, top := range tops[:block] {
			sums[i] += top
		}
	}
}

func logRows(dst []float64, logits []float32, logitRow int, mask []uint64, maskRow, rows, n int, lse []float64) {
	if active == pathGo {
		logRowsGo(dst, logits, logitRow, mask, maskRow, rows, n, lse)
		return
	}
	logRowsNEON(&dst[0], &logits[0], logitRow, &mask[0], maskRow, rows, n, &lse[0])
}

func scaleRows(dst []float32, dstRow int, src []float64, rows, n int, alpha []float64) {
	if active == pathGo {
		scaleRowsGo(dst, dstRow, src, rows, n, alpha)
		return
	}
	scaleRowsNEON(&dst[0], dstRow, &src[0], rows, n, &alpha[0])
}
