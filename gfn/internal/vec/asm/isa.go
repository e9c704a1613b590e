package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is an instruction set with its vector width.
type isa struct {
	name  string
	bytes int
}

var (
	avx512 = isa{"AVX512", 64}
	avx2   = isa{"AVX2", 32}
	avx    = isa{"AVX", 32} // whole numbers in vectors of 128 bits only
)

// singles returns the number of float32 in a vector.
func (v isa) singles() int { return v.bytes / 4 }

// doubles returns the number of float64 in a vector.
func (v isa) doubles() int { return v.bytes / 8 }

// reg returns a new vector register.
func (v isa) reg() reg.VecVirtual {
	if v == avx512 {
		return ZMM()
	}
	return YMM()
}

// function begins an assembly function.
func (v isa) function(name, signature, doc string) {
	name += v.name
	TEXT(name, attr.NOSPLIT, "func"+signature)
	Doc(name + " " + doc)
	Pragma("noescape")
}

// end returns from an assembly function.
func end() {
	VZEROUPPER()
	RET()
}

// zero clears a vector.
func (v isa) zero() reg.VecVirtual {
	r := v.reg()
	if v == avx512 {
		VPXORQ(r, r, r)
	} else {
		VXORPS(r, r, r)
	}
	return r
}

// broadcast returns a vector filled with the float32 at a memory operand.
func (v isa) broadcast(m Op) reg.VecVirtual {
	r := v.reg()
	VBROADCASTSS(m, r)
	return r
}

// argument loads a pointer or integer parameter.
func argument(name string) reg.GPVirtual {
	r := GP64()
	Load(Param(name), r)
	return r
}

// parameter returns the memory operand of a parameter, for counting in place.
func parameter(name string) Op {
	p, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return p.Addr
}

// word returns a memory operand with 32 bits.
func word(name string, bits uint32) Mem {
	m, ok := pool[name]
	if !ok {
		m = GLOBL(name, attr.RODATA|attr.NOPTR)
		DATA(0, U32(bits))
		pool[name] = m
	}
	return m
}

// floats loads an integer parameter that counts float32, converted to bytes.
func floats(name string) reg.GPVirtual {
	r := argument(name)
	SHLQ(Imm(2), r)
	return r
}

// label returns a new label; labels are local to a function.
func label(name string) string {
	labels++
	return fmt.Sprintf("%s%d", name, labels)
}

var labels int

// maskTable is eight lanes of ones followed by eight of zeros, as 32-bit lanes.
var maskTable = sync(func() Mem {
	m := GLOBL("lanes", attr.RODATA|attr.NOPTR)
	for i := range 16 {
		lane := uint32(0)
		if i < 8 {
			lane = math.MaxUint32
		}
		DATA(4*i, U32(lane))
	}
	return m
})

// sync makes a value on first use.
func sync[T any](f func() T) func() T {
	var value T
	done := false
	return func() T {
		if !done {
			value, done = f(), true
		}
		return value
	}
}

// mask selects the first lanes of a vector. It is an opmask with AVX-512, and a vector of
// 32-bit lanes otherwise.
type mask struct {
	k reg.OpmaskVirtual
	y reg.VecVirtual
}

// firstSingles returns the mask of the first n float32 lanes, all of them if n
// is larger; n must be below 64 with AVX-512.
func (v isa) firstSingles(n reg.GPVirtual) mask {
	if v == avx512 {
		return mask{k: firstBits(n)}
	}
	// The table is read at 8 - min(n, 8) lanes from its start.
	at, table := GP64(), GP64()
	MOVQ(U32(8), at)
	CMPQ(n, at)
	CMOVQLT(n, at)
	NEGQ(at)
	LEAQ(maskTable(), table)
	y := YMM()
	VMOVUPS(Mem{Base: table, Index: at, Scale: 4, Disp: 32}, y)
	return mask{y: y}
}

// firstBits returns an opmask of the first n lanes, n below 64.
func firstBits(n reg.GPVirtual) reg.OpmaskVirtual {
	ones, k := GP64(), K()
	MOVQ(I32(-1), ones)
	BZHIQ(n, ones, ones)
	KMOVW(ones.As32(), k)
	return k
}

