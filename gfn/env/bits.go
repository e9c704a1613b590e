package env

import (
	"math"
	"math/bits"
)

var negInf = math.Inf(-1)

// onesCount is the number of ones in all words.
func onesCount(words []uint64) int {
	n := 0
	for _, w := range words {
		n += bits.OnesCount64(w)
	}
	return n
}

// appendOnes appends the numbers of the ones, ascending.
func appendOnes(numbers []int, words []uint64) []int {
	for w, word := range words {
		for ; word != 0; word &= word - 1 {
			numbers = append(numbers, w<<6|bits.TrailingZeros64(word))
		}
	}
	return numbers
}

// setRange sets n bits from bit `from` on.
func setRange(words []uint64, from, n int) {
	for n > 0 {
		at := from & 63
		k := min(n, 64-at)
		words[from>>6] |= ^uint64(0) >> (64 - k) << at
		from, n = from+k, n-k
	}
}
