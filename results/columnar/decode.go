package columnar

import (
	"encoding/binary"
	"errors"
	"math"
)

var errShort = errors.New("a page ends before its values do")

// plain appends n values in the plain encoding. Strings share one copy of the
// page.
func (c *Column) plain(b []byte, n int) error {
	switch c.Type {
	case Bool:
		if len(b) < (n+7)/8 {
			return errShort
		}
		for i := range n {
			c.Bools = append(c.Bools, b[i/8]>>(i%8)&1 == 1)
		}
	case String:
		text := string(b)
		for range n {
			if len(b) < 4 {
				return errShort
			}
			size := binary.LittleEndian.Uint32(b)
			if uint64(size) > uint64(len(b)-4) {
				return errShort
			}
			end := 4 + int(size)
			c.Strings = append(c.Strings, text[4:end])
			b, text = b[end:], text[end:]
		}
	default:
		if len(b) < 8*n {
			return errShort
		}
		for i := range n {
			x := binary.LittleEndian.Uint64(b[8*i:])
			if c.Type == Float64 {
				c.Floats = append(c.Floats, math.Float64frombits(x))
			} else {
				c.Ints = append(c.Ints, int64(x))
			}
		}
	}
	return nil
}

var errRuns = errors.New("its levels or positions are damaged")

// unpack decodes n numbers of the given width in bits. They come in runs: one
// number repeated, or groups of eight whose bits follow one another. The
// numbers are valid until the next call.
func (r *chunkReader) unpack(b []byte, width, n int) ([]uint32, error) {
	if width > 32 {
		return nil, errRuns
	}
	r.numbers = resize(r.numbers, n)
	for dst := r.numbers; len(dst) > 0; {
		head, size := binary.Uvarint(b)
		if size <= 0 || head < 2 || head > math.MaxUint32 {
			return nil, errRuns
		}
		b = b[size:]
		count, packed := int(head>>1), head&1 == 1
		if packed {
			count *= 8
		}
		run := dst[:min(count, len(dst))]
		need := (width + 7) / 8
		if packed {
			need = (len(run)*width + 7) / 8
		}
		if len(b) < need {
			return nil, errRuns
		}
		if packed {
			unpackBits(run, b, width)
			need = min(len(b), count/8*width)
		} else {
			repeat(run, b[:need])
		}
		b, dst = b[need:], dst[len(run):]
	}
	return r.numbers, nil
}

// repeat fills dst with the number in b.
func repeat(dst []uint32, b []byte) {
	var x uint32
	for i, byte := range b {
		x |= uint32(byte) << (8 * i)
	}
	for i := range dst {
		dst[i] = x
	}
}

// unpackBits fills dst with numbers whose bits follow one another.
func unpackBits(dst []uint32, b []byte, width int) {
	var bits uint64
	have := 0
	for i := range dst {
		for have < width {
			bits |= uint64(b[0]) << have
			b, have = b[1:], have+8
		}
		dst[i] = uint32(bits & (1<<width - 1))
		bits, have = bits>>width, have-width
	}
}
