package stream

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
)

// Stream is a source of random numbers: the PCG-DXSM generator of math/rand/v2, whose
// outputs the standard library promises to keep. It is a rand.Source. It has no state
// beyond the generator's, because no method keeps values for a later call. Two goroutines
// must not use a Stream at once.
type Stream struct {
	pcg     rand.PCG
	scratch []byte
}

// Reset makes s the stream of a key, purpose and index, as Key.Stream would
// return it, without allocating once s has been used.
func (s *Stream) Reset(k Key, purpose string, index uint64) {
	b := append(s.scratch[:0], k[:]...)
	b = appendPart(b, purpose)
	b = binary.BigEndian.AppendUint64(b, index)
	s.scratch = b
	h := sha256.Sum256(b)
	s.pcg.Seed(binary.BigEndian.Uint64(h[:8]), binary.BigEndian.Uint64(h[8:16]))
}

// Uint64 returns 64 uniform bits.
func (s *Stream) Uint64() uint64 {
	return s.pcg.Uint64()
}

// Float64 returns a uniform number in [0, 1), a multiple of 2^-53.
func (s *Stream) Float64() float64 {
	return float64(s.pcg.Uint64()>>11) * 0x1p-53
}

// Float64Open returns a uniform number in (0, 1), an odd multiple of 2^-53.
func (s *Stream) Float64Open() float64 {
	return (float64(s.pcg.Uint64()>>12) + 0.5) * 0x1p-52
}

// IntN returns a uniform integer in [0, n) without bias, by multiplication and
// rejection (Lemire 2019, Fast random integer generation in an interval). It
// panics if n < 1.
func (s *Stream) IntN(n int) int {
	if n < 1 {
		panic("stream: IntN needs n >= 1")
	}
	bound := uint64(n)
	hi, lo := bits.Mul64(s.pcg.Uint64(), bound)
	if lo < bound {
		for reject := -bound % bound; lo < reject; {
			hi, lo = bits.Mul64(s.pcg.Uint64(), bound)
		}
	}
	return int(hi)
}

// Perm fills dst with a uniform permutation of 0 … len(dst)-1.
func (s *Stream) Perm(dst []int) {
	for i := range dst {
		j := s.IntN(i + 1)
		dst[i] = dst[j]
		dst[j] = i
	}
}

// Shuffle puts n elements into uniformly random order (Fisher and Yates); swap
// exchanges elements i and j.
func (s *Stream) Shuffle(n int, swap func(i, j int)) {
	for i := n - 1; i > 0; i-- {
		swap(i, s.IntN(i+1))
	}
}

// MarshalBinary returns the state of the stream: 20 bytes.
func (s *Stream) MarshalBinary() ([]byte, error) {
	return s.pcg.MarshalBinary()
}

// UnmarshalBinary restores a state that MarshalBinary returned.
func (s *Stream) UnmarshalBinary(data []byte) error {
	return s.pcg.UnmarshalBinary(data)
}
