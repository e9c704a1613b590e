// Package phylo is the environment of phylogenetic inference: rooted binary trees, grown
// by joining two trees of a forest, given sequences that are read or simulated. It reads
// alignments in FASTA and PHYLIP format and trees in Newick form.
package phylo

import (
	"fmt"
	"strings"

	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
)

// References:
//
//	da Silva et al.: On divergence measures for training GFlowNets. NeurIPS 2024
//	(Bayesian phylogenetic inference).
//	Zhou et al.: PhyloGFN: phylogenetic inference with generative flow networks.
//	ICLR 2024.
//	Yang: Molecular evolution: a statistical approach. Oxford University Press,
//	2014 (section 1.2: the rate of Jukes and Cantor is the rate to each other nucleotide).

// defaultSpecies is the default number of species; giving this number has the same effect
// as giving none.
const defaultSpecies = 7

// defaultLength is the default branch length; giving this length has the same effect as
// giving none.
const defaultLength = 0.3

// lengths is the range of branch lengths.
var lengths = param.Between(1e-9, 100)

// phyloSites is the parameter that only simulated sequences have.
var phyloSites = param.Param{Name: "sites", Type: param.Int, Default: param.Of(25), Range: param.Between(1, 1e6), Doc: "number of simulated sites"}

// Kind is Bayesian phylogenetic inference: the posterior over rooted
// binary trees given aligned sequences.
var Kind = &env.Kind{
	Name:  "phylo",
	Label: "phylogenies",
	Doc:   "rooted binary trees, grown by joining two trees of a forest; reward: likelihood under Jukes-Cantor, uniform prior",
	Params: []param.Param{
		{Name: "species", Type: param.Int, Default: param.Of(defaultSpecies), Range: param.Between(2, maxLeaves), Doc: "number of leaves of the simulated tree; with alignment or sequences, their number"},
		phyloSites,
		{Name: "branch_length", Type: param.Float, Default: param.Of(defaultLength), Range: lengths, Doc: "expected substitutions a site on every branch, d, in the simulation and in the likelihood (the mutation rate of da Silva et al. 2024, in one reading)"},
		{Name: "rate", Type: param.Float, Range: param.Between(1e-9, 1e9), Doc: "substitution rate to each other nucleotide (Yang 2014); with edge, in place of branch_length: d = 3 rate edge"},
		{Name: "edge", Type: param.Float, Range: param.Between(1e-9, 1e9), Doc: "time along every branch; with rate, in place of branch_length"},
		{Name: "instance_seed", Type: param.Int, Range: param.Between(0, param.Exact), Doc: "seed of the simulated tree and alignment; give this, alignment or sequences"},
		{Name: "alignment", Type: param.Path, Doc: "FASTA or PHYLIP file with the sequences, in place of a simulation"},
		{Name: "sequences", Type: param.Strings, Doc: "the sequences themselves, in place of a simulation"},
		{Name: "names", Type: param.Strings, Doc: "names of the sequences; t1, t2, ... by default"},
	},
	Order: env.Order{
		State:    "a byte for each clade of two leaves or more, a set of leaves with bit l for leaf l, as a number c: byte c - 1 - (bits of c in binary); above 16 leaves see gfn/env/phylo",
		Forward:  "i·(2·leaves - i - 1)/2 + j - i - 1: join the trees with smallest leaves i < j; terminal when one tree is left",
		Backward: "i: dissolve the root with smallest leaf i",
	},
	Revision: 1,
	Policies: []string{"gin", "mlp"},
	Small:    param.Values{"species": param.Of(4), "sites": param.Of(8), "instance_seed": param.Of(1)},
	New:      newPhylo,
}

// phylo is the environment. A forward action joins two roots; a backward action dissolves
// a root. The reward is the likelihood of the alignment given the tree.
type phylo struct {
	leaves    int
	names     []string
	pairs     [][2]uint8 // smallest leaves i < j of each forward action
	model     *jukesCantor
	rewards   treeRewards      // up to maxEnumeratedLeaves
	target    enumeratedTarget // likewise
	sequences []string
	truth     []uint64     // clades of the simulated tree; nil if data were given
	actual    param.Values // parameters determined by other parameters or by the data
}

// newPhylo reads or simulates the alignment.
func newPhylo(p param.Values) (env.Environment, error) {
	e := &phylo{actual: param.Values{}}
	length, err := e.branchLength(p)
	if err != nil {
		return nil, err
	}
	if err := e.readSequences(p, length); err != nil {
		return nil, err
	}
	e.leaves = len(e.sequences)
	if e.names, err = leafNames(p, e.names, e.leaves); err != nil {
		return nil, err
	}
	rows := make([][]byte, e.leaves)
	for i, s := range e.sequences {
		if rows[i], err = nucleotideSets(s); err != nil {
			return nil, param.Errorf("sequences", "sequence %d: %v", i+1, err)
		}
	}
	e.model = newJukesCantor(rows, length)
	for i := range e.leaves {
		for j := i + 1; j < e.leaves; j++ {
			e.pairs = append(e.pairs, [2]uint8{uint8(i), uint8(j)})
		}
	}
	if e.leaves <= maxEnumeratedLeaves {
		e.target.count = int(treeCount(e.leaves))
		e.rewards = newTreeRewards(e.leaves, e.model.logLikelihood)
		e.target.logWeight = e.rankedLogReward()
		return summedPhylo{e}, nil
	}
	return e, nil
}

