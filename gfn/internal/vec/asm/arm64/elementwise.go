package main

import (
	"maps"
	"slices"
)

// arrays are the pointers that loop steps through.
type arrays []string

// loop runs body over n float32: 16 at a time, then 4, then 1. The body loads and
// stores the lanes of array i.
func (a *assembler) loop(n string, pointers arrays, body func(load, store func(i int, v vector))) {
	for _, count := range []int{16, 4, 1} {
		next, done := a.label("loop"), a.label("done")
		a.at(next)
		a.do("CMP $%d, %s; BLT %s", count, n, done)
		move := "FMOVQ"
		if count == 1 {
			move = "FMOVS"
		}
		for i := 0; i < count; i += 4 {
			body(func(p int, v vector) { a.do("%s %d(%s), F%d", move, 4*i, pointers[p], v) },
				func(p int, v vector) { a.do("%s F%d, %d(%s)", move, v, 4*i, pointers[p]) })
		}
		for _, p := range pointers {
			a.do("ADD $%d, %s", 4*count, p)
		}
		a.do("SUB $%d, %s; JMP %s", count, n, next)
		a.at(done)
	}
	a.end()
}

// begin begins a function of arrays of n float32 and possibly a scalar, which it
// broadcasts.
func (a *assembler) begin(name, params, doc string, pointers ...string) arrays {
	a.function(name, params, "", doc)
	registers := make(arrays, len(pointers))
	for i, p := range pointers {
		registers[i] = []string{"R0", "R1", "R2", "R3"}[i]
		a.argument(p, registers[i])
	}
	a.argument("n", "R4")
	return registers
}

// elementwise writes the kernels of one or two arrays of float32.
func elementwise(a *assembler) {
	p := a.begin("add", "dst *float32, src *float32, n int", "is addGo.", "dst", "src")
	x, y := a.take(), a.take()
	a.loop("R4", p, func(load, store func(int, vector)) {
		load(0, x)
		load(1, y)
		a.three("fadd", single, x, x, y)
		store(0, x)
	})

	p = a.begin("axpy", "dst *float32, alpha float32, src *float32, n int", "is axpyGo.", "dst", "src")
	alpha := a.broadcast("alpha")
	x, y = a.take(), a.take()
	a.loop("R4", p, func(load, store func(int, vector)) {
		load(0, x)
		load(1, y)
		a.three("fmul", single, y, y, alpha)
		a.three("fadd", single, x, x, y)
		store(0, x)
	})

	p = a.begin("scale", "dst *float32, alpha float32, n int", "is scaleGo.", "dst")
	alpha = a.broadcast("alpha")
	x = a.take()
	a.loop("R4", p, func(load, store func(int, vector)) {
		load(0, x)
		a.three("fmul", single, x, x, alpha)
		store(0, x)
	})
	activations(a)
}

// activations writes LeakyReLU and its gradient, with separate kernels for slope 0.
func activations(a *assembler) {
	p := a.begin("relu", "x *float32, n int", "is leakyReLUGo for slope 0.", "x")
	x, m := a.take(), a.take()
	a.loop("R4", p, func(load, store func(int, vector)) {
		load(0, x)
		a.againstZero("fcmle", single, m, x)
		a.three("bic", bytes, x, x, m)
		store(0, x)
	})

	p = a.begin("leakyReLU", "x *float32, slope float32, n int", "is leakyReLUGo for other slopes.", "x")
	slope := a.broadcast("slope")
	x, m = a.take(), a.take()
	y := a.take()
	a.loop("R4", p, func(load, store func(int, vector)) {
		load(0, x)
		a.three("fmul", single, y, x, slope)
		a.againstZero("fcmgt", single, m, x)
		a.three("bsl", bytes, m, x, y)
		store(0, m)
	})

	p = a.begin("reluGrad", "d *float32, y *float32, n int", "is leakyReLUGradGo for slope 0.", "d", "y")
	d, y := a.take(), a.take()
	a.loop("R4", p, func(load, store func(int, vector)) {
		load(0, d)
		load(1, y)
		a.againstZero("fcmgt", single, y, y)
		a.three("and", bytes, d, d, y)
		store(0, d)
	})

	p = a.begin("leakyReLUGrad", "d *float32, y *float32, slope float32, n int", "is leakyReLUGradGo for other slopes.", "d", "y")
	slope = a.broadcast("slope")
	d, y, x = a.take(), a.take(), a.take()
	a.loop("R4", p, func(load, store func(int, vector)) {
		load(0, d)
		load(1, y)
		a.three("fmul", single, x, d, slope)
		a.againstZero("fcmgt", single, y, y)
		a.three("bsl", bytes, y, d, x)
		store(0, y)
	})
}

// adam writes the step of Adam. c points to the first of its coefficients.
func adam(a *assembler) {
	pointers := a.begin("adam", "p *float32, m *float32, v *float32, grad *float32, n int, c *float32", "is adamGo.", "p", "m", "v", "grad")
	a.argument("c", "R5")
	k := a.some(8)
	for i, v := range k {
		a.do("FMOVS %d(R5), F%d", 4*i, v)
		a.duplicate(single, v, v, 0)
	}
	beta1, rest1, beta2, rest2, eps, step, least, root := k[0], k[1], k[2], k[3], k[4], k[5], k[6], k[7]
	p, m, v, g, t := a.take(), a.take(), a.take(), a.take(), a.take()
	a.loop("R4", pointers, func(load, store func(int, vector)) {
		load(1, m)
		load(2, v)
		load(3, g)
		a.three("fmul", single, m, m, beta1)
		a.three("fmul", single, t, g, rest1)
		a.three("fadd", single, m, m, t)
		a.atLeast(least, m, t)
		store(1, m)
		a.atLeast(root, g, t)
		a.three("fmul", single, v, v, beta2)
		a.three("fmul", single, t, g, rest2)
		a.three("fmul", single, t, t, g)
		a.three("fadd", single, v, v, t)
		a.atLeast(least, v, t)
		store(2, v)
		a.two("fsqrt", single, v, v)
		a.three("fadd", single, v, v, eps)
		a.three("fdiv", single, m, m, v)
		a.three("fmul", single, m, m, step)
		load(0, p)
		a.three("fsub", single, p, p, m)
		store(0, p)
	})
}

// atLeast sets lanes of x below least in magnitude to +0. It overwrites t.
func (a *assembler) atLeast(least, x, t vector) {
	a.three("facgt", single, t, least, x)
	a.three("bic", bytes, x, x, t)
}

// sorted returns the keys of m in order.
func sorted(m map[string]int) []string {
	return slices.Sorted(maps.Keys(m))
}
