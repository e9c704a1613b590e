// Package bitset handles sets of small numbers as bits of 64-bit words. Bit i&63 of word
// i>>6 stands for the number i.
package bitset

import "math/bits"

// Count returns the number of ones.
func Count(words []uint64) int {
	n := 0
	for _, w := range words {
		n += bits.OnesCount64(w)
	}
	return n
}

// AppendOnes appends the numbers of the ones, ascending.
func AppendOnes(numbers []int, words []uint64) []int {
	for w, word := range words {
		for ; word != 0; word &= word - 1 {
			numbers = append(numbers, w<<6|bits.TrailingZeros64(word))
		}
	}
	return numbers
}

// SetRange sets n bits, starting at bit from.
func SetRange(words []uint64, from, n int) {
	for n > 0 {
		at := from & 63
		k := min(n, 64-at)
		words[from>>6] |= ^uint64(0) >> (64 - k) << at
		from, n = from+k, n-k
	}
}
