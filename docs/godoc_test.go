package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestComments checks that every exported name of every importable package has a doc
// comment, and that the comments of packages, functions and types begin with the name.
func TestComments(t *testing.T) {
	for _, dir := range packages(t) {
		for _, missing := range uncommented(t, filepath.Join(root, dir)) {
			t.Errorf("%s: %s", dir, missing)
		}
	}
}

// TestUncommented checks what is reported for a source with faults of every kind.
func TestUncommented(t *testing.T) {
	dir := t.TempDir()
	source := `package p

func Bare() {}

// Does something.
func Misnamed() {}

// The Named is fine.
type Named struct {
	// A and B are covered by one comment.
	A int
	B int
	C int

	D int
	E int // trailing
	f int
	G, h struct{ Inner int } // trailing, but for Inner

	Named2
}

func (Named) M() {}
func (n *Named) m() {}
func (hidden) M() {}

type hidden struct{ X int }

// Named2 is fine.
type Named2 interface {
	Named3
	Do()
	Done() // trailing
}

type Named3 interface{}

const One = 1

// Grouped.
const (
	Two = 2
	Three = 3
)

var (
	Four = 4 // trailing
	Five = 5
	six = 6
)
`
	if err := os.WriteFile(filepath.Join(dir, "p.go"), []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"Bare", "Five", "Misnamed: the comment does not begin with the name", "Named.C", "Named.D",
		"Named.G.Inner", "Named.M", "Named2.Do", "Named3", "One", "package p",
	}
	if got := uncommented(t, dir); !slices.Equal(got, want) {
		t.Errorf("reported %q, not %q", got, want)
	}
}

// packages returns the folders of all packages that can be imported from outside.
func packages(t *testing.T) (dirs []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		if name := e.Name(); path != root && (name == "internal" || name == "testdata" || name[0] == '.' || name[0] == '_') {
			return filepath.SkipDir
		}
		files := sources(t, path)
		if len(files) > 0 && files[0].Name.Name != "main" {
			dir, err := filepath.Rel(root, path)
			dirs = append(dirs, filepath.ToSlash(dir))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(dirs, "gfn/objective") {
		t.Fatalf("no gfn/objective among the packages %q", dirs)
	}
	return dirs
}

// sources parses a folder's files, without tests.
func sources(t *testing.T, dir string) (files []*ast.File) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(positions, path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

var positions = token.NewFileSet()

// uncommented lists what lacks a comment in a folder's package, in alphabetical order and
// once each.
func uncommented(t *testing.T, dir string) []string {
	t.Helper()
	var missing comments
	described := false
	files := sources(t, dir)
	for _, f := range files {
		described = described || f.Doc != nil
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				missing.function(d)
			case *ast.GenDecl:
				missing.declaration(d)
			}
		}
	}
	if !described {
		missing.add("package " + files[0].Name.Name)
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}

// comments lists the names that lack a comment.
type comments []string

func (c *comments) add(name string) { *c = append(*c, name) }

// named records a name without a comment, or whose comment does not begin with it.
func (c *comments) named(name string, id *ast.Ident, doc *ast.CommentGroup) {
	if doc == nil {
		c.add(name)
	} else if !regexp.MustCompile(`^((A|An|The) )?` + id.Name + `\b`).MatchString(doc.Text()) {
		c.add(name + ": the comment does not begin with the name")
	}
}

func (c *comments) function(d *ast.FuncDecl) {
	name := d.Name.Name
	if d.Recv != nil {
		of := receiver(d.Recv.List[0].Type)
		if !ast.IsExported(of) {
			return
		}
		name = of + "." + name
	}
	if d.Name.IsExported() {
		c.named(name, d.Name, d.Doc)
	}
}

// receiver returns the name of a method's type.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// declaration checks types, constants and variables. The comment of a group covers all
// its constants and variables.
func (c *comments) declaration(d *ast.GenDecl) {
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			if !s.Name.IsExported() {
				continue
			}
			doc := s.Doc
			if doc == nil && !d.Lparen.IsValid() {
				doc = d.Doc
			}
			c.named(s.Name.Name, s.Name, doc)
			c.members(s.Name.Name, s.Type)
		case *ast.ValueSpec:
			for _, id := range s.Names {
				if id.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
					c.add(id.Name)
				}
			}
		}
	}
}

// members checks the fields of a struct and the methods of an interface. A member is
// covered by its own comment, before or behind it, or by one before a neighbour above
// that names it, with no blank line between. An embedded member has the comment of its
// type.
func (c *comments) members(of string, e ast.Expr) {
	var list []*ast.Field
	switch e := e.(type) {
	case *ast.StarExpr:
		c.members(of, e.X)
	case *ast.ArrayType:
		c.members(of, e.Elt)
	case *ast.StructType:
		list = e.Fields.List
	case *ast.InterfaceType:
		list = e.Methods.List
	}
	var group *ast.CommentGroup
	last := 0 // line on which the previous field ends
	for _, f := range list {
		if f.Doc != nil {
			group = f.Doc
		} else if positions.Position(f.Pos()).Line > last+1 {
			group = nil
		}
		last = positions.Position(f.End()).Line
		for _, id := range f.Names {
			if !id.IsExported() {
				continue
			}
			name := of + "." + id.Name
			if f.Doc == nil && f.Comment == nil && !names(group, id.Name) {
				c.add(name)
			}
			c.members(name, f.Type)
		}
	}
}

// names reports whether the comment contains the name as a word.
func names(doc *ast.CommentGroup, name string) bool {
	return doc != nil && regexp.MustCompile(`\b`+name+`\b`).MatchString(doc.Text())
}
