package main

import "fmt"

// vector is the number of a vector register.
type vector int

// arrangement is what the lanes of a vector hold.
type arrangement int

const (
	single arrangement = iota // four of 32 bits
	double                    // two of 64 bits
	bytes                     // sixteen of 8 bits
)

func (t arrangement) String() string {
	return [...]string{"4s", "2d", "16b"}[t]
}

// threes are the encodings of instructions on two vectors, for lanes of 32 bits.
var threes = map[string]uint32{
	"fadd": 0x4e20d400, "fsub": 0x4ea0d400, "fmul": 0x6e20dc00, "fdiv": 0x6e20fc00,
	"fmax": 0x4e20f400, "fmin": 0x4ea0f400, "fmla": 0x4e20cc00,
	"fcmgt": 0x6ea0e400, "fcmge": 0x6e20e400, "facgt": 0x6ea0ec00,
	"add": 0x4ea08400, "sub": 0x6ea08400, "cmtst": 0x4ea08c00,
	"and": 0x4e201c00, "bic": 0x4e601c00, "eor": 0x6e201c00,
	"bsl": 0x6e601c00, "bit": 0x6ea01c00, "bif": 0x6ee01c00, "orr": 0x4ea01c00,
	"trn1": 0x4e802800, "trn2": 0x4e806800, "zip1": 0x4e803800, "zip2": 0x4e807800,
}

// twos are the encodings of instructions on one vector.
var twos = map[string]uint32{"fsqrt": 0x6ea1f800}

// zeros are the encodings of comparisons with zero.
var zeros = map[string]uint32{"fcmgt": 0x4ea0c800, "fcmeq": 0x4ea0d800, "fcmlt": 0x4ea0e800, "fcmle": 0x6ea0d800}

// wide is the bit that chooses lanes of 64 bits.
const wide = 0x400000

// word writes an encoded instruction.
func (a *assembler) word(code uint32, format string, args ...any) {
	a.do("WORD $0x%08x // %s", code, fmt.Sprintf(format, args...))
}

// encoding returns the encoding of an instruction for an arrangement.
func encoding(table map[string]uint32, name string, t arrangement) uint32 {
	code, ok := table[name]
	if !ok {
		panic("no encoding of " + name)
	}
	if t == double {
		code |= wide
	}
	return code
}

// three writes an instruction on n and m with its result in d.
func (a *assembler) three(name string, t arrangement, d, n, m vector) {
	a.word(encoding(threes, name, t)|uint32(m<<16|n<<5|d), "%s v%d.%v, v%d.%v, v%d.%v", name, d, t, n, t, m, t)
}

// two writes an instruction on n with its result in d.
func (a *assembler) two(name string, t arrangement, d, n vector) {
	a.word(encoding(twos, name, t)|uint32(n<<5|d), "%s v%d.%v, v%d.%v", name, d, t, n, t)
}

// againstZero writes a comparison of n with zero.
func (a *assembler) againstZero(name string, t arrangement, d, n vector) {
	a.word(encoding(zeros, name, t)|uint32(n<<5|d), "%s v%d.%v, v%d.%v, #0.0", name, d, t, n, t)
}

// fmlaFirst adds n times the first lane of m to d, in lanes of float32.
func (a *assembler) fmlaFirst(d, n, m vector) {
	a.word(0x4f801000|uint32(m<<16|n<<5|d), "fmla v%d.4s, v%d.4s, v%d.s[0]", d, n, m)
}

// duplicate sets all lanes of d to one lane of n.
func (a *assembler) duplicate(t arrangement, d, n vector, lane int) {
	if t == double {
		a.word(0x4e080400|uint32(lane)<<20|uint32(n<<5|d), "dup v%d.2d, v%d.d[%d]", d, n, lane)
		return
	}
	a.word(0x4e040400|uint32(lane)<<19|uint32(n<<5|d), "dup v%d.4s, v%d.s[%d]", d, n, lane)
}

// widen converts float32 to float64, the low half of n to lo and the high half to hi. n
// may be lo.
func (a *assembler) widen(lo, hi, n vector) {
	a.word(0x4e617800|uint32(n<<5|hi), "fcvtl2 v%d.2d, v%d.4s", hi, n)
	a.word(0x0e617800|uint32(n<<5|lo), "fcvtl v%d.2d, v%d.2s", lo, n)
}

// widenMask widens a mask in the same way.
func (a *assembler) widenMask(lo, hi, n vector) {
	a.word(0x4f20a400|uint32(n<<5|hi), "sxtl2 v%d.2d, v%d.4s", hi, n)
	a.word(0x0f20a400|uint32(n<<5|lo), "sxtl v%d.2d, v%d.2s", lo, n)
}

// narrow rounds the float64 in lo and hi to the float32 of d, which must be another
// register.
func (a *assembler) narrow(d, lo, hi vector) {
	a.word(0x0e616800|uint32(lo<<5|d), "fcvtn v%d.2s, v%d.2d", d, lo)
	a.word(0x4e616800|uint32(hi<<5|d), "fcvtn2 v%d.4s, v%d.2d", d, hi)
}

// largest sets the first lane of d to the largest float32 of n, or to NaN.
func (a *assembler) largest(d, n vector) {
	a.word(0x6e30f800|uint32(n<<5|d), "fmaxv s%d, v%d.4s", d, n)
}

// addPair sets the first lane of d to the sum of the two float64 of n.
func (a *assembler) addPair(d, n vector) {
	a.word(0x7e70d800|uint32(n<<5|d), "faddp d%d, v%d.2d", d, n)
}

// toInt rounds float64 to the nearest 64-bit integers.
func (a *assembler) toInt(d, n vector) {
	a.word(0x4e61a800|uint32(n<<5|d), "fcvtns v%d.2d, v%d.2d", d, n)
}

// shift writes a shift of lanes of 64 bits: shl, ushr or sshr.
func (a *assembler) shift(name string, d, n vector, by int) {
	code := map[string]uint32{"shl": 0x4f005400, "ushr": 0x6f000400, "sshr": 0x4f000400}[name]
	immediate := 128 - by
	if name == "shl" {
		immediate = 64 + by
	}
	a.word(code|uint32(immediate)<<16|uint32(n<<5|d), "%s v%d.2d, v%d.2d, #%d", name, d, n, by)
}
