package main

// A point is one configuration of the comparison.
type point struct {
	Env      string `json:"env"`    // hypergrid or bitseq
	Dim      int    `json:"dim"`    // bitseq: words of a sequence
	Height   int    `json:"height"` // bitseq: number of words, a power of two
	Batch    int    `json:"batch"`
	Threads  int    `json:"threads"`
	Seed     int    `json:"seed"`
	Pretrain int    `json:"pretrain"` // training steps before the warm-up
}

// A result is the line that each program prints for a point.
type result struct {
	point
	Peer     string  `json:"peer"`
	Version  string  `json:"version"`
	MedianUS float64 `json:"median_us"`
	Length   float64 `json:"mean_trajectory_length"` // actions
	Variant  string  `json:"variant"`                // how a peer ran
	Others   float64 `json:"others"`                 // processors used by everything else meanwhile, on average
}

// peers are the programs compared, this repository's first.
var peers = []string{"gfnbench", "torchgfn", "gfnx"}

const warmup, timed = 50, 100 // iterations

// A family is the points of one table of the document.
type family struct {
	title string
	bar   bool // whether the bars apply to it
	seeds int  // most seeds to run
	of    func(threads, seed int) []point
}

var families = []family{
	{"From initialisation", true, 3, func(threads, seed int) (all []point) {
		for _, grid := range [][2]int{{2, 8}, {4, 16}, {4, 32}} {
			for _, batch := range []int{32, 128, 512} {
				all = append(all, point{"hypergrid", grid[0], grid[1], batch, threads, seed, 0})
			}
		}
		return all
	}},
	{"Bit sequences: 16 words of 4 bits in any order, 60 modes", false, 3, func(threads, seed int) (all []point) {
		for _, batch := range []int{32, 128, 512} {
			all = append(all, point{"bitseq", 16, 16, batch, threads, seed, 0})
		}
		return all
	}},
	{"After 1000 iterations of training", false, 1, func(threads, seed int) (all []point) {
		for _, grid := range [][2]int{{2, 8}, {4, 16}, {4, 32}} {
			all = append(all, point{"hypergrid", grid[0], grid[1], 128, threads, seed, 1000})
		}
		return all
	}},
}

// points lists the points of every family, starting with all seeds of the first.
func points(seeds int) (all []point) {
	for _, f := range families {
		for seed := range min(seeds, f.seeds) {
			for _, threads := range []int{1, 2} {
				all = append(all, f.of(threads, seed)...)
			}
		}
	}
	return all
}
