package main

// lanes are the eight float64 lanes in which the reductions add.
type lanes [4]vector

// zeroLanes returns lanes of +0.
func (a *assembler) zeroLanes() lanes {
	return lanes{a.zero(), a.zero(), a.zero(), a.zero()}
}

// fold adds the lanes in their order and returns the sum in the first lane.
func (a *assembler) fold(l lanes) vector {
	a.three("fadd", double, l[0], l[0], l[2])
	a.three("fadd", double, l[1], l[1], l[3])
	a.three("fadd", double, l[0], l[0], l[1])
	a.addPair(l[0], l[0])
	return l[0]
}

// eights runs body over the halves, of 4, of 8 elements at a time, and over a rest of
// which only the elements counted by left are used. Pointers advance by the given number
// of bytes per element.
func (a *assembler) eights(n string, pointers map[string]int, body func(half int, left string)) {
	next, tail, done := a.label("loop"), a.label("tail"), a.label("done")
	a.at(next)
	a.do("CMP $8, %s; BLT %s", n, tail)
	body(0, "")
	body(1, "")
	for _, p := range sorted(pointers) {
		a.do("ADD $%d, %s", 8*pointers[p], p)
	}
	a.do("SUB $8, %s; JMP %s", n, next)
	a.at(tail)
	a.do("CBZ %s, %s", n, done)
	body(0, n)
	a.do("SUBS $4, %s; BLE %s", n, done)
	body(1, n)
	a.at(done)
}

// reductions writes Dot and Sum.
func reductions(a *assembler) {
	a.function("dot", "x *float32, y *float32, n int", "float64", "is dotGo.")
	a.argument("x", "R0")
	a.argument("y", "R1")
	a.argument("n", "R2")
	l := a.zeroLanes()
	x, y := a.pair(), a.pair()
	a.eights("R2", map[string]int{"R0": 4, "R1": 4}, func(half int, left string) {
		a.loadSingles(x[0], span{"R0", 16 * half, left})
		a.loadSingles(y[0], span{"R1", 16 * half, left})
		a.widen(x[0], x[1], x[0])
		a.widen(y[0], y[1], y[0])
		for i := range x { // The products are exact, so fusing changes nothing.
			a.three("fmla", double, l[2*half+i], x[i], y[i])
		}
	})
	a.do("FMOVD F%d, %s", a.fold(l), a.place("ret"))
	a.end()

	a.function("sum", "x *float64, n int", "float64", "is sumGo.")
	a.argument("x", "R0")
	a.argument("n", "R2")
	l = a.zeroLanes()
	x = a.pair()
	a.eights("R2", map[string]int{"R0": 8}, func(half int, left string) {
		a.loadDoubles(x, span{"R0", 32 * half, left})
		for i := range x {
			a.three("fadd", double, l[2*half+i], l[2*half+i], x[i])
		}
	})
	a.do("FMOVD F%d, %s", a.fold(l), a.place("ret"))
	a.end()
}
