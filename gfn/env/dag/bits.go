package dag

// bitRows are square matrices of bits, packed row by row into a code starting at bit
// from. A row has at most 64 bits.
type bitRows struct {
	n, from int
}

// row returns row i of the matrix.
func (m bitRows) row(s []uint64, i int) uint64 {
	at := m.from + i*m.n
	word, shift := at>>6, at&63
	v := s[word] >> shift
	if shift+m.n > 64 {
		v |= s[word+1] << (64 - shift)
	}
	return v & (1<<m.n - 1)
}

// or sets the bits of v in row i.
func (m bitRows) or(s []uint64, i int, v uint64) {
	at := m.from + i*m.n
	word, shift := at>>6, at&63
	s[word] |= v << shift
	if shift+m.n > 64 {
		s[word+1] |= v >> (64 - shift)
	}
}

// has reports whether bit j of row i is set.
func (m bitRows) has(s []uint64, i, j int) bool {
	at := m.from + i*m.n + j
	return s[at>>6]>>(at&63)&1 != 0
}

// withEdge adds the edge i→j to the transitive closure: i and whatever reaches i now
// reach j and whatever j reaches.
func (m bitRows) withEdge(s []uint64, i, j int) {
	gained := m.row(s, j) | 1<<j
	for u := range m.n {
		if u == i || m.has(s, u, i) {
			m.or(s, u, gained)
		}
	}
}

// transitiveClosure replaces the rows of a graph by those of its transitive closure
// (Warshall's algorithm on rows of bits).
func transitiveClosure(rows []uint64) {
	for k := range rows {
		for u := range rows {
			if rows[u]>>k&1 != 0 {
				rows[u] |= rows[k]
			}
		}
	}
}

// dropBit closes the gap at bit i: the bits above it move down by one.
func dropBit(v uint64, i int) uint64 {
	low := uint64(1)<<i - 1
	return v&low | v>>1&^low
}

// openBit returns the inverse of dropBit: it moves bit i and those above it up by
// one, and bit i of the result is 0.
func openBit(v uint64, i int) uint64 {
	low := uint64(1)<<i - 1
	return v&low | (v&^low)<<1
}
