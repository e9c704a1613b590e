package phylo

import (
	"slices"
	"strings"
	"testing"
)

func TestParseTrees(t *testing.T) {
	tests := []struct{ in, want string }{
		{"(A,B);", "(A,B);"},
		{" ( A , B ) ; ", "(A,B);"},
		{"((A:0.1,B:1e-3)ab:2,C);", "((A:0.1,B:1e-3)ab:2,C);"},
		{"(A[a comment],B);", "(A,B);"},
		{"('Homo sapiens','it''s');", "('Homo sapiens','it''s');"},
		{"(A,B);\n(C,D); E;", "(A,B); (C,D); E;"},
		{"(A,B,C);", "(A,B,C);"},
		{"('A',B);", "(A,B);"},
	}
	for _, tt := range tests {
		trees, err := ParseTrees(tt.in)
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
			continue
		}
		var got []string
		for _, tree := range trees {
			got = append(got, tree.String())
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%q: got %q, want %q", tt.in, s, tt.want)
		}
	}
}

func TestParseTreesErrors(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", "position 1: no tree"},
		{"(A,B)", "position 6: expected a semicolon"},
		{"(A,B;", "position 5: expected a comma or a closing parenthesis"},
		{"(A,);", "position 4: expected the name of a leaf"},
		{"(A,B):;", "position 7: expected a branch length"},
		{"('A,B);", "quoted name without an end"},
		{"(A,B)[oops;", "position 6: comment without an end"},
		{strings.Repeat("(", 20000), "nested more than 10000 deep"},
	}
	for _, tt := range tests {
		if _, err := ParseTrees(tt.in); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.20q: got error %v, want one with %q", tt.in, err, tt.want)
		}
	}
}

func TestClades(t *testing.T) {
	names := []string{"A", "B", "C", "D"}
	tests := []struct {
		in   string
		want []uint64
		err  string
	}{
		{in: "((A,B),(C,D));", want: []uint64{0b0011, 0b1100, 0b1111}},
		{in: "(D,(C,(B,A)));", want: []uint64{0b0011, 0b0111, 0b1111}},
		{in: "(A,C); B; D;", want: []uint64{0b0101}},
		{in: "A; B; C; D;"},
		{in: "(A,B); (C,E);", err: `unknown leaf "E"`},
		{in: "(A,B); (C,A);", err: `leaf "A" appears twice`},
		{in: "(A,B);", err: `leaf "C" is missing`},
		{in: "(A,B,(C,D));", err: "a node of (A,B,(C,D)); has 3 children: trees must be rooted and binary"},
		{in: "((A),(B,(C,D)));", err: "has 1 children"},
	}
	for _, tt := range tests {
		got, err := Clades(mustTrees(t, tt.in), names)
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%q: got error %v, want one with %q", tt.in, err, tt.err)
			}
			continue
		}
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%q: got %b, %v, want %b", tt.in, got, err, tt.want)
		}
	}
}

func mustTrees(t *testing.T, text string) []*Tree {
	t.Helper()
	trees, err := ParseTrees(text)
	if err != nil {
		t.Fatal(err)
	}
	return trees
}

// What is written parses to the same trees.
func FuzzParseTrees(f *testing.F) {
	for _, s := range []string{"(A,B);", "(('a b':1,B)x:2,[c]C);", "A;B;", "(A,(B,(C,D)));", "('''');", "(;", "[", "'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		trees, err := ParseTrees(text)
		if err != nil {
			return
		}
		for _, tree := range trees {
			s := tree.String()
			again, err := ParseTrees(s)
			if err != nil || len(again) != 1 || again[0].String() != s {
				t.Errorf("%q: %q does not read back: %v", text, s, err)
			}
		}
	})
}
