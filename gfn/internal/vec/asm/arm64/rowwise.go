package main

import (
	"math"

	. "gfnbench/gfn/internal/vec/asm/coefficient"
)

// rowwise writes the kernels that combine each row with one float64: the last step of
// LogSoftmaxRows, and ScaleRows.
func rowwise(a *assembler) {
	a.function("logRows", "dst *float64, "+maskedParameters+", lse *float64", "", "is logRowsGo for rows > 0.")
	m := a.masked("dst")
	a.argument("lse", "R7")
	lse, x, d := a.take(), a.pair(), a.pair()
	m.eachRow(func() {
		a.do("FMOVD.P 8(R7), F%d", lse)
		a.duplicate(double, lse, lse, 0)
		m.eights(func(_ int, legal vector, logit, at span) {
			a.loadSingles(x[0], logit)
			a.widen(x[0], x[1], x[0])
			a.both("fsub", x, x, pair{lse, lse})
			low := a.float64s("negInf", math.Inf(-1))
			w := m.wide(legal)
			a.choose("orr", d, pair{low, low}, pair{low, low})
			a.choose("bit", d, x, w)
			a.storeDoubles(d, at)
			a.give(low)
			a.give(w[:]...)
		})
	})

	a.function("scaleRows", "dst *float32, dstRow int, src *float64, rows int, n int, alpha *float64", "", "is scaleRowsGo for rows > 0.")
	a.argument("dst", "R0")
	a.elements("dstRow", 2, "R1")
	a.argument("src", "R2")
	a.argument("rows", "R3")
	a.argument("n", "R4")
	a.argument("alpha", "R5")
	a.useConstants()
	least := a.words("least", LeastBits)
	alpha, y, t := a.take(), a.take(), a.take()
	x = a.pair()
	next := a.label("row")
	a.at(next)
	a.do("FMOVD.P 8(R5), F%d", alpha)
	a.duplicate(double, alpha, alpha, 0)
	a.do("MOVD R0, R6; MOVD R2, R7; MOVD R4, R8")
	a.fours("R8", map[string]int{"R6": 4, "R7": 8}, func(left string) {
		a.loadDoubles(x, span{"R7", 0, left})
		a.both("fmul", x, x, pair{alpha, alpha})
		a.narrow(y, x[0], x[1])
		a.atLeast(least, y, t)
		a.storeSingles(y, span{"R6", 0, left})
	})
	a.do("ADD R1, R0; ADD R4<<3, R2; SUBS $1, R3; BNE %s", next)
	a.end()
}
