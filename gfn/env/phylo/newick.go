package phylo

import (
	"fmt"
	"slices"
	"strings"
)

// References:
//
//	Felsenstein et al.: The Newick tree format, 1986.
//	https://phylipweb.github.io/phylip/newicktree.html

// A Tree is a node of a tree in Newick form, with everything below it.
type Tree struct {
	Name     string  // of the leaf or internal node; may be empty
	Length   string  // of the branch above, as written; empty if there is none
	Children []*Tree // empty at a leaf
}

// ParseTrees reads a forest: trees in Newick form, each ended by a semicolon. It skips
// comments in brackets. Errors give the position as a byte offset starting from 1.
func ParseTrees(text string) ([]*Tree, error) {
	p := newickParser{text: text}
	var trees []*Tree
	for p.skip(); p.at < len(p.text); p.skip() {
		t, err := p.tree(0)
		if err != nil {
			return nil, err
		}
		if !p.take(';') {
			return nil, p.errorf("expected a semicolon at the end of the tree")
		}
		trees = append(trees, t)
	}
	if len(trees) == 0 {
		return nil, p.errorf("no tree")
	}
	return trees, p.err
}

// maxDepth bounds the nesting of the trees that ParseTrees reads.
const maxDepth = 10000

type newickParser struct {
	text string
	at   int
	err  error // an unclosed comment
}

func (p *newickParser) errorf(format string, args ...any) error {
	if p.err != nil {
		return p.err
	}
	return fmt.Errorf("newick: position %d: %s", p.at+1, fmt.Sprintf(format, args...))
}

// skip skips blanks and comments.
func (p *newickParser) skip() {
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case isBlank(c):
			p.at++
		case c == '[':
			end := strings.IndexByte(p.text[p.at:], ']')
			if end < 0 {
				p.err = p.errorf("comment without an end")
				p.at = len(p.text)
				return
			}
			p.at += end + 1
		default:
			return
		}
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// take consumes c if it comes next, and reports whether it did.
func (p *newickParser) take(c byte) bool {
	p.skip()
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

// tree reads a node: its children in parentheses, its name and its branch length.
func (p *newickParser) tree(depth int) (*Tree, error) {
	if depth > maxDepth {
		return nil, p.errorf("nested more than %d deep", maxDepth)
	}
	t := &Tree{}
	if p.take('(') {
		for {
			child, err := p.tree(depth + 1)
			if err != nil {
				return nil, err
			}
			t.Children = append(t.Children, child)
			if p.take(')') {
				break
			}
			if !p.take(',') {
				return nil, p.errorf("expected a comma or a closing parenthesis")
			}
		}
	}
	var err error
	if t.Name, err = p.label(); err != nil {
		return nil, err
	}
	if t.Name == "" && len(t.Children) == 0 {
		return nil, p.errorf("expected the name of a leaf")
	}
	if p.take(':') {
		p.skip()
		if t.Length, err = p.word(); err != nil || t.Length == "" {
			return nil, p.errorf("expected a branch length")
		}
	}
	return t, nil
}

// label reads a name, quoted or not.
func (p *newickParser) label() (string, error) {
	p.skip()
	if p.at == len(p.text) || p.text[p.at] != '\'' {
		return p.word()
	}
	var name strings.Builder
	for p.at++; p.at < len(p.text); p.at++ {
		if p.text[p.at] != '\'' {
			name.WriteByte(p.text[p.at])
			continue
		}
		p.at++
		if p.at == len(p.text) || p.text[p.at] != '\'' {
			return name.String(), nil
		}
		name.WriteByte('\'') // a doubled quote
	}
	return "", p.errorf("quoted name without an end")
}

const newickSpecial = "()[]{},:;'"

// word reads up to the next blank or special character.
func (p *newickParser) word() (string, error) {
	start := p.at
	for p.at < len(p.text) && !isBlank(p.text[p.at]) && strings.IndexByte(newickSpecial, p.text[p.at]) < 0 {
		p.at++
	}
	return p.text[start:p.at], p.err
}

// String writes the tree in Newick form with its semicolon.
func (t *Tree) String() string {
	var b strings.Builder
	t.write(&b)
	b.WriteByte(';')
	return b.String()
}

func (t *Tree) write(b *strings.Builder) {
	for i, c := range t.Children {
		b.WriteByte("(,"[min(i, 1)])
		c.write(b)
	}
	if len(t.Children) > 0 {
		b.WriteByte(')')
	}
	b.WriteString(quoteName(t.Name))
	if t.Length != "" {
		b.WriteString(":" + t.Length)
	}
}

// quoteName quotes a name that Newick cannot hold as it is.
func quoteName(name string) string {
	if !strings.ContainsAny(name, newickSpecial+" \t\r\n") {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", "''") + "'"
}

// Clades returns the clades of the internal nodes of a forest, in ascending order; bit i
// stands for names[i]. Every name must be a leaf of one tree, and every internal node
// must have two children: the trees are rooted and binary.
func Clades(trees []*Tree, names []string) ([]uint64, error) {
	if len(names) > maxLeaves {
		return nil, fmt.Errorf("%d leaves: at most %d are supported", len(names), maxLeaves)
	}
	c := cladeReader{names: names}
	for _, t := range trees {
		if _, err := c.read(t); err != nil {
			return nil, err
		}
	}
	for i, name := range names {
		if c.seen>>i&1 == 0 {
			return nil, fmt.Errorf("newick: leaf %q is missing", name)
		}
	}
	slices.Sort(c.clades)
	return c.clades, nil
}

type cladeReader struct {
	names  []string
	seen   uint64
	clades []uint64
}

func (c *cladeReader) read(t *Tree) (uint64, error) {
	if len(t.Children) == 0 {
		i := slices.Index(c.names, t.Name)
		if i < 0 {
			return 0, fmt.Errorf("newick: unknown leaf %q", t.Name)
		}
		if c.seen>>i&1 != 0 {
			return 0, fmt.Errorf("newick: leaf %q appears twice", t.Name)
		}
		c.seen |= 1 << i
		return 1 << i, nil
	}
	if len(t.Children) != 2 {
		return 0, fmt.Errorf("newick: a node of %s has %d children: trees must be rooted and binary", t, len(t.Children))
	}
	x, err := c.read(t.Children[0])
	if err != nil {
		return 0, err
	}
	y, err := c.read(t.Children[1])
	if err != nil {
		return 0, err
	}
	c.clades = append(c.clades, x|y)
	return x | y, nil
}

// forestOf returns the inverse of Clades: the trees of a forest's code, in order of their
// smallest leaves.
func forestOf(code []uint64, names []string) []*Tree {
	roots, _ := rootLeaves(code, len(names))
	var trees []*Tree
	for i := range names {
		if roots>>i&1 != 0 {
			trees = append(trees, treeOf(code, rootOf(code, i), names))
		}
	}
	return trees
}

func treeOf(code []uint64, clade uint64, names []string) *Tree {
	if clade&(clade-1) == 0 {
		return &Tree{Name: names[smallestLeaf(clade)]}
	}
	first, second := childrenOf(code, clade)
	return &Tree{Children: []*Tree{treeOf(code, first, names), treeOf(code, second, names)}}
}
