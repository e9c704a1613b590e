package vec

// Gemm adds the matrix product A·B to C: C[i,j] += Σ_k A[i,k]·B[k,j], where A is
// m×k, B k×n and C m×n. Element (i,k) of A is a[i*aRow+k*aCol], so
// aRow = 1 reads a transposed matrix; B and C are row-major with row strides
// bRow and cRow.
//
// Every element of C is one chain of correctly rounded float32 fused multiply-adds over k
// in ascending order, starting from its previous value. Its bits therefore depend neither
// on the tiling nor on the other elements. C must not overlap A or B.
func Gemm(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c []float32, cRow int) {
	if m <= 0 || n <= 0 || k <= 0 {
		return
	}
	_ = a[(m-1)*aRow+(k-1)*aCol]
	_ = b[(k-1)*bRow+n-1]
	_ = c[(m-1)*cRow+n-1]
	gemm(m, n, k, a, aRow, aCol, b, bRow, c, cRow, c, cRow)
}

// GemmFrom is Gemm with chains that start from C0 instead of C: C = C0 + A·B. c0Row is
// the row stride of C0 and may be 0, for the same row everywhere. k must be positive. C0
// must not overlap C.
func GemmFrom(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c0 []float32, c0Row int, c []float32, cRow int) {
	if m <= 0 || n <= 0 {
		return
	}
	_ = a[(m-1)*aRow+(k-1)*aCol]
	_ = b[(k-1)*bRow+n-1]
	_ = c0[(m-1)*c0Row+n-1]
	_ = c[(m-1)*cRow+n-1]
	gemm(m, n, k, a, aRow, aCol, b, bRow, c0, c0Row, c, cRow)
}

// begin copies C0 to C, unless they are the same.
func begin(m, n int, c0 []float32, c0Row int, c []float32, cRow int) {
	if &c0[0] == &c[0] {
		return
	}
	for i := range m {
		copy(c[i*cRow:i*cRow+n], c0[i*c0Row:])
	}
}

// gemmGo is the portable Gemm. Running several chains at a time hides the latency of the
// fused multiply-add, above all where it is emulated.
func gemmGo(m, n, k int, a []float32, aRow, aCol int, b []float32, bRow int, c []float32, cRow int) {
	whole := n &^ 3
	if fuses {
		for i := 0; i < m; i += 2 {
			next := min(i+1, m-1) // the last of an odd number of rows is its own neighbour
			for j := 0; j < whole; j += 4 {
				chains2x4(k, a[i*aRow:], a[next*aRow:], aCol, b[j:], bRow, (*[4]float32)(c[i*cRow+j:]), (*[4]float32)(c[next*cRow+j:]))
			}
		}
	} else {
		for i := range m {
			for j := 0; j < whole; j += 4 {
				chain4(k, a[i*aRow:], aCol, b[j:], bRow, (*[4]float32)(c[i*cRow+j:]))
			}
		}
	}
	for i := range m {
		for j := whole; j < n; j++ {
			s := c[i*cRow+j]
			for l := range k {
				s = fma32(a[i*aRow+l*aCol], b[l*bRow+j], s)
			}
			c[i*cRow+j] = s
		}
	}
}

// chains2x4 runs the chains of four columns in two rows of C, which may be one, where the
// compiler fuses. More of them would not fit into the registers of amd64.
func chains2x4(k int, a0, a1 []float32, aCol int, b []float32, bRow int, c0, c1 *[4]float32) {
	s0, s1, s2, s3 := c0[0], c0[1], c0[2], c0[3]
	t0, t1, t2, t3 := c1[0], c1[1], c1[2], c1[3]
	for l := range k {
		x0, x1 := a0[l*aCol], a1[l*aCol]
		y := (*[4]float32)(b[l*bRow:])
		s0, s1, s2, s3 = fused(x0, y[0], s0), fused(x0, y[1], s1), fused(x0, y[2], s2), fused(x0, y[3], s3)
		t0, t1, t2, t3 = fused(x1, y[0], t0), fused(x1, y[1], t1), fused(x1, y[2], t2), fused(x1, y[3], t3)
	}
	*c0 = [4]float32{s0, s1, s2, s3}
	*c1 = [4]float32{t0, t1, t2, t3}
}

// chain4 runs the chains of four neighbouring elements of a row of C, kept as float64 in
// between.
func chain4(k int, a []float32, aCol int, b []float32, bRow int, c *[4]float32) {
	c0, c1, c2, c3 := float64(c[0]), float64(c[1]), float64(c[2]), float64(c[3])
	for l := range k {
		x := float64(a[l*aCol])
		y := (*[4]float32)(b[l*bRow:])
		p0, p1 := float64(x*float64(y[0])), float64(x*float64(y[1]))
		p2, p3 := float64(x*float64(y[2])), float64(x*float64(y[3]))
		s0, s1, s2, s3 := p0+c0, p1+c1, p2+c2, p3+c3
		if twice(s0) || twice(s1) || twice(s2) || twice(s3) {
			s0, s1 = fmaExact(p0, c0), fmaExact(p1, c1)
			s2, s3 = fmaExact(p2, c2), fmaExact(p3, c3)
		}
		c0, c1 = float64(float32(s0)), float64(float32(s1))
		c2, c3 = float64(float32(s2)), float64(float32(s3))
	}
	*c = [4]float32{float32(c0), float32(c1), float32(c2), float32(c3)}
}
