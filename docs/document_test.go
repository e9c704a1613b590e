package docs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The documents are Markdown files. The language of a fenced block says how it is
// checked:
//
//	console   lines "$ command" are run by bash and followed by what they print
//	          on standard output; "…" stands for any text of a line or, on a
//	          line of its own, for any lines
//	toml      a suite; where its first line is "# NAME.toml" the commands that
//	          follow find it under that name
//	go, python, r   an excerpt of a file of examples/ or of a test
//	sh, text, and others   not run
//
// A comment <!-- $ command --> is a command whose output, up to the next
// <!-- end -->, is Markdown itself: a table.
type document struct {
	path   string // from the root of the repository
	lines  []string
	blocks []block
}

// A block is a fenced block, or the output of a command given in a comment.
type block struct {
	language    string
	first, last int // its lines without the fences: lines[first:last]
}

const commentLanguage = "<!-- $ -->"

// root is the root of the repository.
const root = ".."

// documents returns all documents of the repository.
func documents(t *testing.T) []*document {
	t.Helper()
	var all []*document
	for _, pattern := range []string{"*.md", "docs/*.md", "examples/*.md", "examples/*/*.md"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				t.Fatal(err)
			}
			d := &document{path: filepath.ToSlash(name), lines: strings.Split(string(data), "\n")}
			if problem := d.scan(); problem != "" {
				t.Fatal(problem)
			}
			all = append(all, d)
		}
	}
	return all
}

// scan finds the blocks and returns what is wrong with them, or "".
func (d *document) scan() string {
	for i := 0; i < len(d.lines); i++ {
		end := ""
		b := block{first: i + 1}
		switch line := d.lines[i]; {
		case strings.HasPrefix(line, "```"):
			b.language, end = strings.TrimPrefix(line, "```"), "```"
		case strings.HasPrefix(line, "<!-- $ "):
			b.language, end = commentLanguage, "<!-- end -->"
		default:
			continue
		}
		for b.last = b.first; b.last < len(d.lines) && d.lines[b.last] != end; b.last++ {
		}
		if b.last == len(d.lines) {
			return d.at(i) + ": the block has no end"
		}
		d.blocks = append(d.blocks, b)
		i = b.last
	}
	return ""
}

// text returns the text of a block.
func (d *document) text(b block) string { return strings.Join(d.lines[b.first:b.last], "\n") + "\n" }

// prose returns the document without its fenced blocks.
func (d *document) prose() string {
	var kept []string
	i := 0
	for _, b := range d.blocks {
		if b.language != commentLanguage {
			kept = append(kept, d.lines[i:b.first]...)
			i = b.last
		}
	}
	return strings.Join(append(kept, d.lines[i:]...), "\n")
}

func (d *document) at(line int) string { return d.path + ":" + itoa(line+1) }
