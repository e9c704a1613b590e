//go:build (!amd64 && !arm64) || noasm

package vec

func available() []path { return []path{pathGo} }

func gemm(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c0 []float32, c0Row int, c []float32, cRow int) {
	begin(m, n, c0, c0Row, c, cRow)
	gemmGo(m, n, k, a, aRow, aCol, b, bRow, c, cRow)
}

func transpose(dst []float32, dstRow int, src []float32, srcRow, rows, cols int) {
	transposeGo(dst, dstRow, src, srcRow, rows, cols)
}

func add(dst, src []float32) { addGo(dst, src) }

func axpy(dst []float32, alpha float32, src []float32) { axpyGo(dst, alpha, src) }

func scale(dst []float32, alpha float32) { scaleGo(dst, alpha) }

func leakyReLU(x []float32, slope float32) { leakyReLUGo(x, slope) }

func leakyReLUGrad(d, y []float32, slope float32) { leakyReLUGradGo(d, y, slope) }

func addRows(dst, w []float32, width int, idx []int32) { addRowsGo(dst, w, width, idx) }

func scatterAddRows(w []float32, width int, idx []int32, d []float32) {
	scatterAddRowsGo(w, width, idx, d)
}

func dot(x, y []float32) float64 { return dotGo(x, y) }

func sum(x []float64) float64 { return sumGo(x) }

func exp(dst, src []float64) { expGo(dst, src) }

func log(dst, src []float64) { logGo(dst, src) }

func adam(p, m, v, g []float32, c adamCoefficients) { adamGo(p, m, v, g, c) }

func softmaxRows(p []float64, logits []float32, logitRow int, mask []uint64, maskRow, rows, n int, lse []float64) {
	softmaxRowsGo(p, logits, logitRow, mask, maskRow, rows, n, lse)
}

func logRows(dst []float64, logits []float32, logitRow int, mask []uint64, maskRow, rows, n int, lse []float64) {
	logRowsGo(dst, logits, logitRow, mask, maskRow, rows, n, lse)
}

func scaleRows(dst []float32, dstRow int, src []float64, rows, n int, alpha []float64) {
	scaleRowsGo(dst, dstRow, src, rows, n, alpha)
}
