package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// rows writes AddRows and ScatterAddRows: blocks of four vectors of columns,
// then single vectors under a mask; within each, all rows of idx.
func rows(v isa) {
	v.function("addRows", "(dst, w *float32, width int, idx *int32, count int)", "is addRowsGo for count > 0.")
	v.columns("dst", func(r []reg.VecVirtual, k *mask, row func(int) Mem) {
		for i := range r {
			if k == nil {
				VADDPS(row(i), r[i], r[i])
				continue
			}
			t := v.reg()
			v.load(row(i), k, t)
			VADDPS(t, r[i], r[i])
		}
	}, true)

	v.function("scatterAddRows", "(w *float32, width int, idx *int32, count int, d *float32)", "is scatterAddRowsGo for count > 0.")
	v.columns("d", func(r []reg.VecVirtual, k *mask, row func(int) Mem) {
		for i := range r {
			t := v.reg()
			v.load(row(i), k, t)
			VADDPS(r[i], t, t)
			v.store(t, k, row(i))
		}
	}, false)
}

// columns runs body over the rows of idx for each block of columns of the vector
// parameter. It loads the block before and, if changed is set, stores it after.
func (v isa) columns(vector string, body func(r []reg.VecVirtual, k *mask, row func(int) Mem), changed bool) {
	x, w, idx := argument(vector), argument("w"), argument("idx")
	left, stride := argument("width"), floats("width")
	count := argument("count")
	// block handles vecs vectors of columns.
	block := func(vecs int, k *mask) {
		r := make([]reg.VecVirtual, vecs)
		for i := range r {
			r[i] = v.reg()
			v.load(Mem{Base: x, Disp: i * v.bytes}, k, r[i])
		}
		i, at, next := GP64(), GP64(), label("row")
		XORQ(i, i)
		Label(next)
		MOVLQSX(Mem{Base: idx, Index: i, Scale: 4}, at)
		IMULQ(stride, at)
		body(r, k, func(j int) Mem { return Mem{Base: w, Index: at, Scale: 1, Disp: j * v.bytes} })
		INCQ(i)
		CMPQ(i, count)
		JLT(LabelRef(next))
		if changed {
			for i := range r {
				v.store(r[i], k, Mem{Base: x, Disp: i * v.bytes})
			}
		}
		ADDQ(U32(vecs*v.bytes), x)
		ADDQ(U32(vecs*v.bytes), w)
		SUBQ(U32(vecs*v.singles()), left)
	}
	// Blocks of four vectors, then single ones under a mask.
	wide, narrow, done := label("wide"), label("narrow"), label("done")
	Label(wide)
	CMPQ(left, U32(4*v.singles()))
	JLT(LabelRef(narrow))
	block(4, nil)
	JMP(LabelRef(wide))
	Label(narrow)
	CMPQ(left, U32(0))
	JLE(LabelRef(done))
	k := v.firstSingles(left)
	block(1, &k)
	JMP(LabelRef(narrow))
	Label(done)
	end()
}
