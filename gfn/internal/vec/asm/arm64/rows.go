package main

// rows writes AddRows and ScatterAddRows: blocks of 32 columns, then of 4, then
// single ones; within each, all rows of idx.
func rows(a *assembler) {
	a.function("addRows", "dst *float32, w *float32, width int, idx *int32, count int", "", "is addRowsGo for count > 0.")
	a.columns("dst", func(x, row vector, _ func(vector)) { a.three("fadd", single, x, x, row) }, true)

	a.function("scatterAddRows", "w *float32, width int, idx *int32, count int, d *float32", "", "is scatterAddRowsGo for count > 0.")
	a.columns("d", func(x, row vector, store func(vector)) {
		a.three("fadd", single, row, row, x)
		store(row)
	}, false)
}

// columns runs body over the rows of idx for each block of columns of the vector
// parameter. It loads the block before and, if changed is set, stores it after.
func (a *assembler) columns(parameter string, body func(x, row vector, store func(vector)), changed bool) {
	const at, w, left, idx, count, stride, i, n, row = "R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8"
	a.argument(parameter, at)
	a.argument("w", w)
	a.argument("width", left)
	a.argument("idx", idx)
	a.argument("count", count)
	a.do("LSL $2, %s, %s", left, stride)
	xs, t := a.some(8), a.take()
	for _, width := range []int{32, 4, 1} {
		move, vectors := "FMOVQ", max(1, width/4)
		if width == 1 {
			move = "FMOVS"
		}
		each := func(f func(v, bytes int)) {
			for v := range vectors {
				f(v, 16*v)
			}
		}
		next, inner, done := a.label("block"), a.label("row"), a.label("done")
		a.at(next)
		a.do("CMP $%d, %s; BLT %s", width, left, done)
		each(func(v, bytes int) { a.do("%s %d(%s), F%d", move, bytes, at, xs[v]) })
		a.do("MOVD %s, %s; MOVD %s, %s", idx, i, count, n)
		a.at(inner)
		a.do("MOVW.P 4(%s), %s; MADD %s, %s, %s, %s", i, row, stride, w, row, row)
		each(func(v, bytes int) {
			a.do("%s %d(%s), F%d", move, bytes, row, t)
			body(xs[v], t, func(sum vector) { a.do("%s F%d, %d(%s)", move, sum, bytes, row) })
		})
		a.do("SUBS $1, %s; BNE %s", n, inner)
		if changed {
			each(func(v, bytes int) { a.do("%s F%d, %d(%s)", move, xs[v], bytes, at) })
		}
		a.do("ADD $%d, %s; ADD $%d, %s", 4*width, at, 4*width, w)
		a.do("SUB $%d, %s; JMP %s", width, left, next)
		a.at(done)
	}
	a.end()
}
