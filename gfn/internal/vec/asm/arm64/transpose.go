package main

// transpose writes the transposition of blocks of 4×4 float32.
func transpose(a *assembler) {
	a.function("transpose4x4", "dst *float32, dstRow int, src *float32, srcRow int, blocks int", "",
		"transposes blocks of 4×4 float32, side by side in src and below each other in dst.")
	a.argument("dst", "R0")
	a.elements("dstRow", 2, "R1")
	a.argument("src", "R2")
	a.elements("srcRow", 2, "R3")
	a.argument("blocks", "R4")
	x, t := a.some(4), a.some(4)
	next := a.label("block")
	a.at(next)
	a.do("MOVD R2, R5")
	for _, v := range x {
		a.do("FMOVQ (R5), F%d; ADD R3, R5", v)
	}
	for i := range 2 {
		a.three("trn1", single, t[i], x[2*i], x[2*i+1])
		a.three("trn2", single, t[i+2], x[2*i], x[2*i+1])
	}
	for i := range 2 {
		a.three("zip1", double, x[i], t[2*i], t[2*i+1])
		a.three("zip2", double, x[i+2], t[2*i], t[2*i+1])
	}
	for _, v := range x {
		a.do("FMOVQ F%d, (R0); ADD R1, R0", v)
	}
	a.do("ADD $16, R2; SUBS $1, R4; BNE %s", next)
	a.end()
}
