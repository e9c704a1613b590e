package vec

// Add adds src to dst elementwise; dst must be at least as long as src.
func Add(dst, src []float32) {
	add(dst[:len(src)], src)
}

// Axpy adds alpha·src to dst elementwise, rounding the product to float32
// before the addition; dst must be at least as long as src.
func Axpy(dst []float32, alpha float32, src []float32) {
	axpy(dst[:len(src)], alpha, src)
}

// Scale multiplies dst by alpha.
func Scale(dst []float32, alpha float32) {
	scale(dst, alpha)
}

// LeakyReLU replaces each x that is not positive by slope·x, or by +0 if slope is 0,
// except that NaN stays NaN.
func LeakyReLU(x []float32, slope float32) {
	leakyReLU(x, slope)
}

// LeakyReLUGrad multiplies d by the derivative of LeakyReLU, given its output y: if y is
// not positive, d becomes slope·d, and exactly +0 if slope is 0. d must be at least as
// long as y.
func LeakyReLUGrad(d, y []float32, slope float32) {
	leakyReLUGrad(d[:len(y)], y, slope)
}

func addGo(dst, src []float32) {
	for i, x := range src {
		dst[i] += x
	}
}

func axpyGo(dst []float32, alpha float32, src []float32) {
	for i, x := range src {
		dst[i] += float32(alpha * x)
	}
}

func scaleGo(dst []float32, alpha float32) {
	for i := range dst {
		dst[i] *= alpha
	}
}

func leakyReLUGo(x []float32, slope float32) {
	for i, v := range x {
		switch {
		case v > 0:
		case slope != 0:
			x[i] = slope * v
		case v <= 0:
			x[i] = 0
		}
	}
}

func leakyReLUGradGo(d, y []float32, slope float32) {
	for i, v := range y {
		switch {
		case v > 0:
		case slope != 0:
			d[i] = slope * d[i]
		default:
			d[i] = 0
		}
	}
}
