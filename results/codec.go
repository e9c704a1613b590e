package results

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"unsafe"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
)

// The journal's encoding of runs and instances. Floats are stored as their IEEE
// 754 bits, so NaN, infinities and signed zeros survive.

type encoder struct{ b []byte }

func (e *encoder) uint(x uint64)   { e.b = binary.AppendUvarint(e.b, x) }
func (e *encoder) int(x int64)     { e.b = binary.AppendVarint(e.b, x) }
func (e *encoder) float(x float64) { e.b = binary.LittleEndian.AppendUint64(e.b, math.Float64bits(x)) }

func (e *encoder) string(s string) {
	e.uint(uint64(len(s)))
	e.b = append(e.b, s...)
}

func (e *encoder) flag(b bool) {
	if b {
		e.uint(1)
		return
	}
	e.uint(0)
}

func (e *encoder) run(r *Run) {
	pour(e, cellColumns, &r.Cell)
	e.params(r.Params)
	pour(e, current.run, r)
	pour(e, timingColumns, &r.Timing)
	e.uint(uint64(len(r.Curve)))
	for i := range r.Curve {
		p := &r.Curve[i]
		e.int(p.Step)
		e.uint(p.present)
		for _, x := range p.packed {
			e.float(x)
		}
	}
	e.uint(uint64(len(r.Variance)))
	for i := range r.Variance {
		pour(e, varianceColumns, &r.Variance[i])
		e.params(r.Variance[i].Params)
	}
}

// params writes the parameters that have no column.
func (e *encoder) params(params []Param) {
	n := 0
	for i := range params {
		if !placed(params[i].Name) {
			n++
		}
	}
	e.uint(uint64(n))
	for _, p := range params {
		if !placed(p.Name) {
			e.string(p.Name)
			e.value(p.Value.Flat())
		}
	}
}

// value writes a scalar: its type, its bits and its text.
func (e *encoder) value(v param.Value) {
	bits := uint64(v.Int())
	switch v.Type() {
	case param.Float:
		bits = math.Float64bits(v.Float())
	case param.Bool:
		bits = map[bool]uint64{true: 1}[v.Bool()]
	}
	e.uint(uint64(v.Type()))
	e.uint(bits)
	e.string(v.Text())
}

func (e *encoder) instance(in *Instance) {
	e.string(in.ID)
	e.string(in.Environment)
	e.uint(uint64(len(in.Fields)))
	for _, f := range in.Fields {
		e.string(f.Name)
		e.uint(uint64(len(f.Numbers)))
		for _, x := range f.Numbers {
			e.float(x)
		}
		e.uint(uint64(len(f.Texts)))
		for _, s := range f.Texts {
			e.string(s)
		}
	}
}

// A decoder reads what an encoder wrote. It keeps the first error, after which
// everything reads as zero and every count is 0.
type decoder struct {
	b    []byte
	room int64 // bytes of memory that the values may still take
	err  error
}

var errCodec = errors.New("it cannot be decoded")

func (d *decoder) fail() {
	if d.err == nil {
		d.err = errCodec
	}
	d.b = nil
}

func (d *decoder) uint() uint64 {
	x, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return x
}

func (d *decoder) int() int64 {
	x, n := binary.Varint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return x
}

// count returns a number of things, each of which takes at least size bytes
// here and memory bytes once decoded.
func (d *decoder) count(size int, memory uintptr) int {
	n := d.uint()
	if n > uint64(len(d.b)/size) || int64(n) > d.room/int64(memory) {
		d.fail()
		return 0
	}
	d.room -= int64(n) * int64(memory)
	return int(n)
}

func (d *decoder) float() float64 {
	if len(d.b) < 8 {
		d.fail()
		return 0
	}
	x := math.Float64frombits(binary.LittleEndian.Uint64(d.b))
	d.b = d.b[8:]
	return x
}

func (d *decoder) string() string {
	n := d.count(1, 1)
	s := string(d.b[:n])
	d.b = d.b[n:]
	return s
}

