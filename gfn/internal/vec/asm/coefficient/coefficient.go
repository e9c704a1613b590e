// Package coefficient repeats the constants of gfnbench/gfn/fmath, which explains them,
// because this module does not import the program. The tests of package vec compare the
// bits of every result.
package coefficient

// Constants of Exp and Log.
const (
	Log2E        = 0x1.71547652b82fep+0
	Ln2Hi        = 0x1.62e42feep-1
	Ln2Lo        = 0x1.a39ef35793c76p-33
	Shifter      = 0x1.8p52
	ExpMax       = 710.0
	ExpMin       = -746.0
	SqrtHalfBits = 0x3fe6a09e667f3bcd
	MinNormal    = 0x1p-1022
	TwoTo54      = 0x1p54
)

// Bit patterns.
const (
	NegInfBits    = 0xfff << 52
	LeastBits     = (127 - 96) << 23 // 2^-96, the smallest result of ScaleRows
	MagnitudeBits = 1<<31 - 1        // all bits of a float32 but the sign
)

// ExpQ holds the coefficients of the polynomial of Exp.
var ExpQ = [10]float64{
	0x1.000000000000bp-1, 0x1.5555555555561p-3,
	0x1.55555555503e0p-5, 0x1.111111110d7b9p-7,
	0x1.6c16c18501210p-10, 0x1.a01a01ba74247p-13,
	0x1.a0199811953c8p-16, 0x1.71dde0a2cd562p-19,
	0x1.28af145ce7330p-22, 0x1.af845833e80c4p-26,
}

// LogR holds those of Log.
var LogR = [7]float64{
	0x1.555555555558fp-1, 0x1.9999999980d1dp-2, 0x1.249249413b39ap-2,
	0x1.c71c528a10aa0p-3, 0x1.7466274caa3c5p-3, 0x1.39a3e5683fd6fp-3,
	0x1.2ef13e5e81f9fp-3,
}
