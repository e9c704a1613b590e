package vec

// GemmRows is GemmFrom on the rows that idx lists, in ascending order: C[i,j] = C0[i,j] +
// Σ_k A[i,k]·B[k,j] for i in idx, j < n and k < depth. aRow is the row stride of A, whose
// columns are consecutive. C0 and C may be the same.
func GemmRows(idx []int32, n, depth int, a []float32, aRow int, b []float32, bRow int, c0 []float32, c0Row int, c []float32, cRow int) {
	if len(idx) == 0 || n <= 0 || depth <= 0 {
		return
	}
	last := int(idx[len(idx)-1])
	_ = a[int(idx[0])*aRow]
	_ = a[last*aRow+depth-1]
	_ = b[(depth-1)*bRow+n-1]
	_ = c0[last*c0Row+n-1]
	_ = c[last*cRow+n-1]
	gemmRows(idx, n, depth, a, aRow, b, bRow, c0, c0Row, c, cRow)
}

// GemmPicked adds to C, which is m×n, the product Aᵀ·B over the rows of A and B that idx
// lists, in ascending order: C[i,j] += Σ_r A[r,i]·B[r,j] for r in idx. Its chains are
// those of Gemm without the other rows.
func GemmPicked(idx []int32, m, n int, a []float32, aRow int, b []float32, bRow int, c []float32, cRow int) {
	if len(idx) == 0 || m <= 0 || n <= 0 {
		return
	}
	last := int(idx[len(idx)-1])
	_ = a[int(idx[0])*aRow]
	_ = a[last*aRow+m-1]
	_ = b[last*bRow+n-1]
	_ = c[(m-1)*cRow+n-1]
	gemmPicked(idx, m, n, a, aRow, b, bRow, c, cRow)
}

// gemmRowsRuns is GemmRows by products on runs of consecutive rows.
func gemmRowsRuns(idx []int32, n, depth int, a []float32, aRow int, b []float32, bRow int, c0 []float32, c0Row int, c []float32, cRow int) {
	for len(idx) > 0 {
		r, m := int(idx[0]), run(idx)
		gemm(m, n, depth, a[r*aRow:], aRow, 1, b, bRow, c0[r*c0Row:], c0Row, c[r*cRow:], cRow)
		idx = idx[m:]
	}
}

// gemmPickedRuns is GemmPicked by products on runs of consecutive rows.
func gemmPickedRuns(idx []int32, m, n int, a []float32, aRow int, b []float32, bRow int, c []float32, cRow int) {
	for len(idx) > 0 {
		r, k := int(idx[0]), run(idx)
		gemm(m, n, k, a[r*aRow:], 1, aRow, b[r*bRow:], bRow, c, cRow, c, cRow)
		idx = idx[k:]
	}
}

// run returns the number of consecutive integers with which idx begins.
func run(idx []int32) int {
	n := 1
	for n < len(idx) && idx[n] == idx[n-1]+1 {
		n++
	}
	return n
}
