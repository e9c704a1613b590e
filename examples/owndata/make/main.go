// Command make writes the two synthetic files of examples/owndata: an alignment
// simulated along a known tree, and observations of a known linear network.
//
//	go run ./examples/owndata/make -o examples/owndata
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"gfnbench/gfn/fmath"
	"gfnbench/gfn/stream"
)

func main() {
	dir := flag.String("o", ".", "folder of the files")
	flag.Parse()
	for name, text := range map[string]string{"species.fasta": species(), "greenhouse.csv": greenhouse()} {
		if err := os.WriteFile(filepath.Join(*dir, name), []byte(text), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// A node of the tree (((amber,brook),(cedar,(dune,ember))),fern) with the same length on every branch.
type node struct {
	name     string
	children []*node
}

var tree = &node{children: []*node{
	{children: []*node{
		{children: []*node{{name: "amber"}, {name: "brook"}}},
		{children: []*node{{name: "cedar"}, {children: []*node{{name: "dune"}, {name: "ember"}}}}},
	}},
	{name: "fern"},
}}

// species returns an alignment of 60 sites for six made-up species, by the model of
// Jukes and Cantor (1969) with 0.15 substitutions a site on every branch.
func species() string {
	rng := stream.NewKey("examples", "species").Stream("sites", 0)
	const sites, length = 60, 0.15
	change := 0.75 * (1 - fmath.Exp(-4*length/3))
	var b strings.Builder
	var walk func(n *node, sequence []byte)
	walk = func(n *node, sequence []byte) {
		if n.name != "" {
			fmt.Fprintf(&b, ">%s\n%s\n", n.name, sequence)
		}
		for _, child := range n.children {
			s := append([]byte(nil), sequence...)
			for i, x := range s {
				if rng.Float64() < change {
					others := strings.ReplaceAll("ACGT", string(x), "")
					s[i] = others[rng.IntN(3)]
				}
			}
			walk(child, s)
		}
	}
	start := make([]byte, sites)
	for i := range start {
		start[i] = "ACGT"[rng.IntN(4)]
	}
	walk(tree, start)
	return b.String()
}

// greenhouse returns 80 observations of light → warmth → growth ← water, and growth
// → yield, with normal noise.
func greenhouse() string {
	rng := stream.NewKey("examples", "greenhouse").Stream("rows", 0)
	var b strings.Builder
	b.WriteString("light,warmth,water,growth,yield\n")
	for range 80 {
		light, water := rng.Normal(), rng.Normal()
		warmth := float64(0.9*light) + float64(0.5*rng.Normal())
		growth := float64(0.7*warmth) + float64(0.8*water) + float64(0.4*rng.Normal())
		yield := float64(1.1*growth) + float64(0.5*rng.Normal())
		fmt.Fprintf(&b, "%.3f,%.3f,%.3f,%.3f,%.3f\n", light, warmth, water, growth, yield)
	}
	return b.String()
}
