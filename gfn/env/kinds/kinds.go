// Package kinds registers the environments. Those of one file each are here; dag,
// phylo, ising and bitseq are packages. To add one, write a file that implements
// env.Discrete or env.Continuous and declares its Kind, and add its line to All.
package kinds

import (
	"gfnbench/gfn/env"
	"gfnbench/gfn/env/bitseq"
	"gfnbench/gfn/env/dag"
	"gfnbench/gfn/env/ising"
	"gfnbench/gfn/env/phylo"
)

// All are the registered environments, in the order in which they are listed. A
// program that brings its own appends them before it does anything else.
var All = []*env.Kind{
	hypergridKind,
	setsKind,
	sequencesKind,
	phylo.Kind,
	dag.Kind,
	gmmKind,
	bananaKind,
	bitseq.Kind,
	ising.Kind,
}

// Lookup returns the kind of that name, or nil.
func Lookup(name string) *env.Kind {
	for _, k := range All {
		if k.Name == name {
			return k
		}
	}
	return nil
}