// load loads float32 where the mask is set and zero elsewhere, without touching memory
// there. A nil mask loads all.
func (v isa) load(m Op, k *mask, r reg.Register) {
	switch {
	case k == nil:
		VMOVUPS(m, r)
	case v == avx512:
		VMOVUPS_Z(m, k.k, r)
	default:
		VMASKMOVPS(m, k.y, r)
	}
}

// store stores float32 where the mask is set. A nil mask stores all.
func (v isa) store(r reg.Register, k *mask, m Op) {
	switch {
	case k == nil:
		VMOVUPS(r, m)
	case v == avx512:
		VMOVUPS(r, k.k, m)
	default:
		VMASKMOVPS(r, k.y, m)
	}
}

// constants are float64 or 64-bit integer constants by name: broadcast registers with
// AVX-512, otherwise memory with four copies of each value.
type constants struct {
	v    isa
	regs map[string]Op
}

var pool = map[string]Mem{}

// constant64 returns a memory operand with four copies of 64 bits.
func constant64(name string, bits uint64) Mem {
	m, ok := pool[name]
	if !ok {
		m = GLOBL(name, attr.RODATA|attr.NOPTR)
		for i := range 4 {
			DATA(8*i, U64(bits))
		}
		pool[name] = m
	}
	return m
}

func (v isa) constants() *constants { return &constants{v, map[string]Op{}} }

// bits makes a constant.
func (c *constants) bits(name string, bits uint64) {
	m := constant64(name, bits)
	if c.v != avx512 {
		c.regs[name] = m
		return
	}
	r := ZMM()
	VBROADCASTSD(m, r)
	c.regs[name] = r
}

// rare makes a float64 constant that occupies no register between its uses.
func (c *constants) rare(name string, x float64) {
	c.regs[name] = constant64(name, math.Float64bits(x))
}

// float makes a float64 constant.
func (c *constants) float(name string, x float64) { c.bits(name, math.Float64bits(x)) }

// get returns a constant as an operand.
func (c *constants) get(name string) Op {
	op, ok := c.regs[name]
	if !ok {
		panic("asm: no constant " + name)
	}
	if m, ok := op.(Mem); ok && c.v == avx512 {
		r := ZMM()
		VBROADCASTSD(m, r)
		return r
	}
	return op
}

// reg returns a constant in a register, for operands that cannot be memory.
func (c *constants) reg(name string) reg.Register {
	if r, ok := c.get(name).(reg.Register); ok {
		return r
	}
	r := YMM()
	VMOVUPD(c.get(name), r)
	return r
}

// upper returns the upper half of a vector of 256 bits.
func (v isa) upper(y reg.VecVirtual) reg.VecVirtual {
	x := XMM()
	if v == avx512 {
		VEXTRACTF32X4(Imm(1), y, x) // Also reaches registers 16 to 31.
	} else {
		VEXTRACTF128(Imm(1), y, x)
	}
	return x
}

// wholes applies an integer instruction, which AVX has only for half a vector, to x and
// y. y may be memory or a number.
func (v isa) wholes(instruction func(ops ...Op), y Op, x, r reg.VecVirtual) {
	if v != avx {
		instruction(y, x, r)
		return
	}
	low, high := y, y
	switch y := y.(type) {
	case Mem:
		high = y.Offset(16)
	case reg.VecVirtual:
		low, high = y.AsX(), v.upper(y)
	}
	lo, hi := XMM(), v.upper(x)
	instruction(low, x.AsX(), lo)
	instruction(high, hi, hi)
	join(lo, hi, r)
}

// spread sets all of r to the float64 x.
func (v isa) spread(x, r reg.VecVirtual) {
	if v != avx {
		VBROADCASTSD(x, r)
		return
	}
	t := XMM()
	VMOVDDUP(x, t)
	join(t, t, r)
}

// join sets r to the halves lo and hi. The instruction names the upper half of lo without
// keeping it, so it is not among the inputs; otherwise lo would count as in use from the
// start of the function.
func join(lo, hi, r reg.VecVirtual) {
	Instruction(&ir.Instruction{
		Opcode:   "VINSERTF128",
		Operands: []Op{Imm(1), hi, lo.AsY(), r},
		Inputs:   []Op{lo, hi},
		Outputs:  []Op{r},
	})
}
