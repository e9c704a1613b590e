package vec

import "gfnbench/gfn/fmath"

// Exp sets dst[i] to fmath.Exp(src[i]), with the same bits. dst must be at least
// as long as src and may be src itself.
func Exp(dst, src []float64) {
	exp(dst[:len(src)], src)
}

// Log sets dst[i] to fmath.Log(src[i]), with the same bits. dst must be at least
// as long as src and may be src itself.
func Log(dst, src []float64) {
	log(dst[:len(src)], src)
}

func expGo(dst, src []float64) {
	for i, x := range src {
		dst[i] = fmath.Exp(x)
	}
}

func logGo(dst, src []float64) {
	for i, x := range src {
		dst[i] = fmath.Log(x)
	}
}