// readSequences takes the given sequences, with the names of a file, or simulates some.
func (e *phylo) readSequences(p param.Values, length float64) error {
	source, err := env.Source(p, "instance_seed", "alignment", "sequences")
	if err != nil {
		return err
	}
	switch source {
	case "instance_seed":
		e.simulate(p.Int("species"), p.Int("sites"), length, p.Int("instance_seed"))
		return nil
	case "alignment":
		file, _ := p.File("alignment")
		a, err := ParseAlignment(file)
		if err != nil {
			return param.Errorf("alignment", "%v", err)
		}
		e.names, e.sequences = a.Names, a.Sequences
	case "sequences":
		if e.sequences, err = literalSequences(p.Strings("sequences")); err != nil {
			return err
		}
	}
	if species := p.Int("species"); species != len(e.sequences) && species != defaultSpecies {
		return param.Errorf("species", "%d species, but %s has %d: leave species out", species, source, len(e.sequences))
	}
	e.actual["species"], e.actual["sites"] = param.Of(len(e.sequences)), param.Of(len(e.sequences[0]))
	return env.RefuseOther(p, source, []param.Param{phyloSites})
}

// branchLength returns the given branch length, or the one that follows from rate and
// time. A rate to each of three other nucleotides gives 3 rate substitutions per unit of
// time.
func (e *phylo) branchLength(p param.Values) (float64, error) {
	length := p.Float("branch_length")
	switch rate, edge := p.Has("rate"), p.Has("edge"); {
	case !rate && !edge:
		return length, nil
	case length != defaultLength:
		return 0, param.Errorf("branch_length", "give branch_length or rate and edge, not both")
	case !edge:
		return 0, param.Errorf("rate", "needs edge, the time along every branch (edge = 1.0)")
	case !rate:
		return 0, param.Errorf("edge", "needs rate, the substitution rate to each other nucleotide")
	}
	length = 3 * p.Float("rate") * p.Float("edge")
	if !lengths.Contains(length) {
		return 0, param.Errorf("edge", "the branch length 3 rate edge = %s", lengths.Why(length))
	}
	e.actual["branch_length"] = param.Of(length)
	return length, nil
}

// Actual returns the dimensions of given data and the branch length that follows from
// rate and edge.
func (e *phylo) Actual() param.Values { return e.actual }

// literalSequences checks sequences written in the suite itself; it ignores blanks in
// them.
func literalSequences(texts []string) ([]string, error) {
	if n := len(texts); n < 2 || n > maxLeaves {
		return nil, param.Errorf("sequences", "%d sequences: expected 2 to %d", n, maxLeaves)
	}
	sequences := make([]string, len(texts))
	for i, text := range texts {
		s := strings.Join(strings.Fields(text), "")
		sequences[i] = s
		switch {
		case s == "":
			return nil, param.Errorf("sequences", "sequence %d is empty", i+1)
		case len(s) != len(sequences[0]):
			return nil, param.Errorf("sequences", "sequence %d has %d sites, the first %d: sequences must be aligned", i+1, len(s), len(sequences[0]))
		}
	}
	return sequences, nil
}

// leafNames returns the given names, those of the file, or t1, t2, ...
func leafNames(p param.Values, file []string, n int) ([]string, error) {
	if !p.Has("names") {
		for i := len(file); i < n; i++ {
			file = append(file, fmt.Sprintf("t%d", i+1))
		}
		return file, nil
	}
	names := p.Strings("names")
	if len(file) > 0 {
		return nil, param.Errorf("names", "the alignment file has names of its own: leave names out")
	}
	if len(names) != n {
		return nil, param.Errorf("names", "%d names for %d species", len(names), n)
	}
	seen := map[string]bool{}
	for i, name := range names {
		if name == "" || seen[name] {
			return nil, param.Errorf("names", "name %d, %q, is empty or a duplicate", i+1, name)
		}
		seen[name] = true
	}
	return names, nil
}

// Kind returns "phylo".
func (e *phylo) Kind() string { return Kind.Name }

// Instance lists the alignment and, if it was simulated, its tree.
func (e *phylo) Instance() []env.Field {
	var fasta strings.Builder
	for i, s := range e.sequences {
		fmt.Fprintf(&fasta, ">%s\n%s\n", e.names[i], s)
	}
	fields := []env.Field{{Name: "alignment", Text: fasta.String()}}
	if e.truth != nil {
		fields = append(fields, env.Field{Name: "tree", Text: e.Format(e.truth)})
	}
	return fields
}

// Format writes the forest as Newick trees in order of their smallest leaves.
func (e *phylo) Format(s []uint64) string {
	trees := forestOf(s, e.names)
	text := make([]string, len(trees))
	for i, t := range trees {
		text[i] = t.String()
	}
	return strings.Join(text, " ")
}

// ReadState reads a forest from Newick trees into s. It is the inverse of Format, but
// ignores branch lengths and names of internal nodes.
func (e *phylo) ReadState(text string, s []uint64) error {
	trees, err := ParseTrees(text)
	if err != nil {
		return err
	}
	clades, err := Clades(trees, e.names)
	if err != nil {
		return err
	}
	clear(s)
	copy(s, clades)
	return nil
}
