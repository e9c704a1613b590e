package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
)

// The bars: how many times as long the peers' iterations must take.
var bars = []float64{20, 5} // torchgfn, gfnx

const preface = `# Training iterations beside torchgfn and gfnx

Written by ` + "`make bench-peers`" + `. Time of one training iteration: sample a batch, trajectory-balance
loss, gradient, Adam. MLP 2×256 ReLU, Adam 1e-3, log Z 1e-1, uniform backward policy, float32; no
metrics. %d warm-up and %d timed iterations. At each point the three programs run one after the other
on an otherwise idle machine, each confined to as many processors as threads. A time is the median
over the seeds of the median over iterations, with the smallest and the largest seed's where there
are several; a ratio is the median of the seeds' ratios.

`

const closing = `
## What is unequal

[gfn/bench/peers](../gfn/bench/peers/README.md) says how the peers are run: in the fastest of
several ways each, tried at every point; compilation is not timed. What makes the work differ:

- The peers evaluate the policy on every visited state of the batch. We evaluate equal states of a
  batch once, and keep the activations of sampling for the backward pass.
- gfnx computes every trajectory to the longest possible length and masks the rest, which is what
  compiled loops of a fixed length cost; we and torchgfn stop with the longest trajectory.
- PyTorch is the build that PyPI has, on the CPU; the build without CUDA is not there.
- Random numbers differ, and with them the trajectories: their mean lengths stand in the table.
- A bit sequence ends with an exit action in torchgfn, and with its last word in gfnx and here.
- The last column is how much of a processor everything else on the machine used meanwhile. With two
  threads it takes from the programs what they could have used.
`

// document writes the comparison as Markdown. Points that not all programs have
// run are left out and counted.
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

// write writes the table of a family.
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

// collect returns the results of all peers at a point, a row for each seed that all
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

// column returns a number of one peer's results.
func column(rows [][]result, peer int, of func(result) float64) (x []float64) {
	for _, row := range rows {
		x = append(x, of(row[peer]))
	}
	return x
}

// ratio returns the median over the seeds of a peer's time over ours.
func ratio(rows [][]result, peer int) float64 {
	var x []float64
	for _, row := range rows {
		x = append(x, row[peer].MedianUS/row[0].MedianUS)
	}
	return median(x)
}

// spread returns the median of a peer's times with the extremes.
func spread(rows [][]result, peer int) string {
	x := column(rows, peer, func(r result) float64 { return r.MedianUS })
	if len(x) == 1 {
		return fmt.Sprintf("%.0f", x[0])
	}
	return fmt.Sprintf("%.0f (%.0f–%.0f)", median(x), slices.Min(x), slices.Max(x))
}

// each returns the median of a number of each peer.
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

// processor returns the name that Linux gives the processor.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.Trim(name, " \t:\n")
		}
	}
	return "unknown"
}
