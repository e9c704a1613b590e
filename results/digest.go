package results

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"sort"
	"strings"

	"gfnbench/gfn/param"
)

// Digest is the SHA-256, in hexadecimal, of the logical rows of the runs that
// are done or diverged. It does not depend on the order of the runs or of
// their parameters, on host, attempt, time or message, on the files' bytes, or
// on the other cells of the sweep.
//
// The hashed text is "gfnbench digest 1\n" followed by one record for each run,
// in ascending order of cell id. Integers take 8 bytes, little-endian, in two's
// complement. A string is its length in bytes, an integer, and its bytes. A
// float is the integer of its IEEE 754 bits, 0x7ff8000000000001 for every NaN. An
// optional value is one byte, 0 where it is null, else 1 with the value after
// it. A record is, in this order:
//
//	cell, environment, objective       strings
//	alpha, a, lambda                   optional floats
//	control_variate                    optional string
//	seed                               integer
//	number of parameters not null,     integer
//	    those named given.* left out
//	    name, value                    strings, in ascending order of name;
//	                                   the value as Value.String gives it
//	status                             string
//	step                               integer
//	number of evaluations              integer
//	    step                           integer
//	    present                        integer: bit 2m is set where the m-th metric
//	                                   of the registry has a value, bit 2m+1 where
//	                                   that has a standard error
//	    values                         floats, one for each bit set, lowest first
//	number of variance rows            integer
//	    step                           integer
//	    objective                      string
//	    alpha, a, lambda               optional floats
//	    control_variate                optional string
//	    batch, replicates              integers
//	    trace_cov, trace_cov_stderr    floats
//	    grad_norm_sq                   float
//	    cosine, cosine_stderr          floats
//	    reference_batch                integer
//	    exact                          integer, 0 or 1
func Digest(runs []Run) string {
	order := make([]*Run, 0, len(runs))
	for i := range runs {
		if s := runs[i].Status; s == Done || s == Diverged {
			order = append(order, &runs[i])
		}
	}
	sort.SliceStable(order, func(i, j int) bool { return order[i].ID < order[j].ID })
	d := digester{h: sha256.New()}
	d.b = append(d.b, "gfnbench digest 1\n"...)
	for _, r := range order {
		d.run(r)
	}
	d.flush()
	return hex.EncodeToString(d.h.Sum(nil))
}

// A digester hashes the encoding of [Digest].
type digester struct {
	h      hash.Hash
	b      []byte
	params []Param
}

func (d *digester) flush() {
	d.h.Write(d.b)
	d.b = d.b[:0]
}

func (d *digester) int(x int64)     { d.b = binary.LittleEndian.AppendUint64(d.b, uint64(x)) }
func (d *digester) float(x float64) { d.b = binary.LittleEndian.AppendUint64(d.b, canonicalBits(x)) }

func (d *digester) string(s string) {
	d.int(int64(len(s)))
	d.b = append(d.b, s...)
}

func (d *digester) optional(x *float64) {
	if x == nil {
		d.b = append(d.b, 0)
		return
	}
	d.b = append(d.b, 1)
	d.float(*x)
}

func (d *digester) optionalString(s *string) {
	if s == nil {
		d.b = append(d.b, 0)
		return
	}
	d.b = append(d.b, 1)
	d.string(*s)
}

func (d *digester) run(r *Run) {
	d.string(r.ID)
	d.string(r.Environment)
	d.string(r.Objective)
	d.optional(r.Alpha)
	d.optional(r.A)
	d.optional(r.Lambda)
	d.optionalString(r.ControlVariate)
	d.int(r.Seed)
	d.parameters(r.Params)
	d.string(string(r.Status))
	d.int(r.Step)
	d.int(int64(len(r.Curve)))
	for i := range r.Curve {
		p := &r.Curve[i]
		d.int(p.Step)
		d.int(int64(p.present))
		for _, x := range p.packed {
			d.float(x)
		}
		if len(d.b) > 32<<10 {
			d.flush()
		}
	}
	d.int(int64(len(r.Variance)))
	for i := range r.Variance {
		d.variance(&r.Variance[i])
	}
	d.flush()
}

func (d *digester) parameters(params []Param) {
	d.params = d.params[:0]
	for _, p := range params {
		if !p.Value.IsNull() && !strings.HasPrefix(p.Name, param.Given) {
			d.params = append(d.params, p)
		}
	}
	sort.Slice(d.params, func(i, j int) bool { return d.params[i].Name < d.params[j].Name })
	d.int(int64(len(d.params)))
	for _, p := range d.params {
		d.string(p.Name)
		d.string(p.Value.String())
	}
}

func (d *digester) variance(v *VarianceRow) {
	d.int(v.Step)
	d.string(v.Objective)
	d.optional(v.Alpha)
	d.optional(v.A)
	d.optional(v.Lambda)
	d.optionalString(v.ControlVariate)
	d.int(v.Batch)
	d.int(v.Replicates)
	for _, x := range []float64{v.TraceCov, v.TraceCovStdErr, v.GradNormSq, v.Cosine, v.CosineStdErr} {
		d.float(x)
	}
	d.int(v.ReferenceBatch)
	exact := int64(0)
	if v.Exact {
		exact = 1
	}
	d.int(exact)
}
