package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
)

// bars are how many times as long a peer's iteration must take.
var bars = []float64{20, 5} // torchgfn, gfnx

const preface = `# Training iterations beside torchgfn and gfnx

Written by ` + "`make bench-peers`" + `. Each time is for one training iteration: sample a batch,
compute the trajectory-balance loss and its gradient, and take an Adam step. The policy is an MLP
(2×256, ReLU) in float32, with a uniform backward policy; the learning rates are 1e-3, and 1e-1 for
log Z. No metrics are computed. There are %d warm-up and %d timed iterations. At each point the
three programs run one after the other on an otherwise idle machine, each confined to as many
processors as it has threads. A time is the median over seeds of the median over iterations,
followed by the smallest and largest seed if there are several. A ratio is the median of the ratios
of the seeds.

`

const closing = `
## What is unequal

[gfn/bench/peers](../gfn/bench/peers/README.md) says how the peers are run: each in the fastest of
several ways, tried at every point. Compilation is not timed. The work differs as follows:

- The peers evaluate the policy on every visited state in the batch. We evaluate equal states in a
  batch once, and reuse the activations from sampling in the backward pass.
- gfnx computes every trajectory to the longest possible length and masks the rest, because its
  compiled loops have a fixed length. torchgfn and gfnbench stop with the longest trajectory.
- PyTorch is the build on PyPI, run on the CPU; PyPI has no build without CUDA.
- Random numbers differ, and so do the trajectories; the table gives their mean lengths.
- A bit sequence ends with an exit action in torchgfn, and with its last word in gfnx and gfnbench.
- The last column is the share of a processor that everything else on the machine used meanwhile.
  With two threads, the programs had that much less.
`

// document writes the comparison as Markdown. It counts and leaves out points that not
// all programs have run.
func document(done []result) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, preface, warmup, timed)
	fmt.Fprintf(&b, "- processor: %s, %d logical, %s/%s\n", processor(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
	for _, peer := range peers {
		if i := slices.IndexFunc(done, func(r result) bool { return r.Peer == peer }); i >= 0 {
			fmt.Fprintf(&b, "- %s: %s\n", peer, done[i].Version)
		}
	}
	for _, f := range families {
		fmt.Fprintf(&b, "\n## %s\n\n", f.title)
		f.write(&b, done)
	}
	b.WriteString(closing)
	return b.Bytes()
}

// write writes the table of one family.
func (f family) write(b *bytes.Buffer, done []result) {
	b.WriteString("| states | batch | threads | gfnbench, µs | torchgfn, µs | gfnx, µs | torchgfn ÷ ours | gfnx ÷ ours | mean length | disturbance |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	met, measured, missing, total := make([]int, len(bars)), 0, 0, 0
	for _, threads := range []int{1, 2} {
		for _, p := range f.of(threads, 0) {
			at := collect(done, p, f.seeds)
			missing, total = missing+f.seeds-len(at), total+f.seeds
			if len(at) == 0 {
				continue
			}
			measured++
			ratios := []float64{ratio(at, 1), ratio(at, 2)}
			for i := range bars {
				if ratios[i] >= bars[i] {
					met[i]++
				}
			}
			fmt.Fprintf(b, "| %d×%d | %d | %d | %s | %s | %s | %.1f | %.1f | %s | %s |\n", p.Dim, p.Height, p.Batch, p.Threads,
				spread(at, 0), spread(at, 1), spread(at, 2), ratios[0], ratios[1],
				each(at, "%.1f", func(r result) float64 { return r.Length }),
				each(at, "%.2f", func(r result) float64 { return r.Others }))
		}
	}
	if f.bar {
		fmt.Fprintf(b, "\nBars, at every point: %.0f× torchgfn, met at %d of %d; %.0f× gfnx, met at %d of %d.\n",
			bars[0], met[0], measured, bars[1], met[1], measured)
	}
	if missing > 0 {
		fmt.Fprintf(b, "\nNot measured yet: %d of %d pairs of a point and a seed.\n", missing, total)
	}
}

// collect returns the results of all peers at a point, with a row for each seed that all
// have run.
func collect(done []result, p point, seeds int) (rows [][]result) {
	for seed := range seeds {
		p.Seed = seed
		var row []result
		for _, peer := range peers {
			if i := find(done, peer, p); i >= 0 {
				row = append(row, done[i])
			}
		}
		if len(row) == len(peers) {
			rows = append(rows, row)
		}
	}
	return rows
}

// column returns one number of a peer's results.
func column(rows [][]result, peer int, of func(result) float64) (x []float64) {
	for _, row := range rows {
		x = append(x, of(row[peer]))
	}
	return x
}

// ratio returns the median, over the seeds, of a peer's time divided by ours.
func ratio(rows [][]result, peer int) float64 {
	var x []float64
	for _, row := range rows {
		x = append(x, row[peer].MedianUS/row[0].MedianUS)
	}
	return median(x)
}

// spread returns the median and the extremes of a peer's times.
func spread(rows [][]result, peer int) string {
	x := column(rows, peer, func(r result) float64 { return r.MedianUS })
	if len(x) == 1 {
		return fmt.Sprintf("%.0f", x[0])
	}
	return fmt.Sprintf("%.0f (%.0f–%.0f)", median(x), slices.Min(x), slices.Max(x))
}

// each returns the median of a number for each peer.
func each(rows [][]result, format string, of func(result) float64) string {
	var cells []string
	for i := range peers {
		cells = append(cells, fmt.Sprintf(format, median(column(rows, i, of))))
	}
	return strings.Join(cells, ", ")
}

// median returns the middle number, or the mean of the middle two.
func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}

// processor returns the name of the processor according to Linux.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.Trim(name, " \t:\n")
		}
	}
	return "unknown"
}
