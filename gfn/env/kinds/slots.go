package kinds

// slots packs n numbers of the same width into a code. No number straddles two words.
type slots struct {
	words int
	value uint64  // the bits of one number, as a mask
	word  []int32 // of each number
	shift []uint8
}

// newSlots lays out n numbers of width bits each.
func newSlots(n, width int) slots { return newSlotsBehind(0, n, width) }

// newSlotsBehind leaves the lowest free bits of the first word to other uses.
func newSlotsBehind(free, n, width int) slots {
	p := slots{
		value: ^uint64(0) >> (64 - width),
		word:  make([]int32, n),
		shift: make([]uint8, n),
	}
	word, at := 0, free
	for i := range n {
		if at+width > 64 {
			word, at = word+1, 0
		}
		p.word[i], p.shift[i] = int32(word), uint8(at)
		at += width
	}
	p.words = word + 1
	return p
}

// get returns number i.
func (p *slots) get(s []uint64, i int) uint64 {
	return s[p.word[i]] >> (p.shift[i] & 63) & p.value
}

// put writes number i, which must be 0 before.
func (p *slots) put(s []uint64, i int, v uint64) {
	s[p.word[i]] |= v << (p.shift[i] & 63)
}

// add adds v, modulo 2^64, to number i, which must not leave its range.
func (p *slots) add(s []uint64, i int, v uint64) {
	s[p.word[i]] += v << (p.shift[i] & 63)
}

// drop sets number i to 0.
func (p *slots) drop(s []uint64, i int) {
	s[p.word[i]] &^= p.value << (p.shift[i] & 63)
}