func (d *decoder) run(l *layout) (r Run) {
	readRow(d, l.cell, &r.Cell)
	d.params(&r.Params)
	readRow(d, l.run, &r)
	readRow(d, l.timing, &r.Timing)
	if n := d.count(2, unsafe.Sizeof(Point{})); n > 0 {
		r.Curve = make([]Point, n)
	}
	for i := range r.Curve {
		d.point(&r.Curve[i])
	}
	if n := d.count(16, unsafe.Sizeof(VarianceRow{})); n > 0 {
		r.Variance = make([]VarianceRow, n)
	}
	for i := range r.Variance {
		readRow(d, l.variance, &r.Variance[i])
		if l.version > 1 {
			d.params(&r.Variance[i].Params)
		}
	}
	return r
}

func (d *decoder) params(params *[]Param) {
	for range d.count(4, unsafe.Sizeof(Param{})) {
		name := d.string()
		*params = append(*params, Param{name, d.value()})
	}
}

func (d *decoder) value() param.Value {
	t, bits, text := param.Type(d.uint()), d.uint(), d.string()
	switch t {
	case param.Null:
		return param.Value{}
	case param.Bool:
		return param.Of(bits == 1)
	case param.Int:
		return param.Of(int64(bits))
	case param.Float:
		return param.OfFloat(math.Float64frombits(bits))
	case param.String:
		return param.Of(text)
	}
	d.fail()
	return param.Value{}
}

func (d *decoder) point(p *Point) {
	p.Step = d.int()
	present := d.uint()
	n := bits.OnesCount64(present)
	if present>>(2*metric.NumEvaluated) != 0 || len(d.b) < 8*n || int64(8*n) > d.room {
		d.fail()
		return
	}
	d.room -= int64(8 * n)
	p.present, p.packed = present, make([]float64, n)
	for i := range p.packed {
		p.packed[i] = d.float()
	}
}

func (d *decoder) instance() (in Instance) {
	in.ID = d.string()
	in.Environment = d.string()
	for range d.count(3, unsafe.Sizeof(Field{})) {
		f := Field{Name: d.string()}
		for range d.count(8, 8) {
			f.Numbers = append(f.Numbers, d.float())
		}
		for range d.count(1, unsafe.Sizeof("")) {
			f.Texts = append(f.Texts, d.string())
		}
		in.Fields = append(in.Fields, f)
	}
	return in
}

// encodeBatch returns the journal's payload.
func encodeBatch(runs []Run, instances []Instance) []byte {
	var e encoder
	e.string(current.String())
	e.uint(uint64(len(runs)))
	for i := range runs {
		e.run(&runs[i])
	}
	e.uint(uint64(len(instances)))
	for i := range instances {
		e.instance(&instances[i])
	}
	return e.b
}

// decodeBatch is the inverse of encodeBatch, and also reads batches of earlier
// versions of the journal. Every run and instance that it returns passes its check,
// and they take at most room bytes of memory.
func decodeBatch(b []byte, version int, room int64) (runs []Run, instances []Instance, err error) {
	d := decoder{b: b, room: room}
	text := layout1
	if version > 1 {
		text = d.string()
	}
	l, err := parseLayout(version, text)
	if err != nil {
		return nil, nil, err
	}
	for range d.count(32, unsafe.Sizeof(Run{})) {
		r := d.run(l)
		if d.err != nil {
			return nil, nil, d.err
		}
		if err := r.check(); err != nil {
			return nil, nil, err
		}
		runs = append(runs, r)
	}
	for range d.count(3, unsafe.Sizeof(Instance{})) {
		in := d.instance()
		if d.err != nil {
			return nil, nil, d.err
		}
		if err := in.check(); err != nil {
			return nil, nil, err
		}
		instances = append(instances, in)
	}
	if d.err == nil && len(d.b) > 0 {
		return nil, nil, fmt.Errorf("%w: %d bytes are left over", errCodec, len(d.b))
	}
	return runs, instances, d.err
}
