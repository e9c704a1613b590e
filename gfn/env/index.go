package env

import "math/bits"

// An Index numbers distinct state codes in order of first appearance. It is an
// open-addressing hash table that can be reused without allocating.
type Index struct {
	words int
	codes []uint64 // Len() × words
	slots []int32  // number + 1, 0 if empty; a power of two long
}

// NewIndex returns an empty index of codes with the given number of words.
func NewIndex(words int) *Index {
	return &Index{words: words, slots: make([]int32, 64)}
}

// Len returns the number of distinct states.
func (x *Index) Len() int { return len(x.codes) / x.words }

// Codes returns the distinct states, in order of their numbers.
func (x *Index) Codes() []uint64 { return x.codes }

// Code returns the state with number i.
func (x *Index) Code(i int) []uint64 { return x.codes[i*x.words : (i+1)*x.words] }

// Reset empties the index and keeps its memory.
func (x *Index) Reset() {
	if len(x.codes) > 0 {
		clear(x.slots)
		x.codes = x.codes[:0]
	}
}

// Add returns the number of the state; fresh tells whether the state is new.
func (x *Index) Add(s []uint64) (i int, fresh bool) {
	if 2*x.Len() >= len(x.slots) {
		x.grow()
	}
	at, found := x.find(s)
	if found {
		return int(x.slots[at]) - 1, false
	}
	x.codes = append(x.codes, s...)
	x.slots[at] = int32(x.Len())
	return x.Len() - 1, true
}

// Find returns the number of the state, or -1.
func (x *Index) Find(s []uint64) int {
	at, _ := x.find(s)
	return int(x.slots[at]) - 1
}

func (x *Index) find(s []uint64) (slot int, found bool) {
	mask := len(x.slots) - 1
	for at := int(hash(s)) & mask; ; at = (at + 1) & mask {
		i := int(x.slots[at]) - 1
		if i < 0 {
			return at, false
		}
		if equal(x.Code(i), s) {
			return at, true
		}
	}
}

func (x *Index) grow() {
	x.slots = make([]int32, 2*len(x.slots))
	for i := range x.Len() {
		at, _ := x.find(x.Code(i))
		x.slots[at] = int32(i + 1)
	}
}

// equal reports whether two codes of the same length are equal.
func equal(a, b []uint64) bool {
	for k, w := range b[:len(a)] {
		if a[k] != w {
			return false
		}
	}
	return true
}

// hash mixes the words of a code: each is multiplied by an odd constant, and the halves
// of the product of 128 bits are folded.
func hash(s []uint64) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, w := range s {
		high, low := bits.Mul64(h^w, 0xff51afd7ed558ccd)
		h = high ^ low
	}
	return h
}
