package columnar

import (
	"encoding/binary"
	"errors"
	"math"
)

// Kinds of values in Thrift's compact protocol, in which Parquet writes its
// footer and the headers of its pages.
const (
	thriftStop = iota
	thriftTrue
	thriftFalse
	thriftByte
	thriftInt16
	thriftInt32
	thriftInt64
	thriftDouble
	thriftBinary
	thriftList
	thriftSet
	thriftMap
	thriftStruct

	maxNesting = 16 // of structs and lists; Parquet's footer has 6
)

var errThrift = errors.New("its Thrift structures are damaged")

// A thriftReader reads the compact protocol from bytes. It allocates no memory,
// and each step consumes at least one byte, whatever sizes the bytes declare.
// After an error it has no bytes left.
type thriftReader struct {
	b   []byte
	err error
}

func (t *thriftReader) fail() { t.b, t.err = nil, errThrift }

// take returns the next n bytes.
func (t *thriftReader) take(n uint64) []byte {
	if n > uint64(len(t.b)) {
		t.fail()
		return nil
	}
	b := t.b[:n]
	t.b = t.b[n:]
	return b
}

func (t *thriftReader) byte() byte {
	if b := t.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (t *thriftReader) uvarint() uint64 {
	x, n := binary.Uvarint(t.b)
	if n <= 0 {
		t.fail()
		return 0
	}
	t.b = t.b[n:]
	return x
}

// size returns how many elements follow; each takes at least one byte.
func (t *thriftReader) size(n uint64) int {
	if n > uint64(len(t.b)) {
		t.fail()
		return 0
	}
	return int(n)
}

// int32 returns the value of a field of the given kind.
func (t *thriftReader) int32(kind byte) int32 {
	if kind != thriftInt32 {
		t.fail()
		return 0
	}
	x := t.uvarint()
	if x > math.MaxUint32 {
		t.fail()
	}
	return int32(uint32(x)>>1) ^ -int32(x&1)
}

// fields calls f with each field of a struct. f reads the value or skips it.
func (t *thriftReader) fields(f func(id int16, kind byte)) {
	id := int16(0)
	for t.err == nil {
		head := t.byte()
		if t.err != nil || head == thriftStop {
			return
		}
		if step := int16(head >> 4); step > 0 {
			id += step
		} else {
			x := t.uvarint()
			id = int16(x>>1) ^ -int16(x&1)
		}
		f(id, head&0x0f)
	}
}

// list calls f for each element of a list.
func (t *thriftReader) list(f func(i int, kind byte)) {
	head := t.byte()
	n := uint64(head >> 4)
	if n == 15 {
		n = t.uvarint()
	}
	for i := range t.size(n) {
		if t.err != nil {
			return
		}
		f(i, head&0x0f)
	}
}

// skip skips the value of a field.
func (t *thriftReader) skip(kind byte, nesting int) {
	if nesting > maxNesting {
		t.fail()
		return
	}
	element := func(kind byte) {
		if kind == thriftTrue || kind == thriftFalse {
			kind = thriftByte // a field has its value in its head
		}
		t.skip(kind, nesting+1)
	}
	switch kind {
	case thriftTrue, thriftFalse:
	case thriftByte:
		t.byte()
	case thriftInt16, thriftInt32, thriftInt64:
		t.uvarint()
	case thriftDouble:
		t.take(8)
	case thriftBinary:
		t.take(t.uvarint())
	case thriftList, thriftSet:
		t.list(func(_ int, kind byte) { element(kind) })
	case thriftMap:
		n := t.size(t.uvarint())
		kinds := byte(0)
		if n > 0 {
			kinds = t.byte()
		}
		for i := 0; i < n && t.err == nil; i++ {
			element(kinds >> 4)
			element(kinds & 0x0f)
		}
	case thriftStruct:
		t.fields(func(_ int16, kind byte) { t.skip(kind, nesting+1) })
	default:
		t.fail()
	}
}
