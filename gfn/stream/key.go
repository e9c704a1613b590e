// Package stream provides random streams. Every use of chance in the program has a
// separate stream, a PCG generator seeded by hashing the names of its purpose. Streams
// therefore do not depend on each other, on the order in which they are made or on the
// number of workers. Values are the same on every CPU.
package stream

import (
	"crypto/sha256"
	"encoding/binary"
)

// Key names a family of streams: a SHA-256 hash.
type Key [32]byte

// NewKey returns the key of a sequence of names. Each part is hashed after its length, so
// ("ab", "c") and ("a", "bc") have different keys.
func NewKey(parts ...string) Key {
	return Key{}.Derive(parts...)
}

// Derive returns the key of a sequence of names below k.
func (k Key) Derive(parts ...string) Key {
	b := k[:]
	for _, p := range parts {
		b = appendPart(b, p)
	}
	return sha256.Sum256(b)
}

// Stream returns a new stream of this key for a purpose, such as "policy", and an index,
// such as a training step.
func (k Key) Stream(purpose string, index uint64) *Stream {
	s := new(Stream)
	s.Reset(k, purpose, index)
	return s
}

// appendPart appends the length of p, as eight big-endian bytes, and p.
func appendPart(b []byte, p string) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(len(p)))
	return append(b, p...)
}
