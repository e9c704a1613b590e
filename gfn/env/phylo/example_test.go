package phylo_test

import (
	"fmt"

	"gfnbench/gfn/env/phylo"
	"gfnbench/gfn/param"
)

// ParseAlignment tells FASTA from PHYLIP itself, and reports errors by file and line.
func ExampleParseAlignment() {
	fasta := ">human\nACGT\n>chimp\nACGA\n"
	a, err := phylo.ParseAlignment(param.File{Name: "apes.fasta", Data: fasta})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, name := range a.Names {
		fmt.Println(name, a.Sequences[i])
	}
	_, err = phylo.ParseAlignment(param.File{Name: "apes.phy", Data: "2 4\nhuman ACGT\nchimp AC!A\n"})
	fmt.Println(err)
	// Output:
	// human ACGT
	// chimp ACGA
	// apes.phy:3: sequence "chimp": character '!' at site 3 is not a nucleotide: use A, C, G, T, U, a code of IUPAC, or N, -, ? where it is missing
}
