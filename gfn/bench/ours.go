package main

import (
	"encoding/json"
	"io"
	"math/bits"
	"runtime"
	"slices"
	"time"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// ours times this repository's training steps at a point, given as JSON, with the
// settings of the peers' scripts. Like them it computes no metrics.
func ours(w io.Writer, line string) error {
	var p point
	if err := json.Unmarshal([]byte(line), &p); err != nil {
		return err
	}
	runtime.GOMAXPROCS(p.Threads)
	s := spec(p)
	in, err := gfn.NewInstance(s.Environment, s.Params)
	if err != nil {
		return err
	}
	t, err := gfn.New(s, in)
	if err != nil {
		return err
	}
	t.SetThreads(p.Threads)
	var micros []float64
	var length mean
	var rng stream.Stream
	rng.Reset(s.Streams, "length", 0)
	for i := range p.Pretrain + warmup + timed {
		start := time.Now()
		if _, _, err := t.Step(); err != nil {
			return err
		}
		if i < p.Pretrain+warmup {
			continue
		}
		micros = append(micros, float64(time.Since(start).Nanoseconds())/1e3)
		if i%10 == 0 {
			for x := range t.States(&rng, p.Batch) {
				length.add(float64(actions(in.Env.(env.Discrete), x)))
			}
		}
	}
	return json.NewEncoder(w).Encode(result{
		point: p, Peer: "gfnbench", Version: "kernels: " + gfn.SIMD() + ", " + runtime.Version(),
		MedianUS: median(micros), Length: length.value(),
	})
}

// spec returns the training run of a point.
func spec(p point) gfn.Spec {
	params := param.Values{"dim": param.Of(p.Dim), "height": param.Of(p.Height), "r0": param.Of(1e-3)}
	if p.Env == "bitseq" {
		word := bits.Len(uint(p.Height)) - 1
		params = param.Values{"length": param.Of(word * p.Dim), "word": param.Of(word), "beta": param.Of(2.0), "mode_count": param.Of(60), "instance_seed": param.Of(1)}
	}
	s := gfn.Default(p.Env, params, objective.Spec{Name: "tb"}, uint64(p.Seed))
	s.Policy.Hidden, s.Policy.Activation, s.Policy.OutputInit = []int{256, 256}, "relu", "torch"
	s.Optimizer.Schedule = "constant"
	s.Batch, s.Steps, s.EvalEvery = p.Batch, 1<<30, 1<<30
	threshold := 1.0
	s.Eval.Mode, s.Modes.Threshold = "sampled", &threshold
	return s
}

// actions returns the number of actions that lead to x.
func actions(e env.Discrete, x []uint64) (n int) {
	s, mask := slices.Clone(x), make([]uint64, env.MaskWords(e.BackwardActions()))
	for {
		e.BackwardMask(s, mask)
		word := slices.IndexFunc(mask, func(m uint64) bool { return m != 0 })
		if word < 0 {
			return n
		}
		e.StepBack(s, 64*word+bits.TrailingZeros64(mask[word]))
		n++
	}
}

// A mean is a running average.
type mean struct{ sum, n float64 }

func (m *mean) add(x float64)  { m.sum += x; m.n++ }
func (m *mean) value() float64 { return m.sum / m.n }
