package columnar

import (
	"bytes"
	"errors"
	"io"
	"math"
	"testing"

	"pgregory.net/rapid"
)

var fields = []Field{
	{Name: "id", Type: Int64, Required: true}, {Name: "name", Type: String}, {Name: "x.y", Type: Float64, Plain: true},
	{Name: "flag", Type: Bool}, {Name: "when", Type: Timestamp}, {Name: "never", Type: Float64},
}

// sample fills rows rows, a third of them null.
func sample(first, rows int) []*Column {
	var c []*Column
	for _, f := range fields {
		c = append(c, NewColumn(f))
	}
	for i := first; i < first+rows; i++ {
		c[0].Int(int64(i))
		c[5].Null()
		if i%3 == 0 {
			for _, c := range c[1:5] {
				c.Null()
			}
			continue
		}
		c[1].String([]string{"", "π", "日本"}[i%7%3])
		c[2].Float([]float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), float64(i)}[i%5])
		c[3].Bool(i%2 == 0)
		c[4].Int(int64(i) * 1e6)
	}
	return c
}

func write(w io.Writer, groups ...int) error {
	tw, err := NewWriter(w, fields)
	if err != nil {
		return err
	}
	first := 0
	for _, rows := range groups {
		if err := tw.WriteGroup(sample(first, rows)); err != nil {
			return err
		}
		first += rows
	}
	return tw.Close([]KeyValue{{"a", "1"}, {"suite", "sha256:" + string(unsealed)}})
}

func TestGroups(t *testing.T) {
	for _, groups := range [][]int{{}, {1}, {0, 5, 2}, {MaxGroup, 3}} {
		var b bytes.Buffer
		if err := write(&b, groups...); err != nil {
			t.Fatal(err)
		}
		r, err := Open(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		if m := r.Metadata(); len(m) != 2 || m[0] != (KeyValue{"a", "1"}) {
			t.Errorf("metadata %v", m)
		}
		first := 0
		for g := range r.Groups() {
			want := sample(first, r.GroupRows(g))
			for i, f := range r.Fields() {
				got := new(Column)
				if err := r.Read(g, i, got); err != nil {
					t.Fatal(err)
				}
				if f.Name != fields[i].Name || f.Type != fields[i].Type || f.Required != fields[i].Required || !same(got, want[i]) {
					t.Fatalf("groups %v: group %d, column %q differs", groups, g, f.Name)
				}
			}
			first += r.GroupRows(g)
		}
		total := 0
		for _, n := range groups {
			total += n
		}
		if first != total || r.Rows() != int64(total) {
			t.Errorf("%d rows, want %d", first, total)
		}
	}
	if err := write(io.Discard, MaxGroup+1); err == nil {
		t.Error("a group that is too large was written")
	}
}

func same(a, b *Column) bool {
	eq := func(n, m int, f func(i int) bool) bool {
		for i := range n {
			if n != m || !f(i) {
				return false
			}
		}
		return n == m
	}
	return eq(len(a.Valid), len(b.Valid), func(i int) bool { return a.Valid[i] == b.Valid[i] }) &&
		eq(len(a.Bools), len(b.Bools), func(i int) bool { return a.Bools[i] == b.Bools[i] }) &&
		eq(len(a.Ints), len(b.Ints), func(i int) bool { return a.Ints[i] == b.Ints[i] }) &&
		eq(len(a.Strings), len(b.Strings), func(i int) bool { return a.Strings[i] == b.Strings[i] }) &&
		eq(len(a.Floats), len(b.Floats), func(i int) bool { return math.Float64bits(a.Floats[i]) == math.Float64bits(b.Floats[i]) })
}

// failing accepts n bytes and then fails, or accepts less than it is given.
type failing struct {
	n     int
	short bool
}

var errFull = errors.New("full")

func (f *failing) Write(p []byte) (int, error) {
	if len(p) <= f.n {
		f.n -= len(p)
		return len(p), nil
	}
	n := f.n
	f.n = 0
	if f.short {
		return n, nil
	}
	return n, errFull
}

// The library hides errors in writing the footer and panics on others. None of these may
// get through.
func TestEveryWriteErrorIsReported(t *testing.T) {
	var whole bytes.Buffer
	if err := write(&whole, 20, 3); err != nil {
		t.Fatal(err)
	}
	step := 1
	if testing.Short() {
		step = 97
	}
	for n := 0; n < whole.Len()-8; n += step { // lengths vary by a few bytes from write to write
		if err := write(&failing{n: n}, 20, 3); !errors.Is(err, errFull) {
			t.Fatalf("after %d of %d bytes: %v", n, whole.Len(), err)
		}
		if err := write(&failing{n: n, short: true}, 20, 3); !errors.Is(err, io.ErrShortWrite) {
			t.Fatalf("short after %d of %d bytes: %v", n, whole.Len(), err)
		}
	}
}

// Behind a matching seal, damage must give an error or other values, but neither a panic
// nor rows that do not exist.
func TestResealedDamage(t *testing.T) { rapid.Check(t, resealedDamage(t)) }

func resealedDamage(t *testing.T) func(*rapid.T) {
	var whole bytes.Buffer
	if err := write(&whole, 50); err != nil {
		t.Fatal(err)
	}
	return func(t *rapid.T) {
		data := bytes.Clone(whole.Bytes())
		for range rapid.IntRange(1, 3).Draw(t, "flips") {
			data[rapid.IntRange(0, len(data)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "by"))
		}
		data = Reseal(data)
		r, err := Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		for g := range r.Groups() {
			for i := range r.Fields() {
				c := new(Column)
				if err := r.Read(g, i, c); err == nil && c.Rows() != r.GroupRows(g) {
					t.Fatalf("column %d has %d rows of %d", i, c.Rows(), r.GroupRows(g))
				}
			}
		}
	}
}

func TestNullInRequiredColumnPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	NewColumn(Field{Name: "x", Required: true}).Null()
}
