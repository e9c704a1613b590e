//go:build !amd64 || noasm

package vec

// Listed reports whether GemmRows and GemmPicked are nearly as fast as Gemm on as many
// rows in the path in use.
func Listed() bool { return active == pathGo }

func gemmRows(idx []int32, n, depth int, a []float32, aRow int, b []float32, bRow int, c0 []float32, c0Row int, c []float32, cRow int) {
	gemmRowsRuns(idx, n, depth, a, aRow, b, bRow, c0, c0Row, c, cRow)
}

func gemmPicked(idx []int32, m, n int, a []float32, aRow int, b []float32, bRow int, c []float32, cRow int) {
	gemmPickedRuns(idx, m, n, a, aRow, b, bRow, c, cRow)
}
