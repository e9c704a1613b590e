package columnar

import (
	"bytes"
	"encoding/binary"
	"flag"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/parquet/compress"
	"pgregory.net/rapid"
)

// Draws of TestResealedDamage with which the Parquet library reads for ever: a list in a
// footer or a page header declares more elements than there are bytes.
func TestEndlessDamage(t *testing.T) {
	seed := flag.Lookup("rapid.seed")
	defer seed.Value.Set(seed.Value.String())
	property := resealedDamage(t)
	for _, s := range []string{"1026", "1092", "1125", "1188", "1223", "1283", "12933471622791026309"} {
		if err := seed.Value.Set(s); err != nil {
			t.Fatal(err)
		}
		t.Run(s, func(t *testing.T) { rapid.Check(t, property) })
	}
}

// allocated returns the bytes that f allocates on the heap.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestDamagedFootersAreCheap(t *testing.T) {
	huge := binary.AppendUvarint(nil, 1<<31-1)
	list := func(field, kind byte) []byte { return append([]byte{field<<4 | thriftList, 0xf0 | kind}, huge...) }
	for name, footer := range map[string][]byte{
		"a schema of 2^31 columns":   list(2, thriftStruct),
		"2^31 row groups":            list(4, thriftStruct),
		"2^31 empty texts":           list(5, thriftBinary),
		"2^31 elements of no kind":   list(5, 0),
		"a map of 2^31 pairs":        append(append([]byte{5<<4 | thriftMap}, huge...), 0x88),
		"a text of 2^31 bytes":       append([]byte{6<<4 | thriftBinary}, huge...),
		"structs without an end":     bytes.Repeat([]byte{1<<4 | thriftStruct}, 1<<20),
		"lists without an end":       append([]byte{1<<4 | thriftList}, bytes.Repeat([]byte{1<<4 | thriftList}, 1<<20)...),
		"a column within a column":   {2<<4 | thriftList, 2<<4 | thriftStruct, 0, 5<<4 | thriftInt32, 2, 0, 0},
		"more columns than a table":  append(append([]byte{2<<4 | thriftList, 0xf0 | thriftStruct, 0x80, 0x10}, make([]byte, 2048)...), 0),
		"a number without an end":    append([]byte{1<<4 | thriftInt64}, bytes.Repeat([]byte{0xff}, 12)...),
		"a field of an unknown kind": {1<<4 | 13},
	} {
		t.Run(name, func(t *testing.T) {
			var err error
			if n := allocated(func() { err = walkFooter(footer) }); n > 1<<16 {
				t.Errorf("%d bytes were taken", n)
			}
			if err == nil {
				t.Error("no error")
			}
			// Page headers are read in the same way.
			if n := allocated(func() { readPageHeader(footer) }); n > 1<<16 {
				t.Errorf("%d bytes were taken for a page header", n)
			}
		})
	}
}

// header encodes the header of a page.
func header(kind, uncompressed, compressed, values, encoding int64) []byte {
	field := func(b []byte, x int64) []byte { return binary.AppendVarint(append(b, 1<<4|thriftInt32), x) }
	b := field(field(field(nil, kind), uncompressed), compressed)
	step := byte(5 - 3)
	if kind == dictionaryPage {
		step = 7 - 3
	}
	b = append(b, step<<4|thriftStruct)
	return append(field(field(b, values), encoding), 0, 0)
}

func TestDamagedPagesAreCheap(t *testing.T) {
	zeros := sharedZstd{}.Encode(nil, make([]byte, 8<<20))
	page := func(h []byte, parts ...[]byte) []byte { return append(h, bytes.Join(parts, nil)...) }
	few := []byte{1, 0, 0, 0, 0, 0, 0, 0}
	for name, c := range map[string]struct {
		pages []byte
		codec int64
	}{
		"2^31 bytes":                     {header(dataPage, 1<<31-1, 8, 1, plain), codecNone},
		"a page that is not there":       {header(dataPage, 8, 1<<30, 1, plain), codecNone},
		"more values than rows":          {page(header(dataPage, 8, 8, 1<<20, plain), few), codecNone},
		"no values":                      {bytes.Repeat(header(dataPage, 0, 0, 0, plain), 100), codecNone},
		"a dictionary of 2^31 values":    {page(header(dictionaryPage, 8, 8, 1<<31-1, plain), few), codecNone},
		"dictionaries without an end":    {bytes.Repeat(header(dictionaryPage, 0, 0, 0, plain), 100), codecNone},
		"positions beyond a dictionary":  {append(page(header(dictionaryPage, 8, 8, 1, plain), few), page(header(dataPage, 3, 3, 10, plainDictionary), []byte{8, 20, 1})...), codecNone},
		"positions without a dictionary": {page(header(dataPage, 3, 3, 10, plainDictionary), []byte{8, 20, 0}), codecNone},
		"an empty run":                   {append(page(header(dictionaryPage, 8, 8, 1, plain), few), page(header(dataPage, 3, 3, 10, plainDictionary), []byte{8, 0, 0})...), codecNone},
		"8 MiB as 8 bytes":               {page(header(dataPage, 8, int64(len(zeros)), 1, plain), zeros), codecZstd},
		"an unknown compression":         {page(header(dataPage, 8, 8, 1, plain), few), 99},
		"an unknown page":                {page(header(77, 8, 8, 1, plain), few), codecNone},
		"too few values":                 {page(header(dataPage, 8, 8, 10, plain), few), codecNone},
	} {
		t.Run(name, func(t *testing.T) {
			column := NewColumn(Field{Name: "x", Type: Int64, Required: true})
			r := &chunkReader{column: column, codec: c.codec, room: 1 << 10, memory: new(memory)}
			var err error
			if n := allocated(func() { err = r.read(c.pages, 10) }); n > 1<<18 {
				t.Errorf("%d bytes were taken", n)
			}
			if err == nil {
				t.Error("no error")
			}
		})
	}
}

