// Package kinds registers the environments. It holds the kinds that need one file; dag,
// phylo, ising and bitseq are packages. To add a kind, write a file that implements
// env.Discrete or env.Continuous and declares its Kind, and add a line to All.
package kinds

import (
	"gfnbench/gfn/env"
	"gfnbench/gfn/env/bitseq"
	"gfnbench/gfn/env/dag"
	"gfnbench/gfn/env/ising"
	"gfnbench/gfn/env/phylo"
)

// All lists the registered environments in the order of listings. A program that brings
// its own must append them before it does anything else.
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

// Lookup returns the kind with the given name, or nil.
func Lookup(name string) *env.Kind {
	for _, k := range All {
		if k.Name == name {
			return k
		}
	}
	return nil
}
