package gfn

import (
	"bytes"
	"encoding/gob"
	"fmt"

	"gfnbench/gfn/env"
	"gfnbench/gfn/metric"
	"gfnbench/gfn/network"
)

// checkpoint is everything that later steps depend on. It leaves out the random streams,
// because each step derives its own from its number.
type checkpoint struct {
	Revision       int
	Step           int
	Params, M, V   []float32
	Pow1, Pow2     float64
	LogZ           network.Scalar
	Shift          float64
	BestLogR       []float64
	BestCodes      []uint64
	BestWorst      int
	Modes          []uint64
	Done, Diverged bool
	Measured       [measuredFirst]bool
	MeasuredLater  []bool // of the metrics after those
}

// measuredFirst is how many metrics version 0.1.0 had. It is fixed because gob decodes
// arrays of one length only.
const measuredFirst = metric.Samples + 1

// MarshalBinary returns the state between two calls of Step. A Trainer that
// UnmarshalBinary restores from it continues with the same bits.
func (t *Trainer) MarshalBinary() ([]byte, error) {
	c := checkpoint{Revision: Revision, Step: t.step, Params: t.policy.Params().Data, M: t.adam.M, V: t.adam.V,
		LogZ: t.logZ, Shift: t.shift, Done: t.done, Diverged: t.diverged,
		Measured: [measuredFirst]bool(t.measured[:measuredFirst]), MeasuredLater: t.measured[measuredFirst:]}
	c.Pow1, c.Pow2 = t.adam.Powers()
	if s := t.seen; s != nil {
		c.BestLogR, c.BestCodes, c.BestWorst, c.Modes = s.logR, s.codes, s.worst, s.modes.Codes()
	}
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(&c)
	return b.Bytes(), err
}

// UnmarshalBinary restores a state that MarshalBinary returned for the same Spec, on any
// machine. It returns an error, and restores nothing, if data cannot be read or if its
// Revision or number of parameters shows that it belongs to another run. It does not
// notice other differences between the Specs.
func (t *Trainer) UnmarshalBinary(data []byte) error {
	var c checkpoint
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&c); err != nil {
		return fmt.Errorf("damaged checkpoint: %w", err)
	}
	p := t.policy.Params()
	if c.Revision != Revision || len(c.Params) != len(p.Data) || len(c.M) != len(p.Data) || len(c.V) != len(p.Data) {
		return fmt.Errorf("the checkpoint belongs to another run: revision %d with %d parameters, not %d with %d",
			c.Revision, len(c.Params), Revision, len(p.Data))
	}
	copy(p.Data, c.Params)
	copy(t.adam.M, c.M)
	copy(t.adam.V, c.V)
	t.adam.SetPowers(c.Pow1, c.Pow2)
	t.step, t.logZ, t.shift, t.done, t.diverged = c.Step, c.LogZ, c.Shift, c.Done, c.Diverged
	copy(t.measured[copy(t.measured[:], c.Measured[:]):], c.MeasuredLater)
	if s := t.seen; s != nil {
		s.logR, s.codes, s.worst = c.BestLogR, c.BestCodes, c.BestWorst
		s.modes = env.NewIndex(s.words)
		for at := 0; at+s.words <= len(c.Modes); at += s.words {
			s.modes.Add(c.Modes[at : at+s.words])
		}
	}
	return nil
}
