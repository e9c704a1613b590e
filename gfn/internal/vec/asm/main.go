// Command asm writes the assembly of package vec and its Go declarations:
//
//	go run . -out ../asm_amd64.s -stubs ../stubs_amd64.go -pkg vec
//
// It is a separate module so that the generator (avo) is not a dependency of the program.
package main

import (
	. "github.com/mmcloughlin/avo/build"
)

func main() {
	ConstraintExpr("!noasm")
	for _, v := range []isa{avx512, avx2, avx} {
		if v == avx {
			emulatedGemm()
			magnitudes()
		} else {
			gemm(v)
		}
		if v != avx2 { // AVX suffices for these kernels.
			elementwise(v)
			adam(v)
			rows(v)
		}
		reductions(v)
		expLog(v)
		rowwise(v)
	}
	softmax512()
	softmax256(avx2)
	softmax256(avx)
	transpose()
	listed(avx512)
	listed(avx2)
	Generate()
}
