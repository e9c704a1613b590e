package columnar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
)

// Codes of the format.
const (
	dataPage, dictionaryPage = 0, 2

	plain, plainDictionary, runLength, dictionaryIndex = 0, 2, 3, 8

	codecNone, codecZstd = 0, 6
)

// A pageHeader is what a page declares about itself.
type pageHeader struct {
	kind                     int32
	uncompressed, compressed int32 // bytes
	values                   int32 // including nulls
	encoding, levels         int32
}

// readPageHeader reads the header before a page's bytes, and returns the header
// and the bytes that follow.
func readPageHeader(b []byte) (h pageHeader, rest []byte, err error) {
	t := &thriftReader{b: b}
	h.levels = runLength
	t.fields(func(id int16, kind byte) {
		switch id {
		case 1:
			h.kind = t.int32(kind)
		case 2:
			h.uncompressed = t.int32(kind)
		case 3:
			h.compressed = t.int32(kind)
		case 5, 7: // header of a data page, of a dictionary
			if kind != thriftStruct {
				t.fail()
				return
			}
			t.fields(func(id int16, kind byte) {
				switch id {
				case 1:
					h.values = t.int32(kind)
				case 2:
					h.encoding = t.int32(kind)
				case 3:
					if kind == thriftInt32 {
						h.levels = t.int32(kind)
						return
					}
					t.skip(kind, 2)
				default:
					t.skip(kind, 2)
				}
			})
		default:
			t.skip(kind, 1)
		}
	})
	return h, t.b, t.err
}

// A chunkReader decodes the pages of a column in a row group. The library's own
// reader loops for ever on damaged levels and dictionaries, and allocates
// whatever memory their headers ask for.
type chunkReader struct {
	*memory
	column     *Column
	dictionary *Column // nil if there is none yet
	codec      int64   // of every page
	room       int64   // bytes that its pages may still take, decompressed
	text       int64   // bytes of its strings so far, expanded
}

// A memory holds what is needed while a column is read, and is used again for others:
// pages take more than the values that are kept.
type memory struct {
	chunk, page []byte   // of a column in a row group, of a page of it
	numbers     []uint32 // levels and indices
}

var memories = sync.Pool{New: func() any { return new(memory) }}

// read decodes pages until there are as many rows as asked for.
func (r *chunkReader) read(pages []byte, rows int) error {
	for r.column.Rows() < rows {
		h, rest, err := readPageHeader(pages)
		if err != nil {
			return err
		}
		left := rows - r.column.Rows()
		if h.kind == dictionaryPage {
			left = rows
		}
		if h.compressed < 0 || int(h.compressed) > len(rest) || h.uncompressed < 0 || int64(h.uncompressed) > r.room ||
			h.values < 0 || int(h.values) > left || h.values == 0 && h.kind == dataPage {
			return fmt.Errorf("a page of %d values in %d bytes, %d compressed, does not fit", h.values, h.uncompressed, h.compressed)
		}
		r.room -= int64(h.uncompressed)
		pages = rest[h.compressed:]
		page, err := r.decompress(rest[:h.compressed], int(h.uncompressed))
		if err != nil {
			return err
		}
		switch {
		case h.kind == dataPage:
			err = r.data(h, page)
		case h.kind == dictionaryPage && r.dictionary == nil:
			f := r.column.Field
			f.Required = true
			r.dictionary = NewColumn(f)
			err = r.dictionary.plain(page, int(h.values))
		default:
			err = fmt.Errorf("a page of unknown type %d, or a second dictionary", h.kind)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *chunkReader) decompress(b []byte, size int) (page []byte, err error) {
	switch r.codec {
	case codecNone:
		page = b
	case codecZstd:
		if cap(r.page) < size {
			r.page = make([]byte, 0, size)
		}
		if page, err = decoder.DecodeAll(b, r.page[:0:size]); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("unknown compression %d", r.codec)
	}
	if len(page) != size {
		return nil, fmt.Errorf("a page has %d bytes, not the %d it declares", len(page), size)
	}
	return page, nil
}

// data decodes a data page: levels, which say which rows have a value, and the
// values.
func (r *chunkReader) data(h pageHeader, page []byte) error {
	n := int(h.values)
	values := n
	if !r.column.Required {
		if h.levels != runLength || len(page) < 4 {
			return errors.New("its levels are missing or of an unknown encoding")
		}
		size := binary.LittleEndian.Uint32(page)
		page = page[4:]
		if uint64(size) > uint64(len(page)) {
			return errors.New("its levels do not fit the page")
		}
		levels, err := r.unpack(page[:size], 1, n)
		if err != nil {
			return err
		}
		page = page[size:]
		if values, err = r.column.setValid(levels); err != nil {
			return err
		}
	}
	switch h.encoding {
	case plain:
		return r.column.plain(page, values)
	case plainDictionary, dictionaryIndex:
		return r.indexed(page, values)
	}
	return fmt.Errorf("unknown encoding %d", h.encoding)
}

// setValid appends the levels of rows, and counts the rows that have a value.
func (c *Column) setValid(levels []uint32) (values int, err error) {
	for _, level := range levels {
		if level > 1 {
			return 0, fmt.Errorf("level %d in a flat column", level)
		}
		values += int(level)
		c.Valid = append(c.Valid, int16(level))
	}
	return values, nil
}

// indexed appends n values that are given as indices into the dictionary.
func (r *chunkReader) indexed(page []byte, n int) error {
	if n == 0 {
		return nil
	}
	if r.dictionary == nil || len(page) == 0 {
		return errors.New("a page refers to a dictionary that is missing")
	}
	indices, err := r.unpack(page[1:], int(page[0]), n)
	if err != nil {
		return err
	}
	size := uint32(r.dictionary.packed())
	for _, i := range indices {
		if i >= size {
			return fmt.Errorf("position %d in a dictionary of %d values", i, size)
		}
	}
	c, d := r.column, r.dictionary
	switch c.Type {
	case Bool:
		c.Bools = pick(c.Bools, d.Bools, indices)
	case Float64:
		c.Floats = pick(c.Floats, d.Floats, indices)
	case String:
		c.Strings = pick(c.Strings, d.Strings, indices)
		for _, i := range indices {
			r.text += int64(len(d.Strings[i]))
		}
		if r.text > maxText {
			return fmt.Errorf("its texts take more than %d bytes", maxText)
		}
	default:
		c.Ints = pick(c.Ints, d.Ints, indices)
	}
	return nil
}

// pick appends the values at the indices.
func pick[T any](dst, values []T, indices []uint32) []T {
	for _, i := range indices {
		dst = append(dst, values[i])
	}
	return dst
}
