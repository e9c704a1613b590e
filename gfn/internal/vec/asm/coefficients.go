package main

// The constants of gfnbench/gfn/fmath, where they are explained. They are
// written again because this module does not import the program; the tests of
// package vec compare the bits of every result.
const (
	log2E        = 0x1.71547652b82fep+0
	ln2Hi        = 0x1.62e42feep-1
	ln2Lo        = 0x1.a39ef35793c76p-33
	shifter      = 0x1.8p52
	expMax       = 710.0
	expMin       = -746.0
	sqrtHalfBits = 0x3fe6a09e667f3bcd
	minNormal    = 0x1p-1022
	twoTo54      = 0x1p54
)

// Bit patterns.
const (
	negInfBits    = 0xfff << 52
	leastBits     = (127 - 96) << 23 // 2^-96, the smallest result of ScaleRows
	magnitudeBits = 1<<31 - 1        // all bits of a float32 but the sign
)

var expQ = [10]float64{
	0x1.000000000000bp-1, 0x1.5555555555561p-3,
	0x1.55555555503e0p-5, 0x1.111111110d7b9p-7,
	0x1.6c16c18501210p-10, 0x1.a01a01ba74247p-13,
	0x1.a0199811953c8p-16, 0x1.71dde0a2cd562p-19,
	0x1.28af145ce7330p-22, 0x1.af845833e80c4p-26,
}

var logR = [7]float64{
	0x1.555555555558fp-1, 0x1.9999999980d1dp-2, 0x1.249249413b39ap-2,
	0x1.c71c528a10aa0p-3, 0x1.7466274caa3c5p-3, 0x1.39a3e5683fd6fp-3,
	0x1.2ef13e5e81f9fp-3,
}
