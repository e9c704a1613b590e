package results

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"slices"
	"testing"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
)

// TestDigestEncoding spells out the documented bytes of one small run.
func TestDigestEncoding(t *testing.T) {
	// A run with every kind of value.
	r := Run{
		Cell:   Cell{ID: "00000000000000ff", Environment: "sets", Objective: "renyi", ControlVariate: param.Of("loo"), Seed: 2, Params: []Param{{"alpha", param.Of(0.5)}, {"steps", param.Of(10)}, {"batch", param.Of(4)}, {"x", param.Value{}}}},
		Status: Done, Step: 10, Message: "not hashed",
	}
	r.Curve = []Point{{Step: 10}}
	r.Curve[0].SetEstimate(metric.L1, math.NaN(), 0.25)
	r.Curve[0].Set(metric.Samples, 7)

	r.Variance = []VarianceRow{{Step: 3, Objective: "tsallis", Params: []Param{{"delta", param.Of(1.5)}}, Batch: 32, Replicates: 8, CosineStdErr: math.NaN(), ReferenceBatch: 64}}

	// Its encoding, value by value.
	var b []byte
	i := func(x uint64) { b = binary.LittleEndian.AppendUint64(b, x) }
	s := func(x string) { i(uint64(len(x))); b = append(b, x...) }
	b = append(b, "gfnbench digest 1\n"...)
	s("00000000000000ff")
	s("sets")
	s("renyi")
	b = append(b, 1)
	i(0x3fe0000000000000) // 0.5
	b = append(b, 0, 0, 1)
	s("loo")
	i(2)
	i(2)
	s("batch")
	s("4")
	s("steps")
	s("10")
	s("done")
	i(10)
	i(1)
	i(10)
	i(1<<0 | 1<<1 | 1<<34) // l1, its standard error, and the 17th metric, samples
	i(0x7ff8000000000001)
	i(0x3fd0000000000000) // 0.25
	i(0x401c000000000000) // 7
	i(1)                  // variance row
	i(3)
	s("tsallis")
	b = append(b, 0, 0, 0, 0)
	i(32)
	i(8)
	for range 4 {
		i(0)
	}
	i(0x7ff8000000000001)
	i(64)
	i(2) // not exact, one further parameter
	s("delta")
	s("1.5")
	want := sha256.Sum256(b)
	if got := Digest([]Run{r}); got != hex.EncodeToString(want[:]) {
		t.Errorf("digest %s, want %x", got, want)
	}
}

func TestDigestIgnoresAndNotices(t *testing.T) {
	// Changes that the digest ignores.
	base := func() []Run { return []Run{sampleRun(1, 3), sampleRun(2, 3), sampleRun(3, 1)} }
	want := Digest(base())
	for what, alter := range map[string]func([]Run) []Run{
		"order":        func(r []Run) []Run { slices.Reverse(r); return r },
		"host":         func(r []Run) []Run { r[0].Timing = Timing{Host: "b", Attempt: 4}; return r },
		"message":      func(r []Run) []Run { r[0].Message = "x"; return r },
		"failed cells": func(r []Run) []Run { f := sampleRun(9, 1); f.Status = Failed; return append(r, f) },
		"what was given": func(r []Run) []Run {
			r[0].Params = append(r[0].Params, Param{param.Given + "means", param.Of("[[0,1]]")})
			return r
		},
		"instance": func(r []Run) []Run {
			r[0].Params = append(r[0].Params, Param{param.Instance, param.Of(3)})
			return r
		},
		"null parameter": func(r []Run) []Run { r[0].Params = append(r[0].Params, Param{"z", param.Value{}}); return r },
		"parameters' order": func(r []Run) []Run {
			r[0].Params = slices.Clone(r[0].Params)
			slices.Reverse(r[0].Params)
			return r
		},
		"integer as float": func(r []Run) []Run {
			r[0].Params = slices.Clone(r[0].Params)
			r[0].Params[1].Value = param.OfFloat(1000)
			return r
		},
	} {
		if got := Digest(alter(base())); got != want {
			t.Errorf("%s changes the digest", what)
		}
	}
	// Changes that it notices, each in another way.
	alpha := func(x float64) []Param {
		return append([]Param{{"alpha", param.Of(x)}}, sampleRun(1, 1).Params[1:]...)
	}
	seen := map[string]string{want: "nothing"}
	for what, alter := range map[string]func(*Run){
		"status":     func(r *Run) { r.Status = Diverged },
		"step":       func(r *Run) { r.Step++ },
		"alpha":      func(r *Run) { r.Params = alpha(0.25) },
		"null alpha": func(r *Run) { r.Params = r.Params[1:] },
		"a":          func(r *Run) { r.Params = append(alpha(0.5), Param{"a", param.Of(0.5)}) },
		"seed":       func(r *Run) { r.Seed++ },
		"parameter":  func(r *Run) { r.Params = append(alpha(0.5), Param{"x", param.Of(1)}) },
		"last bit":   func(r *Run) { x, _ := r.Curve[1].Get(metric.TV); r.Curve[1].Set(metric.TV, math.Nextafter(x, 2)) },
		"zero":       func(r *Run) { r.Curve[1].Set(metric.TV, 0) },
		"minus zero": func(r *Run) { r.Curve[1].Set(metric.TV, math.Copysign(0, -1)) },
		"NaN":        func(r *Run) { r.Curve[1].Set(metric.TV, math.NaN()) },
		"exact":      func(r *Run) { x, _ := r.Curve[1].Get(metric.L1); r.Curve[1].Set(metric.L1, x) },
		"variance":   func(r *Run) { r.Variance = []VarianceRow{{TraceCov: 1}} },
		"its parameter": func(r *Run) {
			r.Variance = []VarianceRow{{TraceCov: 1, Params: []Param{{"delta", param.Of(1)}}}}
		},
	} {
		runs := base()
		alter(&runs[1])
		got := Digest(runs)
		if before, ok := seen[got]; ok {
			t.Errorf("%s has the digest of %s", what, before)
		}
		seen[got] = what
	}
	// All NaN are equal.
	nan := base()
	nan[0].Curve[0].Set(metric.TV, math.NaN())
	payload := base()
	payload[0].Curve[0].Set(metric.TV, math.Float64frombits(0xfff8000000000123))
	if Digest(nan) != Digest(payload) {
		t.Error("two NaNs have different digests")
	}
}
