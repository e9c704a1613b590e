package phylo

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gfnbench/gfn/param"
)

func TestParseAlignment(t *testing.T) {
	names, sequences := []string{"Homo", "Pan", "Mus"}, []string{"ACGTACGT", "ACGTACGA", "AC-TNCGA"}
	tests := []struct{ name, in string }{
		{"fasta", ">Homo sapiens\nACGTACGT\n>Pan\nACGTACGA\n>Mus\nAC-TNCGA\n"},
		{"fasta, wrapped, carriage returns", "\ufeff>Homo\tx\r\nACGT\r\nACGT\r\n\r\n> Pan\r\nACGT ACGA\r\n>Mus\r\nAC-TNCGA"},
		{"phylip", "3 8\nHomo ACGTACGT\nPan  ACGTACGA\nMus  AC-TNCGA\n"},
		{"phylip, sequential", "3 8\nHomo\nACGT\nACGT\nPan ACG\nTACGA\nMus AC-TNCG\nA\n"},
		{"phylip, sequential, names on their own lines", "3 8\nHomo\nACGTACGT\nPan\nACGTACGA\nMus\nAC-TNCGA\n"},
		{"phylip, interleaved", " 3 8\nHomo ACGT\nPan  AC GT\nMus  AC-T\n\nACGT\nACGA\nNCGA\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := ParseAlignment(param.File{Name: "x", Data: tt.in})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(a.Names, names) || !slices.Equal(a.Sequences, sequences) {
				t.Errorf("got %q %q", a.Names, a.Sequences)
			}
		})
	}
}

func TestParseAlignmentErrors(t *testing.T) {
	many := "65 1\n" + strings.Repeat("x A\n", 65)
	var fasta strings.Builder
	for i := range 65 {
		fasta.WriteString(">s" + strings.Repeat("x", i) + "\nA\n")
	}
	tests := []struct{ name, in, want string }{
		{"empty", "", "a.fa: empty file"},
		{"blank", "\n \n", "a.fa: empty file"},
		{"one sequence", ">A\nACGT\n", "a.fa:1: only one sequence"},
		{"duplicate", ">A\nAC\n>B\nAC\n\n>A\nAC\n", `a.fa:6: duplicate name "A" (first on line 1)`},
		{"lengths", ">A\nACGT\n>B\nACG\n", `a.fa:3: sequence "B" has 3 sites, but "A" has 4`},
		{"no name", ">A\nACGT\n>\nACGT\n", "a.fa:3: sequence without a name"},
		{"no sequence", ">A\nACGT\n>B\n", `a.fa:3: sequence "B" is empty`},
		{"digits", ">A\nAC1T\n>B\nACGT\n", `a.fa:1: sequence "A": character '1' at site 3`},
		{"protein", ">A\nMLLEQ\n>B\nMLLEQ\n", `a.fa:1: sequence "A": character 'L' at site 2 is not a nucleotide: is it a protein?`},
		{"protein of few foreign letters", ">A\nMVHSPADKTNVKAAW\n>B\nMVHSPADKTNVKAAG\n", `a.fa:1: sequence "A": character 'P' at site 5`},
		{"other format", "#NEXUS\nbegin data;\n", "a.fa:1: neither FASTA"},
		{"phylip count", "3 4\nA ACGT\nB ACGT\n", "a.fa:3: 3 sequences announced, 2 found"},
		{"phylip sites", "2 4\nA ACGT\nB ACG\n", `a.fa:3: sequence "B" has 3`},
		{"phylip too long", "2 4\nA ACGT\nB ACGTA\n", `a.fa:3: sequence "B" has`},
		{"phylip duplicate", "2 4\nA ACGT\nA ACGT\n", `a.fa:3: duplicate name "A"`},
		{"phylip header", "0 4\nA ACGT\n", "a.fa:1: expected the numbers"},
		{"too many, phylip", many, "a.fa:1: 65 sequences: at most 64"},
		{"too many, fasta", fasta.String(), "a.fa:129: 65 sequences: at most 64"},
		{"ambiguous", "2 8\nAA ACGT\nCC GT\nGT AC\nACGTAC\n", "can be read both"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseAlignment(param.File{Name: "a.fa", Data: tt.in})
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) && !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got error %v, want one with %q", err, tt.want)
			}
			_, err = Kind.Make(param.Values{"alignment": param.Of(param.File{Name: "a.fa", Data: tt.in})})
			var p *param.Error
			if !errors.As(err, &p) || p.Param != "alignment" {
				t.Errorf("got %v, want an error on alignment", err)
			}
		})
	}
}

func TestNucleotideSets(t *testing.T) {
	got, err := nucleotideSets("ACGTUacgtuRYSWKMBDHVNn-?XOx~*")
	want := []byte{1, 2, 4, 8, 8, 1, 2, 4, 8, 8, 5, 10, 6, 9, 12, 3, 14, 13, 11, 7, 15, 15, 15, 15, 15, 15, 15, 15, 15}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
}

// Any text is read or rejected with an error that names the file.
func FuzzParseAlignment(f *testing.F) {
	for _, s := range []string{">A\nAC\n>B\nGT\n", "2 4\nA ACGT\nB ACGT\n", "2 4\nA AC\nB AC\nGT\nGT\n", "", ">", "1 1\nA", "2 2\n", "9 9"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := ParseAlignment(param.File{Name: "f", Data: string(data)})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f:") {
				t.Errorf("error without the file's name: %v", err)
			}
			return
		}
		if len(a.Names) < 2 || len(a.Names) != len(a.Sequences) {
			t.Errorf("%d names, %d sequences", len(a.Names), len(a.Sequences))
		}
	})
}
