package results

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"slices"
	"strings"

	"gfnbench/gfn/param"
)

// Digest returns the SHA-256, in hexadecimal, of the logical rows of the runs that are
// done or diverged, and of tuning runs that were pruned. It does not depend on the order
// of the runs or of their parameters, on host, attempt, time or message, on the files'
// bytes, or on the other cells of the sweep.
//
// The hashed text is "gfnbench digest 1\n" followed by one record for each run,
// in ascending order of cell id. Integers take 8 bytes, little-endian, in two's
// complement. A string is its length in bytes, an integer, and its bytes. A
// float is the integer of its IEEE 754 bits, 0x7ff8000000000001 for every NaN. An
// optional value is one byte, 0 if it is null, else 1 with the value after
// it. A record is, in this order:
//
//	cell, environment, objective       strings
//	alpha, a, lambda                   optional floats
//	control_variate                    optional string
//	seed                               integer
//	number of parameters not null,     integer
//	    those named given.*, instance and role left out
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
//	    exact                          integer: 1 where exact, plus twice the number
//	                                   of the measured objective's further parameters
//	        name, value                strings, as those of the run
//	    bias_sq, bias_sq_stderr        floats, where exact
//	    exact_norm_sq                  float, where exact
func Digest(runs []Run) string {
	order := make([]*Run, len(runs))
	for i := range runs {
		order[i] = &runs[i]
	}
	slices.SortStableFunc(order, func(a, b *Run) int { return strings.Compare(a.ID, b.ID) })
	d := NewDigester()
	for _, r := range order {
		d.Add(r)
	}
	return d.Sum()
}

// A Digester computes the [Digest] of runs that are given one by one.
type Digester struct{ d digester }

// NewDigester returns a Digester without runs.
func NewDigester() *Digester {
	return &Digester{digester{h: sha256.New(), b: []byte("gfnbench digest 1\n")}}
}

// Add adds a run. Runs must come in ascending order of cell id. Runs that are not part of
// a digest are ignored.
func (d *Digester) Add(r *Run) {
	if s := r.Status; s == Done || s == Diverged || s == Pruned && !find(r.Params, param.Role).IsNull() {
		d.d.run(r)
	}
}

// Sum returns the digest of the runs added so far.
func (d *Digester) Sum() string {
	d.d.flush()
	return hex.EncodeToString(d.d.h.Sum(nil))
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

func (d *digester) flag(b bool) {
	if b {
		d.b = append(d.b, 1)
		return
	}
	d.b = append(d.b, 0)
}

func (d *digester) run(r *Run) {
	pour(d, cellColumns, &r.Cell)
	d.int(int64(d.sort(r.Params)))
	d.parameters()
	pour(d, runColumns, r)
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

// sort finds the parameters that have no column and are not null, sorts them by
// name, and counts them.
func (d *digester) sort(params []Param) int {
	d.params = d.params[:0]
	for _, p := range params {
		if !p.Value.IsNull() && !placed(p.Name) && !strings.HasPrefix(p.Name, param.Given) && p.Name != param.Instance && p.Name != param.Role {
			d.params = append(d.params, p)
		}
	}
	slices.SortFunc(d.params, func(a, b Param) int { return strings.Compare(a.Name, b.Name) })
	return len(d.params)
}

func (d *digester) parameters() {
	for _, p := range d.params {
		d.string(p.Name)
		d.string(p.Value.String())
	}
}

func (d *digester) variance(v *VarianceRow) {
	last := slices.IndexFunc(varianceColumns, func(c column[VarianceRow]) bool { return c.Name == "exact" })
	pour(d, varianceColumns[:last], v)
	n := d.sort(v.Params)
	exact := int64(2 * n)
	if v.Exact {
		exact++
	}
	d.int(exact)
	d.parameters()
	if v.Exact {
		pour(d, varianceColumns[last+1:], v)
	}
}