// A file is rejected if its rows would take far more memory than its bytes can represent,
// whatever its seal says.
func TestMoreThanAFileCanHold(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 6 million values")
	}
	for name, c := range map[string]struct {
		field  Field
		groups int
		fill   func(c *Column, group int)
	}{
		"values": {Field{Name: "x", Type: Int64, Required: true}, 100, func(c *Column, _ int) {
			for range MaxGroup {
				c.Int(7)
			}
		}},
		"text": {Field{Name: "x", Type: String, Required: true}, 20, func(c *Column, g int) {
			c.String(strings.Repeat("x", 4<<20+g))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			w, err := NewWriter(&b, []Field{c.field})
			if err != nil {
				t.Fatal(err)
			}
			column := NewColumn(c.field)
			for g := range c.groups {
				column.Reset()
				c.fill(column, g)
				if err := w.WriteGroup([]*Column{column}); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(nil); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(bytes.NewReader(b.Bytes()), int64(b.Len())); err == nil || !strings.Contains(err.Error(), "can hold") {
				t.Errorf("%d bytes: %v", b.Len(), err)
			}
		})
	}
}

// Texts that are short in a file and long in memory are neither read nor written.
func TestTextsOfARepeatedValue(t *testing.T) {
	long := strings.Repeat("x", maxText/MaxGroup+1)
	c := NewColumn(Field{Name: "x", Type: String, Required: true})
	for range MaxGroup {
		c.String(long)
	}
	w, err := NewWriter(io.Discard, []Field{c.Field})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteGroup([]*Column{c}); err == nil {
		t.Error("written")
	}
	dictionary := append(binary.LittleEndian.AppendUint32(nil, uint32(len(long))), long...)
	run := append([]byte{1}, binary.AppendUvarint(nil, MaxGroup<<1)...)
	run = append(run, 0)
	pages := append(header(dictionaryPage, int64(len(dictionary)), int64(len(dictionary)), 1, plain), dictionary...)
	pages = append(append(pages, header(dataPage, int64(len(run)), int64(len(run)), MaxGroup, plainDictionary)...), run...)
	r := &chunkReader{column: NewColumn(c.Field), room: 1 << 20, memory: new(memory)}
	if err := r.read(pages, MaxGroup); err == nil || !strings.Contains(err.Error(), "texts take more") {
		t.Error(err)
	}
}

// Numbers of every width survive the hybrid of runs and bits that Parquet describes.
func TestUnpack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(0, 32).Draw(t, "width")
		want := rapid.SliceOfN(rapid.Uint32Range(0, uint32(1<<width-1)), 1, 70).Draw(t, "numbers")
		var b []byte
		for i := 0; i < len(want); {
			run := 1
			for i+run < len(want) && want[i+run] == want[i] {
				run++
			}
			if run < 3 { // groups of eight, the last one padded
				run = min(8*rapid.IntRange(1, 3).Draw(t, "groups"), len(want)-i)
				groups := (run + 7) / 8
				b = binary.AppendUvarint(b, uint64(groups)<<1|1)
				bits := make([]byte, groups*width)
				for k, x := range want[i : i+run] {
					for j := range width {
						bits[(k*width+j)/8] |= byte(x>>j&1) << ((k*width + j) % 8)
					}
				}
				b = append(b, bits...)
			} else {
				b = binary.AppendUvarint(b, uint64(run)<<1)
				for j := range (width + 7) / 8 {
					b = append(b, byte(want[i]>>(8*j)))
				}
			}
			i += run
		}
		r := &chunkReader{memory: new(memory)}
		got, err := r.unpack(b, width, len(want))
		if err != nil || !slices.Equal(got, want) {
			t.Fatal(got, err)
		}
		for n := range b { // padding of the last group may be missing
			if got, err := r.unpack(b[:n], width, len(want)); err == nil && !slices.Equal(got, want) {
				t.Fatalf("%d of %d bytes gave other numbers", n, len(b))
			}
		}
	})
}

func TestCodecIsRegistered(t *testing.T) {
	codec, err := compress.GetCodec(compress.Codecs.Zstd)
	if _, ok := codec.(sharedZstd); !ok || err != nil {
		t.Errorf("the library compresses with %T: %v", codec, err)
	}
}
