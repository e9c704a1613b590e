package results

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"time"
	"unsafe"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
)

// The journal's encoding of runs and instances. Floats are their IEEE 754 bits, so
// that NaN, infinities and signed zeros come back as they were.

type encoder struct{ b []byte }

func (e *encoder) uint(x uint64)   { e.b = binary.AppendUvarint(e.b, x) }
func (e *encoder) int(x int64)     { e.b = binary.AppendVarint(e.b, x) }
func (e *encoder) float(x float64) { e.b = binary.LittleEndian.AppendUint64(e.b, math.Float64bits(x)) }

func (e *encoder) string(s string) {
	e.uint(uint64(len(s)))
	e.b = append(e.b, s...)
}

func (e *encoder) optional(x *float64) {
	if x == nil {
		e.uint(0)
		return
	}
	e.uint(1)
	e.float(*x)
}

func (e *encoder) optionalString(s *string) {
	if s == nil {
		e.uint(0)
		return
	}
	e.uint(1)
	e.string(*s)
}

func (e *encoder) time(t time.Time) {
	if t.IsZero() {
		e.uint(0)
		return
	}
	e.uint(1)
	e.int(t.UnixMicro())
}

func (e *encoder) run(r *Run) {
	e.string(r.ID)
	e.string(r.Environment)
	e.string(r.Objective)
	e.optional(r.Alpha)
	e.optional(r.A)
	e.optional(r.Lambda)
	e.optionalString(r.ControlVariate)
	e.int(r.Seed)
	e.uint(uint64(len(r.Params)))
	for _, p := range r.Params {
		e.string(p.Name)
		e.value(p.Value.Flat())
	}
	e.string(string(r.Status))
	e.int(r.Step)
	e.string(r.Message)
	e.timing(&r.Timing)
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
		e.variance(&r.Variance[i])
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

func (e *encoder) timing(t *Timing) {
	e.int(t.Attempt)
	e.time(t.Start)
	e.time(t.End)
	e.float(t.Wall)
	e.float(t.Rate)
	for _, s := range []string{t.Host, t.CPU, t.SIMD, t.Go, t.Revision, t.Stack} {
		e.string(s)
	}
}

func (e *encoder) variance(v *VarianceRow) {
	e.int(v.Step)
	e.string(v.Objective)
	e.optional(v.Alpha)
	e.optional(v.A)
	e.optional(v.Lambda)
	e.optionalString(v.ControlVariate)
	e.int(v.Batch)
	e.int(v.Replicates)
	for _, x := range []float64{v.TraceCov, v.TraceCovStdErr, v.GradNormSq, v.Cosine, v.CosineStdErr} {
		e.float(x)
	}
	e.int(v.ReferenceBatch)
	exact := uint64(0)
	if v.Exact {
		exact = 1
	}
	e.uint(exact)
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
// here and memory bytes when it is decoded.
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

func (d *decoder) optional() *float64 {
	if d.uint() == 0 {
		return nil
	}
	x := d.float()
	return &x
}

func (d *decoder) optionalString() *string {
	if d.uint() == 0 {
		return nil
	}
	s := d.string()
	return &s
}

func (d *decoder) time() time.Time {
	if d.uint() == 0 {
		return time.Time{}
	}
	return time.UnixMicro(d.int()).UTC()
}

func (d *decoder) run() (r Run) {
	r.ID = d.string()
	r.Environment = d.string()
	r.Objective = d.string()
	r.Alpha = d.optional()
	r.A = d.optional()
	r.Lambda = d.optional()
	r.ControlVariate = d.optionalString()
	r.Seed = d.int()
	for range d.count(4, unsafe.Sizeof(Param{})) {
		name := d.string()
		r.Params = append(r.Params, Param{name, d.value()})
	}
	r.Status = Status(d.string())
	r.Step = d.int()
	r.Message = d.string()
	d.timing(&r.Timing)
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
		d.variance(&r.Variance[i])
	}
	return r
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

func (d *decoder) timing(t *Timing) {
	t.Attempt = d.int()
	t.Start = d.time()
	t.End = d.time()
	t.Wall = d.float()
	t.Rate = d.float()
	for _, s := range []*string{&t.Host, &t.CPU, &t.SIMD, &t.Go, &t.Revision, &t.Stack} {
		*s = d.string()
	}
}

func (d *decoder) variance(v *VarianceRow) {
	v.Step = d.int()
	v.Objective = d.string()
	v.Alpha = d.optional()
	v.A = d.optional()
	v.Lambda = d.optional()
	v.ControlVariate = d.optionalString()
	v.Batch = d.int()
	v.Replicates = d.int()
	for _, x := range []*float64{&v.TraceCov, &v.TraceCovStdErr, &v.GradNormSq, &v.Cosine, &v.CosineStdErr} {
		*x = d.float()
	}
	v.ReferenceBatch = d.int()
	v.Exact = d.uint() == 1
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

// encodeBatch is the journal's payload.
func encodeBatch(runs []Run, instances []Instance) []byte {
	var e encoder
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

// decodeBatch is the inverse of encodeBatch. Every run and instance of its
// result passes its check, and they take at most room bytes of memory.
func decodeBatch(b []byte, room int64) (runs []Run, instances []Instance, err error) {
	d := decoder{b: b, room: room}
	for range d.count(32, unsafe.Sizeof(Run{})) {
		r := d.run()
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
